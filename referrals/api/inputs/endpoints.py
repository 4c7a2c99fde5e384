"""The bodies of what an office does with its endpoints."""

from typing import Any

from rest_framework import serializers

from notifications.models import Endpoint
from referrals.api.fields import Choice, Several, Strict, Text, YesNo
from referrals.messages.topics import TOPICS
from referrals.office_endpoints import CHANNELS

_TOPICS_HELP = f"Topics, or beginnings of them such as `referral.*`; empty: the usual. There are: {', '.join(TOPICS)}."
_DETAIL_HELP = "full: with patient and referral, for webhooks; minimal: number, initials, what to do."


def _topics(**options: Any) -> Several:
    return Several(child=Text(max_length=80), max_length=40, help_text=_TOPICS_HELP, **options)


class NewEndpointSerializer(Strict):
    channel = Choice(CHANNELS, default="webhook")
    address = Text(max_length=500, help_text="Public https:// address of a webhook, or an e-mail address.")
    topics = _topics(required=False)
    detail = Choice(Endpoint.Detail.choices, required=False, help_text=_DETAIL_HELP)


class EndpointChangesSerializer(Strict):
    address = Text(max_length=500, required=False, allow_blank=False, help_text="What waits is sent there.")
    topics = _topics(required=False)
    detail = Choice(Endpoint.Detail.choices, required=False, help_text=_DETAIL_HELP)
    active = YesNo(required=False, help_text="false: nothing is sent, and what waits is cancelled (it can be re-sent).")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if not values:
            raise serializers.ValidationError(f"Send what is to change: {', '.join(self.fields)}.")
        return values


class RotateSecretSerializer(Strict):
    leaked = YesNo(
        default=False, help_text="true: the old secret ends at once; false: both sign for seven days, so none is lost."
    )


class NothingSerializer(Strict):
    """Send {}."""
