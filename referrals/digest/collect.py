"""The work each digest tells of: two queries for everybody, however many referrals are open."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from referrals import selectors
from referrals.lifecycle.due import due_words
from referrals.messages.digest import LISTED, WAITING_ON, Item, Work
from referrals.models import Referral
from referrals.practice.business_time import BusinessCalendar


def work_by_owner(*, now: datetime, calendar: BusinessCalendar) -> dict[int, Work]:
    """The work of every owner of open referrals.

    A deadline is the first that passed in the stay, or the next look; of a snoozed one its end. Before today it is overdue; what falls on today
    is due today, whether or not its hour has come: most are due at the very start of business."""
    midnight = calendar.start_of(calendar.local_date(now)).replace(hour=0, minute=0)
    tomorrow = midnight + timedelta(days=1)  # by the wall clock: a day may have 23 or 25 hours
    found: dict[int, Work] = defaultdict(Work)
    rows = _dated(midnight, tomorrow, now)
    _count(found, rows)
    for referral in _first_of_each(rows, tomorrow):
        work = found[referral.owner_id]
        items = work.overdue if referral.falls == "past" else work.due_today
        items.append(Item(referral, referral.deadline, due_words(referral.deadline, now, calendar)))
    return found


def _dated(midnight: datetime, tomorrow: datetime, now: datetime) -> QuerySet[Referral]:
    """Open referrals with their ``deadline``, and whether it ``falls`` in the past, today or later."""
    falls = Case(
        When(deadline__lt=midnight, then=Value("past")),
        When(deadline__lt=tomorrow, then=Value("today")),
        default=Value("later"),
    )
    deadline = Case(
        When(snoozed_until__gt=now, then=F("next_escalation_at")),
        default=Coalesce("overdue_since", "next_escalation_at"),
    )
    return Referral.objects.filter(ended_at__isnull=True).order_by().annotate(deadline=deadline).annotate(falls=falls)


def _count(found: dict[int, Work], rows: QuerySet[Referral]) -> None:
    for owner, falls, status, count in rows.values_list("owner_id", "falls", "status").annotate(count=Count("pk")):
        work = found[owner]
        work.open += count
        if falls == "past":
            work.overdue_count += count
        elif falls == "today":
            work.due_today_count += count
        elif status in WAITING_ON:
            work.waiting[status] += count


def _first_of_each(rows: QuerySet[Referral], tomorrow: datetime) -> Iterable[Referral]:
    """The LISTED longest due of each owner and kind, found through the indexes of what is due and overdue."""
    due = rows.filter(Q(overdue_since__isnull=False) | Q(next_escalation_at__lt=tomorrow)).exclude(falls="later")
    place = Window(RowNumber(), partition_by=[F("owner_id"), F("falls")], order_by=[F("deadline"), F("pk")])
    return selectors.with_parties(due.annotate(place=place).filter(place__lte=LISTED)).order_by("deadline", "pk")
