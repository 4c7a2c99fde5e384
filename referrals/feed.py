"""The event feed for pollers: every event exactly once, in an order that never hides one.

Row ids are taken when an event is written, not when it commits: a slow transaction can commit id 5 after a fast one
committed id 6, and a poller that remembers "6" would miss it. So on PostgreSQL the feed is ordered by the writing
transaction and stops before the oldest one still running; the cursor is ``<transaction>-<id>``. SQLite has one writer
at a time, so there the transaction is always 0 and ids alone are in order of commit.
"""

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from referrals.errors import InvalidInput
from referrals.models import ReferralEvent

START = "0-0"
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Page:
    """``next_cursor`` is what to send as ``after`` next time; ``more`` says whether to ask again at once."""

    events: list[ReferralEvent]
    next_cursor: str
    more: bool


def page_after(events: QuerySet[ReferralEvent], cursor: str, *, limit: int) -> Page:
    """Up to ``limit`` of ``events`` after ``cursor`` (from the beginning when empty). Raises InvalidInput."""
    transaction_id, event_id = _parse(cursor or START)
    rows = events.filter(Q(xact_id=transaction_id, pk__gt=event_id) | Q(xact_id__gt=transaction_id))
    if connection.vendor == "postgresql":
        rows = rows.filter(xact_id__lt=_oldest_running_transaction())
    found = list(rows.order_by("xact_id", "pk").select_related("referral")[: limit + 1])
    shown = found[:limit]
    last = cursor_of(shown[-1]) if shown else (cursor or START)
    return Page(shown, last, more=len(found) > limit)


def cursor_of(event: ReferralEvent) -> str:
    return f"{event.xact_id}-{event.pk}"


def _parse(cursor: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,19})-(\d{1,19})", cursor, re.ASCII)
    if not match or int(match[1]) > LARGEST or int(match[2]) > LARGEST:
        raise InvalidInput(
            [("after", "Send the next_cursor of the page before, or leave it out to begin at the start.")]
        )
    return int(match[1]), int(match[2])


def _oldest_running_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]
