"""Addresses under /api/."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from referrals.api.allowed import ADDRESS
from referrals.api.problems import not_found
from referrals.api.views import directory, docs
from referrals.api.views.actions import VIEWS
from referrals.api.views.documents import DocumentContentView, DocumentsView, DocumentView
from referrals.api.views.events import EventsView
from referrals.api.views.referrals import ReferralsView, ReferralView
from referrals.api.views.routing import CandidatesView, CoordinatorsView

_REFERRAL = "v1/referrals/<str:number>/"

urlpatterns = [
    path("v1/referrals/", ReferralsView.as_view(), name="api-referrals"),
    path(_REFERRAL, ReferralView.as_view(), name="api-referral"),
    path(f"{_REFERRAL}candidates/", CandidatesView.as_view(), name="api-candidates"),
    *(
        path(f"{_REFERRAL}{ADDRESS[action]}/", view.as_view(), name=f"api-{ADDRESS[action]}")
        for action, view in VIEWS.items()
    ),
    path(f"{_REFERRAL}documents/", DocumentsView.as_view(), name="api-documents"),
    path(f"{_REFERRAL}documents/<int:document_id>/", DocumentView.as_view(), name="api-document"),
    path(f"{_REFERRAL}documents/<int:document_id>/content/", DocumentContentView.as_view(), name="api-content"),
    path("v1/events/", EventsView.as_view(), name="api-events"),
    path("v1/specialties/", directory.SpecialtiesView.as_view(), name="api-specialties"),
    path("v1/payers/", directory.PayersView.as_view(), name="api-payers"),
    path("v1/offices/", directory.OfficesView.as_view(), name="api-offices"),
    path("v1/providers/", directory.ProvidersView.as_view(), name="api-providers"),
    path("v1/ending-reasons/", directory.EndingReasonsView.as_view(), name="api-ending-reasons"),
    path("v1/coordinators/", CoordinatorsView.as_view(), name="api-coordinators"),
    path("schema/", docs.SchemaView.as_view(), name="api-schema"),
    path("docs/", docs.DocsView.as_view(), name="api-docs"),
    path("docs/problems", docs.problem_types, name="api-problems"),
    path("", RedirectView.as_view(pattern_name="api-docs")),
    re_path("^", not_found),  # anything else, also with a line break in it
]
