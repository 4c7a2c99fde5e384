"""What an office is told of a document it sent in."""

from typing import Any

from rest_framework import serializers

from referrals import selectors
from referrals.api.fields import Instant
from referrals.intake.arrivals import BY_HASH
from referrals.models import Arrival, MatchDecision, Office

STATES = (
    ("received", "Stored; being worked on, or settled on a referral your office is no party to"),
    ("attached", "On a referral of yours"),
    ("unreadable", "Stored, but RefLoop cannot read it; staff will look at it"),
)


class IncomingDocumentSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="Of this arrival.")
    state = serializers.ChoiceField(STATES)
    referral = serializers.CharField(allow_null=True, help_text="Number, once it is attached to a referral of yours.")
    filename = serializers.CharField()
    content_type = serializers.CharField(help_text="By content.")
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Of the bytes, in hex.")
    source_id = serializers.CharField(allow_blank=True)
    received_at = Instant()
    href = serializers.CharField()


def incoming_for(arrival: Arrival, office: Office) -> dict[str, Any]:
    """Values for IncomingDocumentSerializer. Whether a document fits a patient is nobody's business but the parties':
    others read ``received`` for ever, so that sending notes in cannot be used to ask who is a patient."""
    document = arrival.document
    decided = (
        MatchDecision.objects.filter(
            document=document, undone_at__isnull=True, referral__in=selectors.visible_to(office), version__isnull=False
        )
        .select_related("referral")
        .first()
    )
    state = "attached" if decided else "unreadable" if document.error else "received"
    return {
        "id": arrival.public_id,
        "state": state,
        "referral": decided.referral.number if decided else None,
        "filename": arrival.filename,
        "content_type": document.content_type,
        "size": document.size,
        "sha256": document.sha256,
        "source_id": "" if arrival.source_id.startswith(BY_HASH) else arrival.source_id,
        "received_at": arrival.at,
        "href": incoming_address(arrival.public_id),
    }


def incoming_address(public_id: str) -> str:
    return f"/api/v1/incoming-documents/{public_id}/"
