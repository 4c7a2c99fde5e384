"""Business days in the practice's time zone. Pure: the calendar is a value, nothing reads settings or the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=4096)
def _start_after(calendar: "BusinessCalendar", day: date, days: int) -> datetime:
    """Start of business of the ``days``-th business day after ``day``, in UTC; a sweep asks for the same few often."""
    left = days
    while left > 0 or not calendar.is_business_day(day):
        day += timedelta(days=1)
        left -= calendar.is_business_day(day)
    return calendar.start_of(day).astimezone(UTC)


@lru_cache(maxsize=4096)
def _days_between(calendar: "BusinessCalendar", day: date, last: date) -> int:
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += calendar.is_business_day(day)
    return count


@dataclass(frozen=True)
class BusinessCalendar:
    """``is_closed`` says whether a weekday is a holiday or closure; weekends always are."""

    zone: ZoneInfo
    day_starts: time
    is_closed: Callable[[date], bool]

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_closed(day)

    def local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The start of business on ``day``, as an aware instant."""
        return datetime.combine(day, self.day_starts, tzinfo=self.zone)

    def add_business_days(self, instant: datetime, days: int) -> datetime:
        """Start of business of the ``days``-th business day after the local day of ``instant`` (day zero).

        Zero days means that day itself, or the next business day when it is none. Never before ``instant``."""
        return max(_start_after(self, self.local_date(instant), days), instant)

    def first_start(self, day: date) -> datetime:
        """Start of business of ``day``, or of the next business day when it is none."""
        return _start_after(self, day, 0)

    def business_days_between(self, earlier: datetime, later: datetime) -> int:
        """Business days after the local day of ``earlier`` up to and with that of ``later``; 0 if it is not later."""
        return _days_between(self, self.local_date(earlier), self.local_date(later))

    def business_days_before(self, later: datetime, days: int) -> datetime:
        """The edge of an age: what began before it, and only that, has business_days_between over ``days``.

        The beginning of a local day, aware."""
        day, left = self.local_date(later), days
        while left or not self.is_business_day(day):  # closed days before the last one counted belong to it
            left -= self.is_business_day(day)
            day -= timedelta(days=1)
        return datetime.combine(day, time.min, tzinfo=self.zone)
