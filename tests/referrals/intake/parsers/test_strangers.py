"""A header of one patient over a text about another goes to a person; relatives and clinicians in a note do not."""

import pytest

from referrals.intake.parsers.nested import read_document
from tests.referrals.intake.parsers.made import b64, cda, fhir, obx, txa, v2

ANOTHER = [
    "Patient: William Public   DOB: 07/08/1950",
    "RE: Public, William\nDOB: 07/08/1950   MRN: 5522",
    "Name: William Public\nDate of Birth: July 8, 1950\nSeen today for palpitations.",
    "Patient Name: Teresa Delgado   DOB: 07/08/1990",  # the daughter
    "Patient Name: William Public   MRN: 5522781",
]
ORDINARY = [
    "Patient: Rosa Delgado   DOB: 03/04/1961   MRN: 77123",
    "RE: Delgado, Rosa M.  DOB 3/4/61",
    "Ms. Delgado was accompanied by her husband John Delgado.",
    "Mother: Jane Delgado, DOB 01/02/1935, died of stroke. Father John Weber had a stroke in 1980.",
    "Emergency contact: William Public   DOB: 07/08/1950   Phone: 608-555-0199",
    "Guarantor: William Public  DOB: 07/08/1950",
    "Subscriber: Public, William   Date of birth: 07/08/1950",
    "Seen by Dr. William Public on 07/08/2026. cc: Leo Gray MD",
    "Patient was referred by William Public, MD. Procedure date: 07/08/2026.",
    "Maternal grandmother: William Public, DOB 07/08/1950, breast cancer",
    "Sibling: Public, William   DOB: 07/08/1990, healthy",
    "Father of baby: William Public, born July 8, 1990",
    "Donor: William Public   DOB: 07/08/1990",
    "Caregiver name: William Public\nDOB: 07/08/1950",
    "She gave birth to a son on 07/08/1990. Daughter Teresa is well.",
]


def narrative(text: str) -> bytes:
    paragraphs = "".join(f"<paragraph>{line}</paragraph>" for line in text.splitlines())
    section = f"<section><title>Note</title><text>{paragraphs}</text></section>"
    return cda(body=f"<component><structuredBody><component>{section}</component></structuredBody></component>")


def message(text: str) -> bytes:
    return v2(txa(_2="CN", _17="AU"), obx(text.replace("\n", "\\.br\\")))


def resource(text: str) -> bytes:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1961-03-04",
               "name": [{"family": "Delgado", "given": ["Rosa", "Maria"]}]}  # fmt: skip
    return fhir({
        "resourceType": "DocumentReference", "status": "current", "contained": [patient], "subject": {"reference": "#p"},
        "content": [{"attachment": {"contentType": "text/plain", "data": b64(text.encode())}}],
    })  # fmt: skip


FORMATS = pytest.mark.parametrize("written", [narrative, message, resource])


@FORMATS
@pytest.mark.parametrize("text", ANOTHER)
def test_who_the_text_calls_the_patient_is_listed_beside_the_header(written, text):
    (reading,) = read_document(written(text))
    assert len(reading.patients) == 2
    assert reading.patients[0].names[0].value.family.title() == "Delgado"
    assert reading.is_contradictory
    assert "another patient than its header" in reading.warnings[-1]


@FORMATS
@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_note_is_about_its_patient(written, text):
    (reading,) = read_document(written(text))
    assert (len(reading.patients), reading.is_contradictory) == (1, False)


@FORMATS
def test_another_birth_date_of_the_same_name_is_told(written):
    (reading,) = read_document(written("Patient: Rosa Delgado   DOB: 07/08/1990"))
    assert (len(reading.patients), reading.is_contradictory) == (1, True)
    assert reading.warnings[-1] == "The text gives the patient another birth date than its header."
