"""All figures of one set of referrals. Pure: counts go in, measured values come out, each with what it was counted from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum

from reporting.measures import dollars
from reporting.measures.assumptions import Assumptions
from reporting.measures.buckets import LEAKED, Bucket
from reporting.measures.definitions import MEASURES, Band, Measure, Standing, Unit
from reporting.measures.words import in_words

NO_REFERRALS = "no referrals"
TOO_EARLY = "Too early to tell"
MUCH_IN_PROGRESS = 0.10  # of a cohort: more than that, and the median of its closed ones is that of the quick ones


class Step(IntEnum):
    """The furthest a referral came, whatever became of it; a later step implies the earlier ones."""

    CAPTURED = 0
    ROUTED = 1
    ACCEPTED = 2
    SCHEDULED = 3
    SEEN = 4
    NOTE_RETURNED = 5
    CLOSED = 6

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Days:
    """Days from capture to close of ``count`` closed referrals, as elapsed time / 24 h; None without any."""

    count: int = 0
    total: float = 0.0
    median: float | None = None
    p90: float | None = None

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None


@dataclass(frozen=True)
class Cell:
    """How many referrals are alike in everything that is counted. ``seconds`` and ``cents`` are sums over them: elapsed
    from capture to close (closed ones), and value of a service of their specialty."""

    bucket: Bucket
    step: Step
    scheduled: bool
    within_14: bool
    count: int
    seconds: float
    cents: int


@dataclass(frozen=True)
class Rate:
    """``value`` is None when nothing was counted."""

    numerator: int = 0
    denominator: int = 0

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Measured:
    """One measure of one set of referrals. ``value`` is None when there is nothing to measure: no referrals, or none
    closed. ``numerator`` / ``denominator`` are counts of referrals (of days: those with days; of dollars: those
    leaked). ``in_progress`` counts those of the denominator that may still change it."""

    measure: Measure
    value: float | Decimal | None
    numerator: int
    denominator: int
    target: Band | None
    in_progress: int = 0

    @property
    def standing(self) -> Standing | None:
        return self.measure.standing(self.value, self.target)

    @property
    def stands(self) -> str:
        """``standing`` in words, TOO_EARLY when what is in progress may change it; empty without one.

        With time a share only grows: one that is the more the better stands at least as well, and another that misses its
        target goes on missing it."""
        if self.standing is None:
            return ""
        return TOO_EARLY if self._may_change() else self.standing.words

    def _may_change(self) -> bool:
        measure, moving = self.measure, self.in_progress
        if measure.unit == Unit.DAYS:
            return self.standing != Standing.UNTRACKED and moving > MUCH_IN_PROGRESS * self.denominator
        if measure.unit != Unit.SHARE or (not measure.higher_is_better and self.standing != Standing.ON_TARGET):
            return False
        grown = min(1.0, (self.numerator + moving) / self.denominator)
        return measure.standing(grown, self.target) != self.standing

    @property
    def text(self) -> str:
        """``87.4 %``, ``12.3 days``, ``$13,200``, ``3.6 h``, or ``no referrals``."""
        if self.value is None:
            return NO_REFERRALS if not self.denominator else "none closed"
        return in_words(self.measure.unit, self.value)


@dataclass(frozen=True)
class Figures:
    """Counts of a cohort at an instant. The five buckets always sum to ``cohort``."""

    cohort: int = 0
    closed: int = 0
    leaked_known: int = 0
    leaked_estimated: int = 0  # on top of the known
    in_progress: int = 0
    cancelled_not_leaked: int = 0
    scheduled: int = 0
    closed_within_14: int = 0
    furthest: tuple[int, ...] = (0,) * len(Step)  # referrals whose furthest step is each Step
    days: Days = field(default_factory=Days)
    leaked_cents: int = 0  # service values of the leaked
    assumptions: Assumptions = field(default_factory=Assumptions, repr=False)

    @classmethod
    def of(
        cls, cells: Iterable[Cell], assumptions: Assumptions, *, median: float | None = None, p90: float | None = None
    ) -> "Figures":
        """``median`` and ``p90`` are seconds from capture to close of the closed ones."""
        counts: Counter[str] = Counter()
        furthest = [0] * len(Step)
        seconds, leaked_cents = 0.0, 0
        for cell in cells:
            counts["cohort"] += cell.count
            counts[cell.bucket] += cell.count
            counts["scheduled"] += cell.count if cell.scheduled else 0
            counts["closed_within_14"] += cell.count if cell.within_14 else 0
            furthest[cell.step] += cell.count
            seconds += cell.seconds if cell.bucket == Bucket.CLOSED else 0
            leaked_cents += cell.cents if cell.bucket in LEAKED else 0
        named = {key: counts[key] for key in ("cohort", "scheduled", "closed_within_14", *Bucket.values)}
        day = 24 * 3600
        days = Days(
            named["closed"],
            seconds / day,
            None if median is None else median / day,
            None if p90 is None else p90 / day,
        )
        return cls(**named, furthest=tuple(furthest), days=days, leaked_cents=leaked_cents, assumptions=assumptions)

    @property
    def leaked(self) -> int:
        """Known and estimated."""
        return self.leaked_known + self.leaked_estimated

    @property
    def open(self) -> int:
        return self.leaked_estimated + self.in_progress

    @property
    def at_risk(self) -> Decimal:
        """Whole dollars."""
        return dollars.at_risk(self.leaked_cents)

    @property
    def recoverable(self) -> Decimal:
        """Whole dollars. Of a whole it is not the sum of its parts: a part below the unavoidable adds nothing."""
        return dollars.recoverable(
            cohort=self.cohort,
            leaked=self.leaked,
            leaked_cents=self.leaked_cents,
            unavoidable=self.assumptions.unavoidable,
        )

    def reached(self, step: Step) -> int:
        """How many came at least so far: the funnel."""
        return sum(self.furthest[step:])

    def share(self, count: int) -> float | None:
        return count / self.cohort if self.cohort else None

    def measured(self, key: str) -> Measured:
        """``key`` is one of MEASURES, less chase_hours_per_week (chase.py). Raises KeyError."""
        measure = MEASURES[key]
        target = self.assumptions.targets.get(key, measure.target)
        match measure.unit:
            case Unit.SHARE:
                count = getattr(self, key)
                return Measured(measure, self.share(count), count, self.cohort, target, self.in_progress)
            case Unit.DAYS:
                value = getattr(self.days, key.removeprefix("days_"))
                return Measured(measure, value, self.days.count, self.cohort, target, self.in_progress)
            case Unit.DOLLARS:
                value = getattr(self, key) if self.cohort else None
                return Measured(measure, value, self.leaked, self.cohort, target)
        raise KeyError(key)

    def measures(self) -> list[Measured]:
        """All of them, in the order of MEASURES."""
        return [self.measured(key) for key, measure in MEASURES.items() if measure.unit != Unit.HOURS]
