"""Figures month by month."""

from dataclasses import replace
from datetime import datetime, timedelta

from reporting.measures.assumptions import Assumptions
from reporting.measures.cohort import Cohort
from reporting.measures.counting import count_each
from reporting.measures.figures import Figures
from reporting.measures.period import Period


def months_up_to(period: Period, count: int) -> list[Period]:
    """The ``count`` months that end with the one the period ends in, oldest first."""
    months = [Period.month_of(period.last, zone=period.zone)]
    while len(months) < count:
        months.insert(0, Period.month_of(months[0].first - timedelta(days=1), zone=period.zone))
    return months


def by_month(
    cohort: Cohort, *, months: int = 12, now: datetime, assumptions: Assumptions
) -> list[tuple[Period, Figures]]:
    """The figures of each month's own cohort with the same filters, oldest first, each as it stands at ``now``. One query."""
    periods = months_up_to(cohort.period, months)
    whole = cohort.during(replace(periods[0], last=periods[-1].last))
    return list(zip(periods, count_each(whole.referrals(), periods, now=now, assumptions=assumptions), strict=True))
