"""How long it takes: the time-to-close curve, the distribution, the legs of the way."""

from datetime import datetime
from typing import Any

from reporting.dashboard import charts
from reporting.dashboard.asking import Asked
from reporting.dashboard.behind import days_word
from reporting.dashboard.charts import width_of
from reporting.dashboard.figures_page import Bar
from reporting.measures import durations, survival
from reporting.measures.assumptions import Assumptions

DAYS, EVERY = 90, 10
SHOWN = (7, 14, 21, 30, 45, 60, 90)


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    cohort = asked.cohort
    curve = survival.time_to_close(survival.observe(cohort, now=now))
    before = survival.time_to_close(survival.observe(cohort.during(cohort.period.previous), now=now))
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
        "curve_rows": [
            {"day": day, "now": _share(curve, day), "before": _share(before, day),
             "watched": sum(point.censored for point in curve.points if point.day < day)}
            for day in SHOWN
        ],
        "distribution": [
            Bar(bin.label, bin.count, "", width_of(bin.count, most), days_word(n)) for n, bin in enumerate(bins)
        ],
        "closed": sum(bin.count for bin in bins),
        "legs": durations.legs(cohort),
        "previous": cohort.period.previous,
    }  # fmt: skip


def _drawn_to(curve: survival.Curve) -> int:
    return DAYS if curve.knows(DAYS) else curve.points[-1].day


def _share(curve: survival.Curve, day: int) -> str:
    """A dash where nothing was watched so long."""
    return f"{curve.share_by(day) * 100:.1f} %" if curve.knows(day) else "–"
