"""Several documents in one file come apart: each part alone says what it said in the whole."""

import json
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from referrals.intake.parsers.fhir.nodes import from_json
from referrals.intake.parsers.fhir.parts import OfJson
from referrals.intake.parsers.nested import read_document
from referrals.intake.reading import Reading, to_json
from tests.referrals.intake.parsers.made import PDF, b64, bundle, cda, fhir, packed
from tests.referrals.intake.parsers.test_packages import METADATA

HEADER_TWO = '<id root="1.2.3.4" extension="DOC-9"/><code code="11488-4" codeSystem="2.16.840.1.113883.6.1"/>'
ROSA = {"resourceType": "Patient", "id": "rosa", "birthDate": "1961-03-04",
        "name": [{"family": "Delgado", "given": ["Rosa"]}], "managingOrganization": {"reference": "urn:uuid:lake"}}  # fmt: skip
BILL = {"resourceType": "Patient", "id": "bill", "birthDate": "1950-07-08",
        "name": [{"family": "Public", "given": ["William"]}]}  # fmt: skip
DOCTOR = {"resourceType": "Practitioner", "id": "osei", "name": [{"family": "Osei", "given": ["Ama"]}]}
LAKE = {"resourceType": "Organization", "id": "lake", "name": "Lakeside Cardiology"}
SCAN = {"resourceType": "Binary", "id": "scan", "contentType": "text/plain", "data": b64(b"Seen for palpitations.")}
ROLE = {"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "#doc"},
        "organization": {"reference": "urn:uuid:lake"}}  # fmt: skip


def note(ident: str, patient: str, **more) -> dict:
    return {
        "resourceType": "DocumentReference", "id": ident, "status": "current", "docStatus": "final",
        "identifier": [{"system": "urn:lake:notes", "value": f"N-{ident}"}],
        "type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
        "subject": {"reference": f"urn:uuid:{patient}"}, "author": [{"reference": "urn:uuid:osei"}],
        "date": "2026-11-24T15:30:00Z", "content": [{"attachment": {"contentType": "text/plain", "data": b64(b"x")}}],
    } | more  # fmt: skip


NOTES = (
    note("n1", "rosa", content=[{"attachment": {"contentType": "text/plain", "url": "urn:uuid:scan"}}]),
    note("n2", "bill", relatesTo=[{"code": "replaces", "target": {"reference": "urn:uuid:n1"}}]),
    note("n3", "rosa", author=[{"reference": "#role"}],
         contained=[ROLE, {"resourceType": "Practitioner", "id": "doc", "name": [{"family": "Gray"}]}]),
)  # fmt: skip


def each_alone(content: bytes) -> list[Reading]:
    """The readings of the parts, after checking that each says the same as in the whole."""
    alone = []
    for reading in read_document(content):
        (again,) = read_document(reading.part.content)
        assert said(again) == said(reading)
        alone.append(again)
    return alone


def said(reading: Reading) -> dict:
    return to_json(replace(reading, embedded=()))


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "message"])
def test_documents_of_a_fhir_bundle(kind):
    first, second, third = each_alone(bundle(*NOTES, ROSA, BILL, DOCTOR, LAKE, SCAN, kind=kind))
    assert [r.patient.names[0].value.family for r in (first, second, third)] == ["Delgado", "Public", "Delgado"]
    assert "palpitations" in first.text
    assert second.relations[0].value.target.value == "N-n1"  # what it replaces is named as its sender names it
    assert (third.authors[0].value.name.family, third.author_organization.value) == ("Gray", "Lakeside Cardiology")


def test_a_part_holds_nothing_of_the_other_patient():
    first, second, _ = read_document(bundle(*NOTES[:2], note("n4", "bill"), ROSA, BILL, DOCTOR, LAKE, SCAN))
    assert b"Public" not in first.part.content
    assert b"palpitations" not in second.part.content and b"Delgado" not in second.part.content


def test_the_same_document_gives_the_same_part():
    one = read_document(bundle(NOTES[0], NOTES[1], ROSA, BILL, DOCTOR, LAKE, SCAN))
    two = read_document(bundle(BILL, LAKE, NOTES[0], NOTES[2], ROSA, DOCTOR, SCAN, kind="searchset"))
    assert json.loads(one[0].part.content)["entry"][0] == json.loads(two[0].part.content)["entry"][0]


def test_numbers_keep_their_digits_and_people_named_by_number_come_along():
    mrn = {"system": "urn:oid:1.2", "value": "4411"}
    rosa = ROSA | {"identifier": [mrn]}
    dose = {"url": "urn:dose", "valueDecimal": "DOSE"}
    sent = bundle(note("n1", "", subject={"identifier": mrn}, extension=[dose]), note("n2", "rosa"), rosa, DOCTOR, LAKE)
    sent = sent.replace(b'"DOSE"', b"1.10")
    first, _ = each_alone(sent)
    assert first.patient.birth_date.value.iso == "1961-03-04"
    assert b'"valueDecimal": 1.10\n' in read_document(sent)[0].part.content


@pytest.mark.parametrize(
    "number", ["1.10", "1E5", "-0.0", "123456789012345678901234567890", "0.1000000000000000055511151231257827"]
)
def test_a_number_is_written_as_it_came(number):
    document = f'{{"a": [{number}, true, null, "x\\"é", {{}}], "b": {{"c": {number}}}}}'
    node = from_json(f'{{"resourceType": "X", "v": {document}}}'.encode())
    written = OfJson({"entry": [{"resource": node}]}).document((0,))
    assert json.loads(written, parse_float=str, parse_int=str)["v"] == json.loads(
        document, parse_float=str, parse_int=str
    )


def test_documents_of_a_fhir_bundle_in_xml():
    entries = "".join(
        f'<entry><fullUrl value="urn:uuid:{n}"/><resource><DiagnosticReport><id value="{n}"/><text><status value="generated"/>'
        f'<div xmlns="http://www.w3.org/1999/xhtml"><p>Ferritin low</p></div></text><status value="final"/>'
        f'<code><text value="Hematology"/></code><subject><reference value="urn:uuid:{who}"/></subject>'
        f"</DiagnosticReport></resource></entry>"
        for n, who in (("r1", "rosa"), ("r2", "bill"))
    )
    people = "".join(
        f'<entry><fullUrl value="urn:uuid:{who}"/><resource><Patient><name><family value="{family}"/></name></Patient>'
        f"</resource></entry>"
        for who, family in (("rosa", "Delgado"), ("bill", "Public"))
    )
    content = f'<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/>{entries}{people}</Bundle>'.encode()
    first, second = each_alone(content)
    assert (first.patient.names[0].value.family, second.patient.names[0].value.family) == ("Delgado", "Public")
    assert b'<div xmlns="http://www.w3.org/1999/xhtml">' in read_document(content)[0].part.content


def test_document_bundles_in_a_search_are_one_document_each():
    def document(number: int, patient: dict) -> dict:
        composition = {"resourceType": "Composition", "id": f"c{number}", "status": "final", "title": "Consultation",
                       "subject": {"reference": f"urn:uuid:{patient['id']}"}, "date": "2026-11-24",
                       "section": [{"text": {"div": f"<div>Section {number}</div>"}}]}  # fmt: skip
        lab = {"resourceType": "DiagnosticReport", "id": f"l{number}", "status": "final", "code": {"text": "INR"}}
        return json.loads(bundle(composition, patient, lab, kind="document", id=f"b{number}"))

    first, second = each_alone(bundle(document(1, ROSA), document(2, BILL), kind="searchset"))
    assert [r.patient.names[0].value.family for r in (first, second)] == ["Delgado", "Public"]
    assert (first.format, first.text) == ("FHIR Composition", "Section 1")


def test_results_listed_in_the_sections_of_a_composition_are_part_of_it():
    composition = {"resourceType": "Composition", "id": "c1", "status": "final", "title": "Consultation note",
                   "subject": {"reference": "urn:uuid:rosa"}, "date": "2026-11-24",
                   "section": [{"section": [{"entry": [{"reference": "urn:uuid:l1"}]}]}]}  # fmt: skip
    lab = {"resourceType": "DiagnosticReport", "id": "l1", "status": "final", "code": {"text": "INR"}}
    (reading,) = read_document(bundle(composition, lab, ROSA, kind="batch"))
    assert (reading.format, reading.part) == ("FHIR Composition", None)
    assert len(each_alone(bundle(composition, lab, ROSA, note("n1", "rosa"), DOCTOR, kind="batch"))) == 2


def test_lines_of_resources():
    lines = b"\n".join(fhir(note(n, "rosa", subject={"display": "Rosa Delgado"})) for n in ("n1", "n2"))
    assert [r.document_id.value.value for r in each_alone(lines)] == ["N-n1", "N-n2"]


def test_one_document_stays_whole():
    (reading,) = read_document(bundle(NOTES[0], ROSA, DOCTOR, LAKE, SCAN))
    assert reading.part is None


def test_documents_of_an_xdm_package_keep_what_it_says_of_them():
    start, end = METADATA.index(b"<rim:ExtrinsicObject"), METADATA.index(b"</rim:ExtrinsicObject>") + 22
    mine = METADATA[start:end]
    other = mine.replace(b'"doc1"', b'"doc2"').replace(b"NOTE.PDF", b"OTHER.PDF").replace(b"DOC-7", b"DOC-8")
    other = other.replace(b"Delgado^Rosa", b"Public^William").replace(b"4411", b"5522")
    metadata = METADATA.replace(mine, mine + other).replace(b'"urn:uuid:old"', b'"doc2"')
    folder = "IHE_XDM/SUBSET01"
    files = {f"{folder}/METADATA.XML": metadata, f"{folder}/NOTE.PDF": PDF, f"{folder}/OTHER.PDF": PDF + b"2"}
    first, second = read_document(packed(files))
    assert (first.patient.names[0].value.family, second.patient.names[0].value.family) == ("Delgado", "Public")
    (alone,) = read_document(first.part.content)
    assert said(alone) == said(first)
    assert alone.relations[0].value.target.value == "DOC-8"
    assert b"Public" not in b"".join(files_of(first.part.content))
    assert read_document(packed(dict(reversed(files.items()))))[1].part == first.part


def files_of(package: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(package)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def test_documents_of_a_plain_zip_are_their_own_bytes():
    one, two = cda(), cda(header=HEADER_TWO)
    assert [r.part.content for r in read_document(packed({"a.xml": one, "b.xml": two}))] == [one, two]


def test_a_zip_around_one_bundle_comes_apart_as_the_bundle_does():
    sent = bundle(*NOTES[:2], ROSA, BILL, DOCTOR, LAKE, SCAN)
    whole, zipped = read_document(sent), read_document(packed({"bundle.json": sent}))
    assert [r.part for r in zipped] == [r.part for r in whole]


def test_several_c_cdas_in_one_envelope_keep_their_namespaces():
    inner = [cda().partition(b"?>")[2], cda(header=HEADER_TWO).partition(b"?>")[2]]
    content = b'<batch xmlns:sdtc="urn:x">' + b"".join(inner) + b"</batch>"
    first, second = each_alone(content)
    assert (first.document_id.value.value, second.document_id.value.value) == ("DOC-7", "DOC-9")
    assert b'xmlns="urn:hl7-org:v3"' in read_document(content)[0].part.content
