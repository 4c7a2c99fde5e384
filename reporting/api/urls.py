"""Addresses under /api/v1/reports/."""

from django.urls import path

from reporting.api.figures import FiguresView

urlpatterns = [path("figures/", FiguresView.as_view(), name="api-figures")]
