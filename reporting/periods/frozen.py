"""The rows of a closed month as lines of a table: each referral as it counted then."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from referrals.lifecycle.states import Status
from reporting.measures.buckets import Bucket
from reporting.models import PeriodClose

HEAD = (
    "Referral", "Patient", "Born", "From", "To", "Captured", "Counted as", "Status then", "Ever booked",
    "Closed within 14 days", "Ended", "Value in dollars",
)  # fmt: skip
_PARTIES = ("referral__patient", "referring_office", "receiving_office")


def lines(closed: PeriodClose) -> Iterator[list[Any]]:
    """By capture. Offices, outcome and value are as frozen; the patient goes by the name of today."""
    counted, status = dict(Bucket.choices), dict(Status.choices)
    rows = closed.rows.select_related(*_PARTIES).order_by("captured_at", "pk")
    for row in rows.iterator(chunk_size=1000):
        yield [
            row.referral.number, str(row.referral.patient), row.referral.patient.birth_date, row.referring_office.name,
            row.receiving_office.name if row.receiving_office else "", timezone.localdate(row.captured_at),
            counted[row.bucket], status[row.status], "yes" if row.scheduled else "no", "yes" if row.within_14 else "no",
            timezone.localdate(row.ended_at) if row.ended_at else None, row.cents / 100,
        ]  # fmt: skip
