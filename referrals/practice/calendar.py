"""The practice's calendar: its time zone and hours from settings, US federal holidays, and its own closed days."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from django.conf import settings

from referrals.models import Closure
from referrals.practice.business_time import BusinessCalendar
from referrals.prepared import Prepared


@cache
def federal_holidays(year: int) -> Mapping[date, str]:
    """The days of ``year`` on which a federal holiday is observed, in order, and their names."""
    from holidays.countries import US  # heavy to import and rarely needed: only where days are counted

    # The observed New Year's Day of the next year can fall on December 31.
    found = US(years=(year, year + 1), observed=True)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


_CLOSURES = Prepared(lambda: Closure.objects.order_by())


class _Closed:
    """Says whether a day is a holiday or closed; the closures are read when a day is first asked for.

    Equal to another with the same closures, so that days counted with one need not be counted again with the other."""

    def __init__(self, closures: Iterable[date] | None = None):
        if closures is not None:
            self.closures = frozenset(closures)

    @cached_property
    def closures(self) -> frozenset[date]:
        return frozenset(day for closure in _CLOSURES() for day in closure.days)

    def __call__(self, day: date) -> bool:
        return day in federal_holidays(day.year) or day in self.closures

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Closed) and self.closures == other.closures

    def __hash__(self) -> int:
        return hash(self.closures)


def calendar_with(closures: Iterable[date] | None = None) -> BusinessCalendar:
    """Business days of the practice without ``closures``; None: those of the database, read when first needed."""
    return BusinessCalendar(
        zone=ZoneInfo(settings.TIME_ZONE),
        day_starts=time.fromisoformat(settings.REFLOOP_BUSINESS_DAY_STARTS),
        is_closed=_Closed(closures),
    )


_shared: ContextVar[BusinessCalendar | None] = ContextVar("practice_calendar", default=None)


def practice_calendar() -> BusinessCalendar:
    """The calendar as it is now: a fresh one, or inside ``one_calendar`` that one.

    A fresh one costs a query when a day is first counted with it, so a caller that counts many days keeps it."""
    return _shared.get() or calendar_with()


@contextmanager
def one_calendar() -> Iterator[BusinessCalendar]:
    """Read the closures at most once inside, for one request or one batch of work: a change is seen by the next."""
    calendar = calendar_with()
    token = _shared.set(calendar)
    try:
        yield calendar
    finally:
        _shared.reset(token)


def closed_days(first: date, last: date) -> list[tuple[date, str]]:
    """The days from ``first`` to ``last`` that are no business days, and why: a weekend, a holiday, a closure."""
    named = {
        day: closure.name
        for closure in Closure.objects.filter(starts_on__lte=last, ends_on__gte=first)
        for day in closure.days
    }
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    reasons = ((day, named.get(day) or federal_holidays(day.year).get(day, "")) for day in days)
    return [(day, why or "weekend") for day, why in reasons if why or day.weekday() >= 5]
