"""The dollar table: 20 % of a month's referrals leak, a service is worth $220 on average."""

from decimal import Decimal

import pytest

from reporting.measures.assumptions import Assumptions
from reporting.measures.buckets import Bucket
from reporting.measures.dollars import recoverable, to_dollars
from reporting.measures.figures import Cell, Figures, Step


def figures(*, cohort: int, leaked: int, cents: int = 22_000, assumptions: Assumptions | None = None) -> Figures:
    def cell(bucket: Bucket, count: int) -> Cell:
        return Cell(bucket, Step.ROUTED, False, False, count, 0.0, count * cents)

    cells = [cell(Bucket.LEAKED_KNOWN, leaked // 2), cell(Bucket.LEAKED_ESTIMATED, leaked - leaked // 2)]
    cells.append(cell(Bucket.IN_PROGRESS, cohort - leaked))
    return Figures.of(cells, assumptions or Assumptions())


@pytest.mark.parametrize(
    ("referrals", "leaked", "at_risk", "back"),
    [(150, 30, 6_600, 3_300), (300, 60, 13_200, 6_600), (410, 82, 18_040, 9_020), (600, 120, 26_400, 13_200)],
)
def test_the_table(referrals, leaked, at_risk, back):
    found = figures(cohort=referrals, leaked=leaked)
    assert found.share(found.leaked) == 0.2
    assert (found.at_risk, found.recoverable) == (at_risk, back)
    assert found.measured("at_risk").text == f"${at_risk:,}"


def test_nothing_is_recoverable_up_to_the_unavoidable_leakage():
    assert figures(cohort=100, leaked=10).recoverable == 0
    assert figures(cohort=100, leaked=11).recoverable == 220
    assert figures(cohort=100, leaked=0).recoverable == figures(cohort=0, leaked=0).recoverable == 0


def test_the_unavoidable_leakage_is_the_practices_to_say():
    assert figures(cohort=100, leaked=20, assumptions=Assumptions(unavoidable=Decimal("0.05"))).recoverable == 3_300


def test_dollars_are_whole_and_half_a_dollar_goes_up():
    assert [to_dollars(cents) for cents in (49, 50, 149, 150, 250)] == [0, 1, 1, 2, 3]
    assert recoverable(cohort=7, leaked=3, leaked_cents=100_00, unavoidable=Decimal("0.1")) == Decimal(77)
