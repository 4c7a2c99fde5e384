"""A retraction that was a mistake: the note counts again, and whatever it had closed is closed as it was."""

from datetime import timedelta

import pytest

from referrals.actions import incoming, retracting, taking_off
from referrals.errors import InvalidInput
from referrals.intake.reading import Found
from referrals.lifecycle.states import Status
from referrals.models import Document, Encounter, Referral
from tests import factories
from tests.factories import NOW, SYSTEM, patient_data
from tests.performing import check_invariants
from tests.referrals.actions.test_taking_off import stands
from tests.referrals.admin.conftest import ROLES, as_role, page_url
from tests.referrals.admin.incoming_documents import WHO, arrived, note

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def fresh(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def retracted(referral) -> Document:
    document = fresh(referral).note or referral.documents.last()
    retracting.retract_note(
        referral=referral, document=document, actor=SYSTEM, now=NOW + timedelta(hours=1), reason="x"
    )
    document.refresh_from_db()
    assert document.status == "retracted"
    return document


def restored(document, now=LATER):
    return retracting.restore_note(document=document, actor=SYSTEM, now=now, reason="another was meant")


@pytest.mark.parametrize("inbound", [False, True])
@pytest.mark.parametrize("status", ["note_returned", "closed"])
def test_everything_stands_as_before(world, status, inbound):
    referral = factories.referral(world, status, inbound=inbound)
    before, ended, note_at = stands(referral), fresh(referral).ended_at, fresh(referral).note_at
    billed = Encounter.objects.values("pk", "documented_for_billing", "documented_at").get()
    document = retracted(referral)
    assert fresh(referral).status == Status.SEEN
    assert not Encounter.objects.get().documented_for_billing
    restored(document)
    assert stands(referral) == before
    assert (fresh(referral).ended_at, fresh(referral).note_at) == (ended, note_at)
    assert Encounter.objects.values("pk", "documented_for_billing", "documented_at").get() == billed
    kinds = list(referral.events.order_by("version").values_list("kind", flat=True))
    assert "retraction_undone" in kinds[-2:]
    check_invariants(fresh(referral))


def test_a_draft_is_a_draft_again(world):
    referral = factories.referral(world, "seen")
    factories.attach_note(referral, status="preliminary")
    before = stands(referral)
    document = retracted(referral)
    restored(document)
    document.refresh_from_db()
    assert (document.status, stands(referral)) == ("preliminary", before)


def test_a_note_that_came_meanwhile_keeps_its_place(world):
    referral = factories.referral(world, "closed")
    document = retracted(referral)
    newer = factories.attach_note(fresh(referral), now=LATER).version.document
    assert fresh(referral).status == Status.NOTE_RETURNED
    restored(document)
    assert (fresh(referral).status, fresh(referral).note) == (Status.CLOSED, document)
    assert newer.counts_as_note
    check_invariants(fresh(referral))


def test_a_visit_documented_otherwise_by_now_is_left_to_a_person(world):
    referral = factories.referral(world, "closed")
    visit = referral.encounter
    document = retracted(referral)
    other = factories.captured(world, patient=None, patient_id=referral.patient_id).referral
    factories.attach_note(other, service_date=visit.occurred_on)
    incoming.decide.reconcile(referral=fresh(other), encounter=visit, actor=SYSTEM, now=LATER)
    restored(document)
    assert fresh(referral).status == Status.NOTE_RETURNED
    check_invariants(fresh(referral))


def test_what_it_implied_can_still_be_taken_off_afterwards(world):
    referral = factories.referral(world, "on_hold")
    before = stands(referral)
    factories.attach_note(referral, service_date=NOW.date())
    document = retracted(referral)
    restored(document)
    taking_off.detach_note(referral=fresh(referral), document=document, actor=SYSTEM, now=LATER, reason="not theirs")
    assert stands(referral) == before


def test_only_a_retracted_note_and_only_with_a_reason(world):
    referral = factories.referral(world, "closed")
    with pytest.raises(InvalidInput, match="not retracted any more"):
        restored(referral.note)
    with pytest.raises(InvalidInput, match="Say why"):
        retracting.restore_note(document=retracted(referral), actor=SYSTEM, now=LATER, reason=" ")


def test_the_very_file_that_was_retracted_is_no_repeat(world):
    referral = factories.referral(world, "seen")
    content = factories.note_bytes()
    factories.attach_note(referral, content=content)
    retracted(referral)
    with pytest.raises(InvalidInput, match="its author took back"):
        factories.attach_note(fresh(referral), content=content)


# -- as it comes in --------------------------------------------------------------------------------------------------
@pytest.fixture
def seen(world):
    return factories.in_status(world, "seen", patient=patient_data(**WHO))


def test_a_retraction_under_the_notes_own_id_reopens_and_is_undone(seen):
    arrived(note(seen))
    before = stands(seen)
    assert before["status"] == Status.CLOSED
    back = arrived(note(seen, status=Found("retracted")), now=LATER)
    decision = back.decisions.get()
    assert (back.state, decision.kind, fresh(seen).status) == ("matched", "retracted", Status.SEEN)
    incoming.undo(decision=decision, reason="mistake", actor=SYSTEM, now=LATER + timedelta(hours=1))
    back.refresh_from_db()
    assert (back.state, stands(seen)) == ("review", before)


def test_the_note_is_not_undone_before_its_retraction(seen):
    first = arrived(note(seen)).decisions.get()
    second = arrived(note(seen, status=Found("retracted")), now=LATER).decisions.get()
    with pytest.raises(InvalidInput, match="take that back first"):
        incoming.undo(decision=first, reason="x", actor=SYSTEM, now=LATER)
    for decision in (second, first):
        incoming.undo(decision=decision, reason="x", actor=SYSTEM, now=LATER)
    assert fresh(seen).status == Status.SEEN and fresh(seen).note is None


@pytest.mark.parametrize("role", ROLES)
def test_who_takes_a_retraction_back_on_the_page(seen, role):
    arrived(note(seen))
    document = retracted(seen)
    where = page_url(seen).replace("change/", f"documents/{document.pk}/unretract/")
    client, may = as_role(role), role in {"Coordinator", "Manager"}
    assert client.get(where).status_code == (200 if may else 403)
    assert (where in client.get(page_url(seen)).content.decode()) == may
    assert client.post(where, {"reason": ""}).status_code == (200 if may else 403)
    assert client.post(where, {"reason": "another was meant"}).status_code == (302 if may else 403)
    assert (fresh(seen).status == Status.CLOSED) == may
    assert client.get(where).status_code == (404 if may else 403)
