"""Documents inside documents: who may speak for both, and what happens when they disagree."""

import pytest

from referrals.intake.parsers import registry
from referrals.intake.parsers.nested import read_document, read_outside
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Embedded, Found, Identifier, Moment, Name, Patient, Reading
from tests.referrals.intake.parsers.made import (
    ENCOUNTER,
    PATIENT,
    PDF,
    PID,
    SIGNED,
    b64,
    bundle,
    cda,
    fhir,
    obx,
    packed,
    txa,
    v2,
)

EMBEDDED_PDF = (
    '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
    f"{b64(PDF)}</text></nonXMLBody></component>"
)
OTHER = PATIENT.replace("Delgado", "Weber").replace("19610304", "19700101").replace("MRN-4411", "9")


def carried(content: bytes, *segments: str, kind: str = "MDM^T02", pid: str = PID) -> bytes:
    return v2(*segments, obx(f"^text^xml^Base64^{b64(content)}", kind="ED"), kind=kind, pid=pid)


def one(content: bytes) -> Reading:
    (reading,) = read_document(content)
    return reading


def test_the_header_of_a_message_wins_and_the_document_adds_the_rest():
    reading = one(carried(cda(SIGNED, ENCOUNTER), txa(_2="CN", _17="PA", _12="D1")))
    assert reading.format == "HL7 v2 MDM^T02 > C-CDA"
    assert reading.status.value == "preliminary"
    assert reading.document_id.value == Identifier("D1")
    assert reading.title.value == "Consult note"
    assert reading.set_id.value.value == "SET-7"
    assert "Atrial fibrillation." in reading.text
    assert {i.value.value for i in reading.patient.identifiers} == {"4411", "900-12-3456", "MRN-4411"}


def test_around_a_document_an_order_is_only_the_envelope():
    order = ("ORC|NW|REF-9^HUB", "OBR|1|REF-9^HUB||57133-1^Referral note^LN")
    reading = one(carried(cda(SIGNED), *order, kind="OMG^O19"))
    assert (reading.kind.value, reading.status.value) == ("consult_note", "final")
    assert [o.value.value for o in reading.order_ids] == ["REF-9"]


def test_several_documents_under_one_header_are_each_read_and_have_no_bytes_of_their_own():
    notes = [{"resourceType": "DocumentReference", "id": name, "status": "current", "description": name,
              "subject": {"display": "Rosa Delgado"}} for name in ("first", "second")]  # fmt: skip
    sent = obx(f"^application^json^Base64^{b64(bundle(*notes))}", kind="ED")
    for files in ((sent,), (sent, obx(f"^text^xml^Base64^{b64(cda())}", kind="ED"))):
        readings = read_document(v2(txa(_2="CN", _17="AU"), *files))
        assert len(readings) == 1 + len(files)
        assert {reading.part for reading in readings} == {None}


def test_a_package_has_the_readings_of_its_documents():
    readings = read_document(packed({"a.xml": cda(), "b.hl7": v2(txa(_2="CN"), obx("Seen.")) * 2}))
    assert [r.format for r in readings] == ["ZIP > C-CDA", "ZIP > HL7 v2 MDM^T02", "ZIP > HL7 v2 MDM^T02"]


def test_two_people_are_both_listed():
    reading = one(carried(cda(patient=OTHER), txa(_2="CN", _17="AU")))
    assert reading.patient is None
    assert [p.names[0].value.family for p in reading.patients] == ["DELGADO", "Weber"]
    assert "different patients" in reading.warnings[0]


@pytest.mark.parametrize(
    ("inner", "what"),
    [
        (PATIENT.replace("19610304", "19610403"), "birth date"),
        (PATIENT.replace("Delgado", "Weber"), "name"),
        (PATIENT.replace("<given>Rosa</given><given>Maria", "<given>Paul"), "given name"),
    ],
)
def test_one_difference_is_one_patient_and_a_warning(inner, what):
    reading = one(carried(cda(patient=inner), txa(_2="CN")))
    assert reading.patient.birth_date.value.iso == "1961-03-04"
    assert what in reading.warnings[0] and "Weber" not in reading.warnings[0]
    assert reading.is_contradictory


def test_mother_and_child_are_two_people():
    child = PATIENT.replace("<given>Rosa</given><given>Maria", "<given>Paul").replace("19610304", "19900506")
    assert len(one(carried(cda(patient=child), txa(_2="CN"))).patients) == 2


def test_a_maiden_name_or_a_double_name_is_no_difference():
    inner = PATIENT.replace("<family>Delgado</family>", '<family>Weber</family><family qualifier="BR">Delgado</family>')
    assert one(carried(cda(patient=inner), txa(_2="CN"))).warnings == ()


def test_a_file_nobody_can_read_is_a_warning_and_the_message_stands():
    reading = one(v2(txa(_2="CN", _17="AU"), obx(f"^image^gif^Base64^{b64(b'GIF89a' * 20)}", kind="ED")))
    assert "was not read" in reading.warnings[0]
    assert (reading.patient.names[0].value.family, len(reading.embedded)) == ("DELGADO", 1)


def test_a_package_of_nothing_readable_is_refused_with_the_reason_of_its_file():
    with pytest.raises(Unreadable, match="not well-formed"):
        read_document(packed({"a.xml": cda()[:-40]}))


def test_one_damaged_file_does_not_take_the_others_with_it():
    readings = read_document(packed({"a.xml": cda(), "b.xml": cda()[:-40]}))
    assert [bool(r.patients) for r in readings] == [True, False]
    assert "not well-formed" in readings[1].warnings[0]


def test_nesting_ends():
    content = cda()
    for _ in range(7):
        content = packed({"inner.zip": content, "note.hl7": v2(txa(_2="CN"))})
    deepest = [r for r in read_document(content) if any("nested" in w for w in r.warnings)]
    assert deepest


def test_an_upload_unfolds_only_so_far():
    attachments = [{"attachment": {"contentType": "text/xml", "data": b64(cda())}}] * 2
    note = {"resourceType": "DocumentReference", "content": attachments}
    notes = [{"resource": note | {"id": str(number)}} for number in range(150)]
    many = {"resourceType": "Bundle", "type": "collection", "entry": notes}
    assert any("more than RefLoop reads" in w for r in read_document(fhir(many)) for w in r.warnings)


class _Letters:
    """Stands for the parser of scanned letters: prose, less sure than a field."""

    content_types = ("application/pdf",)

    def read(self, content: bytes) -> list[Reading]:
        patient = Patient(
            names=(Found(Name(text="Rosa Delgado"), "page 1", 0.8),),
            birth_date=Found(Moment("3/4/61", "1961-03-04"), "page 1", 0.8),
            identifiers=(Found(Identifier("44l1"), "page 1", 0.6),),
        )
        numbers = (Found("RL-0000-0000", "page 1", 0.9),)
        return [Reading(format="OCR", patients=(patient,), text="Dear Dr. Gray", pages=2, referral_numbers=numbers)]


def test_what_a_scan_says_fills_gaps_but_adds_no_identifier_to_stated_ones(monkeypatch):
    real = registry.parser_for
    monkeypatch.setattr(
        "referrals.intake.parsers.nested.parser_for",
        lambda kind: _Letters() if kind == "application/pdf" else real(kind),
    )
    reading = one(v2(txa(_2="CN", _17="AU"), obx(f"^application^pdf^Base64^{b64(PDF)}", kind="ED")))
    assert {i.value.value for i in reading.patient.identifiers} == {"4411", "900-12-3456"}
    assert (reading.pages, reading.text, reading.warnings) == (2, "Dear Dr. Gray", ())
    assert [n.value for n in reading.referral_numbers] == ["RL-0000-0000"]
    assert reading.embedded == (Embedded(PDF, "OBX-5", "application/pdf"),)
    package = one(packed({"scan.pdf": PDF}))
    assert package.patient.identifiers[0].value.value == "44l1"


def test_without_what_ended_the_reader_the_header_is_read_and_a_person_told():
    (reading,) = read_outside(cda(body=EMBEDDED_PDF))
    assert reading.patient.names[0].value.family == "Delgado"
    assert not reading.is_whole
    assert "The embedded PDF was not read: reading it broke off." in reading.warnings[0]


def test_a_document_in_a_message_is_still_read_without_what_ended_the_reader():
    resource = {"resourceType": "DocumentReference", "status": "current", "subject": {"display": "Rosa Delgado"},
                "content": [{"attachment": {"contentType": "text/xml", "data": b64(cda(body=EMBEDDED_PDF))}}]}  # fmt: skip
    (reading,) = read_outside(fhir(resource))
    assert (reading.is_whole, reading.document_id.value.value) == (False, "DOC-7")


def test_parts_of_a_zip_are_told_apart_without_being_read():
    readings = read_outside(packed({"a.pdf": PDF, "b.pdf": PDF + b"2"}))
    assert [r.part.content for r in readings] == [PDF, PDF + b"2"]
