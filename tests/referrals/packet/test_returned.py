"""A packet's cover sheet that comes back: it names the referral, and proves nothing of the answer behind it."""

import io

import pypdfium2 as pdfium
import pytest

from referrals import selectors
from referrals.intake.parsers import pdf
from referrals.models import Referral
from referrals.packet.contents import sheet_of
from referrals.packet.draw import cover_sheet
from tests import factories
from tests.referrals.intake.parsers import making_pdf


@pytest.fixture
def referral(world) -> Referral:
    patient = factories.patient_data(family_name="Whitfield", given_name="Jane", phone="608-555-0142")
    made = factories.captured(world, patient=patient, authorization_state="required", external_id="ORD-55120").referral
    return selectors.with_parties(Referral.objects).get(pk=made.pk)


def cover_of(referral: Referral) -> bytes:
    return cover_sheet(sheet_of(referral, reader=factories.SYSTEM, now=factories.NOW))


def note(patient: str) -> bytes:
    lines = [
        "Capitol Heart Center", "CARDIOLOGY CONSULTATION NOTE", patient, "Date of Service: 11/12/2026",
        "Thank you for referring this patient, whom I saw in consultation.", "Assessment and Plan: stable angina.",
        "Electronically signed by Ama Osei, MD on 11/13/2026 14:20",
    ]  # fmt: skip
    return making_pdf.pdf([(60, 70 + 24 * line, text) for line, text in enumerate(lines)])


def joined(*contents: bytes) -> bytes:
    out = io.BytesIO()
    with pdfium.PdfDocument.new() as whole:
        for content in contents:
            with pdfium.PdfDocument(content) as part:
                whole.import_pages(part)
        whole.save(out)
    return out.getvalue()


def names(reading) -> set[str]:
    return {name.value.family for patient in reading.patients for name in patient.names}


@pytest.mark.parametrize("cover_first", [True, False])
def test_the_number_is_the_covers_and_the_rest_is_the_notes(referral, cover_first):
    parts = [cover_of(referral), note("Patient: Jane Whitfield   DOB: 03/04/1961")]
    (reading,) = pdf.read(joined(*(parts if cover_first else parts[::-1])))
    assert [number.value for number in reading.referral_numbers] == [referral.number]
    assert (reading.kind.value, reading.status.value) == ("consult_note", "final")
    assert reading.title.value == "CARDIOLOGY CONSULTATION NOTE"
    assert (reading.visit_at.value.iso, reading.written_at.value.iso) == ("2026-11-12", "2026-11-13")
    assert [author.value.name.family for author in reading.authors] == ["Osei"]
    assert names(reading) == {"Whitfield"}
    assert reading.patients[0].phones == ()  # printed on the cover only
    assert referral.clinical_question in reading.text  # a person sees the whole


def test_another_patients_note_is_not_made_this_patients_by_the_cover(referral):
    (reading,) = pdf.read(joined(cover_of(referral), note("Patient: Robert Vance   DOB: 09/09/1950")))
    assert names(reading) == {"Vance"}


def test_a_note_that_names_nobody_has_no_patient_from_the_cover(referral):
    (reading,) = pdf.read(joined(cover_of(referral), note("Dear colleague")))
    assert reading.patients == ()


def test_a_cover_alone_is_no_note(referral):
    (reading,) = pdf.read(cover_of(referral))
    assert reading.kind.value == "other"
    assert reading.visit_at is None
    assert [number.value for number in reading.referral_numbers] == [referral.number]


def test_a_cover_sheet_of_others_is_read_like_any_page():
    theirs = making_pdf.pdf([(60, 80, "Referral cover sheet"), (60, 120, "Patient: Jane Whitfield")])
    (reading,) = pdf.read(joined(theirs, note("Patient: Jane Whitfield   DOB: 03/04/1961")))
    assert reading.title.value == "Referral cover sheet"
