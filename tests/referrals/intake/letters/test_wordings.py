"""Wordings of many offices: dates without labels, former names, family names of two words, addresses, relatives."""

import pytest

from tests.referrals.intake.letters.reading_text import born, name, patient, reading

WRITTEN = "March 3, 2026\n\n"


@pytest.mark.parametrize(
    "line",
    [
        "RE: Jane Q. Public | 03/04/1961 | MRN 00482913",
        "Re: Jane Q. Public (03/04/1961)",
        "RE: Public, Jane Q. - Mar 4, 1961",
        "Patient: Jane Q. Public, F, 3/4/1961",
        "Public, Jane Q.  3/4/1961  MRN: 00482913",
    ],
)
def test_a_date_behind_the_name_is_the_birth_date(line):
    assert name(WRITTEN + line) == "Public|Jane Q.|"
    assert born(WRITTEN + line) == "1961-03-04"


def test_a_recent_date_behind_the_name_may_be_the_visit():
    assert born(WRITTEN + "RE: Jane Public 03/01/2026\nMRN: 00482913") == ""


def test_a_date_behind_the_name_is_unsure_when_nothing_else_is_dated():
    assert patient("RE: Jane Public 03/04/1961\nMRN: 00482913").birth_date.sure < 0.6


def test_a_labelled_birth_date_wins_over_a_bare_date():
    assert born(WRITTEN + "RE: Jane Public 01/02/1950\nDOB: 03/04/1961") == "1961-03-04"


@pytest.mark.parametrize(
    "text",
    [
        "I had the pleasure of seeing your 64-year-old patient Mrs. Jane Public (born March 4, 1961) in clinic.",
        "Thank you for referring this pleasant 64 y/o woman, Jane Public, DOB: 3/4/1961.",
    ],
)
def test_age_and_manners_before_the_name(text):
    assert name(text) == "Public|Jane|"
    assert born(text) == "1961-03-04"


@pytest.mark.parametrize(
    ("line", "other", "use"),
    [
        ("Patient: Jane Public (née Smith)", "Smith Jane", "former"),
        ("RE: Public, Jane (formerly Jane Smith), DOB: 03/04/1961", "Smith Jane", "former"),
        ("Patient: Jane Public f/k/a Smith", "Smith Jane", "former"),
        ("Patient: Jane Public  aka Janie", "Public Janie", "alias"),
        ("Patient: Jane Public   Maiden name: Smith", "Smith Jane", "former"),
    ],
)
def test_other_names(line, other, use):
    official, found = patient(f"{line}\nDOB: 03/04/1961").names
    assert (official.value.family, official.value.given, official.value.use) == ("Public", ("Jane",), "")
    assert (f"{found.value.family} {found.value.given[0]}", found.value.use) == (other, use)


@pytest.mark.parametrize(
    "text",
    [
        "RE: Maria Garcia Lopez, DOB 03/04/1961",
        "RE: Maria Winter Sommer\nDOB: 03/04/1961\n\nMs. Winter Sommer was seen today.",
        "Patient: Winter Sommer, Maria   DOB: 03/04/1961\fRE: Maria Winter Sommer",
    ],
)
def test_family_names_of_two_words(text):
    family, given, _ = name(text).split("|")
    assert (len(family.split()), given) == (2, "Maria")


def test_a_middle_name_stays_one():
    assert name("RE: Maria Rose Sommer\nDOB: 03/04/1961") == "Sommer|Maria Rose|"


@pytest.mark.parametrize(
    "text",
    [
        "RE: Jane Public\n12 Maple Street, Apt 4\nMadison, WI 53703\nDOB 03/04/1961",
        "Patient: Jane Public     DOB: 03/04/1961\nAddress: 12 Maple Street, Apt 4, Madison, WI 53703",
        "Patient name: Jane Public\nAddress: 12 Maple Street, Apt 4\nCity: Madison   State: WI   Zip Code: 53703\nDOB: 03/04/1961",
        "Name: Jane Public     DOB: 03/04/1961\nHome address: 12 Maple Street, Apt 4\nCity/State/Zip: Madison, WI 53703-1234",
    ],
)
def test_where_the_patient_lives(text):
    found = patient(text).addresses[0].value
    assert (found.lines, found.city, found.state, found.zip) == (("12 Maple Street, Apt 4",), "Madison", "WI", "53703")


@pytest.mark.parametrize(
    "text",
    [
        "Lakeside Clinic\nAddress: 500 Harbor Drive, Madison, WI 53703\n\n\n\n\n\nPatient: Jane Public\nDOB: 03/04/1961",
        "Ama Osei, MD\n500 Harbor Drive\nMadison, WI 53703\n\nRE: Jane Public\nDOB: 03/04/1961",
    ],
)
def test_an_office_is_not_the_patients_home(text):
    assert patient(text).addresses == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "She came with her daughter, Anna Public (DOB 5/6/2001), who helped.",
        "The mother, Maria Public, born 02/11/1949, had a stroke.",
        "Her twin brother Carl Public, DOB: 03/05/1961, is well.",
    ],
)
def test_relatives_have_birth_dates_of_their_own(sentence):
    assert born(f"Patient: Jane Public   DOB: 03/04/1961\n\n{sentence}") == "1961-03-04"


def test_a_name_above_a_column_of_labels():
    text = "Lakes Allergy            Jane Q. Public\n500 Main Street          DOB: 03/04/1961\nSuite 2                  MRN: 00482913"
    assert name(text) == "Public|Jane Q.|"


@pytest.mark.parametrize("label", ["Visit", "Seen", "Consultation", "Encounter"])
def test_a_label_without_a_colon_before_its_date(label):
    found = reading(f"Jane Public | DOB 03/04/1961 | {label} 05/01/2026")
    assert found.visit_at.value.iso == "2026-05-01"


@pytest.mark.parametrize("label", ["Chart", "Record number", "Medical record", "Re.: Jane Public; MRN", "Record no."])
def test_a_label_without_a_colon_before_its_number(label):
    found = patient(f"Patient: Jane Public\nDOB: 03/04/1961\n{label} E482913")
    assert [identifier.value.value for identifier in found.identifiers] == ["E482913"]


def test_an_aside_and_an_initial_do_not_end_the_sentence_of_the_visit():
    text = "I saw your patient Ms. Jane Q. Public (born March 4, 1961) on May 1, 2026 at our clinic."
    assert reading(text).visit_at.value.iso == "2026-05-01"


def test_a_bar_is_no_first_of_the_month():
    assert born(WRITTEN + "RE: Jane Public | Jan 30, 1983 | MRN 00482913") == "1983-01-30"


def test_credentials_end_a_name_in_a_narrow_column():
    found = reading("Referred By     \nGrace Whitmore, MD RL-NXHX")
    assert found.referrers[0].value.name.given == ("Grace",)


@pytest.mark.parametrize(
    "text",
    [
        "Subject: Jane Q. Public, date of birth 03/04/1961, MRN 00482913",
        "Jane Q. Public\nFemale, 64 y.o., born 03/04/1961\nPatient ID 00482913",
        "Name/MRN: Jane Q. Public / 00482913\nDOB/Age: 03/04/1961 (65 y)",
        "Patient Name/DOB: Jane Q. Public 03/04/1961\nMRN 00482913",
        "Patient: Jane Q. Public (65F)\nDOB/MRN: 03/04/1961 / 00482913",
        "Patient: Jane Q. Public\nD/O/B: 03/04/1961\nM.R. No.: 00482913",
    ],
)
def test_labels_for_two_values_and_rarer_ones(text):
    assert (name(text), born(text)) == ("Public|Jane Q.|", "1961-03-04")
    assert [identifier.value.value for identifier in patient(text).identifiers] == ["00482913"]


def test_a_birth_date_in_a_column_of_its_own_is_not_when_it_was_written():
    assert reading("Patient:    Jane Public\nDOB:        03/04/1961").written_at is None
