"""PDF: the text layer by its boxes, form fields, damage. Pages that are pictures: test_image.py."""

import pytest

from referrals.intake.parsers import pdf as parser
from referrals.intake.parsers.protocol import Unreadable
from tests.referrals.intake.parsers.making_pdf import pdf

LETTER = [
    (72, 60, "Lakeside Cardiology Associates"),
    (72, 100, "Patient Name: Jane Q. Public"),
    (330, 100, "Date of Service: 03/03/2026"),
    (72, 116, "DOB: 03/04/1961"),
    (330, 116, "MRN: 00482913"),
    (72, 150, "Thank you for referring Ms. Public, whom I saw in consultation."),
    (72, 180, "Electronically signed by Ama Osei, MD on 03/05/2026"),
]


def test_fields_of_a_letter_with_columns():
    (found,) = parser.read(pdf(LETTER))
    assert found.format == "PDF text"
    assert found.patient.names[0].value.family == "Public"
    assert found.patient.birth_date.value.iso == "1961-03-04"
    assert found.patient.identifiers[0].value.value == "00482913"
    assert found.visit_at.value.iso == "2026-03-03"
    assert found.visit_at.where.startswith("page 1: ")
    assert found.kind.value == "consult_note"
    assert found.author_organization.value == "Lakeside Cardiology Associates"


def test_the_order_in_the_file_does_not_matter():
    assert parser.read(pdf(LETTER[::-1])) == parser.read(pdf(LETTER))


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(turned):
    (found,) = parser.read(pdf(LETTER, turned=turned))
    assert found.format == "PDF text"
    assert found.text == parser.read(pdf(LETTER))[0].text


def test_text_has_its_lines_and_pages():
    (found,) = parser.read(
        pdf(
            [(72, 90, "second"), (72, 70, "first line of the letter"), (300, 70, "right")],
            [(72, 70, "a page of its own, number two")],
        )
    )
    assert found.text == "first line of the letter  right\nsecond\n\fa page of its own, number two"
    assert found.pages == 2


def test_values_of_form_fields():
    printed = [(72, 100, "Patient Name:"), (72, 130, "DOB:"), (72, 160, "A form that was filled in by hand")]
    (found,) = parser.read(pdf(printed, fields=((160, 100, "a", "Jane Public"), (160, 130, "b", "03/04/1961"))))
    assert found.patient.names[0].value.text == "Jane Public"
    assert found.patient.birth_date.value.iso == "1961-03-04"


def test_many_pages_are_capped_and_told(monkeypatch):
    monkeypatch.setattr(parser, "MAX_TEXT_PAGES", 2)
    (found,) = parser.read(pdf(LETTER, LETTER, [(72, 100, "Patient Name: Carl Moss, DOB: 01/01/1950")]))
    assert found.pages == 3
    assert found.patient is not None
    assert any("3 pages" in warning for warning in found.warnings)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\nnothing here\n%%EOF", pdf(LETTER)[:200]])
def test_damage_is_told(content):
    with pytest.raises(Unreadable):
        parser.read(content)


def test_an_empty_page_gives_an_empty_letter():
    (found,) = parser.read(pdf([]))
    assert found.patients == ()
    assert "No text could be read." in found.warnings
