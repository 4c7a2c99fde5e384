"""Addresses of the reports pages, below the admin's own (the site wraps them in its sign-in)."""

from django.contrib import admin
from django.urls import path

from reporting.dashboard import views

signed_in = admin.site.admin_view
urlpatterns = [
    path("", signed_in(views.overview), name="reports"),
    path("time/", signed_in(views.time_to_close), name="reports-time"),
    path("breakdown/", signed_in(views.parts), name="reports-parts"),
    path("scorecards/", signed_in(views.people), name="reports-people"),
    path("referrals/", signed_in(views.referrals), name="reports-referrals"),
    path("<slug:table>.<slug:kind>", signed_in(views.export), name="reports-export"),
]
