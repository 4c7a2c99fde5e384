"""Days of a report in the practice's time zone. Pure but for the zone's default, which is the setting TIME_ZONE."""

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from referrals.errors import InvalidInput

YEARS = range(1990, 2101)  # a day outside is a slip of the hand


def practice_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, order=True)
class Period:
    """From ``first`` to ``last``, both included, as local days of ``zone``. Raises ValueError when last is before first."""

    first: date
    last: date
    zone: ZoneInfo = field(default_factory=practice_zone, compare=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after its first day")

    @classmethod
    def month(cls, year: int, month: int, **zone: ZoneInfo) -> "Period":
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]), **zone)

    @classmethod
    def month_of(cls, day: date, **zone: ZoneInfo) -> "Period":
        """The month ``day`` is in."""
        return cls.month(day.year, day.month, **zone)

    @classmethod
    def last_month(cls, now: datetime) -> "Period":
        """The month before the one ``now`` is in, in the practice's zone."""
        today = now.astimezone(practice_zone()).date()
        return cls.month_of(today.replace(day=1) - timedelta(days=1))

    @classmethod
    def read(cls, first: str, last: str) -> "Period":
        """From two days such as 2026-11-01, or months such as 2026-11. Raises InvalidInput naming ``from`` or ``to``."""
        starts, ends = _day(first, "from", start=True), _day(last, "to", start=False)
        if ends < starts:
            raise InvalidInput([("to", "The last day is before the first.")])
        return cls(starts, ends)

    @property
    def starts_at(self) -> datetime:
        """The first instant, in UTC."""
        return _midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first instant after, in UTC: the next period begins there, so no instant is in two or in none."""
        return _midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def weeks(self) -> float:
        return self.days / 7

    @property
    def is_month(self) -> bool:
        return self.first.day == 1 and self.last == Period.month_of(self.first).last

    @property
    def previous(self) -> "Period":
        """Before whole months (a quarter, a year) as many whole months, else as many days right before."""
        day_before = self.first - timedelta(days=1)
        if self.first.day == 1 and self.last == Period.month_of(self.last).last:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(months_before(self.first, months), day_before, self.zone)
        return Period(day_before - timedelta(days=self.days - 1), day_before, self.zone)

    def until(self, day: date) -> "Period":
        """Its days up to ``day``, at least the first: what has passed of a period that runs."""
        return replace(self, last=max(self.first, min(self.last, day)))

    def months(self) -> list["Period"]:
        """The months it touches, in order, each whole."""
        found = [Period.month_of(self.first, zone=self.zone)]
        while found[-1].last < self.last:
            found.append(Period.month_of(found[-1].last + timedelta(days=1), zone=self.zone))
        return found

    @property
    def key(self) -> str:
        """``2026-11`` for a month, else ``2026-11-03_2026-12-08``."""
        return f"{self.first:%Y-%m}" if self.is_month else f"{self.first.isoformat()}_{self.last.isoformat()}"

    def __str__(self) -> str:
        """``November 2026``, or ``Nov 3, 2026 to Dec 8, 2026``."""
        return f"{self.first:%B %Y}" if self.is_month else f"{_words(self.first)} to {_words(self.last)}"


def months_before(first: date, count: int) -> date:
    """The first day of the month ``count`` months before that of ``first``; after it when negative."""
    months = first.year * 12 + first.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _words(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _day(text: str, name: str, *, start: bool) -> date:
    try:
        if len(text) == len("2026-11"):
            month = Period.month_of(date.fromisoformat(f"{text}-01"))
            day = month.first if start else month.last
        else:
            day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput([(name, "Write a day as 2026-11-24, or a month as 2026-11.")]) from None
    if day.year not in YEARS:
        raise InvalidInput([(name, "Check the year.")])
    return day
