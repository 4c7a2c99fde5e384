"""The figures by one dimension: a table anybody can sort, each row leading to its own report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reporting.dashboard.asking import Asked
from reporting.dashboard.standings import badge_of
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import Part, report
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.figures import Figures

COLUMNS = ("scheduled", "closed", "closed_within_14", "leaked", "in_progress", "days_median", "at_risk")
_SORTS = {"cohort": lambda figures: -figures.cohort} | {
    key: (lambda figures, key=key: _worst_first(figures, key)) for key in COLUMNS
}


@dataclass(frozen=True)
class Cell:
    text: str
    tone: str
    standing: str
    figure: str


def _worst_first(figures: Figures, key: str) -> float:
    measured = figures.measured(key)
    if measured.value is None:
        return float("inf")
    return float(measured.value) * (1 if measured.measure.higher_is_better else -1)


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    key = asked.view["by"] if asked.view.get("by") in DIMENSIONS else "specialty"
    sort = asked.view["sort"] if asked.view.get("sort") in _SORTS else "cohort"
    made = report(asked.cohort, now=now, assumptions=assumptions, by=[key])
    parts = sorted(made.parts[key], key=lambda part: _SORTS[sort](part.figures))
    return {
        "dimension": DIMENSIONS[key],
        "dimensions": DIMENSIONS.values(),
        "sort": sort,
        "query_alone": Asked(asked.preset, asked.cohort).query(),
        "heads": [(column, made.total.measured(column).measure) for column in COLUMNS],
        "rows": [_row(asked, part) for part in parts],
        "total": {"label": "All", "count": made.total.cohort, "cells": _cells(made.total)},
    }


def _row(asked: Asked, part: Part) -> dict[str, Any]:
    alone = asked.with_filters(asked.cohort.filters.only(part.choice))
    return {
        "label": part.choice.label,
        "count": part.figures.cohort,
        "query": alone.query(),
        "cells": _cells(part.figures),
    }


def _cells(figures: Figures) -> list[Cell]:
    cells = []
    for key in COLUMNS:
        measured = figures.measured(key)
        tone, standing = badge_of(measured)
        text = measured.text if measured.value is not None else "–"
        opens = {"days_median": "closed", "at_risk": "leaked"}.get(key, key)
        cells.append(Cell(text, tone, standing, opens if measured.value is not None else ""))
    return cells
