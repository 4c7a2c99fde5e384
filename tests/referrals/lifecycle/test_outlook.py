"""The forecast of one referral's escalation: what it says is what the sweep then does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import snoozing
from referrals.admin.referral.escalation import escalation_of
from referrals.lifecycle import stalls
from referrals.lifecycle.outlook import State, outlook
from referrals.lifecycle.states import OPEN
from referrals.models import EscalationPolicy, Referral
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
FIFTH, EIGHTH, TWELFTH = (datetime(2026, 12, day, 9, 0, tzinfo=CHICAGO) for day in (3, 8, 14))


def steps(on: Referral, now: datetime) -> list[tuple[str, datetime, str]]:
    on = Referral.objects.get(pk=on.pk)
    return [(step.audience, step.at, str(step.state)) for step in outlook(on, now=now)]


def snooze(on: Referral, until: datetime, now: datetime = WEDNESDAY) -> None:
    snoozing.snooze(referral=on, actor=factories.SYSTEM, now=now, until=until, reason="patient travels")


def test_what_fired_and_what_comes(world):
    on = factories.captured(world, now=WEDNESDAY).referral
    assert steps(on, WEDNESDAY) == [
        ("owner", FIFTH, "coming"), ("referring_office", EIGHTH, "coming"), ("manager", TWELFTH, "coming"),
    ]  # fmt: skip
    stalls.sweep(now=FIFTH)
    assert steps(on, FIFTH)[:2] == [("owner", FIFTH, "told"), ("referring_office", EIGHTH, "coming")]


def test_a_late_sweep_shows_what_it_skipped(world):
    on = factories.captured(world, now=WEDNESDAY).referral
    stalls.sweep(now=EIGHTH)
    assert [state for _, _, state in steps(on, EIGHTH)] == ["skipped", "told", "coming"]


def test_a_new_stay_starts_with_a_clean_page(world):
    on = factories.referral(world, "accepted", now=WEDNESDAY)
    stalls.sweep(now=FIFTH)
    booked = factories.advance(factories.referral(world, now=WEDNESDAY), "scheduled", now=FIFTH)
    assert {state for _, _, state in steps(booked, FIFTH)} == {"coming"}
    assert State.TOLD in {state for _, _, state in steps(on, FIFTH)}


@pytest.mark.parametrize("end", [FIFTH, EIGHTH - timedelta(hours=1), EIGHTH, EIGHTH + timedelta(days=1)])
def test_a_snooze_is_foretold_as_the_sweep_will_do_it(world, end):
    on = factories.captured(world, now=WEDNESDAY).referral
    snooze(on, end)
    foretold = steps(on, WEDNESDAY)
    for day in range(26, 26 + 19):
        for hour in (8, 9):
            moment = datetime(2026, 11, 1, hour, tzinfo=CHICAGO) + timedelta(days=day - 1)
            stalls.sweep(now=moment)
    happened = [(step.audience, step.at, step.state) for step in outlook(fresh(on), now=moment) if step.at < moment]
    was = {"told": "coming", "skipped": "skipped"}
    assert [(a, at, was[state]) for a, at, state in happened] == [row for row in foretold if row[1] < moment]


def fresh(on: Referral) -> Referral:
    return Referral.objects.get(pk=on.pk)


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("policies", [True, False])
def test_something_always_comes_and_it_costs_two_queries(world, status, policies):
    if not policies:
        EscalationPolicy.objects.all().delete()
    on = factories.referral(world, status, now=WEDNESDAY)
    for days in range(0, 100, 20):
        now = WEDNESDAY + timedelta(days=days)
        stalls.sweep(now=now)
        with CaptureQueriesContext(connection) as captured:
            coming = [step for step in outlook(fresh(on), now=now) if step.state == State.COMING]
        assert len(captured) <= 4  # among them the referral itself and the closed days
        assert coming and coming[0].at == fresh(on).next_escalation_at


def test_ended_referrals_have_none(world):
    assert outlook(factories.referral(world, "lost"), now=factories.NOW) == []


@time_machine.travel(WEDNESDAY, tick=False)
def test_in_words(world):
    on = factories.referral(world, "seen", now=WEDNESDAY)
    shown = escalation_of(fresh(on), WEDNESDAY)
    assert [(line["words"], line["at"], line["again"]) for line in shown["coming"]] == [
        ("Owner nudged, receiving office asked for the note", "Thu Dec 10, 9:00 AM", ""),
        ("Referring office alerted, receiving office asked for the note", "Tue Dec 15, 9:00 AM", ""),
        ("Managers told", "Tue Dec 22, 9:00 AM", "then every 5 business days"),
    ]
    assert shown["past"] == [] and shown["snooze"] is None
    snooze(on, FIFTH)
    assert escalation_of(fresh(on), WEDNESDAY)["snooze"] == {
        "until": "Thu Dec 3, 2026, 9:00 AM", "reason": "patient travels", "by": "RefLoop",
    }  # fmt: skip
