"""Every address RefLoop answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from refloop_site.health import healthz, livez

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/", include("referrals.api.urls")),
    path("healthz", healthz),
    path("livez", livez),
]
