"""The figures by one dimension: a table anybody can sort, each row leading to its own report."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from reporting.dashboard.asking import Asked
from reporting.dashboard.standings import TONES, badge_of
from reporting.dashboard.tables import NONE, Cell, Row, counted, measured, said
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import report
from reporting.measures.definitions import MEASURES
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.figures import Figures, Measured

COLUMNS = ("scheduled", "closed", "closed_within_14", "leaked", "in_progress", "days_median", "at_risk")
_SORTS = {"cohort": lambda figures: -figures.cohort} | {
    key: (lambda figures, key=key: _worst_first(figures, key)) for key in COLUMNS
}


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
        "query_alone": asked.alone.query(),
        "heads": [(column, made.total.measured(column).measure) for column in COLUMNS],
        "defines": [(MEASURES[column].name, MEASURES[column].definition) for column in COLUMNS],
        "standings": [(tone, words) for words, tone in TONES.items()],
        "rows": [_row(asked.only(part.choice), part.choice.label, part.figures) for part in parts],
        "total": _row(asked, "All", made.total),
    }


def _row(asked: Asked, label: str, figures: Figures) -> Row:
    cells = (_cell(asked, figures.measured(key)) for key in COLUMNS)
    return Row(label, (counted(asked, "cohort", figures.cohort), *cells), asked.alone.query())


def _cell(asked: Asked, of: Measured) -> Cell:
    return said(NONE, None) if of.value is None else replace(measured(asked, of), badge=badge_of(of))
