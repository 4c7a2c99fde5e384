"""How well the group closes its loops, at a glance: open work by stage and age, and this month against its targets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import BooleanField, Case, Count, Q, When

from referrals.admin import queues
from referrals.lifecycle.states import Stage, Status
from referrals.models import Referral
from referrals.practice.calendar import practice_calendar
from reporting.measures.assumptions import current_assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.cohort import Cohort
from reporting.measures.figures import Measured
from reporting.measures.period import Period

KEPT = 60  # seconds a reading serves every page of a process
AGES = (5, 10, 20)  # business days in the stage at which an age begins to be the next
# In the order of the loop. A stage without its specialist is a queue of its own.
STEPS = (
    "unrouted",
    "unscheduled",
    "awaiting_visit",
    "note_pending",
    "unreconciled",
    "undelivered",
    "on_hold",
    "cancelling",
)
_IS_RECONCILED = Case(When(reconciled_at__isnull=False, then=True), default=False, output_field=BooleanField())
SHOWN = ("scheduled", "closed", "leaked")


@dataclass(frozen=True)
class AgeBar:
    """The open referrals of one queue; ``ages`` counts them from the youngest to the oldest and sums to ``count``."""

    key: str
    label: str
    ages: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True)
class LoopHealth:
    at: datetime
    bars: tuple[AgeBar, ...]
    month: str
    captured: int
    measures: tuple[Measured, ...]
    before: tuple[Measured, ...]  # the same of the month before
    month_before: str

    @property
    def open(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def longest(self) -> int:
        return max((bar.count for bar in self.bars), default=0)


def recent(now: datetime) -> LoopHealth:
    """A reading at most KEPT seconds old. It reads every open referral and those of two months, so pages share it."""
    key = "refloop-loop-health"
    reading = cache.get(key)
    if reading is None:
        reading = read(now)
        cache.set(key, reading, KEPT)
    return reading


def read(now: datetime) -> LoopHealth:
    """A fresh reading."""
    assumptions = current_assumptions()
    month = Period.month_of(practice_calendar().local_date(now))
    figures, before = (
        figures_of(Cohort(period), now=now, assumptions=assumptions) for period in (month, month.previous)
    )
    return LoopHealth(
        at=now,
        bars=_bars(now),
        month=f"{month.first:%B}",
        captured=figures.cohort,
        measures=tuple(figures.measured(key) for key in SHOWN),
        before=tuple(before.measured(key) for key in SHOWN),
        month_before=f"{month.previous.first:%B}",
    )


def age_names() -> list[str]:
    """``up to 5``, ``6 to 10``, …, ``over 20`` business days."""
    names, low = [], 0
    for high in AGES:
        names.append(f"{low + 1} to {high}" if low else f"up to {high}")
        low = high
    return [*names, f"over {low}"]


def _bars(now: datetime) -> tuple[AgeBar, ...]:
    """One query over the index referral_stage_age."""
    calendar = practice_calendar()
    edges = [calendar.business_days_before(now, days) for days in AGES]
    older = {
        f"over_{days}": Count("pk", filter=Q(stage_since__lt=edge)) for days, edge in zip(AGES, edges, strict=True)
    }
    rows = Referral.objects.filter(ended_at__isnull=True).order_by().annotate(is_reconciled=_IS_RECONCILED)
    rows = rows.values("stage", "status", "is_reconciled")
    ages: dict[str, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    for row in rows.annotate(every=Count("pk"), **older):
        key = "unrouted" if row["status"] == Status.RECEIVED else Stage(row["stage"]).value
        key = "undelivered" if key == Stage.UNRECONCILED and row["is_reconciled"] else key
        beyond = [row["every"], *(row[f"over_{days}"] for days in AGES), 0]
        for index in range(len(AGES) + 1):
            ages[key][index] += beyond[index] - beyond[index + 1]
    return tuple(AgeBar(key, queues.QUEUES[key].label, tuple(ages[key])) for key in STEPS)
