"""What recognition spoils: put back where only one thing can have stood there, kept silent where it says too little."""

import pytest

from referrals.intake.letters.names import person_in
from tests.referrals.intake.letters.reading_text import born, name, patient, reading

CLEAR = 0.98  # score of a line that is as good as right


@pytest.mark.parametrize(
    "value",
    [
        "03041961",
        "03 04 1961",
        "0304 1961",
        "03/041961",
        "3 4 1961",
        "19610304",
        "1961 03 04",
        "O3041961",
        "03:04:1961",
        "03-04:1961",
    ],
)
@pytest.mark.parametrize("label", ["DOB:", "Date of Birth", "D.O.B."])
def test_a_birth_date_that_lost_its_slashes(label, value):
    found = patient(f"Patient: Jane Public\n{label} {value}", score=CLEAR).birth_date
    assert found.value.iso == "1961-03-04"
    assert found.sure < 0.75  # weak evidence


@pytest.mark.parametrize("value", ["341961", "3041961", "1121961", "13041961", "02301961", "030461"])
def test_digits_that_could_be_several_days_or_none_keep_their_raw_text(value):
    found = patient(f"Patient: Jane Public\nDOB: {value}", score=CLEAR).birth_date
    assert (found.value.raw, found.value.iso) == (value, "1961-03-04" if value == "3041961" else "")


def test_digits_without_a_label_are_no_birth_date():
    assert patient("Patient: Jane Public\nMRN: 03041961\nAccount: 03 04 1961").birth_date is None


def test_a_visit_that_lost_its_slashes():
    assert reading("Date of service: 06 18 2026", score=CLEAR).visit_at.value.iso == "2026-06-18"


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Li. Omar", "Li", ("Omar",)),
        ("ST. JOHN. KWAME", "ST. JOHN", ("KWAME",)),
        ("SCHWARTZ HI. EVERETT", "SCHWARTZ", ("EVERETT",)),
        ("D Angelo. Yolanda A", "D'Angelo", ("Yolanda", "A")),
        ("FERREIRAJR., SUSANNAH LEE", "FERREIRA", ("SUSANNAH", "LEE")),
        ("Public Jane Q", "Public", ("Jane", "Q")),
        ("Hannah Weiss, MI", "Weiss", ("Hannah",)),
        ("Luis Ortega VD", "Ortega", ("Luis",)),
        ("Hannah WeisS, MD", "Weiss", ("Hannah",)),
        ("Luis ortega, MD", "Ortega", ("Luis",)),
        ("Luis. Ortega, MD", "Ortega", ("Luis.",)),
    ],
)
def test_marks_and_capitals_of_names(text, family, given):
    found = person_in(text, recognised=True).name
    assert (found.family, found.given) == (family, given)


def test_a_degree_before_the_comma():
    found = person_in("Osei MD, Ama")
    assert (found.name.family, found.name.given, found.credentials) == ("Osei", ("Ama",), ("MD",))


def test_letters_of_other_alphabets_are_specks():
    assert name("Patient: Lucında Kowalskı\nDOB: 03/04/1961", score=CLEAR) == "Kowalski|Lucinda|"


def test_a_bar_read_as_a_stroke_before_a_bare_birth_date():
    assert born("March 3, 2026\n\nRE: Jane Public 1 1961-03-04  MRN 00482913", score=CLEAR) == "1961-03-04"


def test_a_name_recognised_badly_counts_when_two_rows_agree():
    line = "Patient: Gwendolyn Vandermeer"
    assert reading(line, score=0.93).patients == () or not patient(line, score=0.93).names
    assert name(f"{line}\n\n\n{line}", score=0.93) == "Vandermeer|Gwendolyn|"


def test_an_author_recognised_badly_is_not_named():
    line = "Electronically signed by Gwendolyn Vandermeer, MD"
    assert reading(line, score=0.93).authors == ()
    assert len(reading(f"{line}\n\n\n{line}", score=0.93).authors) == 1
    assert len(reading(line, score=CLEAR).authors) == 1


def test_numbers_and_birth_dates_of_a_poor_page_count_when_two_rows_agree():
    text = "Patient: Jane Public   DOB: 03/04/1961\nMRN: 482913\nDate of service: 05/01/2026"
    found = patient(text, score=0.95)
    assert (found.identifiers, found.birth_date.value.iso, found.birth_date.value.raw) == ((), "", "03/04/1961")
    assert patient(f"{text}\f{text}", score=0.95).birth_date.value.iso == "1961-03-04"


def test_one_who_gets_a_copy_has_not_signed():
    found = reading("Sincerely,\n\ncc: Peter Brandt, MD\n    Grace Whitmore, MD")
    assert found.authors == ()


def test_a_sentence_does_not_begin_behind_a_title():
    text = "RE: Mohammed Winter Sommer, DOB 11/22/1946\nReferral of today about Ms. Winter Sommer is a 79-year-old who came."
    assert len(reading(text).patients) == 1
