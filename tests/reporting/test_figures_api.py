"""An office reads the figures of its own referrals, and nothing of others'."""

import pytest

from referrals.actions import ending
from tests import factories
from tests.referrals.api.calling import Caller, fields_of, problem_of

ADDRESS = "reports/figures/"
NOVEMBER = {"from": "2026-11"}


@pytest.fixture
def referrals(world):
    """One lost and one routed outbound, one closed inbound; another office's besides."""
    factories.referral(world, "lost")
    factories.referral(world)
    factories.referral(world, "closed", inbound=True)
    factories.in_status(world, "closed", referring_office_id=world.stranger.pk, direction="")
    return world


def test_an_office_counts_what_it_is_a_party_to(referrals):
    answer = Caller(referrals.outside).get(ADDRESS, **NOVEMBER)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    found = answer.json()
    assert (found["from"], found["to"], found["period"]) == ("2026-11-01", "2026-11-30", "2026-11")
    counts = found["total"]["counts"]
    assert (counts["cohort"], counts["closed"], counts["leaked_known"], counts["in_progress"]) == (3, 1, 1, 1)
    assert found["total"]["measures"]["closed"] == {
        "value": 0.3333, "numerator": 1, "denominator": 3, "standing": "untracked",
    }  # fmt: skip
    assert found["by"] == {}


def test_another_offices_are_not_in_it_however_it_asks(referrals):
    stranger, outside = Caller(referrals.stranger), Caller(referrals.outside)
    assert stranger.get(ADDRESS, **NOVEMBER).json()["total"]["counts"]["cohort"] == 1
    narrowed = outside.get(ADDRESS, **NOVEMBER, referring_office=referrals.stranger.npi).json()
    assert narrowed["total"]["counts"]["cohort"] == 0
    assert narrowed["total"]["measures"]["closed"]["value"] is None
    by = outside.get(ADDRESS, **NOVEMBER, by="referring_office,receiving_office,specialty").json()["by"]
    assert referrals.stranger.npi not in {part["value"] for part in by["referring_office"]}
    assert all(sum(part["counts"]["cohort"] for part in parts) == 3 for parts in by.values())


def test_who_works_on_it_and_what_it_is_worth_is_the_groups_own_business(referrals):
    outside, ours = Caller(referrals.outside), Caller(referrals.ours)
    assert "at_risk" not in outside.get(ADDRESS, **NOVEMBER).json()["total"]["measures"]
    assert ours.get(ADDRESS, **NOVEMBER, by="owner").json()["total"]["measures"]["at_risk"]["value"] == 220
    assert fields_of(outside.get(ADDRESS, **NOVEMBER, by="owner")) == {"by"}
    assert fields_of(outside.get(ADDRESS, **NOVEMBER, owner="1")) == {"owner"}


def test_what_cannot_be_read_is_said(referrals):
    caller = Caller(referrals.ours)
    assert fields_of(caller.get(ADDRESS, **{"from": "last week"})) == {"from"}
    assert fields_of(caller.get(ADDRESS, **{"from": "2026-11", "to": "2026-10"})) == {"to"}
    assert fields_of(caller.get(ADDRESS, by="colour", specialty="x")) == {"by"}
    assert fields_of(caller.get(ADDRESS, month="2026-11")) == {"month"}
    assert fields_of(caller.get(ADDRESS, specialty="x")) == {"specialty"}
    problem_of(caller.post(ADDRESS), 405, "method-not-allowed")
    problem_of(Caller(referrals.ours, token="rlk_none").get(ADDRESS), 401, "invalid-token")


def test_voided_ones_are_in_no_figure(referrals):
    on = factories.referral(referrals)
    ending.void(referral=on, actor=factories.SYSTEM, now=factories.NOW, reason=ending.reason_for("duplicate"))
    assert Caller(referrals.ours).get(ADDRESS, **NOVEMBER).json()["total"]["counts"]["cohort"] == 2
