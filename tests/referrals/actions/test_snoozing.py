"""Snooze and wake: nobody is told meanwhile, it is not overdue and never out of sight, and it ends by itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from referrals.actions import contacts, details, scheduling, snoozing
from referrals.errors import IllegalMove, InvalidInput, NotFound, NotPermitted
from referrals.lifecycle import guards, reviews, stalls
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import OPEN, Action
from referrals.models import Referral
from referrals.selectors import QUEUES, overdue, queue, snoozed
from tests import factories
from tests.performing import check_invariants

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
FIFTH, EIGHTH, TWELFTH = (datetime(2026, 12, day, 9, 0, tzinfo=CHICAGO) for day in (3, 8, 14))
SECOND = timedelta(seconds=1)


def snooze(on: Referral, until: datetime, *, now: datetime = WEDNESDAY, reason="patient travels", actor=None):
    return snoozing.snooze(referral=on, actor=actor or factories.SYSTEM, now=now, until=until, reason=reason)


def told(on: Referral) -> list[tuple[str, str]]:
    return list(on.firings.order_by("due_at").values_list("audience", "outcome"))


@pytest.fixture
def captured(world) -> Referral:
    return factories.captured(world, now=WEDNESDAY).referral


def test_nobody_is_told_before_the_end_and_then_only_of_the_latest(captured):
    end = EIGHTH + timedelta(hours=1)
    asleep = snooze(captured, end)
    assert asleep.next_escalation_at == end
    assert stalls.sweep(now=end - SECOND).looked_at == 0
    assert stalls.sweep(now=end).escalated == 1
    assert told(captured) == [("owner", "missed"), ("referring_office", "sent")]
    assert Referral.objects.get(pk=captured.pk).next_escalation_at == TWELFTH


def test_an_end_before_the_next_rung_changes_no_deadline(captured):
    assert snooze(captured, FIFTH - timedelta(days=1)).next_escalation_at == FIFTH


def test_it_is_not_overdue_while_it_sleeps_and_is_again_afterwards(captured):
    stalls.sweep(now=FIFTH)
    everything, end = Referral.objects.all(), FIFTH + timedelta(days=1)
    assert captured in overdue(everything, now=FIFTH)
    snooze(captured, end, now=FIFTH)
    for now, asleep in ((end - SECOND, True), (end, False), (end + SECOND, False)):
        assert (captured in snoozed(everything, now=now)) is asleep
        assert (captured in overdue(everything, now=now)) is not asleep


@pytest.mark.parametrize("status", OPEN)
def test_it_stays_in_the_queue_of_its_stage(world, status):
    on = snooze(factories.referral(world, status), factories.NOW + timedelta(days=9), now=factories.NOW)
    assert [name for name in QUEUES if on in queue(name)] != []
    assert on in snoozed(Referral.objects.all(), now=factories.NOW)
    check_invariants(on)


def test_waking_lets_what_was_held_back_come_at_once(captured):
    snooze(captured, TWELFTH)
    now = FIFTH + timedelta(hours=2)
    woken = snoozing.wake(referral=captured, actor=factories.SYSTEM, now=now, comment="back early")
    assert woken.next_escalation_at == FIFTH
    assert (woken.snoozed_until, woken.snooze_reason, woken.snoozed_by) == (None, "", "")
    assert woken.events.last().data == {
        "comment": "back early", "was_until": TWELFTH.astimezone(UTC).isoformat(), "was_because": "patient travels",
    }  # fmt: skip
    assert stalls.sweep(now=now).escalated == 1


def test_only_what_sleeps_can_be_woken(captured):
    for now, asleep in ((FIFTH - SECOND, True), (FIFTH, False)):
        snooze(captured, FIFTH)
        assert (Action.WAKE in guards.allowed_actions(fresh(captured), factories.SYSTEM, now=now)) is asleep
    with pytest.raises(IllegalMove, match="not snoozed"):
        snoozing.wake(referral=captured, actor=factories.SYSTEM, now=FIFTH)


def fresh(on: Referral) -> Referral:
    return Referral.objects.get(pk=on.pk)


def test_leaving_the_stage_ends_it(captured):
    snooze(captured, TWELFTH)
    booked = scheduling.book(
        referral=captured, actor=factories.SYSTEM, now=WEDNESDAY + SECOND, starts_at=WEDNESDAY + timedelta(days=6)
    )
    assert booked.snoozed_until is None and not booked.snooze_reason


def test_a_move_within_the_stage_keeps_it_and_another_urgency_ends_it(captured):
    snooze(captured, TWELFTH)
    contacts.comment_on(referral=captured, actor=factories.SYSTEM, now=WEDNESDAY, text="still away")
    assert fresh(captured).snoozed_until == TWELFTH
    urgent = details.update_details(
        referral=fresh(captured), actor=factories.SYSTEM, now=WEDNESDAY, changes={"priority": "urgent"}
    )
    assert urgent.snoozed_until is None
    assert urgent.next_escalation_at == datetime(2026, 11, 27, 9, 0, tzinfo=CHICAGO)


def test_what_is_over_is_forgotten_with_the_next_change(captured):
    snooze(captured, FIFTH)
    contacts.comment_on(referral=captured, actor=factories.SYSTEM, now=FIFTH, text="hello")
    assert fresh(captured).snoozed_until is None


def test_a_changed_policy_does_not_wake(captured):
    snooze(captured, TWELFTH)
    reviews.ask(stages=["unscheduled"], because="a rung was edited", now=WEDNESDAY)
    assert fresh(captured).next_escalation_at == TWELFTH


def test_snoozing_again_moves_the_end_and_says_who(world, captured):
    user = factories.user("Coordinator", first_name="Maya", last_name="Lindell")
    snooze(captured, TWELFTH)
    again = snooze(fresh(captured), EIGHTH, reason="the MRI is on Monday", actor=Actor.staff(user))
    assert (again.snoozed_until, again.snoozed_by) == (EIGHTH, "Maya Lindell")
    assert again.next_escalation_at == EIGHTH
    event = again.events.last()
    assert event.kind == "snoozed"
    assert event.data == {"reason": "the MRI is on Monday", "until": EIGHTH.isoformat()}


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (timedelta(0), False), (SECOND, True), (timedelta(days=90), True), (timedelta(days=90) + SECOND, False),
        (-SECOND, False),
    ],
)  # fmt: skip
def test_the_end_lies_within_ninety_days(captured, after, allowed):
    if allowed:
        assert snooze(captured, WEDNESDAY + after).snoozed_until == WEDNESDAY + after
        return
    with pytest.raises(InvalidInput) as refused:
        snooze(captured, WEDNESDAY + after)
    assert [path for path, _ in refused.value.fields] == ["until"]
    assert fresh(captured).version == captured.version


def test_a_reason_is_required_also_by_the_database(captured):
    with pytest.raises(InvalidInput, match="reason"):
        snooze(captured, FIFTH, reason="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=captured.pk).update(snoozed_until=FIFTH)


def test_who_may(world, captured):
    for actor, refusal in (
        (Actor.staff(factories.user("Auditor")), NotPermitted),
        (Actor.of_office(world.outside), NotPermitted),
        (Actor.of_office(world.stranger), NotFound),
    ):
        with pytest.raises(refusal):
            snooze(captured, FIFTH, actor=actor)
    assert snooze(captured, FIFTH, actor=Actor.of_office(world.ours)).snoozed_by == "Lakeside Clinic"
