"""Count a cohort by any dimensions in one statement, which reads the referrals of the period once.

The inner query is the ORM's: it turns each referral into the values of the dimensions, one number for everything that is
counted about it (its cell), and two amounts. The outer one groups that by each dimension in turn, on both databases the
same; a few thousand small rows come back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Expression, F, FloatField, IntegerField, QuerySet, Value, When

from referrals.lifecycle.states import Status
from reporting.measures.assumptions import Assumptions
from reporting.measures.buckets import Bucket, in_bucket
from reporting.measures.conditions import CLOSED_WITHIN_14, SCHEDULED, step_reached
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.elapsed import Seconds
from reporting.measures.figures import Cell, Figures, Step

TOTAL = ""  # the dimension of the whole
_BUCKETS = list(Bucket)
_PERCENTILES = -1  # in the place of a cell: the row carries percentiles


@dataclass
class _Group:
    cells: list[Cell] = field(default_factory=list)
    median: float | None = None
    p90: float | None = None


def count(
    referrals: QuerySet, *, by: Sequence[str] = (), now: datetime, assumptions: Assumptions
) -> dict[str, dict[Any, Figures]]:
    """dimension -> value -> figures; ``TOTAL`` -> None is the whole and always there.

    ``by`` are keys of DIMENSIONS. Values are those of the column, None included. One query."""
    sql, parameters = _statement(referrals, by, now, assumptions)
    groups: dict[tuple[str, Any], _Group] = defaultdict(_Group)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for dimension, text, number, cell, rows, first, second in cursor.fetchall():
            group = groups[dimension, text if number is None else number]
            if cell == _PERCENTILES:
                group.median, group.p90 = first, second
            else:
                group.cells.append(_cell(cell, rows, first, second))
    found: dict[str, dict[Any, Figures]] = {key: {} for key in (TOTAL, *by)}
    for (dimension, value), group in groups.items():
        found[dimension][value] = Figures.of(group.cells, assumptions, median=group.median, p90=group.p90)
    found[TOTAL].setdefault(None, Figures(assumptions=assumptions))
    return found


def _statement(referrals: QuerySet, by: Sequence[str], now: datetime, assumptions: Assumptions) -> tuple[str, tuple]:
    columns = [DIMENSIONS[key].column for key in by]
    counted = referrals.annotate(
        cell=_cell_number(now, assumptions), seconds=_SECONDS, cents=_cents(assumptions)
    ).values(*dict.fromkeys(columns), "cell", "seconds", "cents")
    inner, parameters = counted.query.sql_with_params()
    is_number = {column: DIMENSIONS[key].model is not None for key, column in zip(by, columns, strict=True)}
    parts = _grouped(TOTAL, "NULL", is_number=True)
    for key, column in zip(by, columns, strict=True):
        parts += _grouped(key, connection.ops.quote_name(column), is_number=is_number[column])
    return f"WITH cohort AS ({inner}) {' UNION ALL '.join(parts)}", parameters


def _grouped(key: str, column: str, *, is_number: bool) -> list[str]:
    """Two SELECTs: the cells of each value of ``column``, and the percentiles of the closed ones."""
    text, number = ("CAST(NULL AS text)", column) if is_number else (column, "CAST(NULL AS bigint)")
    if column == "NULL":
        number, group, only = "CAST(NULL AS bigint)", "", ""
    else:
        group, only = f"{column}, ", f" GROUP BY {column}"
    head = f"SELECT '{key}', {text}, {number}"
    if connection.vendor == "postgresql":
        half, nine = (f"percentile_cont({part}) WITHIN GROUP (ORDER BY seconds)" for part in (0.5, 0.9))
    else:
        half, nine = (f"refloop_percentile(seconds, {part})" for part in (0.5, 0.9))
    return [
        f"{head}, cell, COUNT(*), SUM(seconds), CAST(SUM(cents) AS double precision) FROM cohort GROUP BY {group}cell",
        f"{head}, {_PERCENTILES}, COUNT(*), {half}, {nine} FROM cohort WHERE seconds IS NOT NULL{only}",
    ]


_SECONDS = Case(
    When(status=Status.CLOSED, then=Seconds(F("ended_at"), F("captured_at"))), default=None, output_field=FloatField()
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


def _cell(number: int, rows: int, seconds: float | None, cents: float | None) -> Cell:
    number, within_14 = divmod(number, 2)
    number, scheduled = divmod(number, 2)
    bucket, step = divmod(number, len(Step))
    return Cell(
        bucket=_BUCKETS[bucket],
        step=Step(step),
        scheduled=bool(scheduled),
        within_14=bool(within_14),
        count=rows,
        seconds=seconds or 0.0,
        cents=round(cents or 0),
    )


def _cents(assumptions: Assumptions) -> Expression:
    def cents(value: Any) -> Value:
        return Value(round(value * 100))

    return Case(
        *(When(specialty=pk, then=cents(value)) for pk, value in sorted(assumptions.service_values.items())),
        default=cents(assumptions.service_value),
        output_field=IntegerField(),
    )
