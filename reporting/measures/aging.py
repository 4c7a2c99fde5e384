"""How old open work is: all referrals open now, whenever captured, by stage and age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Value

from referrals.lifecycle.states import Stage
from referrals.models import Referral
from referrals.selectors import overdue
from reporting.measures.cohort import Filters
from reporting.measures.durations import Bin, bins

EDGES = (7, 14, 30, 60, 90)
# What an age counts from: a column of Referral. A stay in a stage that waits for a booked visit can be long and well.
SINCE = {"captured": "captured_at", "stage": "stage_since", "movement": "quiet_since"}


@dataclass(frozen=True)
class StageAges:
    """The open referrals of one stage. ``bins`` sum to ``count``, youngest first."""

    stage: Stage
    bins: tuple[Bin, ...]

    @property
    def count(self) -> int:
        return sum(bin.count for bin in self.bins)


def open_referrals(filters: Filters) -> QuerySet[Referral]:
    """Open ones that pass ``filters``, in no order."""
    return Referral.objects.filter(filters.condition(), ended_at__isnull=True).order_by()


def overdue_referrals(filters: Filters, *, now: datetime) -> QuerySet[Referral]:
    """Those of them past a deadline and not asleep, in no order."""
    return overdue(open_referrals(filters), now=now)


def aging(filters: Filters, *, now: datetime, since: str = "captured", edges: Sequence[int] = EDGES) -> list[StageAges]:
    """Every stage in order, also one without referrals. ``since`` is a key of SINCE. One query."""
    column = SINCE[since]
    counts = {f"bin_{n}": Count("pk", filter=bin.condition(Value(now), column)) for n, bin in enumerate(bins(edges))}
    rows = {row["stage"]: row for row in open_referrals(filters).values("stage").annotate(**counts)}
    return [
        StageAges(
            stage,
            tuple(
                Bin(bin.over, bin.up_to, rows.get(stage, {}).get(f"bin_{n}", 0)) for n, bin in enumerate(bins(edges))
            ),
        )
        for stage in Stage
    ]


def aged(
    filters: Filters, *, stage: Stage, bin: Bin | None = None, now: datetime, since: str = "captured"
) -> QuerySet[Referral]:
    """The referrals behind one cell, or behind a whole row, in no order."""
    in_stage = open_referrals(filters).filter(stage=stage)
    return in_stage.filter(bin.condition(Value(now), SINCE[since])) if bin else in_stage
