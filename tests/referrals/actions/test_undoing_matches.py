"""Undo takes back what a match changed, and nothing that somebody else did."""

from datetime import timedelta

import pytest

from referrals.actions import incoming, notes, taking_off
from referrals.intake.receive import store
from referrals.lifecycle.states import Status
from referrals.models import Referral
from tests import factories
from tests.factories import NOW, SYSTEM
from tests.performing import check_invariants
from tests.referrals.actions.test_taking_off import attached, came_in, stands, undone

pytestmark = pytest.mark.django_db


def put_there(referral, content, status="final", **details):
    """The office attaches it itself, by the API."""
    stored = store(content, filename="own.txt")
    return notes.attach(
        referral=referral, stored=stored, details=notes.NoteDetails(status=status, **details), actor=SYSTEM, now=NOW
    ).version


def fresh(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


@pytest.mark.parametrize(("status", "told"), [("final", "settling_undone"), ("preliminary", "match_undone")])
def test_undo_leaves_what_somebody_else_had_attached(world, status, told):
    referral = factories.referral(world, "seen")
    content = factories.note_bytes()
    theirs = put_there(referral, content, status=status)
    before = stands(referral)
    decision = attached(came_in(content), referral, status=status)
    assert decision.version == theirs and decision.effect == "confirmed"
    undone(decision)
    theirs.refresh_from_db()
    assert (theirs.status, theirs.document.status) == (status, status)
    assert stands(referral) == before
    assert referral.events.last().kind == told
    check_invariants(fresh(referral))


def test_undo_of_a_confirmation_takes_back_the_closing_it_brought(world):
    referral = factories.referral(world, "seen")
    content = factories.note_bytes()
    put_there(referral, content)
    before = stands(referral)
    decision = attached(came_in(content), referral)
    assert fresh(referral).status == Status.CLOSED
    undone(decision)
    assert stands(referral) == before
    assert fresh(referral).encounter.documented_for_billing is False
    check_invariants(fresh(referral))


def test_undo_of_a_confirmation_keeps_the_closing_somebody_else_brought(world):
    referral = factories.referral(world, "closed")
    content = factories.note_bytes()
    put_there(referral, content, status="amended")
    before = stands(referral)
    undone(attached(came_in(content), referral, status="amended"))
    assert stands(referral) == before


def test_undo_of_a_signature_leaves_the_draft_somebody_else_attached(world):
    referral = factories.referral(world, "seen")
    content = factories.note_bytes()
    draft = put_there(referral, content, status="preliminary")
    before = stands(referral)
    taken_for = incoming.As(kind="consult_note", status="final", service_date=NOW.date())
    later = NOW + timedelta(days=3)
    decision = incoming.attach(
        document=came_in(content), referral=fresh(referral), taken_for=taken_for, actor=SYSTEM, now=later
    )
    assert decision.effect == "signed" and fresh(referral).status == Status.CLOSED
    incoming.undo(decision=decision, reason="another patient", actor=SYSTEM, now=later + timedelta(hours=1))
    draft.refresh_from_db()
    assert (draft.status, draft.document.status, draft.document.service_date) == ("preliminary", "preliminary", None)
    assert stands(referral) == before
    check_invariants(fresh(referral))


def test_undo_of_an_amendment_restores_the_day_and_the_delivery(world):
    referral = factories.referral(world, "closed", inbound=True)
    before, note = stands(referral), referral.note
    day = note.service_date
    taken_for = incoming.As(kind="consult_note", status="amended", service_date=NOW.date() - timedelta(days=1))
    decision = incoming.attach(document=came_in(), referral=referral, taken_for=taken_for, actor=SYSTEM, now=NOW)
    undone(decision)
    note.refresh_from_db()
    assert note.service_date == day
    assert stands(referral) == before


def test_undo_of_a_version_goes_on_with_the_clock_of_the_stage(world):
    referral = factories.referral(world, "seen")
    draft = attached(came_in(), referral, status="preliminary")
    before = stands(referral)
    later = NOW + timedelta(days=3)
    final = notes.attach(
        referral=fresh(referral), stored=incoming.stored_bytes(came_in()), actor=SYSTEM, now=later,
        details=notes.NoteDetails(supersedes=draft.version.document),
    )  # fmt: skip
    taking_off.take_off(version=final.version, before=final.before, actor=SYSTEM, now=later, reason="not this one")
    assert stands(referral) == before


def test_undo_of_an_amendment_takes_back_the_closing_it_brought(world):
    referral = factories.referral(world, "seen")
    put_there(referral, factories.note_bytes())
    before = stands(referral)
    decision = attached(came_in(), referral, status="amended")
    assert fresh(referral).status == Status.CLOSED
    undone(decision)
    assert stands(referral) == before
    assert not referral.reconciliations.filter(undone_at__isnull=True).exists()
