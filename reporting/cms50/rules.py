"""The logic of CMS50 for one patient, pure: visits, orders and reports in, an outcome with its reasons out.

Source: CMS50FHIR 0.4.000 (performance period 2026); the editions since 0.2.000 count alike (``editions.py``). In words:

- initial population = denominator: a finished qualifying visit or a completed qualifying procedure that lies wholly in
  the year, and a referral (active or completed, intent order) written from January 1 to October 31. The earliest such
  referral counts, and only it. Any age. No exclusions, no exceptions.
- numerator: a completed consultant report that names that referral, ended strictly after it was written and on a day of
  the year.

The published text says "first referral per clinician", the published logic takes the first per patient: ``assess`` is
given the orders of one patient, or of one patient by one clinician, and the caller says which it did."""

from dataclasses import dataclass
from datetime import date, datetime

from reporting.cms50.value_sets import CONSULTANT_REPORTS, QUALIFYING_VISITS, REFERRALS, Code

LAST_MONTH, LAST_DAY = 10, 31  # referrals written later give the specialist too little of the year
COUNTED_STATUSES = ("active", "completed")


@dataclass(frozen=True)
class Moment:
    """An instant, or a date as far as it is known: year, month and day, or only the first of these.

    ``date`` is in the zone of the measurement period. What is not known well enough to decide is not so."""

    date: tuple[int, ...]
    at: datetime | None = None

    def is_after(self, other: "Moment") -> bool:
        """Surely later: two instants by the instant, otherwise by the date (the same day is not surely later)."""
        if self.at is not None and other.at is not None:
            return self.at > other.at
        return (_difference(self.date, other.date) or 0) > 0

    def lies_within(self, first: date, last: date) -> bool:
        """Surely on one of the days from ``first`` to ``last``, both included."""
        since, until = (_difference(self.date, (day.year, day.month, day.day)) for day in (first, last))
        return since is not None and until is not None and since >= 0 >= until

    def lies_in(self, year: int) -> bool:
        return self.lies_within(date(year, 1, 1), date(year, 12, 31))

    def __str__(self) -> str:
        return "-".join(f"{part:02}" for part in self.date)


def _difference(one: tuple[int, ...], other: tuple[int, ...]) -> int | None:
    """Of the first parts that differ; None when all parts known of both are the same, but one is known further."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            return a - b
    return 0 if len(one) == len(other) else None


@dataclass(frozen=True)
class Visit:
    """A visit or a procedure. ``done``: finished (visit) or completed (procedure). ``counted``: codes that qualify."""

    codes: frozenset[Code]
    done: bool
    start: Moment | None
    end: Moment | None
    counted: frozenset[Code] = QUALIFYING_VISITS
    called: str = "visit"

    def qualifies(self, year: int) -> bool:
        if not self.done or not self.codes & self.counted or self.start is None or self.end is None:
            return False
        return self.start.lies_in(year) and self.end.lies_in(year)


@dataclass(frozen=True)
class Order:
    """A referral as ordered. ``ids``: what a report may name it by."""

    ids: frozenset[str]
    codes: frozenset[Code]
    status: str
    intent: str
    written: Moment | None

    def counts(self, year: int) -> bool:
        if self.status not in COUNTED_STATUSES or self.intent != "order" or not self.codes & REFERRALS:
            return False
        return self.written is not None and self.written.lies_within(date(year, 1, 1), date(year, LAST_MONTH, LAST_DAY))


@dataclass(frozen=True)
class Report:
    """A consultant report. ``order_ids``: the referrals it says it answers. ``received``: when receiving it ended."""

    codes: frozenset[Code]
    status: str
    order_ids: frozenset[str]
    received: Moment | None
    called: str = "report"


@dataclass(frozen=True)
class Outcome:
    """``order`` is the referral that counts, ``met_by`` the report that meets it, ``why`` sentences in order."""

    in_denominator: bool
    order: Order | None
    met_by: Report | None
    why: tuple[str, ...]

    @property
    def in_numerator(self) -> bool:
        """As the measure's own result states it: never without the denominator."""
        return self.in_denominator and self.met_by is not None


def assess(*, visits: list[Visit], orders: list[Order], reports: list[Report], year: int) -> Outcome:
    """The outcome of one patient in ``year``. Of two orders of the same instant the one listed first counts."""
    visit = next((visit for visit in visits if visit.qualifies(year)), None)
    order = min((order for order in orders if order.counts(year)), key=_written, default=None)
    why = [f"qualifying {visit.called} on {visit.start}" if visit else f"no qualifying visit in {year}"]
    if order is None:
        why.append(f"no referral ordered from January 1 to October 31, {year}")
        return Outcome(False, None, None, tuple(why))
    why.append(f"first referral ordered on {order.written}")
    met_by, missed = None, []
    for report in reports:
        fault = _fault(report, order, year)
        if not fault:
            met_by = report
            break
        missed.append(f"{report.called} does not count: {fault}")
    why.append(f"{met_by.called} received on {met_by.received}") if met_by else why.extend(missed or ["no report"])
    return Outcome(visit is not None, order, met_by, tuple(why))


def _written(order: Order) -> tuple[tuple[int, ...], float]:
    # A day without a time stands before every instant of that day, a month before its days.
    return order.written.date, order.written.at.timestamp() if order.written.at else 0.0


def _fault(report: Report, order: Order, year: int) -> str:
    """Why the report does not meet the order; empty when it does."""
    if not report.codes & CONSULTANT_REPORTS:
        return "not a consultant report"
    if not order.ids & report.order_ids:
        return "it names another referral, or none"
    if report.status != "completed":
        return f"it is {report.status or 'without a status'}, not completed"
    if report.received is None:
        return "when it was received is not known"
    if not report.received.is_after(order.written):
        return "it was not received after the referral"
    if not report.received.lies_in(year):
        return f"it was received on {report.received}, outside {year}"
    return ""
