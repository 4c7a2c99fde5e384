"""What the queue runs: thin wrappers that hand the clock to services. Whoever owns the schedules schedules them."""

import time

from django.utils import timezone

from notifications import housekeeping
from notifications.dispatch import recover, run

SECONDS = 50  # a run every minute leaves no gap, and ends well within the queue's own time-out


def dispatch_due(seconds: float = SECONDS) -> dict[str, int]:
    """Send what is due until nothing is, or for ``seconds``; what it did."""
    ends_at = time.monotonic() + seconds
    tally = run.dispatch(now_fn=timezone.now, batch=1_000_000, keep_going=lambda: time.monotonic() < ends_at)
    return vars(tally)


def recover_leases() -> int:
    """Take back what dead dispatchers were sending; how many. Every dispatch does so too."""
    return recover.recover_leases(now=timezone.now())


def tidy() -> int:
    """Once a day: forget old attempts, read inbox items and beats; how many rows."""
    return housekeeping.tidy(now=timezone.now())
