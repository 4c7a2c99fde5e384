"""The sweep: each rung on its day, once per stay, late ones without a burst, bad rows set aside."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import answering, scheduling
from referrals.lifecycle import reviews, stalls
from referrals.messages import context
from referrals.models import EscalationPolicy, EscalationRung, Referral, ReferralEvent, SweepFailure
from referrals.selectors import overdue
from tests import factories
from tests.performing import check_invariants

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY_BEFORE_THANKSGIVING = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
FIFTH, EIGHTH, TWELFTH = (datetime(2026, 12, day, 9, 0, tzinfo=CHICAGO) for day in (3, 8, 14))
SECOND = timedelta(seconds=1)


def told(referral) -> list[tuple[str, str, datetime]]:
    return list(referral.firings.values_list("audience", "outcome", "due_at"))


def test_the_founding_scenario_over_thanksgiving(world):
    """Day zero captured; still unscheduled on business day five: the owner; on eight: the referring office."""
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    moment, rungs = WEDNESDAY_BEFORE_THANKSGIVING, []
    while moment < TWELFTH + timedelta(hours=2):
        if stalls.sweep(now=moment).escalated:
            rungs.append((moment, referral.firings.last().audience))
        moment += timedelta(minutes=20)
    assert rungs == [(FIFTH, "owner"), (EIGHTH, "referring_office"), (TWELFTH, "manager")]
    check_invariants(referral)


@pytest.mark.parametrize(("at", "count"), [(FIFTH - SECOND, 0), (FIFTH, 1), (FIFTH + SECOND, 1)])
def test_just_before_at_and_just_after(world, at, count):
    factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING)
    assert stalls.sweep(now=at).escalated == count
    assert stalls.sweep(now=at + SECOND).escalated == (count == 0 and at + SECOND >= FIFTH)


def test_a_rung_fires_once_however_often_it_is_swept(world):
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    for _ in range(5):
        stalls.sweep(now=FIFTH)
    assert told(referral) == [("owner", "sent", FIFTH)]


def test_a_late_sweep_sends_the_one_due_now_and_notes_the_missed(world):
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    swept = stalls.sweep(now=EIGHTH + timedelta(hours=3))
    assert (swept.escalated, swept.missed) == (1, 1)
    assert sorted(told(referral)) == [("owner", "missed", FIFTH), ("referring_office", "sent", EIGHTH)]
    event = referral.events.last()
    assert event.data["told"] == ["referring_office"]
    assert event.data["missed"][0]["audience"] == "owner"


def test_the_last_rung_repeats_until_it_moves(world):
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    for day in range(60):
        stalls.sweep(now=WEDNESDAY_BEFORE_THANKSGIVING + timedelta(days=day))
    managers = referral.firings.filter(audience="manager", outcome="sent")
    assert managers.count() >= 5
    assert set(managers.values_list("repetition", flat=True)) == set(range(managers.count()))


def test_a_move_to_another_stage_begins_a_new_stay(world):
    referral = factories.referral(world, "accepted", now=WEDNESDAY_BEFORE_THANKSGIVING)
    stalls.sweep(now=FIFTH)
    seen = factories.advance(Referral.objects.get(pk=referral.pk), "routed")
    assert seen.stage_stay == referral.stage_stay
    declined = answering.decline(referral=seen, actor=factories.SYSTEM, now=FIFTH + SECOND, reason="full")
    assert declined.stage_stay == referral.stage_stay, "still unscheduled: the same stay, no second nudge"
    stalls.sweep(now=FIFTH + timedelta(hours=5))
    assert referral.firings.count() == 1


def test_note_pending_asks_both_sides(world):
    referral = factories.referral(world, "seen", now=WEDNESDAY_BEFORE_THANKSGIVING)
    due = Referral.objects.get(pk=referral.pk).next_escalation_at
    stalls.sweep(now=due)
    assert {audience for audience, _, _ in told(referral)} == {"owner", "receiving_office"}
    assert referral.events.last().data["told"] == ["owner", "receiving_office"]


def test_ended_referrals_are_left_alone(world):
    factories.referral(world, "lost", now=WEDNESDAY_BEFORE_THANKSGIVING)
    assert stalls.sweep(now=TWELFTH).looked_at == 0


def test_one_bad_row_is_set_aside_and_the_rest_go_on(world, monkeypatch):
    bad, good = (factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral for _ in range(2))
    real = stalls.plan

    def plan(ladder, *, clock_from, **values):
        if clock_from == bad.clock_from - timedelta(days=1):
            raise ZeroDivisionError("patient Jane Doe")
        return real(ladder, clock_from=clock_from, **values)

    Referral.objects.filter(pk=bad.pk).update(clock_from=bad.clock_from - timedelta(days=1))
    monkeypatch.setattr(stalls, "plan", plan)
    swept = stalls.sweep(now=FIFTH)
    assert (swept.escalated, swept.failed) == (1, 1)
    failure = SweepFailure.objects.get()
    assert failure.referral == bad
    assert failure.error.startswith("ZeroDivisionError")
    assert "Jane" not in failure.error
    assert Referral.objects.get(pk=bad.pk).next_escalation_at == FIFTH + stalls.RETRY_AFTER
    assert good.firings.count() == 1
    monkeypatch.setattr(stalls, "plan", real)
    stalls.sweep(now=FIFTH + stalls.RETRY_AFTER)
    assert not SweepFailure.objects.exists()
    assert bad.firings.filter(outcome="sent").exists()


def test_a_row_the_database_refuses_is_set_aside_too(world):
    bad, good = (factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral for _ in range(2))
    # an event of the next version is there already: the unique constraint refuses the sweep's
    ReferralEvent.objects.create(
        referral=bad,
        version=bad.version + 1,
        kind="x",
        at=FIFTH,
        actor_kind="system",
        actor_label="x",
        to_status="routed",
    )
    swept = stalls.sweep(now=FIFTH)
    assert (swept.escalated, swept.failed) == (1, 1)
    assert SweepFailure.objects.get().referral == bad
    assert good.firings.count() == 1


def test_queries_do_not_grow_with_the_rows(world):
    def queries(rows: int, day: int) -> int:
        for _ in range(rows):
            factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING + timedelta(days=day))
        with CaptureQueriesContext(connection) as captured:
            assert stalls.sweep(now=WEDNESDAY_BEFORE_THANKSGIVING + timedelta(days=day + 12)).escalated >= rows
        return len(captured)

    queries(1, 0)  # makes the recipients once
    assert queries(25, 30) < queries(5, 60) + 15, "twenty more rows may not cost a query each"


def test_the_claim_uses_the_partial_index(world):
    due = Referral.objects.filter(ended_at__isnull=True, next_escalation_at__lte=FIFTH).order_by("next_escalation_at")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")  # the table is tiny here
    assert "referral_due" in due.explain()


def test_overdue_until_it_moves(world):
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    assert not overdue(Referral.objects.all(), now=FIFTH - SECOND).exists()
    assert overdue(Referral.objects.all(), now=FIFTH).exists(), "due, and not swept yet"
    stalls.sweep(now=FIFTH)
    stalls.sweep(now=EIGHTH)
    referral.refresh_from_db()
    assert referral.overdue_since == FIFTH
    assert overdue(Referral.objects.all(), now=EIGHTH).exists()
    moved = scheduling.book(referral=referral, actor=factories.SYSTEM, now=EIGHTH, starts_at=EIGHTH + timedelta(days=9))
    assert moved.overdue_since is None
    assert not overdue(Referral.objects.all(), now=EIGHTH).exists()


def test_years_late_is_one_message_and_one_note_of_the_missed(world):
    """An hourly rung nobody looked at for three years: no burst, and no row for each hour."""
    EscalationRung.objects.filter(policy__stage="unscheduled").delete()
    policy = EscalationPolicy.objects.get(stage="unscheduled", priority="")
    policy.rungs.create(after=1, unit="hours", repeat_every=1)
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    hours = 3 * 365 * 24
    swept = stalls.sweep(now=WEDNESDAY_BEFORE_THANKSGIVING + timedelta(hours=hours, minutes=5))
    assert (swept.escalated, swept.missed) == (1, hours - 1)
    assert list(referral.firings.values_list("repetition", "outcome").order_by("repetition")) == [
        (hours - 2, "missed"),
        (hours - 1, "sent"),
    ]
    assert referral.events.last().data["missed"][0]["times"] == hours - 1


def test_a_deleted_rung_leaves_nothing_that_stops_the_fallback(world):
    """What fired under a rung stays its own, also when the rung and its policy are gone."""
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    stalls.sweep(now=FIFTH)
    EscalationPolicy.objects.filter(stage="unscheduled").delete()
    reviews.ask(because="policies deleted", now=FIFTH)
    assert stalls.sweep(now=FIFTH).escalated == 1
    assert list(referral.firings.order_by("pk").values_list("audience", "outcome")) == [
        ("owner", "sent"),
        ("owner", "sent"),
        ("owner", "missed"),
    ]


def test_a_rung_that_repeats_less_often_goes_on_from_its_last_time(world):
    """Every day became every five days: the next is five days after the last, not after all the days that fired."""
    EscalationRung.objects.filter(policy__stage="unscheduled", audience="manager").update(after=1, repeat_every=1)
    referral = factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral
    for day in range(1, 14):
        stalls.sweep(now=WEDNESDAY_BEFORE_THANKSGIVING + timedelta(days=day))
    now = WEDNESDAY_BEFORE_THANKSGIVING + timedelta(days=13)
    EscalationRung.objects.filter(policy__stage="unscheduled", audience="manager").update(repeat_every=5)
    reviews.ask(because="a policy was edited", now=now)
    referral.refresh_from_db()
    assert referral.next_escalation_at <= now + timedelta(days=7)


def test_a_failure_in_a_message_sets_its_referral_aside_alone(world, monkeypatch):
    referrals = [factories.captured(world, now=WEDNESDAY_BEFORE_THANKSGIVING).referral for _ in range(5)]
    real = context.full

    def full(referral, *args, **values):
        if referral.pk == referrals[2].pk:
            raise KeyError("patient Jane Doe")
        return real(referral, *args, **values)

    monkeypatch.setattr(context, "full", full)
    swept = stalls.sweep(now=FIFTH)
    assert (swept.escalated, swept.failed) == (4, 1)
    assert SweepFailure.objects.get().referral == referrals[2]
