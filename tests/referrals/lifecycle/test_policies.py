"""Policies: the seeded table, the most specific wins, changes reach the open referrals, the forecast."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from referrals.lifecycle import reviews, stalls
from referrals.lifecycle.forecast import forecast
from referrals.lifecycle.policies import FALLBACK, Case, PolicyTable
from referrals.lifecycle.states import Stage
from referrals.models import EscalationPolicy, EscalationRung, Referral
from referrals.practice.calendar import practice_calendar
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)


def case(stage="unscheduled", direction="outbound", priority="routine", specialty_id=0) -> Case:
    return Case(stage, direction, priority, specialty_id)


def rungs(*, stage="unscheduled", priority="routine") -> list[tuple[int, str, str]]:
    return [(r.after, r.unit.value, r.audience) for r in PolicyTable().ladder(case(stage, priority=priority))]


@pytest.mark.django_db
def test_the_seeded_table():
    assert rungs() == [
        (5, "business_days", "owner"),
        (8, "business_days", "referring_office"),
        (12, "business_days", "manager"),
    ]
    assert [after for after, _, _ in rungs(priority="urgent")] == [1, 2, 3]
    assert set(rungs(priority="stat")) == {
        (4, "hours", "owner"), (8, "hours", "referring_office"), (1, "business_days", "manager"),
    }  # fmt: skip
    assert [(a, w) for a, _, w in rungs(stage="note_pending")] == [
        (10, "owner"), (10, "receiving_office"), (13, "referring_office"), (13, "receiving_office"), (18, "manager"),
    ]  # fmt: skip
    assert [(a, w) for a, _, w in rungs(stage="on_hold")] == [(0, "owner"), (3, "manager")]


@pytest.mark.django_db
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("priority", ["routine", "urgent", "asap", "stat"])
def test_every_case_has_a_ladder_that_never_ends(stage, priority):
    ladder = PolicyTable().ladder(case(stage, priority=priority))
    assert ladder != FALLBACK
    assert any(rung.repeat_every for rung in ladder)


def policy(*after: int, stage="unscheduled", **names) -> EscalationPolicy:
    made = EscalationPolicy.objects.create(stage=stage, **names)
    for days in after:
        EscalationRung.objects.create(policy=made, after=days)
    return made


def test_the_most_specific_wins(world):
    policy(21, direction="outbound")
    policy(22, specialty=world.cardiology)
    policy(23, direction="outbound", priority="urgent")

    def first(**values):
        return PolicyTable("unscheduled").ladder(case(**values))[0].after

    assert first(direction="inbound") == 5
    assert first() == 21
    assert first(specialty_id=world.cardiology.pk) == 22
    assert first(priority="urgent", direction="inbound") == 1
    assert first(priority="urgent", specialty_id=world.cardiology.pk) == 23


def test_without_a_policy_the_owner_is_told_every_day(world):
    EscalationPolicy.objects.all().delete()
    referral = factories.captured(world, now=WEDNESDAY).referral
    due = datetime(2026, 11, 27, 9, 0, tzinfo=CHICAGO)
    assert referral.next_escalation_at == due
    for expected in (due, datetime(2026, 11, 30, 9, 0, tzinfo=CHICAGO)):
        assert stalls.sweep(now=expected).escalated == 1
        assert stalls.sweep(now=expected).escalated == 0


def test_one_policy_per_case(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        EscalationPolicy.objects.create(stage="unscheduled")


def test_a_change_reaches_the_open_referrals_and_keeps_what_fired(world):
    referral = factories.captured(world, now=WEDNESDAY).referral
    other = factories.referral(world, "seen", now=WEDNESDAY)
    stalls.sweep(now=datetime(2026, 12, 3, 9, 0, tzinfo=CHICAGO))
    EscalationRung.objects.filter(policy__stage="unscheduled", audience="referring_office", after=8).update(after=6)
    assert reviews.ask(stages=["unscheduled"], because="test", now=WEDNESDAY).moved == 1
    referral.refresh_from_db()
    assert referral.next_escalation_at == datetime(2026, 12, 4, 9, 0, tzinfo=CHICAGO)
    EscalationRung.objects.filter(policy__stage="unscheduled", audience="owner", after=5).update(after=7)
    reviews.ask(stages=["unscheduled"], because="test", now=WEDNESDAY)
    referral.refresh_from_db()
    assert referral.next_escalation_at == datetime(2026, 12, 4, 9, 0, tzinfo=CHICAGO), "the owner was told already"
    assert Referral.objects.get(pk=other.pk).next_escalation_at == other.next_escalation_at


def test_another_priority_is_another_policy(world):
    from referrals.actions.details import update_details

    referral = factories.captured(world, now=WEDNESDAY).referral
    urgent = update_details(
        referral=referral, actor=factories.SYSTEM, now=WEDNESDAY + timedelta(hours=1), changes={"priority": "urgent"}
    )
    assert urgent.next_escalation_at == datetime(2026, 11, 27, 9, 0, tzinfo=CHICAGO)
    assert urgent.stage_since == referral.stage_since


def test_the_forecast_in_dates(db):
    told = forecast(PolicyTable().ladder(case()), clock_from=WEDNESDAY, calendar=practice_calendar())
    assert [(row.rung.audience, [at.day for at in row.times]) for row in told] == [
        ("owner", [3]), ("referring_office", [8]), ("manager", [14, 21, 29]),
    ]  # fmt: skip


def test_a_forecast_is_what_the_sweep_does(world):
    """Fire every rung of a referral and compare: the preview must not promise another day."""
    referral = factories.captured(world, now=WEDNESDAY, priority="stat").referral
    ladder = PolicyTable().ladder(Case.of(referral))
    promised = {
        (row.rung.key, n): at
        for row in forecast(ladder, clock_from=referral.clock_from, calendar=practice_calendar())
        for n, at in enumerate(row.times)
    }
    for hour in range(24 * 9):
        stalls.sweep(now=WEDNESDAY + timedelta(hours=hour))
    fired = {(key, n): at for key, n, at in referral.firings.values_list("rung_key", "repetition", "at")}
    assert promised.items() <= fired.items()
