"""When to try again. Pure: chance comes in as a number.

Eight attempts. The waits add up to about 41 hours, so a receiver that is down over night, or for a whole working day,
still gets its messages; each wait is spread by a fifth either way so that failures of one moment do not return
together.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
MAX_ATTEMPTS = len(WAITS) + 1
SPREAD = 0.2
LONGEST_RETRY_AFTER = timedelta(hours=24)


def wait_after(attempts: int, *, chance: float, retry_after: timedelta | None = None) -> timedelta | None:
    """How long to wait after the ``attempts``-th attempt failed; None when that was the last.

    ``chance`` is between 0 and 1. What the receiver asked for (``retry_after``, at most a day) can lengthen the wait
    but not shorten it: eight attempts used up within a minute would be a lost message."""
    if attempts >= MAX_ATTEMPTS:
        return None
    planned = WAITS[max(attempts, 1) - 1] * (1 + SPREAD * (2 * chance - 1))
    if retry_after is None:
        return planned
    return max(planned, min(retry_after, LONGEST_RETRY_AFTER))


def parse_retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """The Retry-After header (RFC 9110 10.2.3): seconds or an HTTP date. None when absent, past or not understood."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
        return timedelta(seconds=seconds) if seconds else None
    try:
        at = parsedate_to_datetime(text)
        wait = at - now
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return wait if wait > timedelta(0) else None
