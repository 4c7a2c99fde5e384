"""The habits of many senders: where a fact stands elsewhere than the standard says, and where nothing is to be made up."""

import pytest

from referrals.intake import notices
from referrals.intake.parsers.hl7v2 import read
from referrals.intake.parsers.nested import read_document
from referrals.intake.reading import Identifier, Name
from tests.referrals.intake.parsers.made import NPI, PID, b64, obx, txa, v2

NOTE = txa(_2="CN", _6="20261124", _9=f"{NPI}^OSEI^AMA", _12="D1", _17="AU")


def one(content: bytes):
    (reading,) = read(content)
    return reading


def of_pid(pid: str):
    return one(v2(NOTE, obx("Seen."), pid=pid)).patient


@pytest.mark.parametrize(
    ("code", "sex"),
    [("1", "male"), ("2", "female"), ("9", "unknown"), ("Female", "female"), ("m", "male"), ("7", None)],
)
def test_sex_in_letters_words_and_iso_codes(code, sex):
    found = of_pid(f"PID|1||4411^^^MRN||DOE^JO||19610304|{code}").sex
    assert (found.value if found else None) == sex


@pytest.mark.parametrize(
    ("telecom", "phones", "emails"),
    [
        ("(608)555-0142", ["(608)555-0142"], []),
        ("^PRN^PH^^1^410^3708783", ["410-3708783"], []),
        ("^^PH^+4646818283", ["+4646818283"], []),
        ("02111111111^^^HOME^^^^^Y~07999123123^^^MOBILE~jo@example.org^^^EMAIL", ["02111111111", "07999123123"], ["jo@example.org"]),
        ("+6492837461^^^jo.doe@example.co.nz", ["+6492837461"], ["jo.doe@example.co.nz"]),
        ("^NET^Internet^jo@example.org~07123456^PRN^PH", ["07123456"], ["jo@example.org"]),
        ("+49 173 8765432^^CP^^^^^^^^^+49 173 8765432~+49 228 87654-322^^FX", ["+49 173 8765432"], []),
        ("DOC203^Healy^Diarmuid~none~n/a", [], []),
    ],
)  # fmt: skip
def test_telephones_and_addresses_of_every_form(telecom, phones, emails):
    patient = of_pid(f"PID|1||4411^^^MRN||DOE^JO||19610304|F|||||{telecom}")
    assert ([p.value for p in patient.phones], [e.value for e in patient.emails]) == (phones, emails)


@pytest.mark.parametrize(
    ("birth", "iso"),
    [
        ("19610304", "1961-03-04"), ("19610304000000+1000", "1961-03-04T00:00:00+10:00"), ("196103", "1961-03"),
        ("1961-03-04", "1961-03-04"), ("610304", ""), ("03041961", ""), ("19611304", ""), ("00000000", ""),
        ("196203520", ""), ("10131113", ""),
    ],
)  # fmt: skip
def test_a_birth_date_is_as_written_or_kept_raw(birth, iso):
    found = of_pid(f"PID|1||4411^^^MRN||DOE^JO||{birth}").birth_date
    assert (found.value.iso, found.value.raw) == (iso, birth)


def test_names_of_every_type_and_particle():
    patient = of_pid(
        "PID|||9^^^Klinik^PI ||über dem Stein&über dem&Stein^Félix^^^^^L^A~Wëißmüller^^^^^^M^A~Richter^^^^Frau^^D||19750123"
    )
    assert [f.value for f in patient.names] == [
        Name("über dem Stein", ("Félix",), use="official"),
        Name("Richter", (), prefix="Frau"),
        Name("Wëißmüller", (), use="former"),
    ]
    assert patient.identifiers[0].value == Identifier("9", "Klinik", "PI")
    assert of_pid("PID|1||9^^^MRN||O'BRIEN^DECLAN^RUAIRÍ^^^^CURRENT||20020714").names[0].value.use == "official"


def test_numbers_without_a_value_and_place_holders_are_nothing():
    patient = of_pid("PID|1||^^^^^^20100525^21000101^ON~^^^^PT||DOE^JO||19610304|||||||||||SSN# HERE")
    assert patient.identifiers == ()


def test_a_social_security_number_in_the_place_of_an_account_is_no_visit():
    reading = one(v2(NOTE, obx("Seen."), pid="PID|1||4411^^^MRN||DOE^JO|||||||||||||SSN384-71-2069^^^SS", pv1=""))
    assert reading.visit_ids == ()


@pytest.mark.parametrize("shifted", ["20251219110000", "20260605", "AU", "AV"])
def test_a_time_or_a_code_where_a_person_belongs_is_nobody(shifted):
    assert (
        one(v2(txa(_2="CN", _5=shifted, _10="80^MARCHAND^HENRI"), obx("Seen."))).authors[0].value.name.family
        == "MARCHAND"
    )
    assert one(v2(txa(_2="CN", _5=shifted), obx("Seen."), pv1="")).authors == ()


def test_the_primary_care_provider_refers_when_nobody_else_is_named():
    primary = "PRD|PP^Primary Care Provider|HEALY^DIARMUID|||DOC203^HEALY^DIARMUID"
    reading = one(v2(primary, "PRD|RT|OSEI^AMA", kind="REF^I12", pv1=""))
    (referrer,) = reading.referrers
    assert (referrer.value.name.family, referrer.sure, referrer.value.phones) == ("HEALY", 0.7, ())
    assert [a.value.name.family for a in reading.authors] == ["HEALY"]
    both = one(v2(primary, "PRD|RP|GRAY^LEO", kind="REF^I12", pv1=""))
    assert [(r.value.name.family, r.sure) for r in both.referrers] == [("GRAY", 1.0)]


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_a_report_over_many_lines_with_notes_between_is_one_text(ends):
    lines = [
        obx("HISTORY"),
        obx(""),
        obx("Palpitations.\\.br\\No syncope."),
        "NTE|1||Dictated, not read.",
        obx("PLAN~Holter"),
    ]
    assert (
        one(v2(NOTE, *lines, end=ends)).text == "HISTORY\nPalpitations.\nNo syncope.\nDictated, not read.\nPLAN\nHolter"
    )


def test_groups_of_observations_are_as_final_as_the_least_of_them():
    def group(number, status):
        return "|".join(["OBR", number, f"ORD-{number}", *[""] * 22, status])

    groups = (group("1", "F"), obx("Liver normal."), group("2", "P"), obx("Spleen pending.", status="P"))
    reading = one(v2(*groups, kind="ORU^R01"))
    assert (reading.status.value, [o.value.value for o in reading.order_ids]) == ("preliminary", ["ORD-1", "ORD-2"])


def test_a_batch_of_several_patients_comes_apart_also_in_utf_16():
    first, second = v2(NOTE, obx("Først.")), v2(NOTE, obx("Second."), pid=PID.replace("DELGADO", "WEBER"))
    text = (b"FHS|^~\\&\rBHS|^~\\&\r" + first + second + b"BTS|2\rFTS|1\r").decode()
    for content in (text.encode(), text.encode("utf-16")):
        alone = [one(reading.part.content) for reading in read(content)]
        assert [(r.patient.names[0].value.family, r.text) for r in alone] == [
            ("DELGADO", "Først."),
            ("WEBER", "Second."),
        ]


@pytest.mark.parametrize(
    ("kind", "segments", "told"),
    [
        ("SIU^S12", ("SCH|1|2||||||||^^^20261201083000",), notices.BOOKED),
        ("SIU^S14", ("SCH|1|2",), notices.MOVED),
        ("SIU^S15", ("SCH|1|2",), notices.CALLED_OFF),
        ("SIU^S26", ("SCH|1|2",), notices.MISSED),
        ("SIU^S14", ("|".join(["SCH", *[""] * 24, "Noshow"]),), notices.MISSED),
        ("SIU^S12", ("|".join(["SCH", *[""] * 24, "Cancelled^Cancelled^HL70278"]),), notices.CALLED_OFF),
        ("SRM^S01", (), notices.ASKED_FOR),
        ("ADT^A04", (), notices.ARRIVED), ("ADT^A03", (), notices.LEFT), ("ADT^A08", (), notices.RECORD_CHANGED),
        ("ADT^A11", (), notices.VISIT_UNDONE), ("ADT^A40", (), notices.MERGED),
        ("ORM^O01", ("ORC|NW|1", "OBR|1|1||71020^Chest"), notices.ORDERED),
        ("RRI^I12", ("RF1|A",), notices.ACCEPTED), ("RRI^I12", ("RF1|R",), notices.DECLINED),
        ("REF^I14", ("RF1||||||9",), notices.REFERRAL_CANCELLED),
        ("MDM^T01", (NOTE,), notices.ANNOUNCED), ("MDM^T02", (NOTE,), notices.ANNOUNCED),
        ("DFT^P03", (), notices.NOT_OURS), ("VXU^V04", ("RXA|0|1",), notices.NOT_OURS),
    ],
)  # fmt: skip
def test_a_message_without_a_document_tells_what_happened(kind, segments, told):
    assert one(v2(*segments, kind=kind)).notice.value == told
    words = notices.words_of(told, kind)
    assert kind in words and words.endswith(".") and len(words) <= 200


@pytest.mark.parametrize(
    "content",
    [
        v2(NOTE, obx("Seen.")), v2(NOTE, kind="MDM^T11"), v2("OBR|1", obx("Clear."), kind="ORU^R01"), v2("RF1||||||9", kind="REF^I12"),
        v2("OBR|1", obx("Report."), kind="ORM^O01"), v2(NOTE, obx(f"^application^pdf^Base64^{b64(b'%PDF-1.4 x')}", kind="ED")),
    ],
    ids=["note", "cancelled", "result", "referral", "order-with-report", "file"],
)  # fmt: skip
def test_a_document_is_no_notice(content):
    assert one(content).notice is None


def test_every_notice_fits_where_it_is_shown():
    for key, notice in notices.NOTICES.items():
        assert len(f"{notice.says} (MFN^M02). {notice.do}") <= 200, key


def test_a_report_that_is_a_link_or_is_damaged_is_not_whole():
    assert not one(v2(NOTE, obx("See the report."), obx("https://example.org/1", kind="RP"))).is_whole
    assert one(v2(NOTE, obx("Seen."))).is_whole


XML = """<?xml version="1.0"?><ORU_R01 xmlns="urn:hl7-org:v2xml">
<MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.4><HD.1>LAKESIDE</HD.1></MSH.4>
<MSH.9><MSG.1>ORU</MSG.1><MSG.2>R01</MSG.2></MSH.9><MSH.10>M1</MSH.10></MSH>
<ORU_R01.PATIENT_RESULT><ORU_R01.PATIENT><PID>
<PID.3><CX.1>4411</CX.1><CX.4><HD.1>LAKE</HD.1><HD.2>1.2.3.9</HD.2></CX.4><CX.5>MR</CX.5></PID.3><PID.3><CX.1>77</CX.1></PID.3>
<PID.5><XPN.1><FN.1>DELGADO|RUIZ</FN.1></XPN.1><XPN.2>ROSA</XPN.2></PID.5><PID.7><TS.1>19610304</TS.1></PID.7></PID>
</ORU_R01.PATIENT><ORU_R01.ORDER_OBSERVATION><OBR><OBR.2><EI.1>REF-9</EI.1></OBR.2><OBR.25>F</OBR.25></OBR>
<ORU_R01.OBSERVATION><OBX><OBX.2>TX</OBX.2><OBX.5>Sinus rhythm &amp; no ischemia.\\.br\\Line two<escape V=".br"/>Line three</OBX.5><OBX.11>F</OBX.11></OBX>
</ORU_R01.OBSERVATION></ORU_R01.ORDER_OBSERVATION></ORU_R01.PATIENT_RESULT></ORU_R01>"""


def test_the_xml_encoding_is_read_as_the_message_it_is():
    (reading,) = read_document(XML.encode())
    assert reading.format == "HL7 v2 ORU^R01"
    assert [i.value for i in reading.patient.identifiers] == [Identifier("4411", "1.2.3.9", "MR"), Identifier("77")]
    assert reading.patient.names[0].value.family == "DELGADO|RUIZ"
    assert (reading.patient.birth_date.value.iso, reading.status.value) == ("1961-03-04", "final")
    assert [o.value.value for o in reading.order_ids] == ["REF-9"]
    assert reading.text == "Sinus rhythm & no ischemia.\nLine two\nLine three"


def of_txa(*segments: str, pv1: str = "", **fields: str):
    return one(v2(txa(**{"_2": "CN", "_12": "D1", "_17": "AU"} | fields), obx("Seen."), *segments, pv1=pv1))


def names_of(parties) -> list[tuple[str, ...]]:
    return [(p.value.name.family, *p.value.name.given) for p in parties if p.value.name]


EPIC = f"1001^OSEI^AMA^^^^^^EPIC^^^^PROVID~{NPI}^OSEI^AMA^^^^^^NPI^^^^NPI"


def test_a_field_repeated_for_the_npi_is_one_clinician():
    (author,) = of_txa(_9=EPIC).authors
    assert (author.value.npi, [i.value for i in author.value.identifiers]) == (NPI, ["1001", NPI])
    cerner = f"9^OSEI^AMA^^^^^^External Id^Personnel~{NPI}^OSEI^AMA^^^^^^National Provider Identifier^Personnel"
    assert [a.value.npi for a in of_txa(_9=cerner).authors] == [NPI]


def test_a_clinician_has_the_npi_that_stands_elsewhere_in_the_message():
    (author,) = of_txa(_9="1001^OSEI^AMA^^^^^^EPIC", pv1=f"PV1|1|O|||||{EPIC}").authors
    assert author.value.npi == NPI


@pytest.mark.parametrize(
    ("originator", "authenticator"),
    [
        ("1001^SMITH^JOHN^^^^^^EPIC", "1002^SMITH^JOHN^^^^^^EPIC"),
        (f"{NPI}^SMITH^JOHN", "1003000126^SMITH^JOHN"),
        ("999999^SMITH^JOHN", "999999^GRAY^LEO"),
    ],
)
def test_namesakes_and_users_of_one_place_holder_stay_apart(originator, authenticator):
    assert len(of_txa(_9=originator, _10=authenticator).authors) == 2


@pytest.mark.parametrize(
    ("clinician", "name"),
    [
        ("SMITH^ROBERT^MD", ("SMITH", "ROBERT")), ("DR.SMITH^JOHN^A", ("DR.SMITH", "JOHN", "A")),
        ("BAKER^IDA", ("BAKER", "IDA")), ("OSEIA^Osei^Ama", ("Osei", "Ama")), ("JSMITH^SMITH", ("SMITH",)),
        ("TAVL^Tavares^L", ("Tavares", "L")), ("MARTIN^MARIA^MD", ("MARTIN", "MARIA")),
        ("AMB^BAKER^IDA", ("BAKER", "IDA")), ("94321^OSEI^AMA^MD", ("OSEI", "AMA")), ("1275017^^^1275017^^^^^FOREST", None),
    ],
)  # fmt: skip
def test_a_name_where_the_number_belongs_and_a_number_where_the_name_belongs(clinician, name):
    assert names_of(of_txa(_9=clinician).authors) == ([name] if name else [])


def test_a_number_alone_comes_behind_who_is_named_and_no_clinicians_number_is_the_documents():
    shifted = of_txa(_5="77^GRAY^LEO", _9="DOC-9", _12="77^GRAY^LEO")
    assert (names_of(shifted.authors[:1]), shifted.document_id) == ([("GRAY", "LEO")], None)


def test_a_physician_who_typed_the_note_wrote_it_and_a_typist_did_not():
    attending = "PV1|1|O|||||55^HALL^IDA"
    assert names_of(of_txa(_11="77^GRAY^LEO^^^^M.D.", pv1=attending).authors) == [("GRAY", "LEO")]
    assert names_of(of_txa(_11="77^GRAY^LEO", pv1=attending).authors) == [("HALL", "IDA")]


def test_where_a_documents_number_stands_a_field_late_its_parent_is_no_order():
    late = of_txa(_12="", _13="D1", _14="D0")
    assert (late.order_ids, late.document_id, late.relations) == ((), None, ())


def test_an_analyzer_is_no_author_and_who_answers_for_a_text_is():
    observed = "OBX|1|{}|A||{}||||||F|||20260415||P5^HALL^IDA"
    assert one(v2("OBR|1", observed.format("NM", "98"), kind="ORU^R01", pv1="")).authors == ()
    assert names_of(one(v2("OBR|1", observed.format("TX", "Clear."), kind="ORU^R01", pv1="")).authors) == [
        ("HALL", "IDA")
    ]


def test_participations_of_later_versions_name_author_and_recipients():
    reading = of_txa("PRT||UC||AUT^Author|80^BLANCHARD^Louis", "PRT||UC||RCT^Copies to|10^FERRAND^Fabien")
    assert (names_of(reading.authors), names_of(reading.recipients)) == (
        [("BLANCHARD", "Louis")],
        [("FERRAND", "Fabien")],
    )


def test_numbers_of_the_order_segment_count_when_the_request_has_none():
    reading = one(v2("ORC|RE|REF-9^HUB|RES-4^LAB", "OBR|1|||71020^Chest", obx("Clear."), kind="ORU^R01"))
    assert (reading.document_id.value, reading.order_ids[0].value.value) == (Identifier("RES-4", "LAB"), "REF-9")


def test_what_an_order_carries_is_what_its_texts_are_called():
    order = ("ORC|RE|REF-9^HUB", "OBR|1|REF-9^HUB||57133-1^Referral note^LN")
    assert one(v2(*order, obx("Seen for palpitations."), kind="OMG^O19")).kind.value == "consult_note"


@pytest.mark.parametrize(
    ("header", "encoding", "name"),
    [
        ("windows-1250", "cp1250", "ŁUKASZEWICZ"), ("ISO-8859-2", "iso8859-2", "DVOŘÁK"), ("8859/5", "iso8859-5", "ИВАНОВ"),
        ("UNICODE UTF-8", "latin-1", "MUÑOZ"), ("hex", "latin-1", "MUÑOZ"),
    ],
)  # fmt: skip
def test_character_sets_as_senders_call_them(header, encoding, name):
    text = v2(NOTE, pid=PID.replace("DELGADO", name)).decode().replace("|2.5.1\r", f"|2.5.1||||||{header}\r")
    assert one(text.encode(encoding)).patient.names[0].value.family == name


def test_one_wrong_byte_in_a_text_spoils_no_name():
    message = v2(NOTE, obx("Temp 38 C."), pid=PID.replace("DELGADO", "MUÑOZ")).replace(b"38 C", b"38 \xb0C")
    reading = one(message)
    assert (reading.patient.names[0].value.family, reading.text) == ("MUÑOZ", "Temp 38 °C.")


def test_a_header_that_lost_its_backslash():
    message = v2(NOTE, obx("Seen &T& treated.")).replace(b"MSH|^~\\&|", b"MSH|^~&|")
    assert one(message).text == "Seen &T& treated."


def test_patients_in_one_result_and_documents_in_one_notification_come_apart():
    other = PID.replace("DELGADO", "WEBER").replace("4411", "9")
    result = v2("OBR|1|O1|R1", obx("First."), other, "OBR|1|O2|R2", obx("Second."), kind="ORU^R01")
    assert [(r.patient.names[0].value.family, r.text) for r in read(result)] == [
        ("DELGADO", "First."),
        ("WEBER", "Second."),
    ]
    assert [one(r.part.content).order_ids[0].value.value for r in read(result)] == ["O1", "O2"]
    again = v2("OBR|1|O1|R1", obx("First."), PID, "OBR|2|O2|R2", obx("Second."), kind="ORU^R01")
    assert one(again).text == "First.\nSecond."
    assert len(one(v2(other, "OBR|1|O1|R1", obx("Whose?"), kind="ORU^R01")).patients) == 2
    notes = v2(NOTE, obx("First."), txa(_2="CN", _12="D2", _17="IP"), obx("Second."))
    assert [(r.document_id.value.value, r.status.value) for r in read(notes)] == [
        ("D1", "final"),
        ("D2", "preliminary"),
    ]
    together = one(v2(NOTE, txa(_2="CN", _12="D2", _17="IP"), obx("Which?")))
    assert not together.is_whole and "several documents" in together.warnings[0]
