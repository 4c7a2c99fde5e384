"""Endpoints of an office and what was sent to them. Secrets are shown by the two answers that make one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from notifications import selectors
from notifications.models import Attempt, Delivery, Endpoint
from referrals.api.fields import Instant
from referrals.office_endpoints import CHANNELS

STATES = ("works", "unused", "struggling", "failing", "off")


class EndpointSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    href = serializers.CharField()
    channel = serializers.ChoiceField(CHANNELS)
    address = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField(), help_text="Empty: the usual ones.")
    detail = serializers.ChoiceField(Endpoint.Detail.choices)
    active = serializers.BooleanField()
    state = serializers.ChoiceField(
        STATES,
        help_text="works: the last try arrived, or fewer than three in a row failed; struggling: slow, or three in a row "
        "failed; failing: refused, or failing for long; unused: nothing arrived yet; off: switched off.",
    )
    problem = serializers.CharField(
        allow_blank=True, help_text="What went wrong at the last try; empty when that arrived."
    )
    waiting = serializers.IntegerField(help_text="Deliveries on their way or waiting to be tried again.")
    given_up = serializers.IntegerField(help_text="Deliveries that wait for you to send them again.")
    last_delivered_at = Instant(allow_null=True)
    old_secret_until = Instant(allow_null=True, help_text="While the secret is rotated: until when the old one signs.")
    created_at = Instant()


class EndpointListSerializer(serializers.Serializer):
    results = EndpointSerializer(many=True)


class EndpointWithSecretSerializer(EndpointSerializer):
    secret = serializers.CharField(
        allow_blank=True, help_text="`whsec_…`, shown only in this answer; empty for e-mail, which is not signed."
    )


class ResentSerializer(serializers.Serializer):
    queued = serializers.IntegerField(help_text="How many were queued again.")


class DeliverySerializer(serializers.Serializer):
    id = serializers.CharField(help_text="The `webhook-id`; it stays the same at every try and when sent again.")
    href = serializers.CharField()
    topic = serializers.CharField()
    referral = serializers.CharField(allow_blank=True, help_text="Number of the referral it is about.")
    occurred_at = Instant()
    status = serializers.ChoiceField(Delivery.Status.choices, help_text="dead: given up; it can be sent again.")
    attempts = serializers.IntegerField(help_text="Since it was queued, or sent again.")
    next_attempt_at = Instant(allow_null=True)
    delivered_at = Instant(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)


class DeliveryPageSerializer(serializers.Serializer):
    results = DeliverySerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null: this is the last.")


class AttemptSerializer(serializers.Serializer):
    at = Instant()
    outcome = serializers.ChoiceField(Attempt.Outcome.choices)
    code = serializers.IntegerField(allow_null=True, help_text="HTTP or SMTP code.")
    detail = serializers.CharField(allow_blank=True)
    duration_ms = serializers.IntegerField()


class DeliveryWithAttemptsSerializer(DeliverySerializer):
    tries = AttemptSerializer(many=True, help_text="Oldest first, the newest 100; those of the past year.")


LONGEST_LOG = 100


def endpoint_address(pk: int) -> str:
    return f"/api/v1/endpoints/{pk}/"


def endpoints_for(endpoints: Iterable[Endpoint], *, now: datetime) -> list[dict[str, Any]]:
    """Values for EndpointSerializer. One query for all."""
    endpoints = list(endpoints)
    counts = selectors.undelivered_counts(endpoints)
    return [_endpoint(endpoint, counts[endpoint.pk], now) for endpoint in endpoints]


def _endpoint(endpoint: Endpoint, undelivered: dict[str, int], now: datetime) -> dict[str, Any]:
    overlaps = endpoint.previous_secret_until is not None and now < endpoint.previous_secret_until
    given_up = undelivered.get(Delivery.Status.DEAD, 0)
    ended = given_up + undelivered.get(Delivery.Status.CANCELLED, 0)
    names = ("channel", "address", "topics", "detail", "active", "last_delivered_at", "created_at")
    return {name: getattr(endpoint, name) for name in names} | {
        "id": endpoint.pk,
        "href": endpoint_address(endpoint.pk),
        "state": _state(endpoint),
        "problem": _problem(endpoint),
        "waiting": sum(undelivered.values()) - ended,
        "given_up": given_up,
        "old_secret_until": endpoint.previous_secret_until if overlaps else None,
    }


def _problem(endpoint: Endpoint) -> str:
    works_again = endpoint.consecutive_failures == 0 and not endpoint.flagged_at
    return "" if works_again else endpoint.flag_reason or endpoint.last_error


def _state(endpoint: Endpoint) -> str:
    if not endpoint.active:
        return "off"
    if endpoint.flagged_at:
        return "failing"
    if endpoint.is_struggling:
        return "struggling"
    return "works" if endpoint.last_delivered_at else "unused"


def delivery_for(delivery: Delivery) -> dict[str, Any]:
    """Values for DeliverySerializer; no query on one with its message."""
    names = ("status", "attempts", "delivered_at", "last_error")
    return {name: getattr(delivery, name) for name in names} | {
        "id": delivery.public_id,
        "href": f"{endpoint_address(delivery.endpoint_id)}deliveries/{delivery.public_id}/",
        "topic": delivery.message.topic,
        "referral": delivery.message.about,
        "occurred_at": delivery.message.occurred_at,
        "next_attempt_at": delivery.next_attempt_at if delivery.status in Delivery.DUE else None,
    }


def delivery_with_tries(delivery: Delivery) -> dict[str, Any]:
    """Values for DeliveryWithAttemptsSerializer. One query."""
    return delivery_for(delivery) | {"tries": list(delivery.attempt_log.order_by("-pk")[:LONGEST_LOG])[::-1]}
