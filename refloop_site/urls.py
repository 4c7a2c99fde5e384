"""Every address RefLoop answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from referrals.admin.billing import views as billing
from refloop_site import clockwork_page, staff_header, tour
from refloop_site.health import healthz, livez

workspace = admin.site.admin_view
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    # Before the admin, which answers everything below its address.
    path("admin/clockwork/", workspace(clockwork_page.page), name="clockwork"),
    path("admin/unread/", workspace(staff_header.unread), name="unread"),
    path("admin/tour/taken/", workspace(tour.taken_view), name="tour-taken"),
    path("admin/billing/<slug:key>/", workspace(billing.list_view), name="billing"),
    path("admin/billing/<slug:key>/export/", workspace(billing.export_view), name="billing-export"),
    path("admin/reports/", include("reporting.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/reports/", include("reporting.api.urls")),  # before the rest, which answers everything below /api/
    path("api/", include("referrals.api.urls")),
    path("healthz", healthz),
    path("livez", livez),
]
