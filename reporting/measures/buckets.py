"""In which bucket a referral of a cohort is: always exactly one.

``bucket_of`` is the rule; ``in_bucket`` is its twin for the database (a test holds them together)."""

from datetime import datetime, timedelta

from django.db.models import Q, TextChoices

from referrals.lifecycle.states import OPEN, Status


class Bucket(TextChoices):
    CLOSED = "closed", "Closed"
    LEAKED_KNOWN = "leaked_known", "Leaked"
    LEAKED_ESTIMATED = "leaked_estimated", "Standing still"
    IN_PROGRESS = "in_progress", "In progress"
    CANCELLED_NOT_LEAKED = "cancelled_not_leaked", "Cancelled"


LEAKED = (Bucket.LEAKED_KNOWN, Bucket.LEAKED_ESTIMATED)
_ALWAYS_LEAKED = (Status.LOST, Status.CLOSED_WITHOUT_NOTE)


def bucket_of(
    *, status: str, counts_as_leakage: bool, quiet_since: datetime, now: datetime, window: timedelta
) -> Bucket:
    """The bucket at ``now`` (DESIGN: reporting definitions).

    ``counts_as_leakage`` is that of the ending reason, and is asked of cancelled ones only: lost and closed without
    note always leaked. An open one counts as leaked once nothing moved for longer than ``window``."""
    if status == Status.CLOSED:
        return Bucket.CLOSED
    if status in _ALWAYS_LEAKED:
        return Bucket.LEAKED_KNOWN
    if status == Status.CANCELLED:
        return Bucket.LEAKED_KNOWN if counts_as_leakage else Bucket.CANCELLED_NOT_LEAKED
    return Bucket.LEAKED_ESTIMATED if now - quiet_since > window else Bucket.IN_PROGRESS


def in_bucket(bucket: Bucket, *, now: datetime, window: timedelta) -> Q:
    """The condition on Referral of being in ``bucket`` at ``now``."""
    cancelled = Q(status=Status.CANCELLED)
    still_open, stands_still = Q(status__in=OPEN), Q(quiet_since__lt=now - window)
    return {
        Bucket.CLOSED: Q(status=Status.CLOSED),
        Bucket.LEAKED_KNOWN: Q(status__in=_ALWAYS_LEAKED) | cancelled & Q(ending_reason__counts_as_leakage=True),
        Bucket.LEAKED_ESTIMATED: still_open & stands_still,
        Bucket.IN_PROGRESS: still_open & ~stands_still,
        Bucket.CANCELLED_NOT_LEAKED: cancelled & Q(ending_reason__counts_as_leakage=False),
    }[bucket]
