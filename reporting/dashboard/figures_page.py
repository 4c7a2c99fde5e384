"""The overview: headline cards, funnel, months, where loops break, how old open work is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.utils import timezone

from reporting.dashboard import charts, overview_tables
from reporting.dashboard.asking import Asked
from reporting.dashboard.behind import break_word, step_word
from reporting.dashboard.charts import Chart, width_of
from reporting.dashboard.overview_tables import BUCKETS, MONTHS
from reporting.dashboard.standings import badge_of
from reporting.dashboard.tables import Bar, Cell, Table, counted, measured
from reporting.measures import breaks
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.chase import chase, chased
from reporting.measures.definitions import MEASURES, Unit
from reporting.measures.figures import MUCH_IN_PROGRESS, Figures, Measured, Step
from reporting.measures.period import Period
from reporting.measures.trend import by_month
from reporting.measures.words import band_in_words

CARDS = ("closed", "leaked", "scheduled", "days_median", "closed_within_14", "at_risk", "recoverable")
# Periods of which about as large a share is in progress are compared; of a younger one the difference is only told.
EVENLY = 0.05


@dataclass(frozen=True)
class Card:
    """A headline figure beside the period before, the target, and what groups without tracking have."""

    name: str
    definition: str
    cell: Cell
    badge: tuple[str, str]
    target: str
    untracked: str
    trend: str
    trend_is_good: bool | None
    counted: str


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    cohort = asked.cohort
    figures = figures_of(cohort, now=now, assumptions=assumptions)
    before = figures_of(cohort.during(cohort.period.previous), now=now, assumptions=assumptions)
    months = by_month(cohort, months=MONTHS, now=now, assumptions=assumptions)
    aging = overview_tables.ages(asked, now)
    outcomes, steps = overview_tables.outcomes(asked, figures), overview_tables.funnel(asked, figures)
    runs = now < cohort.period.ends_at  # then its sums are not done, and no match for those of a whole period
    cards = []
    for key in CARDS:
        one, earlier = figures.measured(key), before.measured(key)
        is_half = runs and one.measure.unit == Unit.DOLLARS
        fair = figures.in_progress / max(figures.cohort, 1) - before.in_progress / max(before.cohort, 1) < EVENLY
        cards.append(card(measured(asked, one), one, None if is_half else earlier, fair=fair))
    return {
        "figures": figures,
        "cards": [*cards, _chase_card(asked, assumptions, now)],
        "all": counted(asked, "cohort", figures.cohort),
        "outcomes": outcomes,
        "buckets": _bars(figures, outcomes, [f"rl-bar-{key.replace('_', '-')}" for key in BUCKETS]),
        "steps": steps,
        "funnel": _bars(figures, steps),
        "months": overview_tables.by_months(asked, months),
        "months_chart": _months_chart(months, assumptions),
        "breaks_define": (("Referrals", overview_tables.BREAKS),),
        "months_notes": ["Shaded: where the targets lie", *_still_closing(months)],
        "breaks": _breaks(asked, now, assumptions),
        "aging": aging,
        "open_now": counted(asked, "open_now", sum(row.cells[-1].count for row in aging.rows)),
        "previous": cohort.period.previous,
        "moving": figures.share(figures.in_progress) if _much_is_moving(figures) else None,
    }


def _still_closing(months: Sequence[tuple[Period, Figures]]) -> list[str]:
    """So that nobody takes the end of the lines for a fall."""
    names = [f"{month.first:%b}" for month, figures in months if _much_is_moving(figures)]
    return [f"Still closing: {', '.join(names)}"] if names else []


def _much_is_moving(figures: Figures) -> bool:
    return figures.in_progress > MUCH_IN_PROGRESS * figures.cohort


def card(cell: Cell, measured: Measured, before: Measured | None = None, *, fair: bool = True) -> Card:
    """``fair``: both periods had their time, so that the difference is better or worse."""
    measure = measured.measure
    trend, good = _trend(measured, before)
    is_count = measure.unit == Unit.SHARE
    return Card(
        name=measure.name,
        definition=measure.definition,
        cell=cell,
        badge=badge_of(measured),
        target=band_in_words(measure.unit, measured.target),
        untracked=band_in_words(measure.unit, measure.untracked),
        trend=trend,
        trend_is_good=good if fair else None,
        counted=f"{measured.numerator:,} of {measured.denominator:,}" if is_count else "",
    )


def _chase_card(asked: Asked, assumptions: Assumptions, now: datetime) -> Card:
    """Made from steps; it opens the referrals they were done on."""
    passed = asked.cohort.period.until(timezone.localdate(now))
    measured = chase(asked.cohort, assumptions=assumptions).measured(passed)
    return card(counted(asked, "chased", chased(asked.cohort).count(), measured.text), measured)


def _trend(measured: Measured, before: Measured | None) -> tuple[str, bool | None]:
    """How it moved against the period before, in the measure's own unit, and whether that is good."""
    if before is None or measured.value is None or before.value is None:
        return "", None
    moved = float(measured.value) - float(before.value)
    unit, better = measured.measure.unit, measured.measure.higher_is_better
    if unit == Unit.SHARE:
        moved *= 100
    rounded = round(moved) if unit == Unit.DOLLARS else round(moved, 1)
    if not rounded:
        return "unchanged", None
    sign, size = ("+" if rounded > 0 else "−"), abs(rounded)
    text = (
        f"{sign}${size:,}" if unit == Unit.DOLLARS else f"{sign}{size} {'points' if unit == Unit.SHARE else unit.value}"
    )
    return text, None if better is None else (rounded > 0) == better


def _bars(figures: Figures, table: Table, classes: Sequence[str] = ()) -> list[Bar]:
    """The rows of a table as shares of the cohort; ``classes`` of CSS, one a row, colour them."""
    return [
        Bar(row.label, row.cells[0], width_of(row.cells[0].count, figures.cohort), row.cells[1].text, css)
        for row, css in zip_longest(table.rows, classes, fillvalue="")
    ]


def _months_chart(months, assumptions: Assumptions) -> Chart:
    closed_target = assumptions.targets.get("closed", MEASURES["closed"].target)
    leaked_target = assumptions.targets.get("leaked", MEASURES["leaked"].target)
    return charts.shares_over(
        [f"{month.first:%b}" for month, _ in months],
        [
            ("Loop closed", "rl-line-closed", [figures.share(figures.closed) for _, figures in months]),
            ("Leakage", "rl-line-leaked", [figures.share(figures.leaked) for _, figures in months]),
        ],
        stripes=[
            ("rl-stripe-closed", closed_target.low or 0.0, closed_target.high or 1.0),
            ("rl-stripe-leaked", leaked_target.low or 0.0, leaked_target.high or 1.0),
        ],
    )


def _breaks(asked: Asked, now: datetime, assumptions: Assumptions) -> list[dict[str, Any]]:
    """By how far they came, each with its reasons."""
    found = breaks.breaks(asked.cohort, now=now, assumptions=assumptions)
    most = max((one.count for one in found), default=0)
    steps: dict[Step, list[Bar]] = {}
    for one in found:
        cell = counted(asked, break_word(one), one.count)
        steps.setdefault(one.step, []).append(Bar(one.why, cell, width_of(one.count, most)))
    return [
        {
            "step": step.label,
            "all": counted(asked, step_word(step), sum(bar.cell.count for bar in reasons)),
            "reasons": reasons,
        }
        for step, reasons in steps.items()
    ]
