"""Addresses under /api/v1/reports/."""

from django.urls import path

from reporting.api.figures import FiguresView
from reporting.api.months import ClosedMonthsView

urlpatterns = [
    path("figures/", FiguresView.as_view(), name="api-figures"),
    path("months/", ClosedMonthsView.as_view(), name="api-months"),
]
