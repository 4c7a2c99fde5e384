"""Which months are to be closed by themselves: on the second business day of the following month, and what was missed."""

from datetime import datetime, timedelta

from django.db.models import Min

from referrals.models import Referral
from referrals.practice.business_time import BusinessCalendar
from referrals.practice.calendar import practice_calendar
from reporting.measures.period import Period
from reporting.models import PeriodClose

BUSINESS_DAY = 2


def is_time(now: datetime, calendar: BusinessCalendar) -> bool:
    """Whether the second business day of the month has begun in the practice."""
    day_zero = calendar.local_date(now).replace(day=1) - timedelta(days=1)
    return now >= calendar.add_business_days(calendar.start_of(day_zero), BUSINESS_DAY)


def due(now: datetime) -> list[Period]:
    """Months over, never closed, and due at ``now``, oldest first: those since the first that was ever closed; before
    that only the last month; none from before the first referral. A month that was closed and reopened waits for a
    person."""
    calendar = practice_calendar()
    captured = _first_captured()
    if captured is None:
        return []
    last = Period.last_month(now)
    if not is_time(now, calendar):
        last = last.previous
    ever = set(PeriodClose.objects.values_list("first", flat=True))
    begin = min(ever, default=Period.last_month(now).first)
    begin = max(begin, calendar.local_date(captured).replace(day=1))
    months: list[Period] = []
    while last.first >= begin:
        if last.first not in ever:
            months.insert(0, last)
        last = last.previous
    return months


def _first_captured() -> datetime | None:
    return Referral.objects.aggregate(first=Min("captured_at"))["first"]
