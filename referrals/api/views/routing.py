"""Who could take a referral and who could own it; for offices of the group."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.outputs.directory import CoordinatorSerializer
from referrals.api.outputs.routing import CandidatesSerializer, candidates_for
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import NotPermitted
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action
from referrals.models import Coordinator, RecordRead
from referrals.routing.choose import rank_for

MOST_CANDIDATES = 20


class CandidatesView(OfficeView):
    reads = RecordRead.What.REFERRAL
    operations = {
        "GET": Operation(
            id="referrals_candidates",
            tag="Route",
            summary="Who could take it",
            description=f"Group. The {MOST_CANDIDATES} best specialists with their reasons, and how many each "
            "criterion left.",
            gives={200: CandidatesSerializer},
            refuses=(403, 404),
        )
    }

    def get(self, request: Request, number: str) -> Response:
        referral = self.party_referral(number)
        if not may(self.actor, Action.ROUTE, referral):
            raise NotPermitted("Only offices of the group choose specialists.")
        ranking = rank_for(referral, now=timezone.now())
        return self.answer(CandidatesSerializer, candidates_for(ranking, most=MOST_CANDIDATES))


class CoordinatorsView(OfficeView):
    operations = {
        "GET": Operation(
            id="coordinators_list",
            tag="Route",
            summary="Who could own it",
            description="Group. Active coordinators and desks, for `assign-owner`.",
            gives={200: CoordinatorSerializer(many=True)},
            refuses=(403,),
        )
    }

    def get(self, request: Request) -> Response:
        if not self.viewer.is_group:
            raise NotPermitted("Only offices of the group see the coordinators.")
        return self.answer(CoordinatorSerializer, Coordinator.objects.filter(active=True), many=True)
