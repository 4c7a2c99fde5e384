"""Appointments and contact attempts."""

from typing import Any

from rest_framework import serializers

from referrals.api.fields import Instant
from referrals.api.outputs.directory import OfficeNameSerializer, ProviderNameSerializer
from referrals.api.outputs.events import actor_label
from referrals.api.outputs.viewer import Viewer
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import EVENT_KIND
from referrals.models import Appointment, ContactAttempt, ReferralEvent


class AppointmentSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Appointment.Kind.choices)
    status = serializers.ChoiceField(Appointment.Status.choices)
    status_reason = serializers.CharField(allow_blank=True)
    starts_at = Instant()
    ends_at = Instant()
    office = OfficeNameSerializer()
    provider = ProviderNameSerializer(allow_null=True)
    instructions = serializers.CharField(allow_blank=True)
    patient_confirmed_at = Instant(allow_null=True)
    external_id = serializers.CharField(allow_blank=True)
    booked_at = Instant()


class ContactAttemptSerializer(serializers.Serializer):
    at = Instant()
    party = serializers.ChoiceField(ContactAttempt.Party.choices)
    channel = serializers.ChoiceField(ContactAttempt.Channel.choices)
    outcome = serializers.ChoiceField(ContactAttempt.Outcome.choices)
    call_back_on = serializers.DateField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)
    made_by = serializers.CharField()


def attempts_for(viewer: Viewer, events: list[ReferralEvent]) -> list[dict[str, Any]]:
    """Values for ContactAttemptSerializer: the attempts whose events are shown, so both tell the same story."""
    logged = {e.data["attempt"]: e for e in events if e.kind == EVENT_KIND[Action.LOG_CONTACT]}
    if not logged:
        return []
    names = ("at", "party", "channel", "outcome", "call_back_on", "comment")
    return [
        {name: getattr(attempt, name) for name in names} | {"made_by": actor_label(viewer, logged[attempt.pk])}
        for attempt in ContactAttempt.objects.filter(pk__in=logged)
    ]
