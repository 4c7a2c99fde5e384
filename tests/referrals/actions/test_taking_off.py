"""Taking a document off again puts everything back as it was."""

from datetime import timedelta

import pytest

from referrals.actions import contacts, ending, incoming, notes, taking_off
from referrals.errors import InvalidInput, NotPermitted
from referrals.intake.arrivals import Sender, take_in
from referrals.lifecycle import stalls
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Status
from referrals.models import Document, IncomingDocument, Referral
from referrals.reconcile import decide
from tests import factories
from tests.factories import NOW, SYSTEM
from tests.performing import check_invariants

pytestmark = pytest.mark.django_db
WHAT_STANDS = (
    "status", "stage", "appointment_status", "document_status", "ending_reason_id", "ending_comment", "hold_until",
    "hold_reason", "stage_since", "clock_from", "overdue_since", "seen_at", "note_id", "encounter_id", "receiving_office_id", "appointment_id", "reconciled_at",
)  # fmt: skip


@pytest.fixture
def world():
    return factories.make_world()


def stands(referral: Referral) -> dict:
    fresh = Referral.objects.get(pk=referral.pk)
    ended = fresh.ended_at if fresh.status != Status.CLOSED else None
    return {name: getattr(fresh, name) for name in WHAT_STANDS} | {"ended_at": ended}


def came_in(content: bytes | None = None) -> IncomingDocument:
    sender = Sender("upload", "user:1", "Casey")
    return take_in(content or factories.note_bytes(), filename="note.txt", sender=sender, now=NOW).document


def attached(document, referral, kind="consult_note", status="final", now=NOW):
    taken_for = incoming.As(kind=kind, status=status)
    return incoming.attach(document=document, referral=referral, taken_for=taken_for, actor=SYSTEM, now=now)


def undone(decision):
    return incoming.undo(decision=decision, reason="another patient", actor=SYSTEM, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    "status",
    [
        "received",
        "routed",
        "accepted",
        "scheduled",
        "seen",
        "on_hold",
        "cancel_requested",
        "lost",
        "closed_without_note",
    ],
)
@pytest.mark.parametrize("note", ["final", "preliminary"])
def test_undo_of_a_match_restores_everything(world, status, note):
    referral = factories.referral(world, status)
    before = stands(referral)
    decision = attached(came_in(), referral, status=note)
    assert stands(referral) != before
    document = undone(decision)
    assert stands(referral) == before
    assert document.state == "review"
    assert document.review_because == "The decision was taken back: another patient"
    assert referral.events.last().kind == "note_detached"
    check_invariants(referral)


def test_the_clock_of_a_late_referral_never_stopped(world):
    referral = factories.referral(world, "seen")
    late = NOW + timedelta(days=40)
    stalls.sweep(now=late)
    before = stands(referral)
    assert before["overdue_since"] is not None
    decision = attached(came_in(), referral, now=late)
    incoming.undo(decision=decision, reason="another patient", actor=SYSTEM, now=late + timedelta(hours=1))
    assert stands(referral) == before
    assert Referral.objects.get(pk=referral.pk).next_escalation_at <= late  # and the sweep looks at once


@pytest.mark.parametrize("kind", ["result", "other"])
def test_undo_of_filing(world, kind):
    referral = factories.referral(world, "closed")
    before = stands(referral)
    decision = attached(came_in(), referral, kind=kind)
    undone(decision)
    assert stands(referral) == before
    assert referral.events.last().kind == "document_removed"
    assert decision.version.document.status != Document.Status.DETACHED
    decision.version.document.refresh_from_db()
    assert decision.version.document.status == Document.Status.DETACHED


def test_an_amendment_taken_off_leaves_the_version_before_it(world):
    referral = factories.referral(world, "seen")
    attached(came_in(), referral)
    referral.refresh_from_db()
    before = stands(referral)
    decision = attached(came_in(), referral, status="amended")
    assert referral.events.last().kind == "note_amended"
    undone(decision)
    assert stands(referral) == before
    note = referral.documents.get()
    assert (note.status, [v.status for v in note.versions.all()]) == ("final", ["final", "detached"])
    again = attached(IncomingDocument.objects.get(pk=decision.document_id), referral, status="amended")
    assert again.version == decision.version
    assert Document.objects.get().status == "amended"


def test_a_signature_taken_off_leaves_the_draft(world):
    referral = factories.referral(world, "seen")
    draft = attached(came_in(), referral, status="preliminary")
    before = stands(referral)
    stored = incoming.stored_bytes(came_in())
    details = notes.NoteDetails(supersedes=draft.version.document)
    final = notes.attach(referral=referral, stored=stored, details=details, actor=SYSTEM, now=NOW)
    decide.reconcile(referral=referral, actor=SYSTEM, now=NOW)
    taking_off.take_off(version=final.version, before=final.before, actor=SYSTEM, now=NOW, reason="not this patient")
    assert stands(referral) == before
    check_invariants(referral)


def test_another_note_proves_the_visit_as_well(world):
    referral = factories.referral(world, "scheduled")
    before = stands(referral)
    draft = attached(came_in(), referral, status="preliminary")
    final = attached(came_in(), referral)
    seen_at = Referral.objects.get(pk=referral.pk).seen_at
    undone(draft)
    referral.refresh_from_db()
    assert (referral.status, referral.seen_at) == (Status.CLOSED, seen_at)
    check_invariants(referral)
    undone(final)  # now nothing shows that the patient was seen
    assert stands(referral) | {"stage_since": None} == before | {"stage_since": None}


def test_a_document_taken_off_meanwhile_is_neither_replaced_nor_taken_off_again(world):
    referral = factories.referral(world, "seen")
    decision = attached(came_in(), referral, status="preliminary")
    as_it_was = Document.objects.get()
    attached(came_in(), referral, status="preliminary")  # a note that stands
    undone(decision)
    with pytest.raises(InvalidInput):
        taking_off.detach_note(referral=referral, document=as_it_was, actor=SYSTEM, now=NOW, reason="again")
    details = notes.NoteDetails(supersedes=Document(pk=as_it_was.pk, referral=referral, status="preliminary"))
    with pytest.raises(InvalidInput, match="not on this referral"):
        notes.attach(referral=referral, stored=incoming.stored_bytes(came_in()), details=details, actor=SYSTEM, now=NOW)


def test_what_somebody_did_since_is_kept(world):
    referral = factories.referral(world, "lost")
    decision = attached(came_in(), referral, status="preliminary")
    ending.close_without_note(referral=referral, reason=factories.reason("closed_without_note"), actor=SYSTEM, now=NOW)
    ending.reopen(referral=referral, comment="after all", actor=SYSTEM, now=NOW)
    undone(decision)
    referral.refresh_from_db()
    assert referral.status == Status.ROUTED  # the facts decide, not what it was long ago
    check_invariants(referral)


def test_contacts_in_between_do_not_hinder(world):
    referral = factories.referral(world, "on_hold")
    before = stands(referral)
    decision = attached(came_in(), referral, status="preliminary")
    contacts.comment_on(referral=referral, text="called", actor=SYSTEM, now=NOW)
    undone(decision)
    assert stands(referral) == before


def test_twice_and_without_reason_or_permission(world):
    decision = attached(came_in(), factories.referral(world, "seen"))
    with pytest.raises(InvalidInput):
        incoming.undo(decision=decision, reason=" ", actor=SYSTEM, now=NOW)
    with pytest.raises(NotPermitted):
        incoming.undo(decision=decision, reason="x", actor=Actor.staff(factories.user("Auditor")), now=NOW)
    undone(decision)
    with pytest.raises(incoming.AlreadyDecided):
        undone(decision)


def test_set_aside_and_back(world):
    document = came_in()
    decision = incoming.set_aside(document=document, reason="advertising", actor=SYSTEM, now=NOW)
    with pytest.raises(incoming.AlreadyDecided):
        attached(document, factories.referral(world, "seen"))
    assert undone(decision).state == "review"


def test_what_does_not_say_what_it_is_must_be_said(world):
    with pytest.raises(InvalidInput) as refused:
        incoming.attach(
            document=came_in(),
            referral=factories.referral(world, "seen"),
            taken_for=incoming.As(),
            actor=SYSTEM,
            now=NOW,
        )
    assert [path for path, _ in refused.value.fields] == ["kind", "status"]


def put_on(document, world, status="seen"):
    referral = factories.referral(world, status)
    attached(document, referral)
    return Referral.objects.get(pk=referral.pk)


def off_by_hand(referral, document):
    taking_off.detach_note(referral=referral, document=document, actor=SYSTEM, now=NOW, reason="another patient's")


def off_by_version(referral, document):
    taking_off.take_off(version=document.versions.last(), actor=SYSTEM, now=NOW, reason="another patient's")


@pytest.mark.parametrize(
    ("way", "kind"), [(off_by_hand, "consult_note"), (off_by_version, "consult_note"), (off_by_version, "result")]
)
def test_what_is_taken_off_on_the_referral_waits_in_review_again(world, way, kind):
    referral, document = factories.referral(world, "seen"), came_in()
    decision = attached(document, referral, kind=kind)
    way(referral, referral.documents.get())
    document.refresh_from_db()
    decision.refresh_from_db()
    assert (document.state, decision.undone_reason) == ("review", "another patient's")
    assert document.review_because == "The decision was taken back: another patient's"
    assert attached(document, factories.referral(world, "seen")).referral != referral


def test_what_cannot_be_taken_off_stays_matched(world):
    document = came_in()
    referral = put_on(document, world)
    with pytest.raises(InvalidInput):
        taking_off.detach_note(
            referral=referral, document=factories.attach_note(factories.referral(world, "seen")).version.document,
            actor=SYSTEM, now=NOW, reason="x",
        )  # fmt: skip
    document.refresh_from_db()
    assert document.state == "matched"


def test_a_decision_whose_document_is_off_already_can_be_taken_back(world):
    document = came_in()
    referral = put_on(document, world)
    Document.objects.filter(referral=referral).update(status="detached")
    assert undone(document.decisions.get()).state == "review"


def test_a_version_of_a_result_comes_off_and_the_one_before_stays(world):
    referral = factories.referral(world, "seen")
    first = factories.attach_note(referral, kind="result").version
    second = factories.attach_note(referral, kind="result", status="amended", supersedes=first.document).version
    taking_off.take_off(version=second, actor=SYSTEM, now=NOW, reason="another patient's")
    second.refresh_from_db()
    assert (second.status, second.document.status) == ("detached", "final")
    assert referral.events.last().data["version"] == 2
