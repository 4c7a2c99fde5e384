"""Incoming documents that wait: for a reader, or for a person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from referrals.models import IncomingDocument

State = IncomingDocument.State
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Backlog:
    """Incoming documents at a glance; counts stop beyond MOST_COUNTED. ``waiting_since`` is the arrival of the oldest
    that nobody reads (None: none)."""

    in_review: int
    waiting: int
    waiting_since: datetime | None


def backlog(*, now: datetime) -> Backlog:
    """Three queries on partial indexes."""
    waiting = due(now)
    review = IncomingDocument.objects.filter(state=State.REVIEW)
    return Backlog(
        in_review=review.order_by()[: MOST_COUNTED + 1].count(),
        waiting=waiting.order_by()[: MOST_COUNTED + 1].count(),
        waiting_since=waiting.order_by("received_at").values_list("received_at", flat=True).first(),
    )


def due(now: datetime) -> QuerySet[IncomingDocument]:
    """What waits to be read, and what a dead reader was reading."""
    return IncomingDocument.objects.filter(Q(state=State.WAITING) | Q(state=State.READING, lease_until__lte=now))
