"""What the queue runs: thin wrappers that hand the clock to services. Whoever owns the schedules schedules them."""

import time
from datetime import timedelta

from django.utils import timezone

from notifications import housekeeping, selectors
from notifications.dispatch import recover, run

SECONDS = 50  # a run every minute leaves no gap, and ends well within the queue's own time-out

# A dispatcher at work shows life every 15 s. Longer than that, and shorter than the pause between two runs.
ALIVE = timedelta(seconds=25)


def dispatch_due(seconds: float = SECONDS) -> dict[str, int]:
    """Send what is due until nothing is, or for ``seconds``; what it did. Nothing while a dispatcher is at work
    (``dispatch_messages --forever``, or an earlier run of this task): this one is the safety net."""
    seen = selectors.last_dispatch()
    if seen is not None and timezone.now() - seen < ALIVE:
        return vars(run.Tally())
    ends_at = time.monotonic() + seconds
    tally = run.dispatch(now_fn=timezone.now, batch=1_000_000, keep_going=lambda: time.monotonic() < ends_at)
    return vars(tally)


def recover_leases() -> int:
    """Take back what dead dispatchers were sending; how many. Every dispatch does so too."""
    return recover.recover_leases(now=timezone.now())


def tidy() -> int:
    """Once a day: forget old attempts, read inbox items and beats; how many rows."""
    return housekeeping.tidy(now=timezone.now())
