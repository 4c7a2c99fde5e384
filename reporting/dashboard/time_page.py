"""How long it takes: the time-to-close curve, the distribution, the legs of the way."""

from datetime import datetime
from typing import Any

from reporting.dashboard import charts
from reporting.dashboard.asking import Asked
from reporting.dashboard.behind import days_word, leg_word, watched_word
from reporting.dashboard.charts import width_of
from reporting.dashboard.tables import NONE, Bar, Cell, Row, Table, counted, days, said
from reporting.measures import durations, survival
from reporting.measures.assumptions import Assumptions
from reporting.measures.cohort import Cohort

DAYS, EVERY = 90, 10
SHOWN = (7, 14, 21, 30, 45, 60, 90)
LEGS = (
    "Those that have done the leg. One whose end was recorded before its beginning, such as a visit entered late, counts for "
    "none."
)
KEYS = ("curve", "days", "legs")


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    cohort = asked.cohort
    curve, before = _curves(cohort, now)
    bins = durations.distribution(cohort)
    most = max((bin.count for bin in bins), default=0)
    return {
        "curve": curve,
        "curve_chart": charts.steps_over_days(
            [
                (str(period), css, [(point.day, point.share) for point in one.points], _drawn_to(one))
                for period, css, one in (
                    (cohort.period, "rl-line-closed", curve), (cohort.period.previous, "rl-line-before", before),
                )
                if one.points
            ],
            days=DAYS,
            every=EVERY,
        ),
        "curve_table": _curve_table(asked, curve, before),
        "distribution": [
            Bar(bin.label, counted(asked, days_word(n), bin.count), width_of(bin.count, most))
            for n, bin in enumerate(bins)
        ],
        "closed": counted(asked, "closed", sum(bin.count for bin in bins)),
        "legs": _legs_table(asked),
    }  # fmt: skip


def tables(asked: Asked, *, now: datetime, assumptions: Assumptions) -> list[Table]:
    """One for each of KEYS."""
    rows = tuple(
        Row(bin.label, (counted(asked, days_word(n), bin.count),))
        for n, bin in enumerate(durations.distribution(asked.cohort))
    )
    head = ("Days to close", "Referrals")
    return [
        _curve_table(asked, *_curves(asked.cohort, now)),
        Table("days", "Days to close", head, head, rows),
        _legs_table(asked),
    ]


def _curves(cohort: Cohort, now: datetime) -> list[survival.Curve]:
    """Of the cohort, and of that of the period before."""
    both = (cohort, cohort.during(cohort.period.previous))
    return [survival.time_to_close(survival.observe(one, now=now)) for one in both]


def _curve_table(asked: Asked, curve: survival.Curve, before: survival.Curve) -> Table:
    period = asked.cohort.period
    head = ("By day", str(period), str(period.previous), "Not watched so long")
    rows = (
        Row(
            str(day),
            (_share(curve, day), _share(before, day), counted(asked, watched_word(day), curve.watched_less(day))),
        )
        for day in SHOWN
    )
    defines = (
        ("Share", "The estimate of Aalen and Johansen: an open referral counts for as long as it has been watched."),
        (head[-1], "Referrals that are open and were captured fewer days ago than that."),
    )
    return Table("curve", "Share closed by days since capture", head, head, tuple(rows), defines)


def _legs_table(asked: Asked) -> Table:
    head = ("Leg", "Referrals", "Median days", "9 of 10 within")
    rows = (
        Row(
            leg.name,
            (
                counted(asked, leg_word(leg.key), leg.count),
                days(asked, leg_word(leg.key), leg.median, leg.count),
                said(NONE if leg.p90 is None else f"{leg.p90:.1f}", leg.p90 and round(leg.p90, 2)),
            ),
        )
        for leg in durations.legs(asked.cohort)
    )
    file_head = (*head[:-1], "Days, 90th percentile")
    return Table("legs", "What takes how long", head, file_head, tuple(rows), (("Referrals", LEGS),))


def _drawn_to(curve: survival.Curve) -> int:
    return DAYS if curve.knows(DAYS) else curve.points[-1].day


def _share(curve: survival.Curve, day: int) -> Cell:
    """An estimate, which counts no referrals; a dash where nothing was watched so long."""
    share = curve.share_by(day)
    return said(f"{share * 100:.1f} %", round(share, 4)) if curve.knows(day) else said(NONE, None)
