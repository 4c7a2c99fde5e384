"""Dates of US letters: read when they can mean one day, kept raw when not."""

import pytest

from referrals.intake.letters.dates import dates_in, partial_under_label
from referrals.intake.parsers.nested import read_document
from referrals.intake.reading import Moment, Patient, Reading


@pytest.mark.parametrize(
    "text",
    ["03/04/1961", "3/4/1961", "3-4-1961", "03.04.1961", "1961-03-04", "March 4, 1961", "Mar. 4th, 1961", "4 March 1961",
     "04-MAR-1961", "04MAR1961", "March4,1961", "Saturday, March 4, 1961", "3/4/61", "O3/04/196l", "03/0411961", "Marcb 4, 1961"],
)  # fmt: skip
def test_one_day_many_ways(text):
    assert [dated.moment.iso for dated in dates_in(text)] == ["1961-03-04"]


@pytest.mark.parametrize("text", ["13/04/1961", "02/30/1961", "00/10/1961", "March 32, 1961", "1/2/3456"])
def test_an_impossible_day_keeps_its_raw_text(text):
    (dated,) = dates_in(text)
    assert dated.moment.iso == ""
    assert dated.moment.raw == text


@pytest.mark.parametrize(
    "text", ["608-555-0142", "608.555.0142", "120/80", "May need 20", "00482913", "RL-7K3M-9QXC", "L4-5", "Q.10.2"]
)
def test_other_numbers_are_no_dates(text):
    assert not dates_in(text)


@pytest.mark.parametrize("text", ["March 1961", "March 2026", "in December 2026, then", "Sept. 1999", "May 2019"])
def test_a_month_and_its_year_are_no_day(text):
    assert not dates_in(text)


@pytest.mark.parametrize(
    "said", ["March 1961", "3/1961", "03/1961", "1961", "1961-03", "??/??/1961", "00/00/1961", "xx/xx/1961"]
)
def test_what_is_less_than_a_day_under_a_label_is_kept_as_written(said):
    found = partial_under_label(said)
    assert found is None or (found.raw, found.iso) == (said, "")
    birth = patient_of(f"CONSULTATION NOTE\nPatient: Jane Public\nDOB: {said}\n").birth_date
    assert (birth.value.raw, birth.value.iso, birth.value.day) == (said, "", None)


@pytest.mark.parametrize("said", ["unknown", "55 years", "Room 1961", "see chart"])
def test_what_is_no_date_is_none(said):
    assert partial_under_label(said) is None


def test_the_month_of_a_visit_is_kept_and_a_sentence_with_its_day_is_believed():
    top = "CONSULTATION NOTE\nRE: Jane Public, DOB: 03/04/1961\nDate of visit: March 2026\n\n"
    assert read(top).visit_at.value == Moment("March 2026")
    assert read(f"{top}I saw Ms. Public in consultation in March 2026.").visit_at.value.iso == ""
    assert read(f"{top}I saw Ms. Public in consultation on March 3, 2026.").visit_at.value.iso == "2026-03-03"


def read(text: str) -> Reading:
    (reading,) = read_document(text.encode())
    return reading


def patient_of(text: str) -> Patient:
    return read(text).patient


@pytest.mark.parametrize(("year", "iso"), [("39", ""), ("40", "1940-03-04"), ("12", ""), ("99", "1999-03-04")])
def test_a_birth_year_of_two_digits_must_mean_one_century(year, iso):
    assert dates_in(f"3/4/{year}", birth=True)[0].moment.iso == iso


def test_a_visit_year_of_two_digits_is_of_this_century():
    assert dates_in("3/4/26")[0].moment.iso == "2026-03-04"


def test_mending_is_told():
    assert [dated.mended for dated in dates_in("03/04/1961 and O3/O4/1962")] == [False, True]
