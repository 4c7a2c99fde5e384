"""Each measure: its name, its definition as shown beside the figure, its unit, and the benchmarks it stands against."""

from dataclasses import dataclass
from enum import StrEnum

WITHIN_DAYS = 14


class Unit(StrEnum):
    SHARE = "share"  # 0 to 1, shown as per cent
    DAYS = "days"
    DOLLARS = "dollars"
    HOURS = "hours"


class Standing(StrEnum):
    """Where a figure is between a group that tracks nothing and the target."""

    ON_TARGET = "on_target"
    BETWEEN = "between"
    UNTRACKED = "untracked"

    @property
    def words(self) -> str:
        return _STANDINGS[self]


_STANDINGS = {
    Standing.ON_TARGET: "On target",
    Standing.BETWEEN: "Short of target",
    Standing.UNTRACKED: "No better than without tracking",
}


@dataclass(frozen=True)
class Band:
    """From ``low`` to ``high`` in the measure's unit; None: open on that side."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Measure:
    key: str
    name: str
    definition: str
    unit: Unit
    higher_is_better: bool | None = None  # None: neither
    untracked: Band | None = None  # what groups without tracking usually have
    target: Band | None = None

    def standing(self, value: float | None, target: Band | None = None) -> Standing | None:
        """On target when as good as its near edge or better; untracked when as bad as that band or worse."""
        target = target or self.target
        if value is None or target is None or self.higher_is_better is None:
            return None
        value = float(value)
        if self.higher_is_better:
            on_target = target.low is not None and value >= target.low
            poor = self.untracked is not None and value <= self.untracked.high
        else:
            on_target = target.high is not None and value <= target.high
            poor = self.untracked is not None and value >= self.untracked.low
        if on_target:
            return Standing.ON_TARGET
        return Standing.UNTRACKED if poor else Standing.BETWEEN


COHORT = (
    "Referrals captured in the period, less those entered in error and duplicates; each as it stands now, so the figures "
    "of a young period still move."
)
MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure(
            "scheduled", "Scheduled", "Referrals whose first visit was ever booked, of all in the cohort.",
            Unit.SHARE, True, Band(0.65, 0.75), Band(low=0.90),
        ),
        Measure(
            "closed", "Loop closed", "Referrals whose final consult note is reconciled to its visit (inbound: our note "
            "was delivered as well), of all in the cohort.",
            Unit.SHARE, True, Band(0.50, 0.60), Band(0.85, 0.92),
        ),
        Measure(
            "closed_within_14", f"Closed within {WITHIN_DAYS} days",
            f"Referrals closed at most {WITHIN_DAYS} times 24 hours after capture, of all in the cohort.",
            Unit.SHARE, True,
        ),
        Measure(
            "days_median", "Days to close, median", "Half of the closed referrals took at most this long from capture to "
            "close. Open and leaked ones have no days yet; the time-to-close curve counts them.",
            Unit.DAYS, False, Band(21, 30), Band(7, 14),
        ),
        Measure(
            "days_mean", "Days to close, mean", "The average from capture to close of the closed referrals.",
            Unit.DAYS, False,
        ),
        Measure(
            "days_p90", "Days to close, 90th percentile", "Nine of ten closed referrals took at most this long.",
            Unit.DAYS, False,
        ),
        Measure(
            "leaked", "Leakage", "Leaked referrals, and open ones that stand still for longer than the leakage window, of "
            "all in the cohort.",
            Unit.SHARE, False, Band(0.18, 0.25), Band(high=0.10),
        ),
        Measure(
            "leaked_known", "Leakage, known", "Referrals that ended as lost, as closed without note, or as cancelled for a "
            "reason that counts as leakage, of all in the cohort.",
            Unit.SHARE, False,
        ),
        Measure(
            "leaked_estimated", "Standing still", "Open referrals that have not moved for longer than the leakage window, "
            "of all in the cohort. A booked visit or the end of a hold ahead is waited for first; nudges, calls and "
            "comments are no movement.",
            Unit.SHARE, False,
        ),
        Measure(
            "in_progress", "In progress", "Open referrals that moved within the leakage window, of all in the cohort.",
            Unit.SHARE,
        ),
        Measure(
            "cancelled_not_leaked", "Cancelled", "Cancelled for a reason that is no leakage, such as no longer needed, of "
            "all in the cohort.",
            Unit.SHARE,
        ),
        Measure(
            "at_risk", "Revenue at risk", "Leaked referrals times the average value of a service of their specialty.",
            Unit.DOLLARS, False,
        ),
        Measure(
            "recoverable", "Recoverable", "The part of the revenue at risk above the leakage that is taken for "
            "unavoidable: what comes back if leakage falls to it.",
            Unit.DOLLARS, False,
        ),
        Measure(
            "chase_hours_per_week", "Coordinator hours a week", "Contact attempts, status checks and notes matched by "
            "hand in the period, times the minutes each takes, by week that has passed of it.",
            Unit.HOURS, False, Band(14, 18), Band(high=4),
        ),
    )
}  # fmt: skip
