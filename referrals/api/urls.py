"""Addresses under /api/."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from referrals.api.allowed import ADDRESS
from referrals.api.problems import not_found
from referrals.api.views import deliveries, directory, docs, endpoints
from referrals.api.views.actions import VIEWS
from referrals.api.views.documents import DocumentContentView, DocumentsView, DocumentView
from referrals.api.views.events import EventsView
from referrals.api.views.incoming import IncomingDocumentsView, IncomingDocumentView
from referrals.api.views.me import MeView
from referrals.api.views.packet import PacketView
from referrals.api.views.referrals import ReferralsView, ReferralView
from referrals.api.views.routing import CandidatesView, CoordinatorsView

_REFERRAL = "v1/referrals/<str:number>/"
_ENDPOINT = "v1/endpoints/<int:endpoint_id>/"
_DELIVERY = f"{_ENDPOINT}deliveries/<str:delivery_id>/"

urlpatterns = [
    path("v1/referrals/", ReferralsView.as_view(), name="api-referrals"),
    path(_REFERRAL, ReferralView.as_view(), name="api-referral"),
    path(f"{_REFERRAL}candidates/", CandidatesView.as_view(), name="api-candidates"),
    *(
        path(f"{_REFERRAL}{ADDRESS[action]}/", view.as_view(), name=f"api-{ADDRESS[action]}")
        for action, view in VIEWS.items()
    ),
    path(f"{_REFERRAL}packet/", PacketView.as_view(), name="api-packet"),
    path(f"{_REFERRAL}documents/", DocumentsView.as_view(), name="api-documents"),
    path(f"{_REFERRAL}documents/<int:document_id>/", DocumentView.as_view(), name="api-document"),
    path(f"{_REFERRAL}documents/<int:document_id>/content/", DocumentContentView.as_view(), name="api-content"),
    path("v1/endpoints/", endpoints.EndpointsView.as_view(), name="api-endpoints"),
    path(_ENDPOINT, endpoints.EndpointView.as_view(), name="api-endpoint"),
    path(f"{_ENDPOINT}rotate-secret/", endpoints.RotateSecretView.as_view(), name="api-rotate-secret"),
    path(f"{_ENDPOINT}test/", endpoints.TestEndpointView.as_view(), name="api-endpoint-test"),
    path(f"{_ENDPOINT}resend/", endpoints.ResendGivenUpView.as_view(), name="api-endpoint-resend"),
    path(f"{_ENDPOINT}deliveries/", deliveries.DeliveriesView.as_view(), name="api-deliveries"),
    path(_DELIVERY, deliveries.DeliveryView.as_view(), name="api-delivery"),
    path(f"{_DELIVERY}resend/", deliveries.ResendDeliveryView.as_view(), name="api-delivery-resend"),
    path("v1/me/", MeView.as_view(), name="api-me"),
    path("v1/incoming-documents/", IncomingDocumentsView.as_view(), name="api-incoming-documents"),
    path("v1/incoming-documents/<str:arrival_id>/", IncomingDocumentView.as_view(), name="api-incoming-document"),
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
