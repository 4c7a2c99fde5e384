"""Percentiles as PostgreSQL's percentile_cont gives them, also on SQLite."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Aggregate, FloatField


def percentile(ordered: Sequence[float], fraction: float) -> float:
    """The value below which ``fraction`` of ``ordered`` (ascending, not empty) lies, between two neighbours linearly."""
    place = fraction * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


class SQLitePercentile:
    """An aggregate of SQLite: ``refloop_percentile(value, fraction)``; NULLs are left out."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.fraction = 0.0

    def step(self, value: float | None, fraction: float) -> None:
        if value is not None:
            self.values.append(value)
            self.fraction = fraction

    def finalize(self) -> float | None:
        return percentile(sorted(self.values), self.fraction) if self.values else None


def register(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Receiver of connection_created."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("refloop_percentile", 2, SQLitePercentile)


class Percentile(Aggregate):
    """``Percentile(expression, 0.5)``: as ``percentile`` says, NULLs left out; None over nothing."""

    template = "refloop_percentile(%(expressions)s, %(fraction)s)"  # on SQLite
    output_field = FloatField()
    allow_distinct = False

    def __init__(self, expression: Any, fraction: float, **extra: Any):
        super().__init__(expression, fraction=fraction, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        here = self.copy()
        here.template = "PERCENTILE_CONT(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
        return here.as_sql(compiler, connection, **context)
