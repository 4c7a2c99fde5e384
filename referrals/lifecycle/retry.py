"""What the sweep set aside: what still is, and trying it again now."""

from datetime import datetime

from django.db.models import QuerySet

from referrals.models import Referral, SweepFailure


def still_aside() -> QuerySet[SweepFailure]:
    """Referrals the sweep could not handle and that are still open; one that ended needs no escalation."""
    return SweepFailure.objects.filter(referral__ended_at__isnull=True)


def retry_now(*, failures: QuerySet[SweepFailure], now: datetime) -> int:
    """Let the next sweep look at these referrals again; how many. One that fails again is set aside for longer."""
    pks = list(failures.filter(referral__ended_at__isnull=True).values_list("referral", flat=True))
    return Referral.objects.filter(pk__in=pks, ended_at__isnull=True).update(next_escalation_at=now)
