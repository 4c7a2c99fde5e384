"""An incoming document ends exactly once: matched, in review with a reason, set aside or split."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DataError, OperationalError

from referrals import pipeline
from referrals.capture.create import capture
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.reading import (
    Embedded,
    Found,
    Identifier,
    Moment,
    Name,
    Party,
    Patient,
    Reading,
    Relation,
    to_json,
)
from referrals.intake.sandbox import Answer, Sandbox
from referrals.lifecycle.states import Status
from referrals.models import Document, IncomingDocument, MatchDecision, Referral
from tests import factories
from tests.factories import NOW, note_bytes, patient_data
from tests.referrals.intake.parsers.made import bundle

pytestmark = pytest.mark.django_db
State = IncomingDocument.State
WHO = {"family_name": "Public", "given_name": "William", "birth_date": date(1961, 3, 4)}


class Reads:
    """A sandbox that gives what the test wants read, one answer after the other."""

    def __init__(self, *answers):
        self.answers = [one if isinstance(one, Answer) else Answer((to_json(one),), seconds=0.1) for one in answers]
        self.read_bytes = []

    def read(self, content: bytes) -> Answer:
        self.read_bytes.append(content)
        answer = self.answers.pop(0)
        if answer.error == "die":
            raise KeyboardInterrupt
        return answer


@pytest.fixture
def world():
    return factories.make_world()


@pytest.fixture
def seen(world) -> Referral:
    return factories.in_status(world, "seen", patient=patient_data(**WHO))


def note(referral: Referral, **values) -> Reading:
    by = referral.receiving_provider
    reading = Reading(
        format="test",
        patients=(
            Patient(names=(Found(Name("Public", ("William",))),), birth_date=Found(Moment("19610304", "1961-03-04"))),
        ),
        kind=Found("consult_note"),
        status=Found("final"),
        text="Seen in consultation.",
        document_id=Found(Identifier("D1", "1.2.3")),
        visit_at=Found(Moment("", "2026-11-04")),
        authors=(Found(Party(Name(by.family_name, (by.given_name,)), npi=by.npi)),),
    )
    return replace(reading, **values)


def arrive(content: bytes | None = None) -> IncomingDocument:
    sender = Sender("folder", "folder:fax", "fax")
    return take_in(content or note_bytes(), filename="fax.txt", sender=sender, now=NOW).document


def through(*answers, document: IncomingDocument | None = None, now=NOW) -> IncomingDocument:
    document = document or arrive()
    pipeline.process(document.pk, sandbox=Reads(*answers), now_fn=lambda: now)
    document.refresh_from_db()
    return document


def test_a_final_note_closes_the_loop_with_its_evidence(seen):
    document = through(note(seen))
    assert document.state == State.MATCHED
    seen.refresh_from_db()
    assert seen.status == Status.CLOSED
    decision = document.decisions.get()
    assert (decision.kind, decision.automatic, decision.referral) == ("note", True, seen)
    assert "birth date equal" in decision.evidence
    assert seen.encounter.documented_for_billing
    assert [e.kind for e in seen.events.order_by("version")][-2:] == ["note_returned", "closed"]
    assert seen.note.author == seen.receiving_provider


def test_a_preliminary_note_waits_and_its_final_version_closes(seen):
    through(note(seen, status=Found("preliminary"), set_id=Found(Identifier("S1", "1.2.3"))))
    seen.refresh_from_db()
    assert (seen.status, seen.document_status) == (Status.SEEN, "preliminary")
    final = note(
        seen, document_id=Found(Identifier("D2", "1.2.3")), set_id=Found(Identifier("S1", "1.2.3")),
        relations=(Found(Relation("replaces", Identifier("D1", "1.2.3"))),),
    )  # fmt: skip
    through(final)
    seen.refresh_from_db()
    assert seen.status == Status.CLOSED
    assert Document.objects.get().versions.count() == 2


def test_an_amendment_is_a_version_on_the_closed_referral(seen):
    through(note(seen))
    amended = note(
        seen, status=Found("amended"), document_id=Found(Identifier("D2", "1.2.3")),
        relations=(Found(Relation("replaces", Identifier("D1", "1.2.3"))),),
    )  # fmt: skip
    document = through(amended)
    seen.refresh_from_db()
    assert (document.state, seen.status) == (State.MATCHED, Status.CLOSED)
    assert [v.status for v in seen.note.versions.all()] == ["final", "amended"]


def test_a_retraction_reopens(seen):
    through(note(seen))
    taken_back = note(
        seen, status=Found("retracted"), document_id=Found(Identifier("D2", "1.2.3")),
        relations=(Found(Relation("retracts", Identifier("D1", "1.2.3"))),),
    )  # fmt: skip
    document = through(taken_back)
    seen.refresh_from_db()
    assert (document.decisions.get().kind, seen.status, seen.document_status) == ("retracted", Status.SEEN, "retracted")


def test_the_note_comes_before_anybody_recorded_the_visit(world):
    booked = factories.in_status(world, "scheduled", patient=patient_data(**WHO))
    through(note(booked))
    booked.refresh_from_db()
    assert booked.status == Status.CLOSED
    assert booked.encounter.source == "inferred"


def test_the_note_of_an_inbound_referral_waits_for_its_delivery(world):
    ask = factories.inbound_ask(world, patient=patient_data(**WHO))
    inbound = factories.advance(capture(ask=ask, actor=factories.SYSTEM, now=NOW).referral, "seen")
    through(note(inbound))
    inbound.refresh_from_db()
    assert (inbound.status, inbound.document_status) == (Status.NOTE_RETURNED, "reconciled")


@pytest.fixture
def again(seen, world) -> Referral:
    """The same patient, sent to the same provider once more after the note of the first time came."""
    through(note(seen))
    return factories.in_status(world, "seen", patient=None, patient_id=seen.patient_id)


def test_a_later_version_goes_where_the_note_is_not_where_one_is_missing(seen, again):
    replacing = (Found(Relation("replaces", Identifier("D1", "1.2.3"))),)
    document = through(note(seen, status=Found("amended"), document_id=Found(Identifier("D2")), relations=replacing))
    assert document.decisions.get().referral == seen
    again.refresh_from_db()
    assert (again.status, Document.objects.count()) == (Status.SEEN, 1)


def test_an_amendment_that_does_not_name_its_note_is_for_a_person(seen, again):
    document = through(note(seen, status=Found("amended"), document_id=None, visit_at=None))
    again.refresh_from_db()
    assert (document.state, again.status) == (State.REVIEW, Status.SEEN)


def test_a_later_version_of_somebody_elses_note_is_for_a_person(seen, world):
    other = factories.in_status(world, "seen", patient=patient_data(family_name="Stone", given_name="Paul"))
    through(note(seen))
    replacing = (Found(Relation("replaces", Identifier("D1", "1.2.3"))),)
    names = (Found(Name("Stone", ("Paul",))),)
    theirs = (Patient(names=names, birth_date=Found(Moment("19610304", "1961-03-04"))),)
    document = through(note(other, patients=theirs, document_id=None, relations=replacing))
    assert (document.state, document.review_because) == (State.REVIEW, "It seems to answer something else.")
    assert [s["referral"] for s in document.suggestions] == [other.pk, seen.pk]


def test_from_an_office_of_several_specialties_the_day_has_to_fit_too(seen):
    """Of the world's heart center, which has a family doctor too."""
    by = (Found(Party(Name("Nobody", ("New",)), organization=seen.receiving_office.name)),)
    unclear = through(note(seen, authors=by, visit_at=None))
    assert (unclear.state, unclear.review_because) == (State.REVIEW, "Nothing in it shows which referral it answers.")
    on_the_day = Found(Moment("", seen.encounter.occurred_on.isoformat()))
    assert through(note(seen, authors=by, visit_at=on_the_day)).state == State.MATCHED


def test_what_is_no_note_is_filed(seen):
    document = through(note(seen, kind=Found("result")))
    seen.refresh_from_db()
    assert (document.decisions.get().kind, seen.status) == ("filed", Status.SEEN)


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"kind": None}, "It does not say what it is."),
        ({"status": None}, "Nothing in it shows whether it is signed."),
        ({"kind": Found("referral_letter")}, "A referral letter: capture it, or file it on the referral it repeats."),
        ({"is_whole": False}, "Not all of it could be read."),
        ({"is_contradictory": True}, "The message and the document inside it describe the patient differently."),
        ({"authors": ()}, "Nothing in it shows which referral it answers."),
        ({"patients": ()}, "No patient could be read from it."),
        ({"text": " "}, "It announces a note but holds no text of one"),
        ({"notice": Found("announced"), "text": ""}, "It says that a document was written, but does not hold it"),
        ({"status": Found("retracted")}, "It fits, but could not be attached"),
    ],
)
def test_whatever_is_not_certain_is_for_a_person(seen, values, because):
    document = through(note(seen, **values))
    seen.refresh_from_db()
    assert (document.state, seen.status) == (State.REVIEW, Status.SEEN)
    assert document.review_because.startswith(because)
    assert not document.decisions.exists()


def test_a_cancelled_referral_is_not_touched(world):
    cancelled = factories.in_status(world, "cancelled", patient=patient_data(**WHO))
    document = through(note(cancelled))
    assert document.state == State.REVIEW
    assert "cancelled" in document.review_because


def test_what_cannot_be_read_stays_with_its_error(seen):
    document = through(Answer(error="Reading it took too long and was cut off."))
    assert (document.state, document.error) == (State.REVIEW, "Reading it took too long and was cut off.")


def test_a_reader_that_dies_leaves_it_to_the_next_and_three_times_to_a_person(seen):
    document = arrive()
    for turn in range(3):
        with pytest.raises(KeyboardInterrupt):
            through(Answer(error="die"), document=document, now=NOW + turn * 2 * pipeline.LEASE)
        document.refresh_from_db()
        assert (document.state, document.attempts) == (State.READING, turn + 1)
    assert pipeline.process(document.pk, sandbox=Reads(), now_fn=lambda: NOW) == ""  # somebody has it
    later = through(document=document, now=NOW + 8 * pipeline.LEASE)
    assert (later.state, later.error) == (State.REVIEW, "Reading it ended its worker each time.")


def test_a_lost_lease_writes_nothing(seen):
    document = arrive()
    mine = pipeline.claim(document.pk, now=NOW)
    theirs = pipeline.claim(document.pk, now=NOW + timedelta(hours=1))
    assert theirs.attempts == 2
    assert pipeline.settle(mine, Answer((to_json(note(seen)),)), now=NOW) == ""
    assert pipeline.settle(theirs, Answer((to_json(note(seen)),)), now=NOW) == State.MATCHED
    assert MatchDecision.objects.count() == 1


def test_several_documents_that_do_not_come_apart_are_a_persons(seen):
    document = through(Answer(tuple(to_json(note(seen)) for _ in range(2))))
    assert document.state == State.REVIEW
    assert document.review_because.endswith("cannot be separated: consult note of 11/04/2026, consult note of 11/04/2026."
                                            " Ask for them one by one.")  # fmt: skip


def test_notes_of_two_patients_in_one_bundle_are_matched_each_for_itself(seen, world):
    names = (("n1", "public", "1961-03-04"), ("n2", "nobody", "1970-01-02"))
    people = [
        {"resourceType": "Patient", "id": who, "birthDate": born,
         "name": [{"family": who.title(), "given": ["William"]}]} for _, who, born in names
    ]  # fmt: skip
    notes = [
        {"resourceType": "DocumentReference", "id": name, "status": "current", "docStatus": "final",
         "identifier": [{"system": "urn:x", "value": name}], "subject": {"reference": f"urn:uuid:{who}"},
         "type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]}} for name, who, _ in names
    ]  # fmt: skip
    document = arrive(bundle(*notes, *people))
    with Sandbox() as sandbox:
        pipeline.process_due(sandbox=sandbox, now_fn=lambda: NOW, going=lambda: True)
    document.refresh_from_db()
    assert document.state == State.SPLIT
    assert IncomingDocument.objects.count() == 3
    assert [part.patient_name for part in document.parts.order_by("pk")] == ["Public, William", "Nobody, William"]
    assert {part.review_because for part in document.parts.all()} == {
        "Nothing in it shows which referral it answers.",
        "No patient on record fits.",
    }


def test_a_part_that_is_the_whole_file_is_not_split_off(seen):
    document = arrive(b"MSH|whole")
    through(Answer(parts=(b"MSH|whole", b"MSH|second")), document=document)
    assert (document.state, IncomingDocument.objects.count()) == (State.REVIEW, 1)


def test_waiting_documents_are_taken_oldest_first(seen):
    documents = [arrive(), arrive()]
    reads = Reads(Answer(error="no"), Answer(error="no"))
    turns = iter([True, True, True])
    done = pipeline.process_due(sandbox=reads, now_fn=lambda: NOW, going=lambda: next(turns))
    assert done == 2
    assert reads.read_bytes == [d.file.read() for d in documents]


def test_an_embedded_part_is_not_kept_in_the_reading(seen):
    document = through(note(seen, part=Embedded(b"x"), embedded=(Embedded(b"y"),)))
    assert "embedded" not in document.reading and "part" not in document.reading


def test_a_stored_file_that_changed_is_not_read(seen):
    document = arrive()
    Path(document.file.path).write_bytes(b"something else")
    through(document=document)
    assert (document.state, document.error[:27]) == (State.REVIEW, "The stored file is damaged:")


def test_what_the_database_cannot_hold_is_the_documents_trouble(seen, monkeypatch):
    def refuse(*_, **__):
        raise DataError("unsupported Unicode escape sequence")

    monkeypatch.setattr(pipeline, "match", refuse)
    document = through(note(seen))
    assert (document.state, document.error) == (State.REVIEW, "RefLoop failed on what it read (DataError).")


def test_a_database_in_trouble_leaves_the_document_to_a_later_try(seen, monkeypatch):
    def fail(*_, **__):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(pipeline, "match", fail)
    with pytest.raises(OperationalError):
        through(note(seen), document=(document := arrive()))
    document.refresh_from_db()
    assert document.state == State.READING
