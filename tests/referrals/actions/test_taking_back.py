"""A record made by mistake is taken back: everything stands as before, and who was told is told of the correction."""

from datetime import timedelta

import pytest

from notifications.models import Message
from referrals.actions import answering, ending, holding, scheduling, taking_back, visits
from referrals.errors import IllegalMove, InvalidInput, NotPermitted
from referrals.lifecycle.actor import Actor
from referrals.models import Encounter, Referral
from tests import factories
from tests.factories import NOW, SYSTEM
from tests.performing import check_invariants

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def taken_back(referral: Referral) -> Referral:
    after = taking_back.take_back(referral=referral, actor=SYSTEM, now=LATER, reason="wrong chart")
    check_invariants(after)
    return after


@pytest.mark.parametrize("before", ["received", "routed", "accepted", "scheduled", "on_hold", "cancel_requested"])
def test_seen_by_mistake_stands_where_it_stood(world, before):
    was = factories.referral(world, before)
    place = {} if was.receiving_office_id else {"office": world.stranger}
    seen = visits.mark_seen(referral=was, actor=SYSTEM, now=NOW, **place)
    after = taken_back(seen)
    assert after.status == before
    names = ("receiving_office_id", "accepted_at", "appointment_id", "appointment_status", "hold_until", "hold_reason",
             "seen_at", "encounter_id")  # fmt: skip
    assert {n: getattr(after, n) for n in names} == {n: getattr(was, n) for n in names}
    assert not Encounter.objects.filter(patient=was.patient).exists()


def test_a_visit_still_ahead_is_the_first_visit_again(world):
    accepted = factories.referral(world, "accepted")
    ahead = scheduling.book(referral=accepted, actor=SYSTEM, now=NOW, starts_at=NOW + timedelta(days=4))
    seen = visits.mark_seen(referral=ahead, actor=SYSTEM, now=NOW, seen_on=NOW.date())
    after = taken_back(seen)
    assert after.status == "scheduled" and after.appointment.kind == "initial"


def test_the_referring_office_hears_of_the_correction(world):
    seen = factories.referral(world, "seen")
    taken_back(seen)
    told = Message.objects.filter(topic="referral.corrected").get()
    assert told.recipient.name == world.ours.name
    assert "not seen on Nov 4, 2026" in told.context_full["text"] and "wrong chart" in told.context_full["text"]


def test_a_no_show_by_mistake_is_booked_again(world):
    missed = scheduling.no_show(referral=factories.referral(world, "scheduled"), actor=SYSTEM, now=NOW)
    after = taken_back(missed)
    assert after.status == "scheduled" and after.appointment.status == "booked"
    assert after.events.last().kind == "no_show_undone"


def test_an_acceptance_by_mistake(world):
    after = taken_back(factories.referral(world, "accepted"))
    assert after.status == "routed" and after.accepted_at is None
    assert after.events.last().kind == "acceptance_undone"
    assert Message.objects.filter(topic="referral.corrected").count() == 1


def test_what_was_built_upon_cannot_be_taken_back(world):
    seen = factories.referral(world, "seen")
    factories.attach_note(seen, status="preliminary")
    with pytest.raises(IllegalMove, match="note of the visit"):
        taken_back(Referral.objects.get(pk=seen.pk))
    again = factories.referral(world, "seen")
    again = scheduling.book(referral=again, actor=SYSTEM, now=LATER, starts_at=NOW + timedelta(days=3))
    with pytest.raises(IllegalMove, match="follow-up is booked"):
        taken_back(again)
    booked_since = scheduling.no_show(referral=factories.referral(world, "scheduled"), actor=SYSTEM, now=NOW)
    booked_since = scheduling.book(referral=booked_since, actor=SYSTEM, now=NOW, starts_at=NOW + timedelta(days=3))
    cancelled = scheduling.cancel_appointment(referral=booked_since, actor=SYSTEM, now=NOW, reason="ill")
    with pytest.raises(IllegalMove, match="last thing that happened"):
        taken_back(cancelled)


def test_a_missed_visit_elsewhere_does_not_come_back(world):
    missed = scheduling.no_show(referral=factories.referral(world, "scheduled"), actor=SYSTEM, now=NOW)
    declined = answering.decline(referral=missed, actor=SYSTEM, now=NOW, reason="moved away")
    for standing in (
        declined,
        holding.hold(
            referral=factories.referral(world), actor=SYSTEM, now=NOW, reason="x", until=NOW + timedelta(days=2)
        ),
    ):
        with pytest.raises(IllegalMove):
            taken_back(standing)


def test_it_needs_a_reason_and_the_receiving_side(world):
    seen = factories.referral(world, "seen")
    with pytest.raises(InvalidInput):
        taking_back.take_back(referral=seen, actor=SYSTEM, now=NOW, reason=" ")
    inbound = factories.referral(world, "seen", inbound=True)
    with pytest.raises(NotPermitted):
        taking_back.take_back(referral=inbound, actor=Actor.of_office(world.outside), now=NOW, reason="x")
    assert ending.targets("take_back", "closed") == ()
