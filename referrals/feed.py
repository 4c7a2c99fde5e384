"""The event feed for pollers: every event exactly once, in an order that never hides one.

Row ids are taken when an event is written, not when it commits: a slow transaction can commit id 5 after a fast one
committed id 6, and a poller that remembers "6" would miss it. So on PostgreSQL the feed is ordered by the writing
transaction and stops before the oldest one still running; the place is ``<transaction>-<id>``. SQLite has one writer
at a time, so there the transaction is always 0 and ids alone are in order of commit. A cursor is a place sealed for its
reader: bare, two of them would tell how much happened in between.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from referrals.errors import InvalidInput
from referrals.models import ReferralEvent
from referrals.sealing import Unsealable, seal, unseal

START = "0-0"
LARGEST = 2**63 - 1
_PURPOSE = "feed"


@dataclass(frozen=True)
class Page:
    """``next_cursor`` is what to send as ``after`` next time; ``more`` says whether to ask again at once."""

    events: list[ReferralEvent]
    next_cursor: str
    more: bool


def page_after(events: QuerySet[ReferralEvent], cursor: str, *, reader: str, limit: int) -> Page:
    """Up to ``limit`` of ``events`` after ``cursor`` (from the beginning when empty). ``reader`` is whose cursor it is.

    Raises InvalidInput."""
    place = _place(cursor, reader) if cursor else START
    transaction_id, event_id = map(int, place.split("-"))
    rows = events.filter(Q(xact_id=transaction_id, pk__gt=event_id) | Q(xact_id__gt=transaction_id))
    if connection.vendor == "postgresql":
        rows = rows.filter(xact_id__lt=_oldest_running_transaction())
    found = list(rows.order_by("xact_id", "pk").select_related("referral__specialty")[: limit + 1])
    shown = found[:limit]
    if shown:
        place = f"{shown[-1].xact_id}-{shown[-1].pk}"
    return Page(shown, seal(place, purpose=_PURPOSE, owner=reader), more=len(found) > limit)


def _place(cursor: str, reader: str) -> str:
    try:
        return unseal(cursor, purpose=_PURPOSE, owner=reader)
    except Unsealable:
        raise InvalidInput(
            [("after", "Send the next_cursor of the page before, or leave it out to begin at the start.")]
        ) from None


def _oldest_running_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]
