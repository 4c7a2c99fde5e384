"""What the queue runs: thin wrappers that hand the clock to services."""

from datetime import timedelta

from django.utils import timezone

from referrals import clockwork
from referrals.lifecycle import stalls
from referrals.models import CaptureReceipt

KEEP_KEYS = timedelta(days=90)  # after that an idempotency key may be used again


def heartbeat() -> None:
    """Prove that a cluster is alive."""
    clockwork.beat(clockwork.QUEUE, now=timezone.now())


def sweep() -> int:
    """Act on every referral whose next look is due; how many escalated."""
    now = timezone.now()
    swept = stalls.sweep(now=now)
    clockwork.beat(clockwork.SWEEP, now=timezone.now())
    return swept.escalated


def housekeeping() -> int:
    """Forget old idempotency keys (an office's own external ids are kept for ever). Returns how many."""
    old = CaptureReceipt.objects.filter(kind=CaptureReceipt.Kind.KEY, created_at__lt=timezone.now() - KEEP_KEYS)
    return old.delete()[0]
