"""The practice's calendar, from settings and US federal holidays."""

from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from referrals.practice.business_time import BusinessCalendar


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    from holidays.countries import US  # heavy to import and rarely needed: only where days are counted

    return frozenset(US(years=year, observed=True))


def _is_closed(day: date) -> bool:
    # The observed New Year's Day of the next year can fall on December 31.
    return day in _federal_holidays(day.year) or (
        day.month == 12 and day.day == 31 and day in _federal_holidays(day.year + 1)
    )


@cache
def practice_calendar() -> BusinessCalendar:
    """Business days of the practice, in its time zone."""
    return BusinessCalendar(
        zone=ZoneInfo(settings.TIME_ZONE),
        day_starts=time.fromisoformat(settings.REFLOOP_BUSINESS_DAY_STARTS),
        is_closed=_is_closed,
    )
