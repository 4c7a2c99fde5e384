"""The tables of the overview: outcomes, funnel, months, where loops break, how old open work is."""

from collections.abc import Sequence
from datetime import datetime

from referrals.lifecycle.states import Stage
from reporting.dashboard.asking import Asked
from reporting.dashboard.behind import aging_word, break_word, reached_word
from reporting.dashboard.charts import width_of
from reporting.dashboard.tables import Cell, Row, Table, counted, days, said, share
from reporting.measures import aging, breaks
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.definitions import MEASURES
from reporting.measures.figures import Figures, Step
from reporting.measures.period import Period
from reporting.measures.trend import by_month

BUCKETS = ("closed", "in_progress", "leaked_known", "leaked_estimated", "cancelled_not_leaked")
KEYS = ("outcomes", "funnel", "months", "breaks", "aging")
MONTHS = 12
FUNNEL = "The furthest a referral came, whatever became of it; a later step implies the earlier ones."
BREAKS = "The leaked referrals, by the furthest step they came to and the reason they ended for."
AGES = "Days since capture of the referrals open now that pass the filters. The period does not count here."


def tables(asked: Asked, *, now: datetime, assumptions: Assumptions) -> list[Table]:
    """One for each of KEYS."""
    figures = figures_of(asked.cohort, now=now, assumptions=assumptions)
    months = by_month(asked.cohort, months=MONTHS, now=now, assumptions=assumptions)
    found = breaks.breaks(asked.cohort, now=now, assumptions=assumptions)
    return [
        outcomes(asked, figures), funnel(asked, figures), by_months(asked, months), broken(asked, found), ages(asked, now),
    ]  # fmt: skip


def outcomes(asked: Asked, figures: Figures) -> Table:
    """Every referral is in exactly one of them."""
    rows = (
        Row(MEASURES[key].name, (counted(asked, key, getattr(figures, key)), _part(figures, getattr(figures, key))))
        for key in BUCKETS
    )
    head = ("Outcome", "Referrals", "Share")
    return Table("outcomes", "Outcomes", head, head, tuple(rows), _defined(*BUCKETS))


def funnel(asked: Asked, figures: Figures) -> Table:
    rows = (
        Row(
            step.label,
            (counted(asked, reached_word(step), figures.reached(step)), _part(figures, figures.reached(step))),
        )
        for step in Step
    )
    head = ("Step", "Referrals", "Share")
    return Table("funnel", "How far they came", head, head, tuple(rows), (("Step", FUNNEL),))


def _defined(*keys: str) -> tuple[tuple[str, str], ...]:
    return tuple((MEASURES[key].name, MEASURES[key].definition) for key in keys)


def _part(figures: Figures, count: int) -> Cell:
    part = figures.share(count)
    return said("" if part is None else f"{part * 100:.1f} %", part and round(part, 4))


def by_months(asked: Asked, months: Sequence[tuple[Period, Figures]]) -> Table:
    """Each month's own cohort with the same filters."""
    rows = []
    for month, figures in months:
        own = asked.during(month)
        cells = (
            counted(own, "cohort", figures.cohort),
            share(own, "closed", figures.closed, figures.cohort),
            share(own, "leaked", figures.leaked, figures.cohort),
            days(own, "closed", figures.days.median, figures.days.count),
        )
        rows.append(Row(f"{month.first:%b %Y}", cells, own.query()))
    head = ("Month", "Referrals", "Closed", "Leaked", "Median days")
    defines = _defined("closed", "leaked", "days_median")
    return Table("months", "Closure and leakage by month", head, head, tuple(rows), defines)


def broken(asked: Asked, found: Sequence[breaks.Break]) -> Table:
    """By how far the leaked came, each with its reasons."""
    rows = (Row(one.step.label, (said(one.why, one.why), counted(asked, break_word(one), one.count))) for one in found)
    head = ("After", "Reason", "Referrals")
    return Table("breaks", "Where loops break", head, head, tuple(rows), (("Referrals", BREAKS),))


def ages(asked: Asked, now: datetime) -> Table:
    """Stages by age; the shade of a cell is its share of the fullest one."""
    found = aging.aging(asked.cohort.filters, now=now)
    most = max((bin.count for row in found for bin in row.bins), default=0)
    rows = (
        Row(
            Stage(row.stage).label,
            (
                *(
                    counted(asked, aging_word(row.stage, n), bin.count, shade=width_of(bin.count, most))
                    for n, bin in enumerate(row.bins)
                ),
                counted(asked, aging_word(row.stage), row.count),
            ),
        )
        for row in found
    )
    head = ("Stage", *(bin.label for bin in found[0].bins), "All")
    return Table("aging", "All open referrals by stage and age", head, head, tuple(rows), (("Age", AGES),))
