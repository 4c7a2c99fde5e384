"""Referrals: the row of a list and the whole of one, each from the viewer's side."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from referrals import selectors
from referrals.api.allowed import allowed_actions, referral_address
from referrals.api.fields import Instant
from referrals.api.outputs.appointments import AppointmentSerializer, ContactAttemptSerializer, attempts_for
from referrals.api.outputs.directory import CodeNameSerializer, OfficeNameSerializer, ProviderNameSerializer
from referrals.api.outputs.documents import DocumentSerializer, document_for
from referrals.api.outputs.events import EventSerializer, event_for
from referrals.api.outputs.patients import PatientBriefSerializer, PatientSerializer, brief_patient_for, patient_for
from referrals.api.outputs.problems import AllowedActionSerializer
from referrals.api.outputs.routing import RoutingSerializer, routing_for
from referrals.api.outputs.viewer import Viewer
from referrals.lifecycle import guards
from referrals.lifecycle.actor import Role
from referrals.lifecycle.states import Stage, Status
from referrals.models import Encounter, Referral

LONGEST_TIMELINE = 200  # events; older ones are in the feed


class EndingSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()


class ReferralRowSerializer(serializers.Serializer):
    number = serializers.CharField()
    href = serializers.CharField()
    version = serializers.IntegerField(help_text="Counts changes; send it as expected_version to act only on this.")
    status = serializers.ChoiceField(Status.choices)
    stage = serializers.ChoiceField(Stage.choices, allow_null=True, help_text="What the clock watches; null: ended.")
    stage_since = Instant(allow_null=True)
    next_escalation_at = Instant(allow_null=True, help_text="When somebody is asked to look again; null: ended.")
    appointment_status = serializers.ChoiceField(Referral.AppointmentStatus.choices)
    document_status = serializers.ChoiceField(Referral.DocumentStatus.choices)
    ending_reason = EndingSerializer(allow_null=True, help_text="Set when it ended without closing.")
    direction = serializers.ChoiceField(Referral.Direction.choices)
    priority = serializers.ChoiceField(Referral.Priority.choices)
    specialty = CodeNameSerializer()
    patient = PatientBriefSerializer()
    referring_office = OfficeNameSerializer()
    referring_provider = ProviderNameSerializer(allow_null=True)
    receiving_office = OfficeNameSerializer(allow_null=True)
    receiving_provider = ProviderNameSerializer(allow_null=True)
    external_id = serializers.CharField(allow_blank=True, help_text="The referring office's own order id.")
    your_roles = serializers.ListField(child=serializers.ChoiceField([role.value for role in Role]))
    appointment_starts_at = Instant(allow_null=True, help_text="Of the booked first visit.")
    captured_at = Instant()
    changed_at = Instant()
    ended_at = Instant(allow_null=True)


class ReferralPageSerializer(serializers.Serializer):
    results = ReferralRowSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null: this is the last.")


class AuthorizationSerializer(serializers.Serializer):
    state = serializers.ChoiceField(Referral.Authorization.choices)
    number = serializers.CharField(allow_blank=True)
    expires_on = serializers.DateField(allow_null=True)


class HoldSerializer(serializers.Serializer):
    until = Instant()
    reason = serializers.CharField(allow_blank=True)


class SnoozeSerializer(serializers.Serializer):
    until = Instant()
    reason = serializers.CharField()
    by = serializers.CharField()


class EncounterSerializer(serializers.Serializer):
    occurred_on = serializers.DateField()
    external_id = serializers.CharField(allow_blank=True, help_text="Visit number in the EHR.")
    source = serializers.ChoiceField(Encounter.Source.choices)
    documented_for_billing = serializers.BooleanField()


class ReferralSerializer(ReferralRowSerializer):
    """Everything the caller may know of one referral."""

    patient = PatientSerializer()
    clinical_question = serializers.CharField()
    diagnoses = serializers.ListField(child=serializers.CharField(), help_text="ICD-10-CM codes.")
    service_requested = serializers.CharField(allow_blank=True)
    payer = CodeNameSerializer(allow_null=True)
    member_id = serializers.CharField(allow_blank=True)
    authorization = AuthorizationSerializer()
    needed_by = serializers.DateField(allow_null=True)
    source = serializers.ChoiceField(Referral.Source.choices)
    owner = serializers.CharField(allow_null=True, help_text="The coordinator responsible; only for the group.")
    hold = HoldSerializer(allow_null=True)
    snooze = SnoozeSerializer(allow_null=True, help_text="Nobody is told meanwhile; only for the group.")
    ending_comment = serializers.CharField(allow_blank=True)
    routed_at = Instant(allow_null=True)
    accepted_at = Instant(allow_null=True)
    first_scheduled_at = Instant(allow_null=True)
    seen_at = Instant(allow_null=True)
    note_at = Instant(allow_null=True)
    reconciled_at = Instant(allow_null=True)
    delivered_at = Instant(allow_null=True)
    appointment = AppointmentSerializer(allow_null=True, help_text="The booked first visit.")
    appointments = AppointmentSerializer(many=True, help_text="All of them, moved and missed ones too.")
    contact_attempts = ContactAttemptSerializer(many=True)
    documents = DocumentSerializer(many=True)
    note = serializers.IntegerField(allow_null=True, help_text="Id of the final consult note that counts.")
    encounter = EncounterSerializer(allow_null=True)
    routing = RoutingSerializer(allow_null=True, help_text="Why it went where it is; only for the group.")
    timeline = EventSerializer(many=True, help_text=f"Oldest first; the newest {LONGEST_TIMELINE} events.")
    allowed_actions = AllowedActionSerializer(many=True, help_text="What your office can do now.")


class WarningSerializer(serializers.Serializer):
    code = serializers.ChoiceField(["likely_duplicate", "identity"])
    message = serializers.CharField()
    referral = serializers.CharField(allow_null=True, help_text="Number of the referral meant, if there is one.")


class CapturedReferralSerializer(ReferralSerializer):
    warnings = WarningSerializer(many=True, help_text="To be looked at by a person; nothing was refused.")


_SAME_NAME = (
    "number", "version", "status", "stage_since", "next_escalation_at", "appointment_status", "document_status",
    "ending_reason", "direction", "priority", "specialty", "referring_office", "referring_provider",
    "receiving_office", "receiving_provider", "external_id", "captured_at", "changed_at", "ended_at",
)  # fmt: skip
_ONLY_WHOLE = (
    "clinical_question", "diagnoses", "service_requested", "payer", "member_id", "needed_by", "source",
    "ending_comment", "routed_at", "accepted_at", "first_scheduled_at", "seen_at", "note_at", "reconciled_at",
    "delivered_at", "encounter",
)  # fmt: skip


def row_for(viewer: Viewer, referral: Referral) -> dict[str, Any]:
    """Values for ReferralRowSerializer; no query on a referral of selectors.with_parties."""
    return {name: getattr(referral, name) for name in _SAME_NAME} | {
        "href": referral_address(referral.number),
        "stage": referral.stage or None,
        "patient": brief_patient_for(viewer, referral),
        "your_roles": sorted(viewer.roles_on(referral)),
        "appointment_starts_at": referral.appointment.starts_at if referral.appointment_id else None,
    }


def referral_for(viewer: Viewer, referral: Referral, *, now: datetime) -> dict[str, Any]:
    """Values for ReferralSerializer at ``now``; a fixed number of queries, whatever happened to the referral."""
    events = list(
        selectors.events_visible_to(viewer.office).filter(referral=referral).order_by("-version")[:LONGEST_TIMELINE]
    )[::-1]
    specialists = selectors.specialists_then(events)
    appointments = referral.appointments.select_related("office", "provider")
    if not viewer.is_group and referral.referring_office_id != viewer.office.pk:
        appointments = appointments.filter(office=viewer.office)  # not those with a specialist before
    appointments = list(appointments)
    documents = (
        selectors.documents_visible_to(viewer.office)
        .filter(referral=referral)
        .select_related("author", "author_office")
        .prefetch_related("versions")
    )
    actions = guards.allowed_actions(referral, viewer.actor, now=now)
    return (
        row_for(viewer, referral)
        | {name: getattr(referral, name) for name in _ONLY_WHOLE}
        | {
            "patient": patient_for(viewer, referral),
            "authorization": {
                "state": referral.authorization_state,
                "number": referral.authorization_number,
                "expires_on": referral.authorization_expires_on,
            },
            "owner": referral.owner.name if viewer.is_group else None,
            "hold": ({"until": referral.hold_until, "reason": referral.hold_reason} if referral.hold_until else None),
            "snooze": _snooze(referral, now) if viewer.is_group else None,
            "appointment": next((a for a in appointments if a.pk == referral.appointment_id), None),
            "appointments": appointments,
            "contact_attempts": attempts_for(viewer, events),
            "documents": [document_for(document, referral.number) for document in documents],
            "note": referral.note_id,
            "routing": routing_for(referral) if viewer.is_group else None,
            "timeline": [event_for(viewer, e, referral, specialist=specialists[e.pk]) for e in events],
            "allowed_actions": allowed_actions(actions, referral.number),
        }
    )


def _snooze(referral: Referral, now: datetime) -> dict[str, Any] | None:
    if not referral.is_asleep(now):
        return None
    return {"until": referral.snoozed_until, "reason": referral.snooze_reason, "by": referral.snoozed_by}
