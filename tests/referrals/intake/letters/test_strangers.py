"""Relatives, guarantors, representatives and the words of forms: none of them is the patient, nor are their birth dates."""

import pytest

from tests.referrals.intake.letters.reading_text import born, name, patient, reading

WORDINGS = [
    "Legal Representative", "Emergency Contact", "Guarantor", "Responsible Party", "Next of Kin", "Power of Attorney",
    "Durable Power of Attorney", "Health Care Proxy", "Parent/Guardian", "Personal Representative", "Policy Holder",
    "Authorized Representative", "Financially Responsible Party", "Marital Status", "Preferred Language",
    "Summit Gastroenterology, P.C.", "Physical Therapy", "Lakeside Family Medicine",
]  # fmt: skip


@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize(
    "form",
    ["Patient Name:\n{}\nDOB: 03/04/1961", "Patient Name\n{}\nDate of Birth\n03/04/1961", "{}\nDOB: 03/04/1961", "RE: {}\nMRN: 00482913"],
)  # fmt: skip
def test_the_wording_of_a_form_is_nobodys_name(form, wording):
    assert [found.names for found in reading(form.format(wording)).patients if found.names] == []


@pytest.mark.parametrize(
    "label",
    ["Guarantor:", "Responsible Party:", "Legal Representative:", "Emergency Contact:", "Power of Attorney:", "Mother's Name:",
     "Parent or Guardian:", "Insured's Name:", "Attorney Name:", "Pharmacy Name:"],
)  # fmt: skip
def test_a_label_of_somebody_else_with_a_birth_date(label):
    text = f"Patient: Amy Nolan   DOB: 06/07/1989\n{label} George Nolan   DOB: 01/02/1958"
    assert (name(text), born(text)) == ("Nolan|Amy|", "1989-06-07")


def test_a_birth_date_right_under_a_relative_is_not_given():
    assert born("Patient: Amy Nolan\nGuarantor: George Nolan\nDOB: 01/02/1958\nPhone: 608-555-0142") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Patient Information\nName: Amy Nolan\nDOB: 06/07/1989\nGuarantor Information\nName: George Nolan\nDOB: 01/02/1958\nHome phone: 608-555-0142",
        "Emergency Contact\nGeorge Nolan\nDOB: 01/02/1958\n\nPatient: Amy Nolan\nDOB: 06/07/1989",
        "Emergency Contact     Name: George Nolan     Home Phone: 608-555-0142\nPatient: Amy Nolan     DOB: 06/07/1989",
        "PATIENT                GUARANTOR\nName: Amy Nolan        Name: George Nolan\nDOB: 06/07/1989        DOB: 01/02/1958\nMRN: 00482913",
        "Primary Insurance\nName: George Nolan\nDOB: 01/02/1958\nPatient Name: Amy Nolan\nDOB: 06/07/1989",
    ],
)
def test_a_part_of_a_form_headed_so_is_about_somebody_else(text):
    found = patient(text)
    assert [n.value.given for n in found.names] == [("Amy",)]
    assert found.birth_date.value.iso == "1989-06-07"
    assert found.phones == ()


def test_what_is_the_patients_ends_such_a_part():
    found = patient("Guarantor\nName: George Nolan\nMRN: 00482913\nPatient: Amy Nolan\nDOB: 06/07/1989")
    assert (found.names[0].value.given, found.birth_date.value.iso) == (("Amy",), "1989-06-07")
    assert found.identifiers[0].value.value == "00482913"


def test_a_complaint_is_no_second_patient():
    assert name("RE: Knee Pain\nPatient: Jane Public\nDOB: 03/04/1961") == "Public|Jane|"


def test_a_blank_to_fill_has_no_answer_under_it():
    found = reading("Full Name: ____________\nDate of Birth: __/__/____\nAttending Physician: ________\nWest Madison\n")
    assert (found.patients, found.authors) == ((), ())


@pytest.mark.parametrize(
    ("line", "sex"), [("Sex: M   F   X", None), ("Gender: Male / Female", None), ("Sex: F", "female")]
)
def test_answers_to_tick_are_none(line, sex):
    found = patient(f"Patient: Jane Public   DOB: 03/04/1961\n{line}").sex
    assert (found.value if found else None) == sex


@pytest.mark.parametrize("before", ["Onset", "Injury", "Effective", "Next Visit", "Follow-up"])
def test_the_day_of_something_else_is_not_the_letters(before):
    found = reading(f"Patient: Jane Public   DOB: 03/04/1961\n{before} Date: 01/15/2025")
    assert (found.written_at, found.visit_at) == (None, None)


@pytest.mark.parametrize("label", ["Next Visit:", "Last Office Visit:", "Next MD Visit:", "Prior visit"])
def test_another_visit_is_not_the_one(label):
    assert reading(f"Patient: Jane Public   DOB: 03/04/1961\n{label} 05/05/2026").visit_at is None
