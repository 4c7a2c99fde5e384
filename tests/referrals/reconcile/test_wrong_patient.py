"""Attempts to have a note attached to somebody it is not about: each must end with a person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referrals.intake.reading import Found, Identifier, Name, Party
from referrals.models import Patient, PatientIdentifier, PatientName, Provider, Specialty
from referrals.names import assigner_key
from referrals.reconcile.doubts import doubts
from referrals.reconcile.matching import match
from tests import factories
from tests.factories import NOW, patient_data
from tests.referrals.reconcile.notes import note, person

pytestmark = pytest.mark.django_db
BORN = date(2010, 5, 12)
PAYER = "urn:payer:aetna"


@pytest.fixture
def world():
    return factories.make_world()


def seen(world, family, given, born=BORN, **more):
    return factories.in_status(
        world, "seen",
        patient=patient_data(family_name=family, given_name=given, birth_date=born, **{"phone": "", **more}),
    )  # fmt: skip


def about(referral, family, given, *more_given, born=BORN, suffix="", ids=(), phones=(), **more):
    reading = note(referral, birth=born.isoformat(), **more)
    return person(
        reading,
        names=(Found(Name(family, (given, *more_given), suffix)),),
        identifiers=tuple(Found(Identifier(*number)) for number in ids),
        phones=tuple(map(Found, phones)),
    )


def number(patient, value, assigner, kind="MR"):
    PatientIdentifier.objects.create(patient=patient, assigner=assigner, value=value, type=kind)


@pytest.mark.parametrize(
    ("on_record", "in_document"),
    [
        (("Reyes", "Andrew"), ("Reyes", "Andrea")),
        (("Reyes", "Jane"), ("Reyes", "Jean")),
        (("Reyes", "Ann"), ("Reyes", "Nancy")),
        (("Reyes", "Beth"), ("Reyes", "Lisa")),
        (("Reyes", "Dana"), ("Reyes", "Dane")),
        (("Reyes", "Mary", "Ann"), ("Reyes", "Ann", "Marie")),
        (("Reyes", "Maria", "del Carmen"), ("Reyes", "Maria", "del", "Pilar")),
        (("Reyes", "Baby", "Boy A"), ("Reyes", "Baby", "Boy", "B")),
        (("García López", "Ana"), ("García Núñez", "Ana")),
        (("Smith-Jones", "Ana"), ("Smith-Brown", "Ana")),
        (("Reyes", "John Sr"), ("Reyes Jr", "John")),
    ],
)
def test_a_twin_or_namesake_who_is_not_on_record(world, on_record, in_document):
    referral = seen(world, *on_record[:2], middle_name=on_record[2] if len(on_record) > 2 else "")
    assert match(about(referral, *in_document), now=NOW).chosen is None


@pytest.mark.parametrize(
    ("on_record", "in_document"),
    [
        (("Reyes", "William"), ("Reyes", "Bill")),
        (("Reyes", "Christopher"), ("Reyes", "Chris")),
        (("Reyes", "Mary", "Jane"), ("Reyes", "Jane")),
        (("Reyes", "Mary", "Jane"), ("Reyes", "MaryJane")),
        (("García López", "Ana"), ("García", "Ana")),
        (("García Núñez", "Ana"), ("GARCIA NUNEZ", "ANA")),
        (("Reyes", "John Sr"), ("Reyes Sr.", "John")),
    ],
)
def test_the_same_person_is_still_found(world, on_record, in_document):
    referral = seen(world, *on_record[:2], middle_name=on_record[2] if len(on_record) > 2 else "")
    assert match(about(referral, *in_document), now=NOW).chosen == referral


@pytest.mark.parametrize("twin_is_on_record", [True, False])
def test_twins_with_the_member_number_of_their_family(world, twin_is_on_record):
    dana = seen(world, "Reyes", "Dana")
    number(dana.patient, "W1234567", PAYER, "MB")
    if twin_is_on_record:
        seen(world, "Reyes", "Dane")
    found = match(about(dana, "Reyes", "Dane", ids=[("W1234567", PAYER, "MB")]), now=NOW)
    assert found.chosen is None


def test_father_and_son_with_the_member_number_of_their_family(world):
    father = seen(world, "Reyes", "John", date(1960, 5, 12))
    number(father.patient, "W1234567", PAYER, "MB")
    son = about(father, "Reyes", "John", born=date(1990, 5, 12), ids=[("W1234567", PAYER, "MB")])
    assert match(son, now=NOW).chosen is None


def test_a_number_does_not_outweigh_a_twin_whose_name_it_is(world):
    """The chart of one twin was opened for the other: number and name point to two people."""
    dana = seen(world, "Reyes", "Dana")
    number(dana.patient, "47110815", "1.2.3.4")
    seen(world, "Reyes", "Dane")
    assert match(about(dana, "Reyes", "Dane", ids=[("47110815", "1.2.3.4", "MR")]), now=NOW).chosen is None


def test_a_number_that_is_another_patients_is_in_the_way(world):
    """Name and birth date are the son's, the number his father's: a note filed in the wrong chart."""
    son = seen(world, "Reyes", "John")
    father = seen(world, "Reyes", "John", date(1975, 8, 1))
    number(father.patient, "47110815", "1.2.3.4")
    found = match(about(son, "Reyes", "John", ids=[("47110815", "1.2.3.4", "MR")]), now=NOW)
    assert found.chosen is None
    assert found.verdict.because == "A number in it is another patient's."


def test_a_twin_is_no_nickname(world):
    william = seen(world, "Reyes", "William")
    assert match(about(william, "Reyes", "Wilma"), now=NOW).chosen is None


def test_the_telephone_of_a_household_does_not_tell_two_of_one_day_apart(world):
    ana = seen(world, "Reyes", "Jaden", phone="608-555-0142")
    seen(world, "Reyes", "Jayden")
    assert match(about(ana, "Reyes", "Jaden", phones=["608-555-0142"]), now=NOW).chosen is None


def test_the_referral_number_of_one_namesake_and_the_record_number_of_the_other(world):
    one, other = seen(world, "Reyes", "Maria"), seen(world, "Reyes", "Maria")
    assert one.patient_id != other.patient_id
    number(other.patient, "47110815", "1.2.3.4")
    mixed = about(one, "Reyes", "Maria", ids=[("47110815", "1.2.3.4", "MR")], referral_numbers=(Found(one.number),))
    assert match(mixed, now=NOW).chosen is None


@pytest.mark.parametrize(("assigner", "is_same"), [("1.2.840.1.13.11", False), ("urn:oid:1.2.840.11.31.1", True)])
def test_two_organizations_may_give_the_same_number(world, assigner, is_same):
    referral = seen(world, "Reyes", "Maria")
    number(referral.patient, "47110815", "1.2.840.11.31.1")
    slip = about(referral, "Reyez", "Maria", ids=[("47110815", assigner, "MR")])
    assert (match(slip, now=NOW).chosen == referral) is is_same


def test_assigners_as_they_are_written():
    assert assigner_key("urn:oid:1.2.34") == assigner_key(" 1.2.34 ") != assigner_key("1.23.4")
    assert assigner_key("St. Mary's Hospital") == assigner_key("ST MARYS HOSPITAL")
    assert assigner_key("https://a.example/mrn/") == assigner_key("HTTPS://A.example/mrn") != assigner_key("https://a.example/m-rn")  # fmt: skip


def test_a_day_of_birth_that_many_share_needs_more(world):
    unknown_day = date(1980, 1, 1)
    referral = seen(world, "Ali", "Mohamed", unknown_day, phone="608-555-0142")
    assert match(about(referral, "Ali", "Mohamed", born=unknown_day), now=NOW).chosen is None
    called = about(referral, "Ali", "Mohamed", born=unknown_day, phones=["608-555-0142"])
    assert match(called, now=NOW).chosen == referral


def test_a_misread_birth_date_that_is_a_namesakes(world):
    seen(world, "Reyes", "Maria", date(2010, 5, 12))
    namesake = seen(world, "Reyes", "Maria", date(2010, 5, 17))
    misread = about(namesake, "Reyes", "Maria", born=date(2010, 5, 17))
    assert match(misread, now=NOW).chosen is None


def test_a_former_name_that_is_somebody_elses_present_one(world):
    married = seen(world, "Reyes", "Ana")
    PatientName.objects.create(patient=married.patient, family_name="Lopez", given_name="Ana")
    seen(world, "Lopez", "Ana")
    assert match(about(married, "Lopez", "Ana"), now=NOW).chosen is None


def test_a_suffix_holds_for_other_names_too(world):
    senior = seen(world, "Reyes", "John", suffix="Sr")
    PatientName.objects.create(patient=senior.patient, family_name="Reyes", given_name="Jack", use="nickname")
    assert match(about(senior, "Reyes", "Jack", suffix="Jr"), now=NOW).chosen is None


def test_one_in_two_records_is_for_a_person(world):
    referral = seen(world, "Reyes", "Maria")
    factories.patient_on_record(family_name="Reyes", given_name="Maria", birth_date=BORN, phone="", sex="unknown")
    assert match(about(referral, "Reyes", "Maria"), now=NOW).chosen is None


def test_many_of_one_name_never_crowd_the_twin_out(world):
    referral = seen(world, "Reyes", "Jaden")
    many = [
        Patient(
            family_name="Reyes", given_name="Jaden", family_key="reyes", given_key="jaden", family_sound="RYS",
            birth_date=date(1950, 1, 2) + timedelta(days=37 * place), created_at=NOW,
        )
        for place in range(250)
    ]  # fmt: skip
    Patient.objects.bulk_create(many)
    seen(world, "Reyes", "Jayden")
    assert match(about(referral, "Reyes", "Jaden"), now=NOW).chosen is None


def test_suggestions_for_each_patient_of_a_document_about_several(world):
    one, other = seen(world, "Reyes", "Maria"), seen(world, "Stone", "Paul")
    both = about(one, "Reyes", "Maria")
    found = match(replace(both, patients=both.patients + about(other, "Stone", "Paul").patients), now=NOW)
    assert found.chosen is None
    assert {option.referral for option in found.options} == {one.pk, other.pk}


def colleague(world, specialty, office):
    provider = Provider.objects.create(given_name="Nia", family_name="Okafor", npi="1999999984")
    provider.specialties.add(Specialty.objects.get(code=specialty))
    provider.offices.add(office)
    return provider


@pytest.mark.parametrize(("specialty", "is_chosen"), [("cardiology", True), ("dermatology", False)])
def test_a_colleague_of_another_specialty_answers_something_else(world, specialty, is_chosen):
    referral = seen(world, "Reyes", "Maria")
    by = colleague(world, specialty, referral.receiving_office)
    authors = (Found(Party(Name(by.family_name, (by.given_name,)), npi=by.npi)),)
    found = match(replace(about(referral, "Reyes", "Maria"), authors=authors), now=NOW)
    assert (found.chosen == referral) is is_chosen


def test_whoever_attaches_is_told_that_header_and_document_differ(world):
    referral = seen(world, "Reyes", "Maria")
    reading = about(referral, "Reyes", "Maria")
    assert not doubts(reading, referral.patient)
    assert "whose note is inside?" in doubts(replace(reading, is_contradictory=True), referral.patient).says[0]


def test_more_people_alike_than_are_looked_at_asks_a_person(world, monkeypatch):
    """Whoever is left out could be the one it is about."""
    referral = seen(world, "Garcia", "Maria", sex="female")
    reading = about(referral, "Garcia", "Maria")
    assert match(reading, now=NOW).chosen == referral
    for given in ("Tom", "Ulrich", "Walter"):
        factories.patient_on_record(family_name="Garcia", given_name=given, birth_date=BORN, sex="male")
    assert match(reading, now=NOW).chosen == referral
    monkeypatch.setattr("referrals.reconcile.people.MOST", 2)
    crowded = match(reading, now=NOW)
    assert crowded.chosen is None
    assert "More people are alike" in crowded.verdict.because
