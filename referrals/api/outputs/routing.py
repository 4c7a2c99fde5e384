"""Why a referral is where it is, and who else could take it; for offices of the group."""

from typing import Any

from rest_framework import serializers

from referrals.api.fields import Instant
from referrals.api.outputs.directory import OfficeNameSerializer, ProviderNameSerializer
from referrals.models import Referral
from referrals.routing.candidates import Ranking


class RoutingSerializer(serializers.Serializer):
    at = Instant()
    by_hand = serializers.BooleanField()
    decided_by = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why this specialist, strongest first.")
    no_match_because = serializers.CharField(allow_blank=True, help_text="The criterion that left nobody.")
    comment = serializers.CharField(allow_blank=True)


class CandidateSerializer(serializers.Serializer):
    provider = ProviderNameSerializer()
    office = OfficeNameSerializer()
    score = serializers.FloatField(source="points")
    miles = serializers.FloatField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())


class CriterionSerializer(serializers.Serializer):
    criterion = serializers.CharField()
    left = serializers.IntegerField(help_text="Specialists left after it.")


class CandidatesSerializer(serializers.Serializer):
    results = CandidateSerializer(many=True, help_text="Best first.")
    funnel = CriterionSerializer(many=True)
    no_match_because = serializers.CharField(allow_blank=True)


def routing_for(referral: Referral) -> Any:
    """The newest decision, or None. One query."""
    return referral.routing_decisions.order_by("-at", "-pk").first()


def candidates_for(ranking: Ranking, *, most: int) -> dict[str, Any]:
    """Values for CandidatesSerializer."""
    return {
        "results": ranking.candidates[:most],
        "funnel": [{"criterion": criterion, "left": left} for criterion, left in ranking.funnel],
        "no_match_because": ranking.no_match_because,
    }
