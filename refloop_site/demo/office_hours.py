"""Working time of the demo's people: 8:00 to 17:00 on the practice's business days."""

from datetime import datetime, time, timedelta
from functools import cache
from random import Random

from referrals.practice.calendar import practice_calendar
from refloop_site.demo.behaviour import Delay

OPENS, CLOSES = time(8), time(17)
DAY_HOURS = 9.0


@cache
def _is_business_day(day) -> bool:
    return practice_calendar().is_business_day(day)


def after(instant: datetime, working_days: float) -> datetime:
    """The instant ``working_days`` of nine working hours after ``instant``; always within office hours."""
    zone = practice_calendar().zone
    here = instant.astimezone(zone)
    left = timedelta(hours=working_days * DAY_HOURS)
    while True:
        opens = datetime.combine(here.date(), OPENS, tzinfo=zone)
        closes = datetime.combine(here.date(), CLOSES, tzinfo=zone)
        if _is_business_day(here.date()) and here < closes:
            start = max(here, opens)
            if start + left <= closes:
                return start + left
            left -= closes - start
        here = datetime.combine(here.date() + timedelta(days=1), time(0), tzinfo=zone)


def later(instant: datetime, delay: Delay, rng: Random, *, pace: float = 1.0) -> datetime:
    """``instant`` plus a delay drawn from ``delay`` and multiplied by ``pace``."""
    low, usual, high = delay
    return after(instant, pace * rng.triangular(low, high, usual))


def visit_time(day: datetime, rng: Random) -> datetime:
    """A bookable time on the local day of ``day`` or the next business day, on the half hour, 8:30 to 16:00."""
    zone = practice_calendar().zone
    date = day.astimezone(zone).date()
    while not _is_business_day(date):
        date += timedelta(days=1)
    return datetime.combine(date, time(8, 30), tzinfo=zone) + timedelta(minutes=30 * rng.randrange(16))


def arrival_times(start: datetime, end: datetime, count: int, rng: Random) -> list[datetime]:
    """``count`` instants in office hours between the two, evenly spread over business days, in order."""
    zone = practice_calendar().zone
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = [d for n in range((last - first).days + 1) if _is_business_day(d := first + timedelta(days=n))]
    times = []
    while len(times) < count:
        day = rng.choice(days)
        at = datetime.combine(day, OPENS, tzinfo=zone) + timedelta(hours=rng.triangular(0, DAY_HOURS, 3))
        if start <= at < end:
            times.append(at)
    return sorted(times)
