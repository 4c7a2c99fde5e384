"""Every figure and every breakdown of random histories equals a recount in plain Python."""

import random
import statistics
from datetime import date, timedelta

import pytest

from reporting.measures import aging, breaks, durations, survival
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import Report, figures_of, report
from reporting.measures.cohort import Cohort, Filters
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.figures import Figures
from reporting.measures.period import Period
from reporting.measures.trend import by_month
from tests import factories
from tests.reporting import histories, opening, recount

COUNTS = (
    "cohort", "scheduled", "closed", "closed_within_14", "leaked", "leaked_known", "leaked_estimated", "in_progress",
    "cancelled_not_leaked",
)  # fmt: skip
OPENED = {
    "aging", "break", "leg", "watched", "days", "declined", "missed", "chased", "asked_back", "open_now", "overdue_now",
    "cohort", "closed", "leaked", "in_progress", "scheduled", "reached_seen",
}  # fmt: skip
BUCKETS = ("closed", "leaked_known", "leaked_estimated", "in_progress", "cancelled_not_leaked")


def same(figures: Figures, told: list[recount.Story]) -> None:
    expected = recount.figures(told)
    assert {key: getattr(figures, key) for key in COUNTS} == {key: expected[key] for key in COUNTS}
    assert sum(getattr(figures, bucket) for bucket in BUCKETS) == figures.cohort
    for key in ("median", "mean", "p90"):
        assert getattr(figures.days, key) == pytest.approx(expected[key], abs=1e-6), key
    assert figures.at_risk == expected["at_risk"]


def _day(story: recount.Story, period: Period) -> date:
    return story.captured_at.astimezone(period.zone).date()


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "days_later"), [(1, 75), (2, 110), (3, 300)])
def test_figures_and_breakdowns_equal_a_recount(world, seed, days_later):
    start = factories.NOW - timedelta(days=100)
    now = start + timedelta(days=days_later)
    histories.make(world, random.Random(seed), count=45, start=start, days=70, until=now)
    assumptions = Assumptions()
    told = recount.stories(now=now)
    first, last = (start + timedelta(days=10)).date(), (start + timedelta(days=50)).date()
    period = Period(first, last)
    told = [story for story in told if first <= _day(story, period) <= last]
    assert len(told) > 15 and len({story.bucket for story in told}) >= 3

    found = report(Cohort(period), now=now, assumptions=assumptions)

    same(found.total, told)
    same(figures_of(Cohort(period), now=now, assumptions=assumptions), told)
    for key in COUNTS:
        assert found.behind(key).count() == getattr(found.total, key), key
    for key, dimension in DIMENSIONS.items():
        values = {getattr(story.referral, dimension.column) for story in told}
        assert {part.choice.value for part in found.parts[key]} == values
        for part in found.parts[key]:
            same(part.figures, [s for s in told if getattr(s.referral, dimension.column) == part.choice.value])
            assert found.behind("leaked", part.choice).count() == part.figures.leaked
            assert figures_of(found.cohort.only(part.choice), now=now, assumptions=assumptions) == part.figures

    for month, figures in by_month(Cohort(period), months=5, now=now, assumptions=assumptions):
        same(figures, [s for s in recount.stories(now=now) if month.first <= _day(s, month) <= month.last])
        assert figures == figures_of(Cohort(month), now=now, assumptions=assumptions)
    shapes(found, told)
    open_ones = aging.aging(Filters(), now=now)
    ages = recount.ages(recount.stories(now=now), now, aging.EDGES)
    for row in open_ones:
        assert [bin.count for bin in row.bins] == ages.get(row.stage, [0] * len(row.bins))
        for bin in row.bins:
            assert aging.aged(Filters(), stage=row.stage, bin=bin, now=now).count() == bin.count
    if seed == 1:
        opening.chase_ask_and_miss(world, now=start + timedelta(days=40))
        assert opening.all_of_it(world, period, now=now) >= OPENED


def shapes(found: Report, told: list[recount.Story]) -> None:
    """Distribution, curve, breaks and legs of the cohort."""
    distribution = durations.distribution(found.cohort)
    assert [bin.count for bin in distribution] == recount.histogram(told, durations.EDGES)
    assert all(durations.closed_in(found.cohort, bin).count() == bin.count for bin in distribution)
    observed = survival.observe(found.cohort, now=found.at)
    assert sum(one.count for one in observed if one.outcome == "closed") == found.total.closed
    assert sum(one.count for one in observed if one.outcome == "watched") == found.total.open
    assert sum(one.count for one in observed) == found.total.cohort
    broken = breaks.breaks(found.cohort, now=found.at, assumptions=found.assumptions)
    assert sum(one.count for one in broken) == found.total.leaked
    for one in broken:
        assert breaks.broken_at(found.cohort, one, now=found.at, assumptions=found.assumptions).count() == one.count
    for leg, (_, _, earlier, later) in zip(durations.legs(found.cohort), durations.LEGS, strict=True):
        rows = [(getattr(s.referral, earlier), getattr(s.referral, later), s.status) for s in told]
        days = [
            (b - a) / timedelta(days=1)
            for a, b, status in rows
            if a and b and b >= a and (later != "ended_at" or status == "closed")
        ]
        assert leg.count == len(days)
        assert leg.median == pytest.approx(statistics.median(days) if days else None)
