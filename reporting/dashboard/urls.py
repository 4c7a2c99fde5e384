"""Addresses of the reports pages, below the admin's own (the site wraps them in its sign-in)."""

from django.contrib import admin
from django.urls import path

from reporting.dashboard import cms50_page, months, views

signed_in = admin.site.admin_view
urlpatterns = [
    path("", signed_in(views.overview), name="reports"),
    path("time/", signed_in(views.time_to_close), name="reports-time"),
    path("breakdown/", signed_in(views.parts), name="reports-parts"),
    path("scorecards/", signed_in(views.people), name="reports-people"),
    path("referrals/", signed_in(views.referrals), name="reports-referrals"),
    path("months/", signed_in(months.month_list), name="reports-months"),
    path("months/close/", signed_in(months.close_month), name="reports-close"),
    path("months/<str:key>/", signed_in(months.month), name="reports-month"),
    path("months/<str:key>/reopen/", signed_in(months.reopen_month), name="reports-reopen"),
    path("months/<str:key>/report.<slug:kind>", signed_in(months.month_file), name="reports-month-file"),
    path("months/<str:key>/referrals.<slug:kind>", signed_in(months.month_export), name="reports-month-export"),
    path("cms50/", signed_in(cms50_page.page), name="reports-cms50"),
    path("cms50/clinicians.<slug:kind>", signed_in(cms50_page.clinicians_export), name="reports-cms50-clinicians"),
    path("cms50/rows.<slug:kind>", signed_in(cms50_page.export), name="reports-cms50-export"),
    path("report.pdf", signed_in(views.printed), name="reports-pdf"),
    path("<slug:table>.<slug:kind>", signed_in(views.export), name="reports-export"),
]
