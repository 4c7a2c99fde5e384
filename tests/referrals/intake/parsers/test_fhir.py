"""FHIR documents, alone and in bundles, in JSON and XML."""

import pytest

from referrals.intake.parsers import fhir_json, xml_documents
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Identifier, Name, Relation
from tests.referrals.intake.parsers.made import NPI, PDF, b64, bundle, fhir

PATIENT = {
    "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1961-03-04",
    "identifier": [{"system": "urn:oid:1.2.3.9", "value": "4411", "type": {"coding": [{"code": "MR"}]}},
                   {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "900-12-3456"}],
    "name": [{"use": "old", "family": "Ruiz", "given": ["Rosa"]},
             {"use": "official", "family": "Delgado", "given": ["Rosa", "Maria"]}],
    "telecom": [{"system": "phone", "value": "608-555-0142"}, {"system": "email", "value": "r@example.org"}],
    "address": [{"line": ["12 Elm St"], "city": "Madison", "state": "WI", "postalCode": "53703"}],
}  # fmt: skip
DOCTOR = {
    "resourceType": "Practitioner", "id": "d1", "name": [{"family": "Osei", "given": ["Ama"]}],
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": NPI}],
}  # fmt: skip
CLINIC = {"resourceType": "Organization", "id": "o1", "name": "Lakeside Cardiology"}
VISIT = {"resourceType": "Encounter", "id": "e1", "identifier": [{"system": "urn:x", "value": "V-5"}],
         "period": {"start": "2026-11-24T09:00:00-06:00"}}  # fmt: skip
ORDER = {"resourceType": "ServiceRequest", "id": "s1", "identifier": [{"system": "urn:hub", "value": "REF-9"}],
         "requester": {"display": "Leo Gray"}}  # fmt: skip
CONSULT = {"coding": [{"system": "http://loinc.org", "code": "11488-4"}], "text": "Consult note"}
NOTE = {
    "resourceType": "DocumentReference", "id": "n1", "status": "current", "docStatus": "final", "type": CONSULT,
    "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4.7"},
    "subject": {"reference": "urn:uuid:p1"}, "author": [{"reference": "urn:uuid:d1"}], "date": "2026-11-24T15:30:00Z",
    "custodian": {"reference": "urn:uuid:o1"},
    "relatesTo": [{"code": "replaces", "target": {"identifier": {"system": "urn:x", "value": "N0"}}}],
    "content": [{"attachment": {"contentType": "application/pdf", "data": b64(PDF)}}],
    "context": {"encounter": [{"reference": "urn:uuid:e1"}], "related": [{"reference": "urn:uuid:s1"}]},
}  # fmt: skip
TOGETHER = (PATIENT, DOCTOR, CLINIC, VISIT, ORDER)


def one(content: bytes):
    (reading,) = fhir_json.read(content)
    return reading


def changed(**fields):
    return {**NOTE, **fields}


@pytest.mark.parametrize("kind", ["collection", "transaction", "searchset", "batch"])
def test_a_document_reference_in_a_bundle_tells_who_what_when_and_why(kind):
    reading = one(bundle(NOTE, *TOGETHER, kind=kind))
    patient = reading.patient
    assert patient.names[0].value == Name("Delgado", ("Rosa", "Maria"), use="official")
    assert patient.names[1].value.use == "former"
    assert patient.birth_date.value.iso == "1961-03-04"
    assert [i.value for i in patient.identifiers] == [
        Identifier("4411", "1.2.3.9", "MR"),
        Identifier("900-12-3456", "http://hl7.org/fhir/sid/us-ssn", "SS"),
    ]
    assert [p.value for p in patient.phones] == ["608-555-0142"]
    assert (reading.kind.value, reading.status.value) == ("consult_note", "final")
    assert reading.type_code.value == Identifier("11488-4", "2.16.840.1.113883.6.1")
    assert reading.document_id.value == Identifier("1.2.3.4.7")
    assert reading.relations[0].value == Relation("replaces", Identifier("N0", "urn:x"))
    assert reading.written_at.value.iso == "2026-11-24T15:30:00Z"
    assert reading.visit_at.value.iso == "2026-11-24T09:00:00-06:00"
    assert reading.visit_ids[0].value.value == "V-5"
    assert (reading.authors[0].value.name.family, reading.authors[0].value.npi) == ("Osei", NPI)
    assert reading.author_organization.value == "Lakeside Cardiology"
    assert reading.order_ids[0].value == Identifier("REF-9", "urn:hub")
    assert reading.referrers[0].value.name.text == "Leo Gray"
    assert [e.content for e in reading.embedded] == [PDF]


@pytest.mark.parametrize(
    ("reference", "full_url", "found"),
    [
        ("Patient/p1", "https://a.example/fhir/Patient/p1", True),
        ("Patient/p1", "urn:uuid:p1", True),
        ("https://a.example/fhir/Patient/p1", "https://a.example/fhir/Patient/p1", True),
        ("Patient/p1/_history/3", "https://a.example/fhir/Patient/p1", True),
        ("https://a.example/fhir/Patient/p1", "", True),
        # The same id on another server is another person.
        ("https://b.example/fhir/Patient/p1", "https://a.example/fhir/Patient/p1", False),
        ("Patient/p2", "https://a.example/fhir/Patient/p1", False),
        ("p1", "urn:uuid:p1", False),
    ],
)
def test_references_are_resolved_within_the_bundle_and_never_to_another_server(reference, full_url, found):
    reading = one(bundle({**PATIENT, "fullUrl": full_url}, changed(subject={"reference": reference})))
    assert (reading.patient is not None) == found


def test_two_resources_under_one_name_are_neither():
    twins = ({**PATIENT, "fullUrl": f"https://{server}.example/Patient/p1"} for server in "ab")
    assert one(bundle(changed(subject={"reference": "Patient/p1"}), *twins)).patients == ()


def test_contained_resources_are_found_by_their_own_holder_only():
    held = changed(contained=[PATIENT], subject={"reference": "#p1"})
    assert one(fhir(held)).patient.names[0].value.family == "Delgado"
    other = {**NOTE, "id": "n2", "subject": {"reference": "#p1"}}
    readings = fhir_json.read(bundle(held, other))
    assert [len(r.patients) for r in readings] == [1, 0]


def test_a_reference_to_what_was_not_sent_says_only_what_it_says():
    stated = {"reference": "Patient/9", "display": "Rosa Delgado", "identifier": {"system": "urn:x", "value": "4411"}}
    patient = one(fhir(changed(subject=stated))).patient
    assert patient.names[0].value == Name(text="Rosa Delgado")
    assert patient.identifiers[0].value == Identifier("4411", "urn:x")
    assert patient.birth_date is None
    group = {"reference": "Group/9", "type": "Group", "display": "All with AF"}
    assert one(fhir(changed(subject=group))).patients == ()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "final"),
        ({"docStatus": "preliminary"}, "preliminary"),
        ({"docStatus": "amended"}, "amended"),
        ({"docStatus": "corrected"}, "amended"),
        ({"docStatus": "appended"}, "amended"),
        ({"docStatus": "entered-in-error"}, "retracted"),
        ({"status": "entered-in-error"}, "retracted"),
        ({"docStatus": None}, None),
        ({"docStatus": None, "authenticator": {"display": "Ama Osei"}}, "final"),
        ({"docStatus": "unknown"}, None),
    ],
)
def test_document_status(fields, status):
    found = one(fhir(changed(**fields))).status
    assert (found.value if found else None) == status


def test_a_superseded_document_says_so():
    assert "superseded" in one(fhir(changed(status="superseded"))).warnings[0]


def test_a_link_is_never_followed_and_a_binary_sent_along_is():
    linked = changed(content=[{"attachment": {"contentType": "application/pdf", "url": "Binary/b1"}}])
    reading = one(fhir(linked))
    assert (reading.embedded, "does not fetch" in reading.warnings[0]) == ((), True)
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "application/pdf", "data": b64(PDF)}
    assert one(bundle(linked, binary)).embedded[0].content == PDF


def test_plain_text_is_text_and_damage_is_a_warning():
    plain = changed(
        content=[{"attachment": {"contentType": "text/plain; charset=utf-8", "data": b64("Señora seen.".encode())}}]
    )
    assert one(fhir(plain)).text == "Señora seen."
    damaged = changed(content=[{"attachment": {"contentType": "application/pdf", "data": "%%"}}])
    assert "damaged" in one(fhir(damaged)).warnings[0]


REPORT = {
    "resourceType": "DiagnosticReport", "id": "r1", "status": "partial", "subject": {"reference": "Patient/p1"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "24627-2"}], "text": "CT chest"},
    "effectiveDateTime": "2026-11-20", "issued": "2026-11-21T08:00:00Z", "conclusion": "No nodule.",
    "identifier": [{"system": "urn:lab", "value": "RES-4"}], "basedOn": [{"reference": "ServiceRequest/s1"}],
    "performer": [{"reference": "Organization/o1"}], "resultsInterpreter": [{"reference": "Practitioner/d1"}],
    "presentedForm": [{"contentType": "application/pdf", "data": b64(PDF)}],
}  # fmt: skip


def test_a_diagnostic_report_is_a_result_with_its_interpreter_first():
    reading = one(bundle(REPORT, *TOGETHER))
    assert (reading.kind.value, reading.status.value) == ("result", "interim")
    assert (reading.visit_at.value.iso, reading.written_at.value.iso) == ("2026-11-20", "2026-11-21T08:00:00Z")
    assert [a.value.kind for a in reading.authors] == ["person", "organization"]
    assert reading.author_organization.value == "Lakeside Cardiology"
    assert (reading.text, reading.embedded[0].content) == ("No nodule.", PDF)
    assert reading.order_ids[0].value.value == "REF-9"


COMPOSITION = {
    "resourceType": "Composition", "id": "c1", "status": "final", "type": CONSULT, "title": "Cardiology consultation",
    "subject": {"reference": "Patient/p1"}, "author": [{"reference": "Practitioner/d1"}], "date": "2026-11-24",
    "encounter": {"reference": "Encounter/e1"}, "identifier": {"system": "urn:set", "value": "SET-7"},
    "section": [{"title": "Assessment", "text": {"div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>AF.</p>'
                 "<ul><li>Apixaban</li></ul></div>"}, "section": [{"title": "Plan", "text": {"div": "Return in May."}}]}],
}  # fmt: skip


def test_a_document_bundle_speaks_through_its_composition():
    content = bundle(
        COMPOSITION, NOTE, REPORT, *TOGETHER, kind="document", identifier={"system": "urn:doc", "value": "DOC-7"}
    )
    reading = one(content)
    assert reading.format == "FHIR Composition"
    assert (reading.document_id.value.value, reading.set_id.value.value) == ("DOC-7", "SET-7")
    assert reading.text == "Assessment\nAF.\nApixaban\nPlan\nReturn in May."
    assert (reading.visit_at.value.day.isoformat(), reading.title.value) == ("2026-11-24", "Cardiology consultation")
    assert [e.content for e in reading.embedded] == [PDF]


def test_without_a_document_the_request_and_the_patient_are_told_and_nothing_is_claimed():
    reading = one(bundle(PATIENT, ORDER))
    assert (reading.kind, reading.status, reading.order_ids[0].value.value) == (None, None, "REF-9")
    assert reading.patient.names[0].value.family == "Delgado"
    two = one(bundle(PATIENT, VISIT, {**VISIT, "id": "e2"}))
    assert two.visit_at is None


def test_lines_of_resources_and_a_list_are_bundles():
    lines = b"\n".join(fhir(r) for r in ({**NOTE, "subject": {"reference": "Patient/p1"}}, PATIENT))
    assert one(lines).patient.names[0].value.family == "Delgado"


XML = f"""<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>
<entry><fullUrl value="urn:uuid:p1"/><resource><Patient><id value="p1"/><name><use value="official"/>
<family value="Delgado"/><given value="Rosa"/><given value="Maria"/></name><birthDate value="1961-03-04"/></Patient>
</resource></entry>
<entry><resource><DocumentReference><contained><Practitioner><id value="d1"/><name><family value="Osei"/></name>
</Practitioner></contained><status value="current"/><docStatus value="final"/><type><coding>
<system value="http://loinc.org"/><code value="11488-4"/></coding></type><subject><reference value="urn:uuid:p1"/></subject>
<author><reference value="#d1"/></author><content><attachment><contentType value="application/pdf"/>
<data value="{b64(PDF)}"/></attachment></content></DocumentReference></resource></entry></Bundle>"""


def test_xml_is_read_like_json():
    (reading,) = xml_documents.read(XML.encode())
    assert reading.patient.names[0].value == Name("Delgado", ("Rosa", "Maria"), use="official")
    assert (reading.kind.value, reading.status.value) == ("consult_note", "final")
    assert reading.authors[0].value.name.family == "Osei"
    assert reading.embedded[0].content == PDF


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (fhir({"resourceType": "OperationOutcome", "issue": []}), "OperationOutcome"),
        (bundle({"resourceType": "OperationOutcome"}), "OperationOutcome"),
        (fhir({"resourceType": "Encounter"}), "Encounter"),
        (fhir({"resourceType": "Practitioner"}), "Practitioner"),
        (bundle(), "without a document"),
        (b'{"a": 1}', "no resourceType"),
        (b'{"resourceType": 5}', "no resourceType"),
        (b'{"resourceType": "Bundle", ', "damaged"),
        (b'{"a":' * 100_000, "nested|damaged"),
        (b"[" * 100_000, "nested|damaged"),
        (bundle(*({**REPORT, "id": str(n)} for n in range(501))), "more than 500"),
    ],
)
def test_what_is_no_document_is_refused_with_a_reason(content, reason):
    with pytest.raises(Unreadable, match=reason):
        fhir_json.read(content)


def test_wrong_types_and_characters_no_database_stores_are_nothing():
    odd = changed(type="x", subject=[{"reference": 5}], author={"reference": ["x"]}, date={"a": 1}, content="none",
                  context=[], relatesTo=[None, 3], description="Seen\u0000 \ud800today", identifier=[[]])  # fmt: skip
    reading = one(fhir(odd))
    assert (reading.patients, reading.title.value) == ((), "Seen today")


def test_shapes_of_stu3_and_dstu2():
    name = [{"family": ["Van", "Houten"], "given": ["Ann"]}]
    patient = {**PATIENT, "name": name}
    ref = changed(indexed="2026-11-23T08:00:00Z")
    del ref["date"]
    reading = one(bundle(ref, patient, *TOGETHER[1:]))
    assert (reading.patient.names[0].value.family, reading.written_at.value.iso) == (
        "Van Houten",
        "2026-11-23T08:00:00Z",
    )
    report = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Echo"},
              "performer": [{"role": {"text": "reader"}, "actor": {"reference": "urn:uuid:d1"}}]}  # fmt: skip
    assert one(bundle(report, DOCTOR)).authors[0].value.npi == NPI


def test_a_status_nobody_knows_is_not_made_final_by_a_signature():
    signed = {"authenticator": {"reference": "urn:uuid:d1"}}
    assert one(bundle(changed(docStatus="reviewed", **signed), *TOGETHER)).status is None
    assert one(bundle(changed(docStatus=None, **signed), *TOGETHER)).status.value == "final"


def test_a_contained_role_finds_who_is_contained_beside_it():
    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "#d"}}
    contained = [role, {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Gray"}]}]
    reading = one(bundle(changed(author=[{"reference": "#r"}], contained=contained), *TOGETHER))
    assert reading.authors[0].value.name.family == "Gray"


NUMBER = {"system": "urn:oid:1.2.3.9", "value": "4411"}


@pytest.mark.parametrize(
    "reference",
    [
        {"type": "Patient", "identifier": NUMBER},
        {"identifier": NUMBER, "display": "Rosa"},
        {"reference": "Patient?identifier=urn:oid:1.2.3.9|4411"},
        {"reference": "Patient?identifier=urn%3Aoid%3A1.2.3.9%7C4411"},
    ],
)
def test_a_patient_named_by_number_is_the_one_sent_who_has_it(reference):
    assert one(bundle(changed(subject=reference), *TOGETHER)).patient.birth_date.value.iso == "1961-03-04"
    twin = {**PATIENT, "id": "p2"}
    assert one(bundle(changed(subject=reference), twin, *TOGETHER)).patient.birth_date is None
    assert one(fhir(changed(subject=reference))).patient.identifiers[0].value == Identifier("4411", "1.2.3.9")


def test_of_two_servers_in_one_bundle_each_means_its_own():
    def sent(server: str, **resource) -> dict:
        return {"fullUrl": f"https://{server}.example/{resource['resourceType']}/{resource['id']}", **resource}

    people = [sent(server, **PATIENT | {"name": [{"family": server}]}) for server in "ab"]
    notes = [sent(server, **changed(subject={"reference": "Patient/p1"})) for server in "ab"]
    readings = fhir_json.read(bundle(*people, *notes))
    assert [r.patient.names[0].value.family for r in readings] == ["a", "b"]


def test_an_order_is_found_behind_the_visit_and_in_an_extension_and_other_links_are_none():
    seen = {**VISIT, "basedOn": [{"reference": "urn:uuid:s1"}]}
    context = {"encounter": [{"reference": "urn:uuid:e1"}],
               "related": [{"type": "Encounter", "identifier": {"system": "urn:x", "value": "V-5"}}]}  # fmt: skip
    reading = one(bundle(changed(context=context), PATIENT, DOCTOR, CLINIC, seen, ORDER))
    assert [o.value.value for o in reading.order_ids] == ["REF-9"]
    assert reading.referrers[0].value.name.text == "Leo Gray"
    order = {"url": "urn:order", "valueReference": {"reference": "ServiceRequest?identifier=urn:hub|REF-9"}}
    other = {"url": "urn:other", "valueReference": {"reference": "Patient/p1"}}
    assert one(bundle({**COMPOSITION, "extension": [order, other]}, *TOGETHER)).order_ids[0].value.value == "REF-9"


def test_a_report_without_a_time_of_its_own_is_of_its_visit():
    report = {**REPORT, "effectiveDateTime": None, "encounter": {"reference": "Encounter/e1"}}
    assert one(bundle(report, *TOGETHER)).visit_at.value.iso == "2026-11-24T09:00:00-06:00"


def test_a_clinician_searched_for_by_npi_has_it():
    found = {"reference": f"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|{NPI}", "display": "Ama Osei"}
    author = one(fhir(changed(author=[found]))).authors[0].value
    assert (author.npi, author.name.text) == (NPI, "Ama Osei")
