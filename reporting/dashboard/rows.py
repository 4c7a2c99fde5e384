"""The columns of a list of referrals, on a page and in a file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from referrals.models import Referral

HEAD = (
    "Referral", "Patient", "Born", "Specialty", "From", "To", "Priority", "Status", "Captured", "Ended", "Reason", "Owner",
)  # fmt: skip
_PARTIES = (
    "patient", "specialty", "referring_office", "receiving_office", "receiving_provider", "ending_reason", "owner",
)  # fmt: skip


def newest_first(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    return referrals.select_related(*_PARTIES).order_by("-captured_at", "-id")


def cells(referral: Referral) -> list[Any]:
    """The values under HEAD; instants as local days."""
    to = referral.receiving_provider or referral.receiving_office or ""
    return [
        referral.number, str(referral.patient), referral.patient.birth_date, referral.specialty.name,
        referral.referring_office.name, str(to), referral.get_priority_display(), referral.get_status_display(),
        timezone.localdate(referral.captured_at), timezone.localdate(referral.ended_at) if referral.ended_at else None,
        referral.ending_reason.label if referral.ending_reason else "", referral.owner.name,
    ]  # fmt: skip


def lines(referrals: QuerySet[Referral]) -> Iterator[list[Any]]:
    for referral in newest_first(referrals).iterator(chunk_size=1000):
        yield cells(referral)
