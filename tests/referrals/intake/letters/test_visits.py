"""The day of the visit beside all the other days of a letter."""

import pytest

from tests.referrals.intake.letters.reading_text import reading


def visit(text: str) -> str:
    found = reading(text).visit_at
    return found.value.iso if found else ""


@pytest.mark.parametrize(
    "label",
    [
        "Date of Service:",
        "DOS:",
        "Visit Date:",
        "Date of Consultation:",
        "Seen:",
        "Encounter Date",
        "Date of Visit:",
        "Exam Date:",
        "Date(s) of Service:",
    ],
)
def test_labels_of_the_visit(label):
    assert (
        visit(f"Patient: Jane Public  DOB: 03/04/1961\n{label} 03/03/2026\nDate dictated: 03/05/2026") == "2026-03-03"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "I had the pleasure of seeing Ms. Public in cardiology consultation on March 3, 2026.",
        "Thank you for referring Ms. Public, whom I saw in my office on Tuesday, March 3, 2026 for headaches.",
        "She was seen in our clinic on 03/03/2026.",
        "On March 3, 2026, I saw Ms. Public in the office.",
        "I had the pleasure of seeing Ms. Public in my clinic today, March 3, 2026.",
    ],
)
def test_sentences_about_the_visit(sentence):
    assert visit(sentence) == "2026-03-03"


@pytest.mark.parametrize(
    "text",
    [
        "She was seen in the emergency department on 02/10/2026.",
        "She was last seen on 02/10/2026.",
        "I saw her. A CT was done on 02/10/2026.",
        "Next appointment: 04/10/2026",
        "Printed: 04/10/2026",
        "Date of referral: 02/10/2026",
        "DOB: 02/10/2006",
        "She did not keep her appointment with our clinic on 02/10/2026.",
        "Electronically signed by Ama Osei, MD on 03/05/2026",
    ],
)
def test_other_days_are_no_visit(text):
    assert visit(text) == ""


def test_an_impossible_visit_stays_raw():
    found = reading("Date of service: 13/45/2026").visit_at
    assert (found.value.raw, found.value.iso) == ("13/45/2026", "")


def test_two_days_under_one_label_make_it_unsure():
    assert reading("DOS: 03/03/2026\fDOS: 04/04/2026").visit_at.sure < reading("DOS: 03/03/2026").visit_at.sure


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Date dictated: 03/05/2026", "2026-03-05"),
        ("March 5, 2026\n\nDear Dr. Lopez,", "2026-03-05"),
        ("Electronically signed by Ama Osei, MD on 03/05/2026", "2026-03-05"),
        ("03/05/2026 10:15 FROM LAKESIDE TO 6085550142 P.1/3", ""),
        ("Lakeside Clinic                                   March 5, 2026\n\nRE: Jane Public", "2026-03-05"),
        ("RE: Jane Public\n    03/05/2026\n\nDear Dr. Lopez,", ""),  # the day of birth or of the visit
        ("RE: Jane Public          03/05/2026\n\nDear Dr. Lopez,", ""),
        ("RE: Jane Public\n\n03/05/2026\n\nDear Dr. Lopez,", ""),
        ("Jane Public\n03/04/1961\nMRN: 00482913", ""),
        ("Started      03/05/2026\n\nRE: Jane Public", ""),  # what may be its label
        ("RE: Jane Public\nDate: 03/05/2026", "2026-03-05"),
    ],
)
def test_when_it_was_written(text, iso):
    found = reading(text).written_at
    assert (found.value.iso if found else "") == iso
