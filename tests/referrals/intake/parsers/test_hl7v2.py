"""HL7 v2: framing, delimiters, people, dates, orders and the report inside."""

import pytest

from referrals.intake.parsers.hl7v2 import read
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Embedded, Identifier, Name
from tests.referrals.intake.parsers.made import NPI, PDF, PID, PV1, b64, obx, txa, v2

NOTE = txa(_2="CN^Consultation", _3="TX", _4="20261124093000", _6="20261124110000", _9=f"{NPI}^OSEI^AMA^^^DR^MD^^NPI",
           _12="DOC-7^EHR", _14="REF-9^HUB", _17="AU")  # fmt: skip


def one(content: bytes):
    (reading,) = read(content)
    return reading


def test_a_document_notification_tells_who_what_when_and_why():
    reading = one(v2(NOTE, obx("Atrial fibrillation.~Start apixaban.")))
    patient = reading.patient
    assert reading.format == "HL7 v2 MDM^T02"
    assert patient.names[0].value == Name("DELGADO", ("ROSA", "MARIA"), use="official")
    assert patient.birth_date.value.iso == "1961-03-04" and patient.birth_date.where == "PID-7"
    assert [i.value for i in patient.identifiers] == [
        Identifier("4411", "1.2.3.9", "MR"),
        Identifier("900-12-3456", "", "SS"),
    ]
    assert patient.phones[0].value == "(608)555-0142"
    assert patient.addresses[0].value.city == "MADISON"
    assert (reading.kind.value, reading.kind.where) == ("consult_note", "TXA-2")
    assert (reading.status.value, reading.status.where) == ("final", "TXA-17")
    assert reading.document_id.value == Identifier("DOC-7", "EHR")
    assert reading.written_at.value.iso == "2026-11-24T11:00:00"
    assert (reading.visit_at.value.iso, reading.visit_at.where) == ("2026-11-24T09:00:00-06:00", "PV1-44")
    assert [v.value.value for v in reading.visit_ids] == ["V-5"]
    assert [o.value for o in reading.order_ids] == [Identifier("REF-9", "HUB")]
    assert (reading.authors[0].value.npi, reading.authors[0].value.name.family) == (NPI, "OSEI")
    assert [r.value.name.family for r in reading.referrers] == ["GRAY"]
    assert reading.author_organization.value == "LAKESIDE CARDIOLOGY"
    assert reading.text == "Atrial fibrillation.\nStart apixaban."


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("wrap", ["{}", "\x0b{}\x1c\r", "\ufeff{}", "FHS|^~\\&\rBHS|^~\\&\r{}BTS|1\rFTS|1\r"])
def test_every_framing_gives_the_same_message(end, wrap):
    content = wrap.format(v2(NOTE, obx("Seen."), end=end).decode()).encode()
    reading = one(content)
    assert (reading.patient.names[0].value.family, reading.text) == ("DELGADO", "Seen.")


def test_several_messages_are_several_readings():
    other = v2(NOTE, obx("Second."), pid=PID.replace("DELGADO", "WEBER"))
    readings = read(v2(NOTE, obx("First.")) + other)
    assert [(r.patient.names[0].value.family, r.text) for r in readings] == [
        ("DELGADO", "First."),
        ("WEBER", "Second."),
    ]
    assert [one(r.part.content).text for r in readings] == ["First.", "Second."]  # each comes apart as a message
    assert one(v2(NOTE, obx("First."))).part is None


def test_other_delimiters_and_missing_ones_are_honoured():
    custom = v2(NOTE, obx("Seen.")).decode()
    for standard, changed in (("|", "#"), ("^", "!"), ("~", "@"), ("\\", "%"), ("&", "*")):
        custom = custom.replace(standard, changed)
    patient = one(custom.encode()).patient
    assert patient.names[0].value.given == ("ROSA", "MARIA")
    assert patient.identifiers[0].value == Identifier("4411", "1.2.3.9", "MR")
    short = v2(NOTE).replace(b"MSH|^~\\&|", b"MSH|^|")
    assert len(one(short).patient.identifiers) == 2


@pytest.mark.parametrize(
    ("encoding", "charset"), [("utf-8", ""), ("latin-1", ""), ("latin-1", "8859/1"), ("utf-16", "UNICODE")]
)
def test_accents_survive_every_character_set(encoding, charset):
    text = v2(NOTE, pid=PID.replace("DELGADO", "MUÑOZ")).decode().replace("|2.5.1\r", f"|2.5.1||||||{charset}\r")
    assert one(text.encode(encoding)).patient.names[0].value.family == "MUÑOZ"


def test_escapes_are_undone_and_other_backslashes_stay():
    reading = one(v2(NOTE, obx("A \\F\\ B \\T\\ C\\.br\\\\H\\bold\\N\\ \\X41\\ path \\\\srv\\share \\E\\")))
    assert reading.text == "A | B & C\nbold A path \\\\srv\\share \\"


def test_a_line_that_is_no_segment_goes_on_with_the_text_before_it():
    message = v2(NOTE, "OBX|1|TX|A||First line\nsecond line\nthird||||||F", obx("Last."), end="\n")
    assert one(message).text == "First line\nsecond line\nthird\nLast."
    upper = v2(NOTE, "OBX|1|TX|A||FINDINGS", "THE liver is normal.", "MRI", "MSH is a hospital.", "", end="\n")
    assert one(upper).text == "FINDINGS\nTHE liver is normal.\nMRI\nMSH is a hospital."
    assert one(v2(NOTE, "PIDX|1||9^^^MRN||DOE^JOHN")).patient.names[0].value.family == "DELGADO"


def test_a_second_patient_in_one_message_is_listed_and_the_same_one_is_not_repeated():
    both = one(v2(PID.replace("DELGADO", "WEBER").replace("4411", "9"), NOTE))
    assert both.patient is None and len(both.patients) == 2
    assert len(one(v2(PID, NOTE)).patients) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DOE^JO^Q^JR^MR", [Name("DOE", ("JO", "Q"), "JR", "MR", "official")]),
        ("DOE^JO^^^^^D~ROE^JO^^^^^L", [Name("DOE", ("JO",), use="official"), Name("ROE", ("JO",), use="official")]),
        ("ROE^JO^^^^^M~DOE^JO^^^^^L", [Name("DOE", ("JO",), use="official"), Name("ROE", ("JO",), use="former")]),
        ("DOE^JO~^JOEY^^^^^N", [Name("DOE", ("JO",), use="official"), Name("", ("JOEY",), use="nickname")]),
        ("DOE&VAN&DER^JO", [Name("DOE", ("JO",), use="official")]),
        ("DOE,JO", [Name(use="official", text="DOE,JO")]),
        ("DOE\\T\\ROE^JO", [Name("DOE&ROE", ("JO",), use="official")]),
        ('""', []),
        ("^^^", []),
    ],
)
def test_patient_names(name, expected):
    reading = one(v2(NOTE, pid=f"PID|1||4411^^^MRN||{name}||19610304|F"))
    assert [n.value for n in reading.patient.names] == expected


def test_older_numbers_and_the_social_security_number_have_their_place():
    reading = one(v2(NOTE, pid="PID|1|77^^^OLD|4411^^^MRN|88^^^ALT|DOE^JO||||||||||||||900-12-3456"))
    found = [(i.value.value, i.value.type, i.where) for i in reading.patient.identifiers]
    assert found == [("4411", "", "PID-3"), ("77", "", "PID-2"), ("88", "", "PID-4"), ("900-12-3456", "SS", "PID-19")]


def test_a_number_repeated_without_its_authority_adds_nothing():
    found = one(v2(NOTE, pid="PID|1|4411|4411^^^MRN|4411^^^OLD|DOE^JO")).patient.identifiers
    assert [(i.value.assigner, i.where) for i in found] == [("MRN", "PID-3"), ("OLD", "PID-4")]


@pytest.mark.parametrize(
    ("clinician", "npi"),
    [
        (f"{NPI}^OSEI^AMA^^^^^^NPI", NPI),
        (f"{NPI}^OSEI^AMA^^^^^^&2.16.840.1.113883.4.6&ISO", NPI),
        (f"{NPI}^OSEI^AMA^^^^^^^^^^NPI", NPI),
        (f"{NPI}^OSEI^AMA", NPI),
        (f"{NPI}^OSEI^AMA^^^^^^EHR", ""),
        ("1234567890^OSEI^AMA^^^^^^NPI", ""),
        ("A12^OSEI^AMA", ""),
    ],
)
def test_an_npi_is_said_to_be_one_or_plain_and_its_check_digit_holds(clinician, npi):
    author = one(v2(txa(_2="CN", _9=clinician), pv1="")).authors[0].value
    assert (author.npi, author.name.family) == (npi, "OSEI")


def test_a_result_speaks_of_its_order_its_interpreter_and_its_time():
    obr = "|".join(["OBR", "1", "REF-9^HUB", "RES-4^LAB", "24627-2^CT chest^LN", "", "", "20261120", *[""] * 8,
                    "77^GRAY^LEO", *[""] * 5, "20261121", "", "", "F", *[""] * 6, "55&HALL&IDA"])  # fmt: skip
    reading = one(v2(obr, obx("No nodule.", code="24627-2^CT chest^LN"), kind="ORU^R01"))
    assert (reading.kind.value, reading.status.value) == ("result", "final")
    assert (reading.written_at.value.iso, reading.visit_at.value.iso) == ("2026-11-21", "2026-11-20")
    assert reading.document_id.value == Identifier("RES-4", "LAB")
    assert [o.value.value for o in reading.order_ids] == ["REF-9"]
    assert reading.authors[0].value.name.family == "HALL"
    assert [r.value.name.family for r in reading.referrers] == ["GRAY"]


@pytest.mark.parametrize(("ordered_by", "authors"), [("77^GRAY^LEO", ["OSEI"]), (f"{NPI}^OSEI^AMA", [])])
def test_of_a_report_without_author_the_attending_may_be_it_but_not_who_ordered_it(ordered_by, authors):
    obr = f"OBR|1|REF-9||71020^Chest|||20261120|||||||||{ordered_by}|||||||||F"
    found = one(v2(obr, obx("Clear."), kind="ORU^R01")).authors
    assert [(a.value.name.family, a.sure) for a in found] == [(name, 0.5) for name in authors]


def test_a_consultation_note_sent_as_a_result_is_a_consultation_note():
    reading = one(v2("OBR|1|REF-9||11488-4^Consult note^LN", obx("Seen."), kind="ORU^R01"))
    assert reading.kind.value == "consult_note"


def test_measurements_are_lines_with_unit_range_and_flag():
    reading = one(
        v2("OBR|1|||CBC", "OBX|1|NM|718-7^Hemoglobin^LN||14.2|g/dL|13.5-17.5|H|||F", "NTE|1||Repeat.", kind="ORU^R01")
    )
    assert reading.text == "Hemoglobin: 14.2 g/dL (13.5-17.5) H\nRepeat."


@pytest.mark.parametrize(
    "value",
    [
        f"EHR^application^pdf^Base64^{b64(PDF)}",
        f"^AP^PDF^BASE64^{b64(PDF)}",
        f"^application/pdf^^Base64^{b64(PDF)}",
        f"^application/pdf^Base64^{b64(PDF)}",
        f"^application^pdf^Hex^{PDF.hex()}",
        b64(PDF),
        f"^application^pdf^Base64^{b64(PDF)[:80]}\\.br\\{b64(PDF)[80:]}",
        f"^application^pdf^Base64^{b64(PDF).rstrip('=')}",
    ],
)
def test_a_file_is_embedded_however_it_is_put(value):
    reading = one(v2(NOTE, obx(value, kind="ED")))
    assert [e.content for e in reading.embedded] == [PDF]
    assert reading.text == ""


def test_a_file_in_a_text_field_and_one_over_several_fields_are_files():
    assert one(v2(NOTE, obx(b64(PDF)))).embedded[0].content == PDF
    first, second = b64(PDF)[:200], b64(PDF)[200:]
    parts = v2(
        NOTE, obx(f"^application^pdf^Base64^{first}", kind="ED"), obx(f"^application^pdf^Base64^{second}", kind="ED")
    )
    assert [e.content for e in one(parts).embedded] == [PDF]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{\\rtf1\\ansi Seen \\b today\\b0 .}", "application/rtf"),
        ("<html><body>Seen today.</body></html>", "text/html"),
        ("<?xml version='1.0'?><ClinicalDocument/>", "application/xml"),
    ],
)
def test_markup_sent_as_text_is_a_file(text, kind):
    reading = one(v2(NOTE, obx(text)))
    assert (reading.embedded, reading.text) == ((Embedded(text.encode(), "OBX-5", kind),), "")


@pytest.mark.parametrize(
    ("segment", "warning"),
    [
        (obx("https://example.org/1^^^application", kind="RP"), "does not fetch"),
        (obx("^application^pdf^Base64^%%%%", kind="ED"), "damaged"),
        (obx("^application^pdf^Base64^", kind="ED"), "empty"),
    ],
)
def test_a_file_that_cannot_be_had_is_a_warning(segment, warning):
    assert warning in one(v2(NOTE, segment)).warnings[0]


def test_an_appointment_and_an_admission_are_no_notes_but_tell_of_the_visit():
    sch = "SCH|1|2|||||||||^^^20261201083000^20261201090000|||||||||||||||REF-9"
    booked = one(v2(sch, kind="SIU^S12", pv1=""))
    assert (booked.kind, booked.status, booked.visit_at.value.iso) == (None, None, "2026-12-01T08:30:00")
    assert (booked.visit_at.where, booked.order_ids[0].value.value) == ("SCH-11.4", "REF-9")
    admitted = one(v2(kind="ADT^A04"))
    assert (admitted.kind, admitted.status, admitted.authors) == (None, None, ())
    assert admitted.visit_at.where == "PV1-44"


def test_a_referral_names_referrer_recipient_and_its_numbers():
    segments = (
        "RF1||||||REF-9^HUB|||||EXT-3",
        f"PRD|RP|GRAY^LEO|||(608)555-0199||{NPI}^NPI",
        "PRD|RT|OSEI^AMA",
    )
    reading = one(v2(*segments, kind="REF^I12", pv1=""))
    assert reading.kind.value == "referral_letter"
    assert (reading.referrers[0].value.name.family, reading.referrers[0].value.npi) == ("GRAY", NPI)
    assert reading.recipients[0].value.name.family == "OSEI"
    assert [o.value.value for o in reading.order_ids] == ["REF-9", "EXT-3"]


def test_an_order_without_a_report_is_none():
    reading = one(v2("ORC|NW|REF-9", "OBR|1|REF-9||57133-1^Referral note^LN|||||||||||||||||||||S", kind="OMG^O19"))
    assert (reading.kind, reading.status) == (None, None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PID.encode(), "no MSH"),
        (b"MSH", "delimiters"),
        (b"MSHA^~", "delimiters"),
        (v2("MSA|AA|M1", kind="ACK^R01", pid="", pv1=""), "acknowledgements"),
        (b"MSH|^~\\&\r" * 501, "more than 500"),
        (v2(*(f"PID|1||{n}\rOBR|1|O{n}" for n in range(501)), kind="ORU^R01", pid="", pv1=""), "more than 500"),
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(content, reason):
    with pytest.raises(Unreadable, match=reason):
        read(content)


def test_fields_that_end_early_and_empty_segments_are_nothing():
    reading = one(b"MSH|^~\\&|A\rPID|\rPV1\rTXA|1\rOBX\rOBR|1\rZZZ|x")
    assert reading.patients == () and reading.text == ""
    assert one(v2(NOTE, pv1=PV1[:12])).visit_at.where == "TXA-4"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_message_of_a_batch_is_to_the_byte_what_it_is_alone(end):
    alone = [v2(txa(_2="CN", _12=f"D{number}"), obx("Seen."), end=end) for number in range(3)]
    around = [
        f"{line}{end}".encode() for line in ("FHS|^~\\&|A", "BHS|^~\\&|A", "BTS|2", "BHS|^~\\&|A", "BTS|1", "FTS|2")
    ]
    content = b"".join((*around[:2], alone[0], b"\x0b", alone[1], b"\x1c\r", *around[2:4], alone[2], *around[4:]))
    assert [reading.part.content for reading in read(content)] == alone
    assert {reading.part.missing for reading in read(content)} == {""}


def test_a_batch_that_counts_more_than_it_holds_is_not_whole():
    message = v2(txa(_2="CN", _17="AU"), obx("Seen."))
    (reading,) = read(message + b"BTS|2\r")
    assert (reading.is_whole, reading.warnings) == (False, ("Its end counts 2 messages, but it holds 1.",))
    assert read(message + b"BTS|1\r")[0].is_whole


def test_what_ends_a_message_is_found_in_time():
    message = v2(txa(_2="CN"), obx("Seen."))
    for behind in (b"BTS|1\r" * 200_000, b"\r" * 2_000_000, b" " * 2_000_000 + b"\r"):
        assert len(read(message + behind + message)) == 2
