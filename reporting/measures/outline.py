"""A report as plain values: for JSON, for a line of a table, for a program."""

from collections.abc import Sequence
from typing import Any

from referrals.timestamps import rfc3339
from reporting.measures.breakdown import Report
from reporting.measures.definitions import MEASURES, Unit
from reporting.measures.figures import Figures, Measured, Step

COUNTS = (
    "cohort", "scheduled", "closed", "closed_within_14", "leaked", "leaked_known", "leaked_estimated", "in_progress",
    "open", "cancelled_not_leaked",
)  # fmt: skip
KEYS = tuple(key for key, measure in MEASURES.items() if measure.unit != Unit.HOURS)
WITHOUT_MONEY = tuple(key for key in KEYS if MEASURES[key].unit != Unit.DOLLARS)
_DECIMALS = {Unit.SHARE: 4, Unit.DAYS: 2}


def as_dict(report: Report, *, keys: Sequence[str] = KEYS) -> dict[str, Any]:
    """Everything of the report in types JSON has. ``keys`` are the measures to tell."""
    return {
        "period": report.cohort.period.key,
        "from": report.cohort.period.first.isoformat(),
        "to": report.cohort.period.last.isoformat(),
        "time_zone": str(report.cohort.period.zone),
        "as_of": rfc3339(report.at),
        "filters": report.cohort.filters.query(),
        "leakage_window_days": report.assumptions.window_days,
        "total": figures_as_dict(report.total, keys=keys),
        "by": {
            dimension: [
                {
                    "value": part.choice.word,
                    "label": part.choice.label,
                    **figures_as_dict(part.figures, keys=keys),
                }
                for part in parts
            ]
            for dimension, parts in report.parts.items()
        },
    }


def figures_as_dict(figures: Figures, *, keys: Sequence[str] = KEYS) -> dict[str, Any]:
    return {
        "counts": {key: getattr(figures, key) for key in COUNTS},
        "funnel": {step.name.lower(): figures.reached(step) for step in Step},
        "measures": {key: measured_as_dict(figures.measured(key)) for key in keys},
    }


def measured_as_dict(measured: Measured) -> dict[str, Any]:
    return {
        "value": rounded(measured),
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "standing": measured.standing,
    }


def rounded(measured: Measured) -> float | int | None:
    """A share to four decimals, days to two, dollars whole."""
    if measured.value is None:
        return None
    digits = _DECIMALS.get(measured.measure.unit)
    return int(measured.value) if digits is None else round(measured.value, digits)


HEAD = ("dimension", "value", "label", *COUNTS, *(f"{key}_share" if key in COUNTS else key for key in KEYS))


def lines(report: Report) -> list[list[Any]]:
    """A table with HEAD: the whole first, then the parts of each dimension."""
    found = [_line("all", "", "All referrals", report.total)]
    for dimension, parts in report.parts.items():
        found += [_line(dimension, part.choice.word, part.choice.label, part.figures) for part in parts]
    return found


def _line(dimension: str, value: str, label: str, figures: Figures) -> list[Any]:
    counts = [getattr(figures, key) for key in COUNTS]
    return [dimension, value, label, *counts, *(rounded(figures.measured(key)) for key in KEYS)]
