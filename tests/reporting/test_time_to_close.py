"""The time-to-close curve against known results and against what it must obey."""

import random
from datetime import timedelta

import pytest

from reporting.measures.cohort import Cohort
from reporting.measures.period import Period
from reporting.measures.survival import Observed, kaplan_meier, observe, time_to_close
from tests import factories

# Remission times of 6-MP patients (Freireich 1963), the textbook's example: survival .857 .807 .753 .690 .628 .538 .448
FREIREICH = [Observed(day, "closed") for day in (6, 6, 6, 7, 10, 13, 16, 22, 23)] + [
    Observed(day, "watched") for day in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]


@pytest.mark.parametrize("curve", [kaplan_meier, time_to_close])
def test_the_textbooks_example(curve):
    found = curve(FREIREICH)
    expected = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.628, 22: 0.538, 23: 0.448}
    for day, survival in expected.items():
        assert 1 - found.share_by(day) == pytest.approx(survival, abs=0.0006)
    assert found.median == 23 and found.share_by(5) == 0 and found.share_by(99) == found.share_by(23)


def test_without_open_ones_it_is_the_plain_share_and_lost_ones_never_close():
    rng = random.Random(4)
    observed = [Observed(rng.randrange(60), rng.choice(["closed", "closed", "ended"])) for _ in range(300)]
    curve = time_to_close(observed)
    for day in range(0, 60, 7):
        closed = sum(one.outcome == "closed" and one.day <= day for one in observed)
        assert curve.share_by(day) == pytest.approx(closed / 300)
    assert kaplan_meier(observed).share_by(59) > curve.share_by(59)


def test_no_referrals_no_curve():
    assert time_to_close([]).median is None and time_to_close([]).share_by(10) == 0
    assert time_to_close([Observed(3, "watched", 5)]).median is None


@pytest.mark.django_db
def test_a_cohort_is_observed_by_whole_days(world):
    now = factories.NOW
    factories.referral(world, "closed", now=now - timedelta(days=1))
    factories.referral(world, "lost", now=now - timedelta(hours=47))
    for hours in (47, 48, 49):
        factories.referral(world, now=now - timedelta(hours=hours))
    found = observe(Cohort(Period.month(2026, 11)), now=now)
    assert sorted((one.day, one.outcome, one.count) for one in found) == [
        (0, "closed", 1), (0, "ended", 1), (1, "watched", 1), (2, "watched", 2),
    ]  # fmt: skip
