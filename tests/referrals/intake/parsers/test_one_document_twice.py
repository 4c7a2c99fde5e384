"""What describes one document twice stays one; what only looks so stays two."""

import json

import pytest

from referrals.intake.parsers.nested import read_document
from tests.referrals.intake.parsers.made import b64, bundle
from tests.referrals.intake.parsers.test_separating import BILL, DOCTOR, LAKE, NOTES, ROSA, SCAN, each_alone, note

FILE = {"contentType": "text/plain", "url": "urn:uuid:scan"}
DATA = {"contentType": "text/plain", "data": b64(b"Seen for palpitations.")}
LINK = {"contentType": "application/pdf", "url": "https://lake.example/Binary/9"}
CONSULT = {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]}
NUMBER = {"system": "urn:lake:notes", "value": "C1"}


def report(*forms: dict, **more) -> dict:
    return {"resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Echo"},
            "subject": {"reference": "urn:uuid:rosa"}, "presentedForm": list(forms)} | more  # fmt: skip


def composition(**more) -> dict:
    return {"resourceType": "Composition", "id": "c1", "status": "final", "type": CONSULT, "title": "Consultation",
            "identifier": NUMBER, "subject": {"reference": "urn:uuid:rosa"}, "date": "2026-11-24",
            "section": [{"text": {"div": "<div>Seen for palpitations.</div>"}}]} | more  # fmt: skip


def reference(*files: dict, patient: str = "rosa", **more) -> dict:
    return note("n1", patient, content=[{"attachment": file} for file in files]) | more


def to(resource: dict) -> dict:
    return {"contentType": "application/fhir+json", "url": f"urn:uuid:{resource['id']}"}


DOCUMENT = json.loads(bundle(composition(), ROSA, kind="document", id="b1"))
TWICE = {
    "the same file": (report(FILE), reference(FILE)),
    "the same bytes": (report(DATA), reference(DATA)),
    "the same link": (report(LINK), reference(LINK)),
    "the same number": (composition(), reference(DATA, identifier=[NUMBER])),
    "the composition as its content": (composition(), reference(to(composition()))),
    "the report as its content": (report(DATA), reference(to(report()))),
    "a document bundle as its content": (DOCUMENT, reference(to(DOCUMENT))),
    "a report and two forms of it": (report(DATA, LINK), reference(DATA), reference(LINK) | {"id": "n2"}),
    "the very same": (reference(DATA), reference(DATA)),
}


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction"])
@pytest.mark.parametrize("two", TWICE.values(), ids=TWICE)
def test_one_document_described_twice_is_one(two, kind):
    (reading,) = read_document(bundle(*two, ROSA, DOCTOR, LAKE, SCAN, kind=kind))
    assert reading.part is None
    assert reading.patient.names[0].value.family == "Delgado"
    assert reading.status.value == "final"
    assert not [warning for warning in reading.warnings if "link" in warning and LINK["url"] not in str(two)]


@pytest.mark.parametrize("two", [TWICE["the same file"], TWICE["the same number"]])
def test_beside_others_it_is_one_part_that_says_both(two):
    first, second = each_alone(bundle(*two, NOTES[1] | {"relatesTo": []}, ROSA, BILL, DOCTOR, LAKE, SCAN))
    assert [one.patient.names[0].value.family for one in (first, second)] == ["Delgado", "Public"]
    assert first.kind.value == "consult_note"
    assert first.authors[0].value.name.family == "Osei"  # only the reference has an author
    assert "palpitations" in first.text


@pytest.mark.parametrize(
    "two",
    [
        (report(FILE), reference(FILE, patient="bill")),
        (report(FILE), reference(FILE, docStatus="preliminary")),
        (report(FILE, subject={}), reference(FILE)),
        (reference(FILE), reference(FILE) | {"id": "n2"}),  # two forms may share a page
        (report(DATA), reference(LINK, context={"related": [{"reference": "urn:uuid:r1"}]})),
        (composition(), reference(to(composition()), patient="bill")),
    ],
)
def test_what_says_different_things_stays_two(two):
    assert len(read_document(bundle(*two, ROSA, BILL, DOCTOR, LAKE, SCAN))) == 2


def test_another_record_number_of_the_same_name_is_not_the_same_document():
    numbered = [ROSA | {"id": f"rosa{n}", "identifier": [{"system": "urn:lake", "value": str(n)}]} for n in (1, 2)]
    two = report(FILE, subject={"reference": "urn:uuid:rosa1"}), reference(FILE, patient="rosa2")
    assert len(read_document(bundle(*two, *numbered, DOCTOR, SCAN))) == 2


def test_a_patient_sent_twice_word_for_word_is_one():
    first, second = each_alone(bundle(*NOTES[:2], ROSA, ROSA, BILL, BILL, DOCTOR, LAKE, SCAN))
    assert [one.patient.names[0].value.family for one in (first, second)] == ["Delgado", "Public"]


def test_two_of_one_name_that_differ_are_neither():
    (reading,) = read_document(bundle(NOTES[0], ROSA, ROSA | {"birthDate": "1999-01-01"}, DOCTOR, LAKE, SCAN))
    assert reading.patients == ()
