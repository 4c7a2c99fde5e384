"""Chase work is what people of ours did by hand in the period, times the minutes each takes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from referrals.actions import contacts, nudging
from referrals.lifecycle.actor import Actor
from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.chase import Chase, chase, chase_by_user
from reporting.measures.cohort import Cohort, Filters
from reporting.measures.period import Period
from reporting.models import ChaseMinutes
from tests import factories

NOW = factories.NOW
NOVEMBER = Cohort(Period.month(2026, 11))
pytestmark = pytest.mark.django_db


def call(on, actor, *, party="patient", now=NOW):
    contacts.log_contact(referral=on, actor=actor, now=now, outcome="no_answer", party=party)


def test_what_counts_and_as_what(world):
    casey = Actor.staff(factories.user())
    on = factories.referral(world, "seen", now=NOW - timedelta(days=90))  # captured in August, worked on in November
    call(on, casey)
    call(on, casey, party="receiving_office")
    nudging.nudge(referral=on, actor=casey, now=NOW, audience="receiving_office")
    nudging.nudge(referral=on, actor=casey, now=NOW, audience="owner")  # tells a colleague: no check
    contacts.comment_on(referral=on, actor=casey, now=NOW, text="waits")
    call(on, Actor.of_office(world.outside))  # their work, not ours
    factories.attach_note(on, actor=casey)
    factories.attach_note(factories.referral(world, "seen"), actor=factories.SYSTEM)  # matched by itself
    found = chase(NOVEMBER, assumptions=Assumptions())
    assert found.counts == {"contact": 1, "status_check": 2, "match": 1}
    assert found.minutes == 6 + 2 * 8 + 5
    assert chase_by_user(NOVEMBER, assumptions=Assumptions()) == {casey.user.pk: found}
    december = NOVEMBER.during(Period.month(2026, 12))
    assert chase(december, assumptions=Assumptions()).steps == 0


def test_it_is_counted_in_the_period_it_was_done_and_of_the_referrals_that_pass(world):
    casey = Actor.staff(factories.user())
    on = factories.referral(world)
    end = datetime(2026, 12, 1, 6, tzinfo=UTC)
    call(on, casey, now=end - timedelta(seconds=1))
    call(on, casey, now=end)
    assert chase(NOVEMBER, assumptions=Assumptions()).steps == 1
    for query, steps in (({"direction": "outbound"}, 1), ({"direction": "inbound"}, 0)):
        filtered = Cohort(NOVEMBER.period, Filters.read(query))
        assert chase(filtered, assumptions=Assumptions()).steps == steps


def test_hours_a_week(world):
    november = Chase({"contact": 600, "status_check": 0}, Assumptions(minutes={"contact": Decimal("7.5")}))
    assert november.hours == 75
    measured = november.measured(NOVEMBER.period)
    assert measured.value == pytest.approx(75 / (30 / 7)) and measured.standing == "untracked"
    assert measured.text == "17.5 h"


def test_staff_change_the_minutes(world):
    ChaseMinutes.objects.filter(action="contact").update(minutes=10)
    assert current_assumptions().minutes_of("contact") == 10
    assert Assumptions.from_json(current_assumptions().to_json()) == current_assumptions()
