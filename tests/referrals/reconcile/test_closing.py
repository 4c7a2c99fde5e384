"""Closing: the note is reconciled to its encounter, found or inferred; an inbound one must also be delivered."""

from datetime import date, timedelta

import pytest

from referrals.errors import IllegalMove, InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.models import Encounter, Referral
from referrals.reconcile import decide
from tests import factories

NOW = factories.NOW
COMMON = {"actor": factories.SYSTEM, "now": NOW}
DAY = date(2026, 11, 2)


def returned(world, *, inbound=False, **note) -> Referral:
    referral = factories.referral(world, "accepted", inbound=inbound)
    factories.attach_note(referral, **{"service_date": DAY} | note)
    return Referral.objects.get(pk=referral.pk)


def visit(referral, day=DAY, **values) -> Encounter:
    defaults = {
        "patient": referral.patient, "office": referral.receiving_office, "provider": referral.receiving_provider,
        "occurred_on": day, "source": "interface", "created_at": NOW,
    }  # fmt: skip
    return Encounter.objects.create(**defaults | values)


def test_the_recorded_visit_is_found_and_documented(world):
    referral = factories.referral(world, "note_returned")
    closed = decide.reconcile(referral=referral, **COMMON)
    assert closed.encounter == referral.encounter
    assert closed.encounter.documented_for_billing
    assert closed.encounter.source == "recorded"
    assert closed.reconciliations.get().evidence[1].startswith("visit recorded on this referral")


def test_a_visit_from_an_interface_is_found_by_patient_provider_and_day(world):
    referral = returned(world)
    there = visit(referral)
    visit(referral, provider=world.outside_gp)
    visit(referral, day=DAY + timedelta(days=1))
    closed = decide.reconcile(referral=referral, **COMMON)
    assert closed.encounter == there


@pytest.mark.parametrize(("off", "found"), [(3, True), (-3, True), (4, False), (-4, False)])
def test_the_only_visit_within_three_days_is_taken(world, off, found):
    referral = returned(world)
    near = visit(referral, day=DAY + timedelta(days=off))
    closed = decide.reconcile(referral=referral, **COMMON)
    assert (closed.encounter == near) is found
    assert (closed.encounter.source == "inferred") is not found


def test_two_equal_visits_are_not_guessed_between(world):
    referral = returned(world)
    visit(referral, external_id="A")
    visit(referral, external_id="B")
    closed = decide.reconcile(referral=referral, **COMMON)
    assert closed.encounter.source == "inferred"
    assert "2 recorded visits fit equally" in closed.reconciliations.get().evidence[1]


def test_the_visit_of_another_patient_is_refused(world):
    other = visit(factories.referral(world, "accepted"))
    with pytest.raises(InvalidInput, match="another patient"):
        decide.reconcile(referral=returned(world), encounter=other, **COMMON)


def test_a_visit_already_documented_is_not_taken_again(world):
    first = returned(world)
    closed = decide.reconcile(referral=first, **COMMON)
    second = factories.captured(world, patient=None, patient_id=first.patient_id).referral
    factories.attach_note(second, service_date=DAY)
    again = decide.reconcile(referral=Referral.objects.get(pk=second.pk), **COMMON)
    assert again.encounter != closed.encounter


def test_inbound_closes_when_the_note_was_delivered(world):
    settled = decide.reconcile(referral=returned(world, inbound=True), **COMMON)
    assert (settled.status, settled.document_status) == ("note_returned", "reconciled")
    closed = decide.acknowledge(referral=settled, actor=Actor.of_office(world.outside), now=NOW)
    assert (closed.status, closed.document_status, closed.delivered_at) == ("closed", "delivered", NOW)
    assert closed.events.last().kind == "closed"


def test_inbound_may_be_delivered_before_it_is_reconciled(world):
    delivered = decide.acknowledge(referral=returned(world, inbound=True), how="fax confirmed", **COMMON)
    assert delivered.status == "note_returned"
    assert decide.reconcile(referral=delivered, **COMMON).status == "closed"


def test_an_outbound_note_is_not_delivered_to_anybody(world):
    with pytest.raises(IllegalMove, match="inbound"):
        decide.acknowledge(referral=returned(world), how="x", **COMMON)


def test_staff_say_how_they_know_of_the_delivery(world):
    settled = decide.reconcile(referral=returned(world, inbound=True), **COMMON)
    with pytest.raises(InvalidInput, match="Say how you know"):
        decide.acknowledge(referral=settled, actor=Actor.staff(factories.user()), now=NOW)


def test_an_amendment_of_a_delivered_note_has_to_be_delivered_again(world):
    closed = factories.referral(world, "closed", inbound=True)
    factories.attach_note(closed, status="amended")
    closed.refresh_from_db()
    assert (closed.status, closed.document_status) == ("closed", "reconciled")
    again = decide.acknowledge(referral=closed, how="fax confirmed", **COMMON)
    assert (again.status, again.document_status) == ("closed", "delivered")
