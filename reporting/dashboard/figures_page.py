"""The overview: headline cards, funnel, months, where loops break, how old open work is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referrals.lifecycle.states import Stage
from reporting.dashboard import charts
from reporting.dashboard.asking import CUSTOM, Asked
from reporting.dashboard.behind import aging_word, break_word
from reporting.dashboard.charts import Chart, width_of
from reporting.dashboard.standings import badge_of
from reporting.measures import aging, breaks
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.chase import chase
from reporting.measures.definitions import MEASURES, Unit
from reporting.measures.figures import Figures, Measured, Step
from reporting.measures.trend import by_month
from reporting.measures.words import band_in_words

CARDS = ("closed", "leaked", "scheduled", "days_median", "closed_within_14", "at_risk", "recoverable")
BUCKETS = ("closed", "in_progress", "leaked_known", "leaked_estimated", "cancelled_not_leaked")
MONTHS = 12


@dataclass(frozen=True)
class Card:
    """A headline figure beside the period before, the target, and what groups without tracking have."""

    name: str
    definition: str
    text: str
    tone: str
    standing: str
    target: str
    untracked: str
    trend: str
    trend_is_good: bool | None
    counted: str
    figure: str  # what its link opens; empty for none


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    text: str
    width: float
    figure: str
    css: str = ""


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    cohort = asked.cohort
    figures = figures_of(cohort, now=now, assumptions=assumptions)
    before = figures_of(cohort.during(cohort.period.previous), now=now, assumptions=assumptions)
    chased = chase(cohort, assumptions=assumptions).measured(cohort.period)
    months = by_month(cohort, months=MONTHS, now=now, assumptions=assumptions)
    cards = [card(figures.measured(key), before.measured(key), figures, key) for key in CARDS]
    return {
        "figures": figures,
        "cards": [*cards, card(chased, None, figures, "")],
        "buckets": buckets(figures),
        "funnel": funnel(figures),
        "months": _months_table(asked, months),
        "months_chart": _months_chart(months, assumptions),
        "months_notes": ["Shaded: where the targets lie"],
        "breaks": _breaks(asked, now, assumptions),
        "aging": _aging(asked, now),
        "previous": cohort.period.previous,
        "young": (now - cohort.period.ends_at).days < 30,
    }


def card(measured: Measured, before: Measured | None, figures: Figures, figure: str) -> Card:
    measure = measured.measure
    tone, standing = badge_of(measured)
    trend, good = _trend(measured, before)
    is_count = measure.unit == Unit.SHARE
    return Card(
        name=measure.name,
        definition=measure.definition,
        text=measured.text,
        tone=tone,
        standing=standing,
        target=band_in_words(measure.unit, measured.target),
        untracked=band_in_words(measure.unit, measure.untracked),
        trend=trend,
        trend_is_good=good,
        counted=f"{measured.numerator:,} of {measured.denominator:,}" if is_count else "",
        figure=_opens(measure.key, figure) if figures.cohort else "",
    )


def _opens(key: str, figure: str) -> str:
    if not figure:
        return ""
    return {"days_median": "closed", "at_risk": "leaked", "recoverable": "leaked"}.get(key, figure)


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


def buckets(figures: Figures) -> list[Bar]:
    """Every referral is in exactly one of them."""
    return [
        Bar(MEASURES[key].name, getattr(figures, key), figures.measured(key).text,
            width_of(getattr(figures, key), figures.cohort), key, f"rl-bar-{key.replace('_', '-')}")
        for key in BUCKETS
    ]  # fmt: skip


def funnel(figures: Figures) -> list[Bar]:
    def text(count: int) -> str:
        share = figures.share(count)
        return "" if share is None else f"{share:.0%}".replace("%", " %")

    return [
        Bar(step.label, count, text(count), width_of(count, figures.cohort), f"reached_{step.name.lower()}")
        for step in Step
        for count in [figures.reached(step)]
    ]


def _months_table(asked: Asked, months) -> list[dict[str, Any]]:
    return [
        {
            "month": f"{month.first:%b %Y}",
            "query": asked.query(period=CUSTOM, **{"from": month.key, "to": month.key}),
            "cohort": figures.cohort,
            "closed": figures.measured("closed").text,
            "leaked": figures.measured("leaked").text,
            "days": figures.measured("days_median").text if figures.days.count else "–",
        }
        for month, figures in months
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
    return [
        {
            "step": step.label,
            "count": sum(one.count for one in found if one.step == step),
            "reasons": [
                Bar(one.why, one.count, "", width_of(one.count, most), break_word(one))
                for one in found
                if one.step == step
            ],
        }
        for step in dict.fromkeys(one.step for one in found)
    ]


def _aging(asked: Asked, now: datetime) -> dict[str, Any]:
    """A table of stages by age; the shade of a cell is its share of the fullest one."""
    rows = aging.aging(asked.cohort.filters, now=now)
    most = max((bin.count for row in rows for bin in row.bins), default=0)
    return {
        "heads": [bin.label for bin in rows[0].bins],
        "rows": [
            {
                "stage": Stage(row.stage).label,
                "count": row.count,
                "cells": [
                    {"count": bin.count, "shade": width_of(bin.count, most), "figure": aging_word(row.stage, n)}
                    for n, bin in enumerate(row.bins)
                ],
            }
            for row in rows
        ],
        "count": sum(row.count for row in rows),
    }
