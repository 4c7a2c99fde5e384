"""Notes: final ones return, early ones imply the visit, unsigned ones wait, amended, retracted and wrong ones."""

from datetime import date, timedelta

import pytest

from referrals.actions import answering, ending, retracting, scheduling, taking_off
from referrals.errors import IllegalMove, InvalidInput
from referrals.models import Document, Referral
from referrals.reconcile import decide
from tests import factories
from tests.performing import check_invariants

NOW = factories.NOW
COMMON = {"actor": factories.SYSTEM, "now": NOW}


def attach(referral, **values) -> Referral:
    factories.attach_note(referral, **values)
    return Referral.objects.get(pk=referral.pk)


def test_a_final_note_returns(world):
    returned = attach(factories.referral(world, "seen"))
    assert (returned.status, returned.document_status, returned.note_at) == ("note_returned", "final", NOW)
    assert returned.note.versions.get().sha256


@pytest.mark.parametrize("status", ["received", "routed", "accepted", "scheduled", "on_hold", "cancel_requested"])
def test_a_note_before_anyone_recorded_the_visit_implies_it(world, status):
    returned = attach(factories.referral(world, status), service_date=date(2026, 11, 2))
    assert returned.status == "note_returned"
    assert returned.seen_at.date() == date(2026, 11, 2)
    check_invariants(returned)


@pytest.mark.parametrize("note_status", ["preliminary", "interim"])
def test_an_unsigned_or_interim_note_waits(world, note_status):
    waiting = attach(factories.referral(world, "scheduled"), status=note_status)
    assert (waiting.status, waiting.document_status) == ("seen", note_status)
    with pytest.raises(IllegalMove):
        decide.reconcile(referral=waiting, **COMMON)
    signed = attach(waiting, supersedes=waiting.documents.get())
    assert (signed.status, signed.documents.get().versions.count()) == ("note_returned", 2)


def test_other_documents_move_nothing(world):
    referral = attach(factories.referral(world, "routed"), kind=Document.Kind.RESULT)
    assert (referral.status, referral.document_status) == ("routed", "none")


@pytest.mark.parametrize("status", ["lost", "closed_without_note"])
def test_a_late_note_brings_a_given_up_referral_back(world, status):
    back = attach(factories.referral(world, status))
    assert (back.status, back.ending_reason, back.ended_at) == ("note_returned", None, None)
    check_invariants(back)


def test_a_cancelled_referral_is_reopened_by_a_person_first(world):
    cancelled = factories.referral(world, "cancelled")
    with pytest.raises(IllegalMove) as refused:
        attach(cancelled)
    assert "reopen" in refused.value.allowed


def test_the_same_bytes_are_one_version(world):
    referral = factories.referral(world, "seen")
    content = factories.note_bytes()
    first = factories.attach_note(referral, content=content)
    version = Referral.objects.get(pk=referral.pk).version
    again = factories.attach_note(referral, content=content)
    assert (first.created, again.created, again.version) == (True, False, first.version)
    assert Referral.objects.get(pk=referral.pk).version == version


def test_the_same_bytes_on_another_patient_are_refused(world):
    content = factories.note_bytes()
    factories.attach_note(factories.referral(world, "seen"), content=content)
    with pytest.raises(InvalidInput, match="another patient"):
        factories.attach_note(factories.referral(world, "seen"), content=content)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"service_date": NOW.date() + timedelta(days=1)}, "service_date"),
        ({"service_date": date(1950, 1, 1)}, "service_date"),
        ({"status": "retracted"}, "status"),
    ],
)
def test_impossible_details_are_refused(world, details, field):
    with pytest.raises(InvalidInput) as refused:
        attach(factories.referral(world, "seen"), **details)
    assert refused.value.fields[0][0] == field


def test_an_amended_note_on_a_closed_referral_is_a_new_version(world):
    closed = factories.referral(world, "closed")
    amended = attach(closed, status="amended")
    assert amended.status == "closed"
    assert [v.status for v in amended.note.versions.all()] == ["final", "amended"]
    check_invariants(amended)


def test_a_retracted_note_reopens(world):
    closed = factories.referral(world, "closed")
    encounter = closed.encounter
    back = retracting.retract_note(referral=closed, document=closed.note, reason="wrong text", **COMMON)
    assert (back.status, back.document_status, back.note, back.reconciled_at) == ("seen", "retracted", None, None)
    encounter.refresh_from_db()
    assert not encounter.documented_for_billing
    standing = back.reconciliations.get()
    assert (standing.undone_reason, standing.undone_at) == ("wrong text", NOW)
    check_invariants(back)


def test_retracting_one_of_two_final_notes_leaves_the_other(world):
    returned = attach(factories.referral(world, "note_returned"))
    first, second = returned.documents.all()
    back = retracting.retract_note(referral=returned, document=first, reason="x", **COMMON)
    assert (back.status, back.note) == ("note_returned", second)


def test_retracting_an_extra_document_leaves_a_closed_referral_closed(world):
    closed = attach(factories.referral(world, "closed"), status="preliminary")
    extra = closed.documents.get(status="preliminary")
    still = retracting.retract_note(referral=closed, document=extra, reason="x", **COMMON)
    assert still.status == "closed"
    check_invariants(still)


@pytest.mark.parametrize("status", ["received", "routed", "accepted", "scheduled"])
def test_a_wrong_match_is_undone_with_all_it_implied(world, status):
    before = factories.referral(world, status)
    returned = attach(before)
    closed = decide.reconcile(referral=returned, **COMMON)
    assert closed.status == "closed"
    back = taking_off.detach_note(referral=closed, document=closed.note, reason="another patient", **COMMON)
    assert back.status == status
    assert (back.seen_at, back.note, back.reconciled_at, back.document_status) == (None, None, None, "none")
    assert back.receiving_office == before.receiving_office
    if status == "scheduled":
        assert back.appointment.status == "booked"
    check_invariants(back)


def test_a_note_before_a_booked_visit_turns_it_into_a_follow_up(world):
    accepted = factories.referral(world, "accepted")
    booked = scheduling.book(referral=accepted, starts_at=NOW + timedelta(days=9), **COMMON)
    returned = attach(booked)
    assert returned.appointments.get().kind == "follow_up"
    back = taking_off.detach_note(referral=returned, document=returned.note, reason="x", **COMMON)
    assert (back.status, back.appointment.kind) == ("scheduled", "initial")


def test_reopening_a_closed_referral_undoes_its_reconciliation(world):
    reopened = ending.reopen(referral=factories.referral(world, "closed"), comment="wrong visit", **COMMON)
    assert (reopened.status, reopened.reconciled_at) == ("note_returned", None)
    assert decide.reconcile(referral=reopened, **COMMON).status == "closed"


def test_a_draft_of_a_specialist_who_declines_is_taken_off(world):
    seen = factories.referral(world, "scheduled")
    draft = attach(seen, status="preliminary").documents.get()
    factories.attach_note(seen, kind="referral_letter", now=NOW)
    again = answering.decline(referral=seen, reason="not our field", **COMMON)
    event = again.events.get(kind="declined")
    assert event.data["documents_taken_off"] == [draft.pk]
    assert again.document_status == "none"
    assert [d.status for d in again.documents.all()] == ["detached", "final"]
    assert draft.versions.get().file.size  # the bytes stay
    check_invariants(again)


@pytest.mark.parametrize("status", ["preliminary", "interim"])
def test_a_signed_note_is_not_replaced_by_an_unsigned_one(world, status):
    for returned in (factories.referral(world, "note_returned"), factories.referral(world, "closed")):
        with pytest.raises(InvalidInput, match="A signed note is not replaced"):
            factories.attach_note(returned, status=status, supersedes=returned.note)
        returned.refresh_from_db()
        assert returned.note.counts_as_note
