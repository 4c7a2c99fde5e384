"""Count a cohort by any dimensions in one statement, which reads the referrals of the period once.

The database turns each referral into the values of the dimensions, one number for everything that is counted about it (its
cell), and the time it took. They come as arrays (columns.py), which are grouped by each dimension in turn here: a database would
go through all rows again for each."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import BigIntegerField, Case, Expression, F, IntegerField, QuerySet, Value, When

from referrals.lifecycle.states import Status
from referrals.models import Referral
from reporting.measures.assumptions import Assumptions
from reporting.measures.buckets import Bucket, in_bucket
from reporting.measures.columns import NOTHING, columns
from reporting.measures.conditions import CLOSED_WITHIN_14, SCHEDULED, step_reached
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.elapsed import Microseconds
from reporting.measures.figures import Cell, Figures, Step
from reporting.measures.percentile import percentile
from reporting.measures.period import Period

TOTAL = ""  # the dimension of the whole
_BUCKETS = list(Bucket)
_CELLS = len(_BUCKETS) * len(Step) * 2 * 2


def count(
    referrals: QuerySet, *, by: Sequence[str] = (), now: datetime, assumptions: Assumptions
) -> dict[str, dict[Any, Figures]]:
    """dimension -> value -> figures; ``TOTAL`` -> None is the whole and always there.

    ``by`` are keys of DIMENSIONS. Values are those of the column, None included. One query."""
    words = {key: values for key in by if (values := _words(key))}
    ids = [DIMENSIONS[key].column for key in by if key not in words]
    rows = referrals.annotate(kind=_kind(words, now, assumptions), elapsed=_ELAPSED)
    *columns_of_ids, specialties, kinds, elapsed = columns(rows, (*ids, "specialty_id", "kind", "elapsed"))
    values = dict(zip(ids, columns_of_ids, strict=True))
    for key in reversed(words):  # as _kind put them in
        kinds, place = np.divmod(kinds, len(words[key]) + 1)
        values[DIMENSIONS[key].column] = place - 1
    counted = _Counted(kinds, elapsed, _cents(specialties, assumptions), assumptions)
    total = dict(counted.by(np.zeros_like(kinds)))
    found: dict[str, dict[Any, Figures]] = {TOTAL: {None: total.get(0, Figures(assumptions=assumptions))}}
    for key in by:
        found[key] = {
            None if place == NOTHING else words[key][place] if key in words else place: figures
            for place, figures in counted.by(values[DIMENSIONS[key].column])
        }
    return found


def count_each(
    referrals: QuerySet, periods: Sequence[Period], *, now: datetime, assumptions: Assumptions
) -> list[Figures]:
    """The figures of those of ``referrals`` captured in each of ``periods``, none of which overlap. One query."""
    within = (
        When(captured_at__gte=period.starts_at, captured_at__lt=period.ends_at, then=Value(place))
        for place, period in enumerate(periods)
    )
    place = Case(*within, default=Value(len(periods)), output_field=IntegerField())
    number = _cell_number(now, assumptions) * (len(periods) + 1) + place
    rows = referrals.annotate(kind=number, elapsed=_ELAPSED)
    specialties, kinds, elapsed = columns(rows, ("specialty_id", "kind", "elapsed"))
    kinds, places = np.divmod(kinds, len(periods) + 1)
    found = dict(_Counted(kinds, elapsed, _cents(specialties, assumptions), assumptions).by(places))
    return [found.get(place, Figures(assumptions=assumptions)) for place in range(len(periods))]


class _Counted:
    """What is counted about each referral, to be grouped by one column after another."""

    def __init__(self, cells: np.ndarray, elapsed: np.ndarray, cents: np.ndarray, assumptions: Assumptions):
        closed = elapsed != NOTHING
        in_time = np.argsort(elapsed, kind="stable")
        self.closed_in_time = in_time[closed[in_time]]  # the places of the closed ones, the quickest first
        self.cells, self.cents, self.assumptions = cells, cents, assumptions
        self.seconds = np.where(closed, elapsed / 1e6, 0.0)

    def by(self, column: np.ndarray) -> Iterator[tuple[int, Figures]]:
        """The figures of the rows with each value of ``column``."""
        values, group = np.unique(column, return_inverse=True)
        keys = group * _CELLS + self.cells
        size = len(values) * _CELLS
        rows = np.bincount(keys, minlength=size).reshape(-1, _CELLS)
        seconds = np.bincount(keys, weights=self.seconds, minlength=size).reshape(-1, _CELLS)
        cents = np.bincount(keys, weights=self.cents, minlength=size).reshape(-1, _CELLS)
        closed = group[self.closed_in_time]
        times = self.seconds[self.closed_in_time][np.argsort(closed, kind="stable")]  # by group, and ascending in each
        ends = np.cumsum(np.bincount(closed, minlength=len(values)))
        for place, value in enumerate(values):
            cells = (
                _cell(int(number), int(rows[place, number]), seconds[place, number], cents[place, number])
                for number in np.flatnonzero(rows[place])
            )
            own = times[ends[place - 1] if place else 0 : ends[place]]
            median, p90 = (float(percentile(own, part)) if len(own) else None for part in (0.5, 0.9))
            yield int(value), Figures.of(cells, self.assumptions, median=median, p90=p90)


def _kind(words: dict[str, list[str]], now: datetime, assumptions: Assumptions) -> Expression:
    """The cell, and the places of values among ``words``, as digits of one number: fewer columns to carry."""
    number = _cell_number(now, assumptions)
    for key, possible in words.items():
        column = DIMENSIONS[key].column
        places = (When(**{column: word}, then=Value(place)) for place, word in enumerate(possible, start=1))
        number = number * (len(possible) + 1) + Case(*places, default=Value(0), output_field=IntegerField())
    return number


def _words(key: str) -> list[str]:
    """The values a column of words can have; empty for one of ids."""
    dimension = DIMENSIONS[key]
    return [] if dimension.model else [value for value, _ in Referral._meta.get_field(dimension.column).choices]


_ELAPSED = Case(
    When(status=Status.CLOSED, then=Microseconds(F("ended_at"), F("captured_at"))),
    default=None,
    output_field=BigIntegerField(),
)


def _cell_number(now: datetime, assumptions: Assumptions) -> Expression:
    """bucket, step, scheduled and within 14 days as digits of one number; ``_cell`` reads it back."""
    bucket = Case(
        *(
            When(in_bucket(bucket, now=now, window=assumptions.window), then=Value(place))
            for place, bucket in enumerate(_BUCKETS)
        ),
        output_field=IntegerField(),
    )
    flags = (Case(When(condition, then=Value(1)), default=Value(0)) for condition in (SCHEDULED, CLOSED_WITHIN_14))
    scheduled, within_14 = flags
    return ((bucket * len(Step) + step_reached()) * 2 + scheduled) * 2 + within_14


def _cell(number: int, rows: int, seconds: float, cents: float) -> Cell:
    number, within_14 = divmod(number, 2)
    number, scheduled = divmod(number, 2)
    bucket, step = divmod(number, len(Step))
    return Cell(
        bucket=_BUCKETS[bucket],
        step=Step(step),
        scheduled=bool(scheduled),
        within_14=bool(within_14),
        count=rows,
        seconds=float(seconds),
        cents=round(cents),
    )


def _cents(specialties: np.ndarray, assumptions: Assumptions) -> np.ndarray:
    """The value of a service of each specialty."""
    cents = np.full(len(specialties), round(assumptions.service_value * 100), dtype=np.int64)
    for pk, value in assumptions.service_values.items():
        cents[specialties == pk] = round(value * 100)
    return cents
