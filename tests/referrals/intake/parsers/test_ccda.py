"""C-CDA and plain CDA: header, body and the ways senders bend them."""

import pytest

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.xml_documents import read
from referrals.intake.reading import Address, Identifier, Name, Relation
from tests.referrals.intake.parsers.made import AUTHOR, BODY, ENCOUNTER, HEADER, NPI, PATIENT, PDF, SIGNED, b64, cda


def one(content: bytes):
    (reading,) = read(content)
    return reading


def test_a_consultation_note_tells_who_what_when_and_why():
    order = '<inFulfillmentOf><order><id root="1.2.7" extension="REF-9"/></order></inFulfillmentOf>'
    reading = one(cda(SIGNED, order, ENCOUNTER))
    patient = reading.patient
    assert reading.format == "C-CDA"
    assert patient.names[0].value == Name("Delgado", ("Rosa", "Maria"), use="official")
    assert patient.birth_date.value.iso == "1961-03-04"
    assert patient.sex.value == "female"
    assert [i.value for i in patient.identifiers] == [
        Identifier("MRN-4411", "1.2.3.9"),
        Identifier("900-12-3456", "2.16.840.1.113883.4.1", "SS"),
    ]
    assert [phone.value for phone in patient.phones] == ["+1(608)555-0142"]
    assert patient.addresses[0].value == Address(("12 Elm St",), "Madison", "WI", "53703")
    assert (reading.kind.value, reading.kind.sure) == ("consult_note", 1)
    assert reading.status.value == "final"
    assert reading.type_code.value == Identifier("11488-4", "2.16.840.1.113883.6.1")
    assert reading.title.value == "Cardiology consultation"
    assert reading.document_id.value == Identifier("DOC-7", "1.2.3.4")
    assert (reading.set_id.value.value, reading.version.value) == ("SET-7", "2")
    assert reading.written_at.value.iso == "2026-11-24T15:30-06:00"
    assert reading.visit_at.value.iso == "2026-11-24T09:00:00-06:00"
    assert [v.value for v in reading.visit_ids] == [Identifier("ENC-5", "1.2.3.8")]
    assert [o.value for o in reading.order_ids] == [Identifier("REF-9", "1.2.7")]
    author = reading.authors[0].value
    assert (author.name.family, author.npi, author.organization) == ("Osei", NPI, "Lakeside Cardiology")
    assert reading.author_organization.value == "Lakeside Cardiology"
    assert reading.text == "Assessment\nAtrial fibrillation.\nStart apixaban\nINR | 1.1\n"
    assert patient.birth_date.where == "recordTarget/patientRole/patient/birthTime"


@pytest.mark.parametrize(
    "xmlns",
    ["", ' xmlns="urn:hl7-org:v2"', ' xmlns="urn:hl7-org:v3" xmlns:voc="urn:hl7-org:v3/voc"'],
)
def test_wrong_and_missing_namespaces_are_read_all_the_same(xmlns):
    assert one(cda(xmlns=xmlns)).patient.names[0].value.family == "Delgado"


def test_prefixes_declared_or_not_are_read():
    prefixed = cda(xmlns="").decode()
    for tag in ("ClinicalDocument", "recordTarget", "patientRole", "patient", "name", "family", "given"):
        prefixed = prefixed.replace(f"<{tag}", f"<cda:{tag}").replace(f"</{tag}>", f"</cda:{tag}>")
    declared = prefixed.replace("<cda:ClinicalDocument", '<cda:ClinicalDocument xmlns:cda="urn:hl7-org:v3"')
    assert one(declared.encode()).patient.names[0].value.family == "Delgado"
    undeclared = cda('<sdtc:statusCode code="active"/>', xmlns="")
    assert one(undeclared).status.value == "preliminary"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_character_sets_are_recognized_whatever_is_declared(encoding):
    content = cda(patient=PATIENT.replace("Delgado", "Muñoz")).decode()
    assert one(content.encode(encoding)).patient.names[0].value.family == "Muñoz"


def test_a_file_in_another_character_set_than_declared_says_so():
    content = cda(patient=PATIENT.replace("Delgado", "Muñoz")).decode().encode("cp1252")
    assert "character set" in one(content).warnings[0]


def person(*names: str) -> bytes:
    start, end = PATIENT.index("<name use"), PATIENT.index("<administrativeGenderCode")
    return cda(patient=PATIENT[:start] + "".join(names) + PATIENT[end:])


def test_the_legal_name_comes_first_and_the_others_are_kept_with_their_use():
    reading = one(person(
        '<name use="ASGN"><given>Star</given><family>Quest</family></name>',
        "<name><given>Rosie</given><family>Delgado</family></name>",
        '<name use="L"><given>Rosa</given><family>Delgado</family><suffix>MD</suffix></name>',
    ))  # fmt: skip
    names = [(n.value.given, n.value.family, n.value.use) for n in reading.patient.names]
    assert names == [(("Rosa",), "Delgado", "official"), (("Rosie",), "Delgado", ""), (("Star",), "Quest", "alias")]


def test_birth_and_call_me_parts_are_names_of_their_own():
    reading = one(person(
        '<name use="L"><given>Rosa</given><given qualifier="CL">Rosi</given>'
        '<family>Delgado</family><family qualifier="BR">Ruiz</family></name>'
    ))  # fmt: skip
    names = [(n.value.given, n.value.family, n.value.use) for n in reading.patient.names]
    assert names == [
        (("Rosa",), "Delgado", "official"),
        (("Rosa",), "Ruiz", "former"),
        (("Rosi",), "Delgado", "nickname"),
    ]


def test_a_birth_name_keeps_all_its_given_names():
    names = one(person(
        '<name use="L"><given>Rosa</given><given>Maria</given><family>Delgado</family></name>',
        '<name><given qualifier="BR">Rosalia</given><given>Maria</given><family qualifier="BR">Ruiz</family></name>',
    )).patient.names  # fmt: skip
    assert names[1].value == Name("Ruiz", ("Rosalia", "Maria"), use="former")


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ('<id root="2.16.840.1.113883.4.1"/>', []),  # an authority without a number: the same for every patient
        ('<id root="2.16.840.1.113883.4.1" extension=""/>', []),
        ('<id root="2.16.840.1.113883.4.1" nullFlavor="UNK"/>', []),
        ('<id root="9a6d1bac-17d3-4195-89a4-1121bc809b4e"/>', ["9a6d1bac-17d3-4195-89a4-1121bc809b4e"]),
        ('<id extension="77" assigningAuthorityName="LAKE"/>', ["77"]),
        ('<id extension="77"/>', ["77"]),
    ],
)
def test_an_authority_without_a_number_is_no_identifier_of_a_patient(element, found):
    start, end = PATIENT.index("<id root"), PATIENT.index("<addr")
    patient = one(cda(patient=PATIENT[:start] + element + PATIENT[end:])).patient
    assert [i.value.value for i in patient.identifiers] == found


def test_a_lone_oid_of_a_patient_is_hardly_an_identifier():
    start, end = PATIENT.index("<id root"), PATIENT.index("<addr")
    (found,) = one(
        cda(patient=PATIENT[:start] + '<id root="1.2.840.114350.1.13.1"/>' + PATIENT[end:])
    ).patient.identifiers
    assert found.sure < 0.5


def test_an_oid_alone_is_the_identifier_of_a_document():
    found = one(cda(header=HEADER.replace(' extension="DOC-7"', ""))).document_id
    assert (found.value, found.sure) == (Identifier("1.2.3.4"), 1)


def test_a_name_in_one_piece_is_kept_as_written_and_a_null_one_is_none():
    assert one(person("<name>Delgado, Rosa</name>")).patient.names[0].value == Name(text="Delgado, Rosa")
    nameless = one(person('<name nullFlavor="UNK"/>', '<name><given nullFlavor="NA"/><family/></name>')).patient
    assert nameless.names == () and nameless.is_usable


def test_several_patients_are_all_listed_and_one_stated_twice_is_one():
    other = PATIENT.replace("Delgado", "Weber").replace("MRN-4411", "MRN-9")
    reading = one(cda(patient=PATIENT + other))
    assert reading.patient is None
    assert [p.names[0].value.family for p in reading.patients] == ["Delgado", "Weber"]
    assert len(one(cda(patient=PATIENT + PATIENT)).patients) == 1


def test_nothing_is_made_of_null_flavors():
    patient = """<recordTarget><patientRole><id nullFlavor="UNK"/><addr nullFlavor="NI"/><telecom nullFlavor="NI"/>
    <patient><administrativeGenderCode nullFlavor="UNK"/><birthTime nullFlavor="UNK"/></patient></patientRole></recordTarget>"""
    reading = one(cda(patient=patient))
    assert not any(p.is_usable for p in reading.patients)
    assert reading.patient.birth_date is None and reading.patient.sex.value == "unknown"


def test_an_impossible_birth_date_keeps_only_what_was_written():
    born = one(cda(patient=PATIENT.replace("19610304", "03/04/1961"))).patient.birth_date.value
    assert (born.raw, born.iso) == ("03/04/1961", "")


STATUS_CODES = '<sdtc:statusCode code="{}"/>'
REPLACES = '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.3.4" extension="DOC-6"/></parentDocument></relatedDocument>'


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ((), None),
        ((SIGNED,), "final"),
        ((SIGNED.replace('code="S"', 'code="X"'),), "preliminary"),
        ((SIGNED.replace('<signatureCode code="S"/>', ""),), "final"),
        (('<legalAuthenticator nullFlavor="NI"/>',), None),
        ((SIGNED, REPLACES), "amended"),
        ((REPLACES,), None),
        ((STATUS_CODES.format("completed"),), "final"),
        ((SIGNED, STATUS_CODES.format("active")), "preliminary"),
        ((SIGNED, STATUS_CODES.format("nullified")), "retracted"),
    ],
)
def test_status_is_stated_or_signed_or_unknown(parts, status):
    found = one(cda(*parts)).status
    assert (found.value if found else None) == status


@pytest.mark.parametrize(("code", "kind"), [("RPLC", "replaces"), ("APND", "appends"), ("XFRM", "transforms")])
def test_relations_name_the_earlier_document(code, kind):
    reading = one(cda(REPLACES.replace("RPLC", code)))
    assert reading.relations[0].value == Relation(kind, Identifier("DOC-6", "1.2.3.4"))


def header(code: str, template: str, display: str = "") -> str:
    changed = HEADER.replace("11488-4", code).replace("2.16.840.1.113883.10.20.22.1.4", template)
    return changed.replace("Consult note", display).replace("Cardiology consultation", "Report")


@pytest.mark.parametrize(
    ("code", "template", "display", "kind"),
    [
        ("34133-9", "1.1", "", "other"),
        ("57133-1", "1.1", "", "referral_letter"),
        ("28570-0", "1.1", "", "procedure_report"),
        ("18748-4", "1.1", "", "result"),
        ("34099-2", "1.1", "", "consult_note"),
        ("11506-3", "1.1", "", "consult_note"),
        ("99999-0", "2.16.840.1.113883.10.20.22.1.14", "", "referral_letter"),
        ("99999-0", "2.16.840.1.113883.10.20.22.1.2", "Anything", "other"),
        ("99999-0", "1.1", "Gastroenterology Consult note", "consult_note"),
        ("99999-0", "1.1", "Consult request", "referral_letter"),
        ("99999-0", "1.1", "Something else", None),
    ],
)
def test_kind_is_by_code_then_template_then_name(code, template, display, kind):
    found = one(cda(header=header(code, template, display))).kind
    assert (found.value if found else None) == kind


SERVICE = "<documentationOf><serviceEvent><effectiveTime>{}</effectiveTime></serviceEvent></documentationOf>"


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ((), None),
        ((ENCOUNTER,), "2026-11-24"),
        ((SERVICE.format('<low value="20261120"/><high value="20261120"/>'),), "2026-11-20"),
        ((SERVICE.format('<low value="20261101"/><high value="20261120"/>'),), None),
        ((SERVICE.format('<low value="19610304"/>'),), None),
        ((ENCOUNTER.replace("20261124090000-0600", "19610304"),), None),
        ((ENCOUNTER, SERVICE.format('<low value="19610304"/><high value="20261124"/>')), "2026-11-24"),
    ],
)
def test_a_visit_is_an_encounter_or_a_service_of_one_day_never_the_span_since_birth(parts, day):
    found = one(cda(*parts)).visit_at
    assert (found.value.day.isoformat() if found else None) == day


def test_the_span_of_a_summary_is_no_visit():
    service = SERVICE.format('<low value="20261120"/><high value="20261120"/>')
    assert one(cda(service, header=header("34133-9", "1.1"))).visit_at is None


def test_a_person_is_author_before_the_device_and_a_wrong_npi_stays_an_identifier():
    device = """<author><assignedAuthor><id root="1.9"/><assignedAuthoringDevice><softwareName>Notes 3</softwareName>
    </assignedAuthoringDevice></assignedAuthor></author>"""
    reading = one(cda(author=device + AUTHOR.replace(NPI, "1234567890")))
    person, machine = (a.value for a in reading.authors)
    assert (person.name.family, person.npi) == ("Osei", "")
    assert person.identifiers == (Identifier("1234567890", "2.16.840.1.113883.4.6"),)
    assert (machine.kind, machine.name.text) == ("device", "Notes 3")


def test_who_signed_what_a_device_wrote_is_its_author_too():
    device = """<author><assignedAuthor><id root="1.9"/><assignedAuthoringDevice><softwareName>Notes 3</softwareName>
    </assignedAuthoringDevice></assignedAuthor></author>"""
    signer = SIGNED.replace(
        "</assignedEntity>", "<assignedPerson><name><family>Osei</family></name></assignedPerson></assignedEntity>"
    )
    found = one(cda(signer, author=device)).authors
    assert [(a.value.kind, a.where, a.sure) for a in found] == [
        ("device", "author/assignedAuthor", 1),
        ("person", "legalAuthenticator", 0.8),
    ]
    assert len(one(cda(signer)).authors) == 1


@pytest.mark.parametrize(
    ("function", "sure"),
    [
        ('code="PCP"', 0.6),
        ('code="UNK" displayName="Referring Provider"', 1),
        ('code="UNK" displayName="Pain Management"', None),
    ],
)
def test_performers_who_may_have_referred(function, sure):
    performer = f"""<documentationOf><serviceEvent><performer><functionCode {function}/><assignedEntity><assignedPerson>
    <name><family>Gray</family></name></assignedPerson></assignedEntity></performer></serviceEvent></documentationOf>"""
    assert [r.sure for r in one(cda(performer)).referrers] == ([sure] if sure else [])


def test_referrer_and_recipient_are_who_the_header_names():
    parts = """<informationRecipient><intendedRecipient><informationRecipient><name><given>Leo</given>
    <family>Gray</family></name></informationRecipient></intendedRecipient></informationRecipient>
    <participant typeCode="REF"><associatedEntity classCode="PROV"><associatedPerson><name><given>Leo</given>
    <family>Gray</family></name></associatedPerson><scopingOrganization><name>Hill Clinic</name></scopingOrganization>
    </associatedEntity></participant>
    <participant typeCode="IND"><associatedEntity><associatedPerson><name><family>Aunt</family></name>
    </associatedPerson></associatedEntity></participant>"""
    reading = one(cda(parts))
    assert [r.value.name.family for r in reading.recipients] == ["Gray"]
    assert [(r.value.name.family, r.value.organization) for r in reading.referrers] == [("Gray", "Hill Clinic")]


def test_our_own_number_is_found_in_an_order_and_in_the_text():
    order = '<inFulfillmentOf><order><id root="1.2.7" extension="RL-7K3M-9QXC"/></order></inFulfillmentOf>'
    assert one(cda(order)).referral_numbers == ()  # its check character is wrong
    good = order.replace("RL-7K3M-9QXC", "rl 0000-0000")
    assert [n.value for n in one(cda(good)).referral_numbers] == ["RL-0000-0000"]
    body = BODY.replace("Atrial fibrillation.", "Re RL-0000-0000: seen.")
    assert [(n.value, n.where) for n in one(cda(body=body)).referral_numbers] == [("RL-0000-0000", "text")]


def non_xml(attributes: str, content: str) -> str:
    return f"<component><nonXMLBody><text {attributes}>{content}</text></nonXMLBody></component>"


def test_a_body_that_is_a_file_is_embedded_and_a_plain_one_is_text():
    packed = "\n".join(b64(PDF)[i : i + 60] for i in range(0, len(b64(PDF)), 60))
    reading = one(cda(body=non_xml('mediaType="application/pdf" representation="B64"', packed)))
    assert reading.embedded[0].content == PDF and reading.text == ""
    encoded = b64("Seen today, señora.".encode())
    assert one(cda(body=non_xml('mediaType="text/plain" representation="B64"', encoded))).text == "Seen today, señora."
    assert one(cda(body=non_xml('mediaType="text/plain"', "Seen today."))).text == "Seen today."


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (non_xml('mediaType="application/pdf"', '<reference value="UD.pdf"/>'), "does not fetch"),
        (non_xml('mediaType="application/pdf" representation="B64"', "%%%"), "damaged"),
        (non_xml('representation="B64" compression="DF"', "AAAA"), "compressed"),
        ("", "no body"),
    ],
)
def test_a_body_that_cannot_be_had_is_a_warning_not_a_failure(body, warning):
    reading = one(cda(body=body))
    assert warning in " ".join(reading.warnings)
    assert reading.patient.is_usable


def test_a_scan_of_many_megabytes_is_read_and_entities_are_not_on_that_way_either():
    scan = PDF + b"x" * 9_000_000
    big = cda(body=non_xml('mediaType="application/pdf" representation="B64"', b64(scan)))
    assert one(big).embedded[0].content == scan
    with pytest.raises(Unreadable):
        read(big.replace(b"<ClinicalDocument", b"<!DOCTYPE x [<!ENTITY a 'b'>]><ClinicalDocument", 1))


def test_documents_wrapped_in_another_element_are_all_read():
    inner = cda().decode().partition("?>")[2]
    assert len(read(f"<Documents>{inner}{inner}</Documents>".encode())) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (cda()[:-40], "not well-formed"),
        (b"<ClinicalDocument", "not well-formed"),
        (cda().replace(b"<ClinicalDocument", b"<!DOCTYPE x><ClinicalDocument", 1), "DOCTYPE"),
        (b"<ContinuityOfCareRecord/>", "CCR"),
        (b"<letter>Dear</letter>", "neither"),
    ],
)
def test_what_is_no_cda_is_refused_with_a_reason(content, reason):
    with pytest.raises(Unreadable, match=reason):
        read(content)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<ClinicalDocument title="&e;">%s</ClinicalDocument>"""


@pytest.mark.parametrize("inside", [b"<title>&e;&e;&e;</title>", b"<title>&f;</title>", b"<id/>" * 10, b"<a>" * 5000])
def test_entities_and_depth_are_refused(inside):
    with pytest.raises(Unreadable):
        read(BOMB % inside)


def test_software_with_a_name_comes_before_a_person_with_only_a_number():
    nobody = AUTHOR.replace("Ama", "").replace("Osei", "").replace("Lakeside Cardiology", "")
    device = """<author><assignedAuthor><id root="1.2"/><assignedAuthoringDevice><softwareName>PMEHR 8.3</softwareName>
    </assignedAuthoringDevice></assignedAuthor></author>"""
    authors = [found.value for found in one(cda(author=nobody + device)).authors]
    assert [author.kind for author in authors] == ["device", "person"]


@pytest.mark.parametrize(
    ("inner", "sex"), [('<translation code="M"/>', "male"), ('<translation code="XYZ"/>', None), ("", "other")]
)
def test_a_sex_in_a_local_code_is_read_from_its_translation(inner, sex):
    coded = f'<administrativeGenderCode nullFlavor="OTH">{inner}</administrativeGenderCode>'
    patient = PATIENT.replace('<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>', coded)
    found = one(cda(patient=patient)).patient.sex
    assert (found.value if found else None) == sex
