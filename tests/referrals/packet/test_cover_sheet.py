"""The cover sheet: what it says, to whom, and that a fax of it is read again."""

import io
from datetime import date

import pytest

from referrals import selectors
from referrals.actions import details
from referrals.identifiers import clean_referral_number
from referrals.intake.ocr import codes
from referrals.intake.parsers import image
from referrals.lifecycle.actor import Actor
from referrals.models import Patient, Referral
from referrals.packet.contents import sheet_of
from referrals.packet.draw import cover_sheet
from tests import factories
from tests.referrals.packet.rendering import faxed, grey, texts


def sheet(referral: Referral, reader: Actor = factories.SYSTEM):
    fresh = selectors.with_parties(Referral.objects).get(pk=referral.pk)
    return sheet_of(fresh, reader=reader, now=factories.NOW)


def pdf(referral: Referral, reader: Actor = factories.SYSTEM) -> bytes:
    return cover_sheet(sheet(referral, reader))


@pytest.fixture
def full(world) -> Referral:
    """A referral with everything it can have."""
    world.ours.fax, world.ours.street, world.ours.city = "608-555-0150", "410 Isthmus Market St", "Madison"
    world.ours.save()
    asked = {
        "patient": factories.patient_data(
            family_name="Núñez-O'Brien", given_name="María", phone="608-555-0142", needs_interpreter=True, language="es"
        ),
        "priority": "urgent", "diagnoses": ["I20.9", "E78.00"], "service_requested": "Stress test",
        "member_id": "W123456789", "needed_by": date(2026, 11, 18), "external_id": "ORD-55120",
        "authorization_state": "approved", "authorization_number": "AUTH-1", "authorization_expires_on": date(2026, 12, 31),
    }  # fmt: skip
    return factories.captured(world, **asked).referral


def test_everything_is_on_one_page(full, settings):
    settings.REFLOOP_GROUP_NAME = "Lakeside Medical Group"
    (page,) = texts(pdf(full))
    for expected in (
        "Lakeside Medical Group", "Priority: URGENT", "Specialty: Cardiology", "Referred on: 11/04/2026",
        "Needed by: 11/18/2026", "Office: Capitol Heart Center", "Office: Lakeside Clinic", "Fax: 608-555-0150",
        "Their order: ORD-55120", "Patient: Núñez-O'Brien, María", "Date of birth: 03/04/1961", "Sex: Female",
        "Patient phone: 608-555-0142", "Language: Spanish, needs an interpreter", "Insurance: Aetna PPO",
        "Member ID: W123456789", "Authorization: Approved, no. AUTH-1, until 12/31/2026",
        "Exertional chest pain: is it the heart?", "Service: Stress test", "ICD-10: I20.9, E78.00",
        "send your note to Lakeside Clinic with this page", "CONFIDENTIAL", "Page 1 of 1",
        "Printed 11/04/2026, 10:00 AM",
    ):  # fmt: skip
        assert expected in page
    assert page.count(full.number) == 3  # at the top, at the foot, and where it is asked to be written


@pytest.mark.parametrize("down", [196, 98])
def test_the_code_is_read_from_a_fax(full, down):
    (payload,) = codes.payloads(grey(faxed(pdf(full), down=down)))
    assert clean_referral_number(payload) == payload == full.number


def test_print_and_code_of_a_coarse_fax_are_read_as_any_document(full):
    out = io.BytesIO()
    faxed(pdf(full), down=98).save(out, "TIFF", compression="group4", dpi=(204, 98))
    (reading,) = image.read(out.getvalue())
    assert [found.value for found in reading.referral_numbers] == [full.number]
    assert reading.text.count(full.number) >= 2
    assert reading.kind is None or reading.kind.value == "other"  # never taken for the note it asks for
    assert reading.visit_at is None


def test_the_same_sheet_is_the_same_bytes(full):
    assert pdf(full) == pdf(full)


def test_no_query_beyond_the_referral(full, django_assert_num_queries):
    with django_assert_num_queries(1):
        pdf(full)


def test_a_long_question_wraps_over_pages_that_each_carry_the_number(full):
    question = "\n".join(["Longstanding dyspnea of unclear cause & <strange> words. " * 5, "x" * 500] * 5)
    details.update_details(
        referral=full, changes={"clinical_question": question}, actor=factories.SYSTEM, now=factories.NOW
    )
    content = pdf(full)
    pages = texts(content)
    assert len(pages) > 1
    for number, page in enumerate(pages):
        assert page.count(full.number) >= 2
        assert f"Page {number + 1} of {len(pages)}" in page
        assert codes.payloads(grey(faxed(content, down=98, page=number))) == (full.number,)
    assert "".join("".join(pages).split()).count("x" * 50) >= 10
    assert "".join(pages).count("<strange>") == 25


def test_what_is_missing_is_told_and_nothing_breaks(world):
    world.ours.phone = ""
    world.ours.save()
    received = factories.in_status(world, "received", payer="", diagnoses=[])
    Patient.objects.update(phone="", sex="unknown")
    Referral.objects.update(patient_as_sent={})
    (page,) = texts(pdf(received))
    for expected in (
        "Office: not chosen yet", "Insurance: not known", "Patient phone: not known", "Sex: Unknown",
        "Ask the sender for a fax number.", "Lakeside Clinic",
    ):  # fmt: skip
        assert expected in page
    assert "ICD-10" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Łukaszewicz", "Łukaszewicz"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("Иванов", "Иванов"),
        ("Παπαδόπουλος", "Παπαδόπουλος"),
        ("王小明", "▯▯▯"),
        ("שלום", "▯▯▯▯"),
        ("A\u202eevil\u200b", "Aevil"),
        ("O\u00a0Neil\tX", "O Neil X"),
        ("Smith 🎈", "Smith ▯"),
    ],
)
def test_names_of_any_script_are_printed_or_shown_as_missing(full, name, shown):
    Patient.objects.filter(pk=full.patient_id).update(family_name=name)
    (page,) = texts(pdf(full))
    assert f"Patient: {shown}, María" in page
    assert ("stands for a character" in page) == ("▯" in shown)


def test_longest_values_of_every_field_fit(full):
    """No cell may grow higher than a page: reportlab would refuse to draw it."""
    Patient.objects.update(family_name="W" * 80, given_name="M" * 80, middle_name="W" * 80, suffix="W" * 20)
    Referral.objects.update(member_id="W" * 40, authorization_number="W" * 40, external_id="W" * 80)
    for office in (full.referring_office, full.receiving_office):
        office.name, office.street, office.city = "W" * 120, "W" * 120, "W" * 60
        office.save()
    assert full.number in texts(pdf(full))[0]


def test_an_outside_referrer_gets_the_patient_as_it_sent_them(world):
    inbound = factories.referral(world, inbound=True)
    sent = inbound.patient_as_sent["phone"]
    Patient.objects.filter(pk=inbound.patient_id).update(phone="608-555-9999", family_name="Renamed")
    theirs = dict(sheet(inbound, Actor.of_office(world.outside)).patient)
    ours = dict(sheet(inbound, Actor.of_office(inbound.receiving_office)).patient)
    assert theirs["Patient phone"] == sent
    assert "Renamed" not in theirs["Patient"]
    assert ours["Patient phone"] == f"{sent} or 608-555-9999"
    assert ours["Patient"].startswith("Renamed")
