"""What a reports page is asked for: the period and the filters, all of it in the address."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from referrals.errors import InvalidInput
from reporting.measures.cohort import Cohort, Filters
from reporting.measures.dimensions import Choice
from reporting.measures.period import Period, months_before

CUSTOM = "days"
DEFAULT = "last-month"
PERIODS: tuple[tuple[str, str], ...] = (
    ("this-month", "This month"),
    (DEFAULT, "Last month"),
    ("this-quarter", "This quarter"),
    ("last-quarter", "Last quarter"),
    ("this-year", "This year"),
    ("last-12-months", "Last 12 months"),
    (CUSTOM, "From … to …"),
)


@dataclass(frozen=True)
class Asked:
    """``problems`` are sentences about what could not be read of the address; then the default stands in its place."""

    preset: str
    cohort: Cohort
    problems: tuple[str, ...] = ()
    view: dict[str, str] = field(default_factory=dict)  # what else a page keeps in its address

    def query(self, **other: str) -> str:
        """The address's part after the question mark: the same period and filters, with ``other`` in it."""
        period = self.cohort.period
        words = {"period": self.preset}
        if self.preset == CUSTOM:
            words |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
        words |= self.cohort.filters.query() | self.view
        return urlencode({key: value for key, value in (words | other).items() if value})

    @property
    def alone(self) -> "Asked":
        """The same period and filters, without what a page keeps for itself."""
        return Asked(self.preset, self.cohort)

    def during(self, period: Period) -> "Asked":
        return Asked(CUSTOM, self.cohort.during(period))

    def only(self, choice: Choice) -> "Asked":
        """Of a part: the same with ``choice`` alone in its dimension, without what a page keeps for itself."""
        return Asked(self.preset, self.cohort.only(choice))


def read(request: HttpRequest, *, now: datetime, keeps: tuple[str, ...] = ()) -> Asked:
    """Never raises: an address somebody typed shows the default and says what was wrong. ``keeps`` are further keys of
    the page that its links repeat."""
    problems: list[str] = []
    preset, period = _period(request.GET, now, problems)
    try:
        filters = Filters.read(request.GET)
    except InvalidInput as error:
        filters = Filters()
        problems += [f"{key.replace('_', ' ').capitalize()}: {says}" for key, says in error.fields]
    view = {key: request.GET[key] for key in keeps if request.GET.get(key)}
    return Asked(preset, Cohort(period, filters), tuple(problems), view)


def _period(query: QueryDict, now: datetime, problems: list[str]) -> tuple[str, Period]:
    today = timezone.localdate(now)
    preset = query.get("period") or (CUSTOM if query.get("from") else DEFAULT)
    if preset == CUSTOM:
        try:
            return CUSTOM, Period.read(query.get("from", ""), query.get("to") or today.isoformat())
        except InvalidInput as error:
            problems += [says for _, says in error.fields]
            preset = DEFAULT
    found = period_of(preset, today)
    if found is None:
        problems.append("There is no such period; last month is shown.")
        preset, found = DEFAULT, period_of(DEFAULT, today)
    return preset, found


def period_of(preset: str, today: date) -> Period | None:
    """The period a preset means on ``today``; None for an unknown one. Months and quarters are whole: days ahead are
    empty."""
    month = Period.month_of(today)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    match preset:
        case "this-month":
            return month
        case "last-month":
            return month.previous
        case "this-quarter":
            return _quarter(quarter)
        case "last-quarter":
            return _quarter((quarter - timedelta(days=1)).replace(day=1) - timedelta(days=1))
        case "this-year":
            return Period(date(today.year, 1, 1), date(today.year, 12, 31))
        case "last-12-months":
            return Period(months_before(month.first, 11), month.last)
    return None


def _quarter(day: date) -> Period:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(first, months_before(first, -3) - timedelta(days=1))
