"""Who the caller is, by its token."""

from typing import ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.fields import Instant
from referrals.api.outputs.directory import OfficeNameSerializer
from referrals.api.schema import Operation
from referrals.api.throttling import EndpointThrottle, TokenThrottle
from referrals.api.views.office_view import OfficeView
from referrals.practice.calendar import practice_calendar


class RateSerializer(serializers.Serializer):
    requests = serializers.IntegerField()
    seconds = serializers.IntegerField(help_text="So many requests in so many seconds; then 429.")


class TokenSerializer(serializers.Serializer):
    name = serializers.CharField()
    starts_with = serializers.CharField(help_text="Enough to find it among your office's tokens.")
    expires_at = Instant(allow_null=True, help_text="null: it does not expire.")


class MeSerializer(serializers.Serializer):
    office = OfficeNameSerializer()
    is_group = serializers.BooleanField(help_text="Your office belongs to the group that runs RefLoop.")
    token = TokenSerializer()
    capabilities = serializers.ListField(
        child=serializers.ChoiceField(["referrals", "manage_endpoints"]), help_text="What the token may do."
    )
    rate_limit = RateSerializer()
    endpoint_rate_limit = RateSerializer(help_text="Changes and tests of your office's endpoints, all tokens together.")
    time_zone = serializers.CharField(help_text="Of the practice: days are days there. Such as America/Chicago.")


class MeView(OfficeView):
    operations: ClassVar = {
        "GET": Operation(
            id="me",
            tag="Directory",
            summary="Who am I",
            description="The office of your token, what the token may do, until when, and how often it may call. What "
            "your office may do on a referral is in that referral's `your_roles` and `allowed_actions`.",
            gives={200: MeSerializer},
        )
    }

    def get(self, request: Request) -> Response:
        token = request.auth
        values = {
            "office": token.office,
            "is_group": self.viewer.is_group,
            "token": {
                "name": token.name,
                "starts_with": f"rlk_{token.prefix}",
                "expires_at": token.expires_at,
            },
            "capabilities": ["referrals", *(["manage_endpoints"] if token.manages_endpoints else [])],
            "rate_limit": _rate(TokenThrottle()),
            "endpoint_rate_limit": _rate(EndpointThrottle()),
            "time_zone": str(practice_calendar().zone),
        }
        return self.answer(MeSerializer, values)


def _rate(throttle: TokenThrottle | EndpointThrottle) -> dict[str, int]:
    requests, seconds = throttle.allowance
    return {"requests": requests, "seconds": seconds}
