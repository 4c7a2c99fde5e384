"""The time-to-close curve: what share of referrals is closed by each day after capture, young ones treated fairly.

A referral still open counts for the days it has been watched and no further (it is censored, as in Kaplan and Meier's
estimate). One that ended otherwise is not censored: it will never close, so it stays below the curve for good (a
competing ending, the estimate of Aalen and Johansen). Were it censored, the curve would promise that lost referrals had
closed like the others. Without such endings the two estimates are the same; ``kaplan_meier`` is the curve of the time to
any ending."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Floor

from referrals.lifecycle.states import OPEN, Status
from referrals.models import Referral
from reporting.measures.cohort import Cohort
from reporting.measures.durations import DAY
from reporting.measures.elapsed import Seconds

CLOSED, ENDED, WATCHED = "closed", "ended", "watched"


@dataclass(frozen=True)
class Observed:
    """``count`` referrals alike: after ``day`` whole days from capture they were closed, had ended otherwise, or are
    still open (``outcome``)."""

    day: int
    outcome: str
    count: int = 1


@dataclass(frozen=True)
class Point:
    """``share`` is the estimate by the end of ``day``; ``at_risk`` were open at its start and watched so long."""

    day: int
    share: float
    at_risk: int
    closed: int
    ended: int
    censored: int


@dataclass(frozen=True)
class Curve:
    """Days without a point are as the day before; before the first the share is 0."""

    points: tuple[Point, ...] = ()

    def share_by(self, day: int) -> float:
        return next((point.share for point in reversed(self.points) if point.day <= day), 0.0)

    def watched_less(self, day: int) -> int:
        """How many are open and were watched for less than ``day`` days."""
        return sum(point.censored for point in self.points if point.day < day)

    def knows(self, day: int) -> bool:
        """Whether anything was watched so long, or nothing is open any more; else the share of that day is not known."""
        return bool(self.points) and (day <= self.points[-1].day or not self.points[-1].censored)

    @property
    def median(self) -> int | None:
        """The first day by which half are closed; None when that never comes, or not yet."""
        return self.day_of(0.5)

    def day_of(self, share: float) -> int | None:
        return next((point.day for point in self.points if point.share >= share - 1e-12), None)


def time_to_close(observed: Iterable[Observed]) -> Curve:
    """Share closed by day, other endings competing. Within a day endings come before censoring. Pure."""
    return _curve(observed, competing=True)


def kaplan_meier(observed: Iterable[Observed]) -> Curve:
    """1 - S(t) for the close alone: other endings are censored like the open ones. Pure."""
    return _curve(observed, competing=False)


def _curve(observed: Iterable[Observed], *, competing: bool) -> Curve:
    days: dict[int, dict[str, int]] = defaultdict(lambda: {CLOSED: 0, ENDED: 0, WATCHED: 0})
    for one in observed:
        days[one.day][one.outcome] += one.count
    at_risk = sum(sum(outcomes.values()) for outcomes in days.values())
    without_ending, share, points = 1.0, 0.0, []
    for day in sorted(days):
        outcomes = days[day]
        share += without_ending * outcomes[CLOSED] / at_risk
        over = outcomes[CLOSED] + (outcomes[ENDED] if competing else 0)
        without_ending *= 1 - over / at_risk
        points.append(Point(day, share, at_risk, outcomes[CLOSED], outcomes[ENDED], outcomes[WATCHED]))
        at_risk -= sum(outcomes.values())
    return Curve(tuple(points))


def observe(cohort: Cohort, *, now: datetime) -> list[Observed]:
    """The cohort as ``time_to_close`` takes it. Days are elapsed time / 24 h, rounded down. One query."""
    watched = Seconds(Coalesce(F("ended_at"), Value(now)), F("captured_at"))
    outcome = Case(
        When(status=Status.CLOSED, then=Value(CLOSED)),
        When(status__in=OPEN, then=Value(WATCHED)),
        default=Value(ENDED),
        output_field=CharField(),
    )
    rows = (
        cohort.referrals()
        .annotate(day=Cast(Floor(watched / DAY), IntegerField()), outcome=outcome)
        .values_list("day", "outcome")
        .annotate(count=Count("pk"))
    )
    return [Observed(max(day, 0), outcome, count) for day, outcome, count in rows]


def watched_less(cohort: Cohort, day: int, *, now: datetime) -> QuerySet[Referral]:
    """The referrals that ``Curve.watched_less`` counts, in no order."""
    return cohort.referrals().filter(status__in=OPEN, captured_at__gt=now - timedelta(days=day))
