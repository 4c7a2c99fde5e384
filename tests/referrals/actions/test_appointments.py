"""Book, move, confirm, cancel, miss: history is kept and the referral stands where it should."""

from datetime import date, timedelta

import pytest

from referrals.actions import answering, ending, holding, scheduling, visits
from referrals.errors import IllegalMove, InvalidInput
from tests import factories
from tests.performing import check_invariants

NOW = factories.NOW
COMMON = {"actor": factories.SYSTEM, "now": NOW}


def book(referral, days=5, **values):
    return scheduling.book(referral=referral, starts_at=NOW + timedelta(days=days), **COMMON, **values)


def test_booking_implies_acceptance_and_is_remembered(world):
    booked = book(factories.referral(world, "routed"))
    assert booked.status == "scheduled"
    assert booked.accepted_at == booked.first_scheduled_at == NOW
    assert booked.appointment.provider == world.outside_cardiologist


def test_a_move_keeps_the_old_appointment_and_its_length(world):
    booked = book(factories.referral(world, "accepted"), ends_at=NOW + timedelta(days=5, minutes=50))
    moved = scheduling.reschedule(referral=booked, starts_at=NOW + timedelta(days=9), reason="patient away", **COMMON)
    old, new = moved.appointments.order_by("pk")
    assert (old.status, old.status_reason, old.rescheduled_to) == ("cancelled", "patient away", new)
    assert new.ends_at - new.starts_at == timedelta(minutes=50)
    assert moved.appointment == new
    check_invariants(moved)


def test_confirming_is_noted_on_the_appointment(world):
    confirmed = scheduling.confirm_appointment(referral=book(factories.referral(world, "accepted")), **COMMON)
    assert confirmed.appointment.patient_confirmed_at == NOW
    assert confirmed.status == "scheduled"


def test_a_cancelled_visit_makes_it_unscheduled_again(world):
    cancelled = scheduling.cancel_appointment(
        referral=book(factories.referral(world, "accepted")), reason="ill", **COMMON
    )
    assert (cancelled.status, cancelled.stage, cancelled.appointment_status) == ("accepted", "unscheduled", "cancelled")


def test_a_visit_ahead_cannot_be_missed_yet(world):
    with pytest.raises(IllegalMove, match="still ahead"):
        scheduling.no_show(referral=book(factories.referral(world, "accepted")), **COMMON)


def test_a_no_show_can_correct_a_visit_recorded_by_mistake(world):
    seen = factories.referral(world, "seen")
    encounter = seen.encounter
    corrected = scheduling.no_show(referral=seen, **COMMON)
    assert (corrected.status, corrected.seen_at, corrected.encounter) == ("accepted", None, None)
    assert not type(encounter).objects.filter(pk=encounter.pk).exists()
    assert corrected.appointments.get().status == "noshow"


def test_a_follow_up_never_stops_the_note_clock(world):
    seen = factories.referral(world, "seen")
    booked = book(seen, days=180)
    assert (booked.status, booked.stage_since) == ("seen", seen.stage_since)
    assert booked.appointments.last().kind == "follow_up"
    with pytest.raises(IllegalMove, match="booked already"):
        book(booked)
    missed = scheduling.cancel_appointment(referral=booked, reason="not needed", **COMMON)
    assert missed.status == "seen"


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (timedelta(days=800), timedelta(days=800, hours=1), "starts_at"),
        (timedelta(days=-400), timedelta(days=-400, hours=1), "starts_at"),
        (timedelta(days=2), timedelta(days=2), "ends_at"),
        (timedelta(days=2), timedelta(days=3), "ends_at"),
    ],
)
def test_impossible_times_are_refused(world, start, end, field):
    referral = factories.referral(world, "accepted")
    with pytest.raises(InvalidInput) as refused:
        scheduling.book(referral=referral, starts_at=NOW + start, ends_at=NOW + end, **COMMON)
    assert [path for path, _ in refused.value.fields] == [field]


def test_an_unrouted_referral_is_booked_only_with_a_place(world):
    referral = factories.referral(world, "received")
    with pytest.raises(InvalidInput, match="say at which office"):
        book(referral)
    booked = book(referral, office=world.outside, provider=world.outside_cardiologist)
    assert (booked.status, booked.receiving_office) == ("scheduled", world.outside)


def test_another_office_than_the_referrals_is_refused(world):
    with pytest.raises(InvalidInput, match="choose the specialist first"):
        book(factories.referral(world, "accepted"), office=world.ours_too)


def test_a_booked_visit_survives_a_hold(world):
    held = holding.hold(
        referral=book(factories.referral(world, "accepted")),
        reason="MRI first",
        until=NOW + timedelta(days=2),
        **COMMON,
    )
    moved = scheduling.reschedule(referral=held, starts_at=NOW + timedelta(days=30), **COMMON)
    assert moved.status == "on_hold"
    assert holding.resume(referral=moved, **COMMON).appointment.starts_at == NOW + timedelta(days=30)


def test_an_ending_cancels_the_booked_visit(world):
    lost = ending.mark_lost(
        referral=book(factories.referral(world, "accepted")), reason=factories.reason("lost"), **COMMON
    )
    assert lost.appointments.get().status == "cancelled"
    check_invariants(lost)


@pytest.mark.parametrize(("offset", "ok"), [(-366, False), (-365, True), (0, True), (1, False)])
def test_the_day_of_a_visit(world, offset, ok):
    referral = factories.referral(world, "accepted")
    day = NOW.date() + timedelta(days=offset)
    if not ok:
        with pytest.raises(InvalidInput, match="past year"):
            visits.mark_seen(referral=referral, seen_on=day, **COMMON)
        return
    seen = visits.mark_seen(referral=referral, seen_on=day, **COMMON)
    assert seen.encounter.occurred_on == day
    assert seen.seen_at <= NOW


def test_accepting_ends_a_hold_and_keeps_the_booked_visit(world):
    referral = factories.referral(world, "accepted")
    referral = scheduling.book(referral=referral, starts_at=NOW + timedelta(days=5), **COMMON)
    held = holding.hold(referral=referral, reason="authorization", until=NOW + timedelta(days=2), **COMMON)
    accepted = answering.accept(referral=held, **COMMON)
    assert (accepted.status, accepted.stage) == ("scheduled", "awaiting_visit")
    assert accepted.clock_from == accepted.appointment.ends_at


def test_a_visit_ahead_is_not_seen_unless_the_patient_came_before_it(world):
    referral = factories.referral(world, "accepted")
    referral = scheduling.book(referral=referral, starts_at=NOW + timedelta(days=5), **COMMON)
    booked = referral.appointment
    with pytest.raises(InvalidInput, match="still ahead, on 2026-11-09"):
        visits.mark_seen(referral=referral, **COMMON)
    seen = visits.mark_seen(referral=referral, **COMMON, seen_on=date(2026, 11, 3))
    booked.refresh_from_db()
    assert (seen.status, seen.appointment, booked.status, booked.kind) == ("seen", None, "booked", "follow_up")
