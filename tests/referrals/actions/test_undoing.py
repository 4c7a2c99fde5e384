"""One's own last step is undone by one call, within half an hour and never over somebody else's."""

from datetime import timedelta

import pytest

from referrals.actions import answering, contacts, ending, holding, scheduling, snoozing, undoing, visits
from referrals.admin.referral.timeline import told
from referrals.errors import InvalidInput, StaleVersion
from referrals.lifecycle.actor import Actor
from referrals.models import Coordinator, Provider, Referral
from referrals.reconcile import decide
from referrals.routing import assign, choose
from tests import factories
from tests.factories import NOW, SYSTEM
from tests.performing import check_invariants

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=3)


@pytest.fixture
def maya():
    return Actor.staff(factories.user("Manager", first_name="Maya"))


def undone(referral: Referral, actor: Actor, *, after=timedelta(minutes=1), version: int | None = None) -> Referral:
    referral = Referral.objects.get(pk=referral.pk)
    done = undoing.undo_last(
        referral=referral, actor=actor, now=NOW + after, expected_version=version or referral.version
    )
    check_invariants(done)
    return done


DONE = {
    "contact": ("accepted", lambda c: contacts.log_contact(**c, outcome="no_answer")),
    "seen": ("scheduled", lambda c: visits.mark_seen(**c)),
    "no-show": ("scheduled", lambda c: scheduling.no_show(**c)),
    "accepted": ("routed", lambda c: answering.accept(**c)),
    "held": ("scheduled", lambda c: holding.hold(**c, reason="MRI", until=SOON)),
    "asked": ("accepted", lambda c: answering.request_information(**c, question="ECG?")),
    "snoozed": ("accepted", lambda c: snoozing.snooze(**c, reason="travels", until=SOON)),
    "cancel asked": ("scheduled", lambda c: ending.cancel(**c, comment="not needed")),
    "cancelled": ("routed", lambda c: ending.cancel(**c, comment="not needed")),
    "lost": ("scheduled", lambda c: ending.mark_lost(**c, reason=factories.reason("lost"))),
    "voided": ("scheduled", lambda c: ending.void(**c, reason=factories.reason("cancelled", excluded=True))),
    "ended": ("seen", lambda c: ending.close_without_note(**c, reason=factories.reason("closed_without_note"))),
    "reconciled": ("note_returned", lambda c: decide.reconcile(**c)),
    "booked": ("accepted", lambda c: scheduling.book(**c, starts_at=SOON)),
    "visit cancelled": ("scheduled", lambda c: scheduling.cancel_appointment(**c, reason="ill")),
    "note": ("seen", lambda c: factories.attach_note(c["referral"], actor=c["actor"])),
    "document": ("routed", lambda c: factories.attach_note(c["referral"], actor=c["actor"], kind="result")),
}


@pytest.mark.parametrize(("status", "step"), DONE.values(), ids=DONE)
def test_a_step_is_undone(world, maya, status, step):
    on = factories.referral(world, status)
    step({"referral": on, "actor": maya, "now": NOW})
    after = undone(on, maya)
    assert after.status == status
    assert (after.appointment and after.appointment.starts_at) == (on.appointment and on.appointment.starts_at)
    assert after.snoozed_until is None and after.hold_until is None


def test_the_owner_before_has_it_again(world, maya):
    on = factories.referral(world)
    assign.reassign(referral=on, owner=Coordinator.objects.create(name="Robin"), actor=maya, now=NOW)
    assert undone(on, maya).owner == on.owner


def test_a_moved_visit_moves_back(world, maya):
    on = factories.referral(world, "scheduled")
    scheduling.reschedule(referral=on, starts_at=SOON, actor=maya, now=NOW)
    assert undone(on, maya).appointment.starts_at == on.appointment.starts_at


@pytest.mark.parametrize("status", ["routed", "accepted", "scheduled"])
def test_the_specialist_before_has_it_again(world, maya, status):
    on = factories.referral(world, status)
    before = (on.receiving_office, on.receiving_provider)
    other = factories.provider(world.outside, specialty=world.cardiology)
    chosen = choose.route_by_hand(
        referral=on, office=world.outside, provider=other, comment="asked for", actor=maya, now=NOW
    )
    assert (chosen.status, chosen.receiving_provider) == ("routed", other)
    after = undone(on, maya)
    assert after.status == status and (after.receiving_office, after.receiving_provider) == before
    assert (after.appointment and after.appointment.starts_at) == (on.appointment and on.appointment.starts_at)


def test_a_contact_taken_back_is_no_try_and_stays_in_the_timeline(world, maya):
    on = factories.referral(world, "accepted")
    for outcome in ("no_answer", "refused"):
        contacts.log_contact(referral=on, outcome=outcome, actor=maya, now=NOW)
    after = undone(on, maya)
    assert [attempt.outcome for attempt in after.contact_attempts.all()] == ["no_answer"]
    logged, taken_back = after.events.order_by("version").reverse()[:2][::-1]
    assert (logged.kind, taken_back.kind) == ("contact_logged", "contact_undone")
    assert told(taken_back) == "Taken back: phone to the patient: reached: does not want the visit"
    with pytest.raises(InvalidInput):  # it is not undone again, nor the one before
        undone(after, maya)


@pytest.mark.parametrize("whole_office", [False, True])
@pytest.mark.parametrize("goes_to", ["received", "routed"])
@pytest.mark.parametrize("status", ["routed", "accepted", "scheduled"])
def test_who_did_not_decline_has_it_again(world, maya, status, goes_to, whole_office):
    on = factories.referral(world, status)
    if goes_to == "received":  # nobody else is left
        Provider.objects.exclude(pk=on.receiving_provider_id).update(active=False)
    before = (on.receiving_office, on.receiving_provider)
    declined = answering.decline(referral=on, actor=maya, now=NOW, reason="full", whole_office=whole_office)
    assert declined.status == goes_to
    after = undone(on, maya)
    assert after.status == status and (after.receiving_office, after.receiving_provider) == before
    assert (after.appointment and after.appointment.starts_at) == (on.appointment and on.appointment.starts_at)
    assert not after.exclusions.exists()


def test_a_decline_is_undone_only_by_whoever_entered_it(world, maya):
    on = factories.referral(world)
    answering.decline(referral=on, actor=Actor.staff(factories.user("Manager")), now=NOW, reason="full")
    with pytest.raises(InvalidInput):
        undone(on, maya)


def test_a_decline_after_the_visit_stands(world, maya):
    on = factories.referral(world, "seen")
    answering.decline(referral=on, actor=maya, now=NOW, reason="not ours")
    with pytest.raises(InvalidInput):
        undone(on, maya)


def test_who_was_chosen_first_is_changed_by_choosing_again(world, maya):
    on = factories.referral(world, "received")
    chosen = {"office": world.outside, "provider": world.outside_cardiologist, "comment": "they take her after all"}
    on = choose.route_by_hand(referral=on, **chosen, actor=maya, now=NOW)
    with pytest.raises(InvalidInput):  # there is nobody to go back to
        undone(on, maya)


@pytest.mark.parametrize(("after", "possible"), [(29, True), (30, True), (31, False)])
def test_only_for_half_an_hour(world, maya, after, possible):
    on = answering.accept(referral=factories.referral(world), actor=maya, now=NOW)
    if possible:
        assert undone(on, maya, after=timedelta(minutes=after)).status == "routed"
        return
    with pytest.raises(InvalidInput):
        undone(on, maya, after=timedelta(minutes=after))


def test_never_somebody_elses_nor_over_what_came_since(world, maya):
    on = answering.accept(referral=factories.referral(world), actor=maya, now=NOW)
    with pytest.raises(InvalidInput):
        undone(on, Actor.staff(factories.user()))
    with pytest.raises(InvalidInput):
        undone(on, SYSTEM)
    contacts.comment_on(referral=on, actor=SYSTEM, now=NOW, text="ECG is here")
    with pytest.raises(StaleVersion):
        undone(on, maya, version=on.version)
    with pytest.raises(InvalidInput):
        undone(on, maya)
    assert Referral.objects.get(pk=on.pk).status == "accepted"


def test_who_may_only_look_undoes_nothing(world):
    user = factories.user("Coordinator")
    on = answering.accept(referral=factories.referral(world), actor=Actor.staff(user), now=NOW)
    user.groups.clear()
    with pytest.raises(InvalidInput):
        undone(on, Actor.staff(type(user).objects.get(pk=user.pk)))
