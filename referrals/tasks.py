"""What the queue runs: thin wrappers that hand the clock to services."""

import time
from datetime import timedelta

from django.utils import timezone

from referrals import clockwork
from referrals.lifecycle import careful, stalls
from referrals.models import CaptureReceipt

KEEP_KEYS = timedelta(days=90)  # after that an idempotency key may be used again
SWEEP_SECONDS = 50  # a backlog is worked off in runs that end well within the queue's time-out of 120 s


def heartbeat() -> None:
    """Prove that a cluster is alive."""
    clockwork.beat(clockwork.QUEUE, now=timezone.now())
    clockwork.beat_of_cluster(now=timezone.now())


def sweep(seconds: float = SWEEP_SECONDS) -> int:
    """Act on every referral whose next look is due, for about ``seconds``; how many escalated. None while another
    sweep of the queue runs: it does the work, and this worker is free for other tasks."""
    ends_at = time.monotonic() + seconds
    swept = stalls.Swept()
    clockwork.beat_of_cluster(now=timezone.now())
    with clockwork.turn(clockwork.SWEEP, now_fn=timezone.now) as turn:
        if turn is None:
            return 0
        if turn.unfinished >= careful.CAREFUL_FROM:
            swept = careful.sweep(
                suspect=turn.handling,
                note=turn.note,
                now_fn=timezone.now,
                going=lambda: time.monotonic() < ends_at,
            )
            return swept.escalated
        while time.monotonic() < ends_at:
            batch = stalls.sweep(now=timezone.now(), most=1)
            swept.add(batch)
            if batch.looked_at < stalls.BATCH:
                break
    return swept.escalated


def housekeeping() -> int:
    """Forget old idempotency keys (an office's own external ids are kept for ever) and ended clusters. Returns how
    many keys."""
    now = timezone.now()
    clockwork.forget_clusters(now=now)
    old = CaptureReceipt.objects.filter(kind=CaptureReceipt.Kind.KEY, created_at__lt=now - KEEP_KEYS)
    return old.delete()[0]
