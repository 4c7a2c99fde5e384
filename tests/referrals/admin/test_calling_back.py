"""Decisions that made more than a note: the referral captured from a letter, the parts of a split, what was set aside."""

from datetime import timedelta

import pytest
from django.urls import reverse

from referrals.actions import ending, incoming, reviewing
from referrals.intake.arrivals import Sender, take_in
from referrals.models import IncomingDocument, Referral
from tests import factories
from tests.factories import NOW, SYSTEM
from tests.referrals.admin.conftest import as_role
from tests.referrals.admin.incoming_documents import address, arrived, note
from tests.referrals.admin.test_incoming_review import letter

pytestmark = pytest.mark.django_db
State = IncomingDocument.State


def undo_by_page(client, document):
    decision = document.decisions.get(undone_at__isnull=True)
    where = reverse("admin:referrals_incomingdocument_undo", kwargs={"decision": decision.pk})
    assert where in client.get(address(document)).content.decode()
    assert client.get(where).status_code == 200
    answer = client.post(where, {"reason": "taken for another"})
    document.refresh_from_db()
    return answer


# -- captured --------------------------------------------------------------------------------------------------------
@pytest.fixture
def captured(world) -> tuple[IncomingDocument, Referral]:
    document = arrived(letter(world))
    made = reviewing.capture_from(
        document=document, ask=factories.inbound_ask(world), idempotency_key="", actor=SYSTEM, now=NOW
    )
    document.refresh_from_db()
    return document, made.captured.referral


def test_a_referral_captured_by_mistake_is_voided_and_its_letter_waits(captured, coordinator, world):
    document, referral = captured
    refused = undo_by_page(coordinator, document)
    assert refused.status_code == 409 and "a manager may" in refused.content.decode()
    assert undo_by_page(as_role("Manager"), document).status_code == 302
    referral.refresh_from_db()
    assert (document.state, referral.status, referral.ending_reason.code) == (
        State.REVIEW,
        "cancelled",
        "entered_in_error",
    )
    assert not referral.documents.exclude(status="detached").exists()
    ask = factories.inbound_ask(world)
    again = reviewing.capture_from(document=document, ask=ask, idempotency_key="", actor=SYSTEM, now=NOW)
    assert again.captured.referral != referral


def test_one_that_ended_keeps_its_ending(captured, coordinator):
    document, referral = captured
    ending.mark_lost(referral=referral, reason=factories.reason("lost"), actor=SYSTEM, now=NOW)
    assert undo_by_page(coordinator, document).status_code == 302
    referral.refresh_from_db()
    assert (document.state, referral.status) == (State.REVIEW, "lost")


def test_one_that_went_on_is_ended_by_a_person_first(captured, coordinator):
    document, referral = captured
    factories.attach_note(referral)
    answer = undo_by_page(coordinator, document)
    assert answer.status_code == 409 and "went on since" in answer.content.decode()
    assert document.state == State.MATCHED


# -- split -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def whole(world) -> IncomingDocument:
    document = arrived(note(None, patients=()), name="fax.tif")
    split(document)
    return document


def split(document):
    reviewing.split(document=document, parts=[b"Page one.", b"Page two."], labels=["1", "2"], actor=SYSTEM, now=NOW)
    document.refresh_from_db()


def test_a_split_taken_back_sets_the_parts_aside_and_the_whole_waits(whole, coordinator):
    assert whole.parts.count() == 2
    assert undo_by_page(coordinator, whole).status_code == 302
    assert whole.state == State.REVIEW
    assert {(part.state, part.decisions.get().reason) for part in whole.parts.all()} == {
        (State.REJECTED, "The split was taken back.")
    }
    split(whole)  # and the parts are wanted again when it is split anew
    assert {part.state for part in whole.parts.all()} == {State.WAITING}


def test_a_split_stands_while_a_part_is_matched(whole, coordinator, world):
    part = whole.parts.first()
    referral = factories.referral(world, "seen")
    incoming.attach(document=part, referral=referral, taken_for=incoming.As("result", "final"), actor=SYSTEM, now=NOW)
    answer = undo_by_page(coordinator, whole)
    assert answer.status_code == 409 and part.filename in answer.content.decode()
    assert whole.state == State.SPLIT


# -- set aside -------------------------------------------------------------------------------------------------------
def sent(content: bytes, by: str, source_id: str = ""):
    sender = Sender("hl7", by, f"sender {by}")
    return take_in(content, filename="a.txt", sender=sender, now=NOW + timedelta(days=1), source_id=source_id).document


@pytest.mark.parametrize(
    ("by", "source_id", "state"),
    [
        ("office:1", "M1", State.REJECTED),  # the very arrival, repeated
        ("office:1", "M2", State.REVIEW),
        ("office:2", "M1", State.REVIEW),
    ],
)
def test_what_was_set_aside_and_comes_again_is_looked_at_again(db, by, source_id, state):
    content = factories.note_bytes()
    document = sent(content, "office:1", "M1")
    incoming.set_aside(document=document, reason="Not our patient", actor=SYSTEM, now=NOW)
    assert sent(content, by, source_id).state == state
    document.refresh_from_db()
    assert document.state == state
    if state == State.REVIEW:
        assert (
            document.review_because == f"It came again from sender {by}. Set aside before by RefLoop: Not our patient"
        )
        incoming.set_aside(document=document, reason="Still not", actor=SYSTEM, now=NOW)
