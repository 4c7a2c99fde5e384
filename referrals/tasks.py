"""What the queue runs: thin wrappers that hand the clock to services."""

import time
from datetime import timedelta

from django.utils import timezone

from referrals import clockwork, pipeline
from referrals.digest.send import send_digests
from referrals.intake import pictures
from referrals.intake.sandbox import Sandbox
from referrals.lifecycle import careful, reviews, stalls
from referrals.models import CaptureReceipt

READ_SECONDS = 25.0  # a run of the schedule reads this long and leaves the rest to the next
KEEP_KEYS = timedelta(days=90)  # after that an idempotency key may be used again
SWEEP_SECONDS = 50  # a backlog is worked off in runs that end well within the queue's time-out of 120 s
REVIEW_SECONDS = 45  # the same


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


def review_deadlines(seconds: float = REVIEW_SECONDS) -> int:
    """Work on deadline reviews for at most ``seconds``; the next run goes on. How many deadlines moved."""
    ends_at = time.monotonic() + seconds
    return reviews.carry_on(now=timezone.now(), keep_going=lambda: time.monotonic() < ends_at)


def daily_digest() -> int:
    """Send today's digests once business has begun; how many."""
    return send_digests(now=timezone.now())


def read_waiting(seconds: float = READ_SECONDS) -> int:
    """The safety net of ``process_documents --forever``: read what waits, or what a dead reader left, for about
    ``seconds``; how many. None while another worker of the queue does: reading must not keep sweeps waiting."""
    with clockwork.turn(clockwork.READ, now_fn=timezone.now) as turn:
        if turn is None:
            return 0
        with Sandbox() as sandbox:
            ends_at = time.monotonic() + seconds
            return pipeline.process_due(sandbox=sandbox, now_fn=timezone.now, going=lambda: time.monotonic() < ends_at)


def housekeeping() -> int:
    """Once a day: look every deadline over (settings or the table of holidays may have changed with a new release),
    forget pictures of pages, old idempotency keys (an office's own external ids are kept for ever) and ended clusters. Returns how many
    keys."""
    now = timezone.now()
    clockwork.forget_clusters(now=now)
    pictures.forget_old(now=now)
    reviews.forget_old(now=now)
    reviews.ask(because="daily check", now=now)
    old = CaptureReceipt.objects.filter(kind=CaptureReceipt.Kind.KEY, created_at__lt=now - KEEP_KEYS)
    return old.delete()[0]
