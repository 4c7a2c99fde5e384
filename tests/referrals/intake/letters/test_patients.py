"""Whose letter it is: labels, headers, prose; several patients; people who are not the patient."""

import pytest

from tests.referrals.intake.letters.reading_text import born, name, patient, reading


@pytest.mark.parametrize(
    "text",
    [
        "RE: Jane Q. Public, DOB 03/04/1961",
        "Patient Name: Jane Q. Public   DOB: 03/04/1961   MRN: 00482913",
        "Public, Jane Q.   DOB: 03/04/1961   MRN 00482913",
        "Jane Q. Public\nDOB: 03/04/1961",
        "PATIENT:      Jane Q. Public\nBIRTHDATE:    March 4, 1961",
        "Patient Name        D.O.B.        MRN\nPublic, Jane Q.     03/04/1961    00482913",
        "Name\nJane Q. Public\nDate of Birth\n03/04/1961",
        "Last Name: Public    First Name: Jane    MI: Q.\nDOB: 03/04/1961",
        "I had the pleasure of seeing Ms. Jane Q. Public (DOB 3/4/1961) in clinic.",
        "Thank you for referring your patient Jane Q. Public, born March 4, 1961. Ms. Public is well.",
        "Re: Jane Q. Public (D.O.B. Mar 4, 1961)",
    ],
)
def test_one_patient_in_many_layouts(text):
    assert name(text) == "Public|Jane Q.|"
    assert born(text) == "1961-03-04"


@pytest.mark.parametrize(
    "label", ["MRN", "MRN:", "MRN#", "Medical Record No.", "Chart No:", "MR #", "Med Rec #:", "Patient ID:"]
)
def test_record_number(label):
    found = patient(f"Patient: Jane Public\nDOB: 03/04/1961\n{label} 00482913")
    assert [identifier.value.value for identifier in found.identifiers] == ["00482913"]


@pytest.mark.parametrize("label", ["Account:", "Member ID:", "Insurance ID:", "Policy #", "Phone:", "Job ID:"])
def test_other_numbers_are_no_record_number(label):
    assert patient(f"Patient: Jane Public\nDOB: 03/04/1961\n{label} 6085550142").identifiers == ()


def test_a_page_about_somebody_else_makes_two_patients():
    found = reading("Patient: Ann Boone  DOB: 02/03/1950\fPatient: Carl Moss  DOB: 04/05/1961")
    assert [p.names[0].value.family for p in found.patients] == ["Boone", "Moss"]
    assert [p.birth_date.value.iso for p in found.patients] == ["1950-02-03", "1961-04-05"]
    assert found.patient is None
    assert any("several patients" in warning for warning in found.warnings)


def test_one_name_with_two_birth_dates_is_two_patients():
    assert len(reading("Patient: Ann Boone  DOB: 02/03/1950\fPatient: Ann Boone  DOB: 04/05/1961").patients) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Carl Boone Jr.\nDOB: 02/03/1950\n\nPatient: Carl Boone Sr.",  # father and son
        "Patient: Ann B. Boone\nDOB: 02/03/1950\n\nPatient: Ann C. Boone",
        "RE: Boone, Ann and Boone, Carl\nDOB: 02/03/1950",  # twins in one letter
        "Patients: Ann Boone & Carl Boone\nPatient: Ann Boone and Carl Boone\nDOB: 02/03/1950",
    ],
)
def test_two_people_who_share_a_family_name(text):
    assert len(reading(text).patients) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Ann B. Boone\nDOB: 02/03/1950\n\nPatient: Ann Boone",
        "Patient: Carl Boone Jr.\nDOB: 02/03/1950\n\nPatient: Carl Boone",
        "RE: Ann Boone and her visit\nDOB: 02/03/1950",
        "RE: Ann Boone and Dr. Ama Osei\nDOB: 02/03/1950",
    ],
)
def test_one_person_written_more_or_less_fully(text):
    assert len(reading(text).patients) == 1


def test_prose_about_somebody_else_than_the_heading():
    assert len(reading("RE: Jane Public\nDOB: 03/04/1961\n\nI saw Mr. John Smith in clinic.").patients) == 2


def test_the_same_patient_on_every_page_is_one():
    page = "Public, Jane   DOB: 03/04/1961   MRN: 00482913   Page {}"
    assert name("\f".join(page.format(i) for i in (1, 2, 3)) + "\nMs. Public was seen.") == "Public|Jane|"


def test_recognition_may_differ_by_one_character_between_pages():
    found = patient("Patient: Jane Abernathy  DOB: 03/04/1961\fPatient: Jane Abemathy  DOB: 03/04/1981", score=0.97)
    assert found.birth_date.sure < 0.6
    assert reading("Patient: Jane Abernathy  DOB: 03/04/1961\fPatient: Jane Abemathy  DOB: 03/04/1961").patient is None


@pytest.mark.parametrize(
    "text",
    [
        "Subscriber: George Nolan   DOB: 01/02/1958\nPatient: Amy Nolan   DOB: 06/07/1989",
        "Patient: Amy Nolan   DOB: 06/07/1989\nGuarantor: George Nolan   DOB: 01/02/1958   Phone: 608-555-0142",
        "Patient: Amy Nolan   DOB: 06/07/1989\nEmergency contact: George Nolan   Phone: 608-555-0142",
        "Patient: Amy Nolan   DOB: 06/07/1989\nReferring provider: Dr. George Nolan   Phone: 608-555-0142",
    ],
)
def test_relatives_and_clinicians_are_not_the_patient(text):
    found = patient(text)
    assert found.names[0].value.given == ("Amy",)
    assert found.birth_date.value.iso == "1989-06-07"
    assert found.phones == ()


@pytest.mark.parametrize(
    "text",
    [
        "RE: Chest pain",
        "RE: Abnormal Stress Test\nDear Dr. Osei,",
        "Re: your letter of 03/04/2026",
        "Dear Dr. Osei,\nThank you.",
    ],
)
def test_nobody_is_made_up(text):
    assert reading(text).patients == ()


def test_a_phone_is_the_patients_only_when_labelled_so():
    assert (
        patient("Tel: 608-555-0100\nPatient: Amy Nolan\nDOB: 06/07/1989\nHome phone: (608) 555-0142").phones[0].value
        == "608-555-0142"
    )
    assert patient("Phone: 608-555-0100\nPatient: Amy Nolan\nDOB: 06/07/1989\nPhone: 608-555-0100").phones == ()


def test_a_birth_year_of_two_digits_is_settled_by_the_age():
    text = "RE: Jane Public   DOB: 3/4/12\nDate of service: 05/01/2026\nJane is a {}-year-old."
    assert born(text.format(14)) == "2012-03-04"
    assert born(text.format(114)) == "1912-03-04"
    assert born(text.format(50)) == ""


def test_where_and_how_sure():
    found = patient("RE: Jane Public, DOB 03/04/1961")
    assert found.birth_date.where == 'page 1: "RE: Jane Public, DOB 03/04/1961"'
    recognised = patient("RE: Jane Public, DOB O3/04/1961", score=0.96)
    assert recognised.birth_date.value.iso == "1961-03-04"
    assert recognised.birth_date.sure < 0.9 * found.birth_date.sure


@pytest.mark.parametrize(
    "text",
    [
        "RE Public, Jane DOB 03/04/1961 MRN 00482913",  # colons lost
        "Patient Namie: Jane Public  Dąte of Birth: 03/04/1961  MRN: 00482913",  # one character wrong, an accent
        "Patient: Jane Public\nD0B: O3/04/196l\nMRN00482913",
        "Patient: Jane Public | Medical Re ord # 00482913 | D0B 03/04/1961",
    ],
)
def test_labels_that_recognition_spoiled(text):
    found = patient(text, score=0.97)
    assert found.names[0].value.family == "Public"
    assert found.birth_date.value.iso == "1961-03-04"
    assert found.identifiers[0].value.value == "00482913"


def test_the_spelling_most_mentions_agree_on():
    text = "Patient: Jane Llewellyn\nDOB: 03/04/1961\fPatient: Jane Lleweilyn\nDOB: 03/04/1961\fPatient: Jane Llewellyn\nDOB: 03/04/1961"
    assert name(text, score=0.97) == "Llewellyn|Jane|"


def test_a_name_in_an_address_counts_when_prose_names_the_same_person():
    address = "Mrs. Jane Public\n12 Elm Street\nMadison WI 53703\n\n"
    assert name(address + "Mrs. Public was seen in our clinic.") == "Public|Jane|"
    assert reading(address + "Your account is overdue.").patients == ()
