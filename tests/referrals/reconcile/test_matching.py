"""Which referral a document answers, and when RefLoop may say so by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referrals.intake.reading import Found, Identifier, Moment
from referrals.models import PatientIdentifier, PatientName, Specialty
from referrals.reconcile.matching import match
from tests import factories
from tests.factories import NOW, patient_data
from tests.referrals.reconcile.notes import WHO, note, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return factories.make_world()


@pytest.fixture
def referral(world):
    return factories.in_status(world, "seen", patient=patient_data(**WHO))


def test_the_patient_seen_by_whom_they_were_sent_to(referral):
    found = match(note(referral), now=NOW)
    assert found.chosen == referral
    assert "birth date equal" in found.verdict.chosen.evidence
    assert any("whom the patient was sent to" in words for words in found.verdict.chosen.evidence)


@pytest.mark.parametrize(
    "changes",
    [
        {"given": "Bill"},
        {"family": "PUBLIC"},
        {"family": "Public-Smith"},
    ],
)
def test_usual_variants_of_a_name(referral, changes):
    assert match(note(referral, **changes), now=NOW).chosen == referral


def test_a_former_name(referral):
    PatientName.objects.create(patient=referral.patient, family_name="Doe", given_name="William")
    found = match(note(referral, family="Doe"), now=NOW)
    assert found.chosen == referral
    assert "family name equal to another name on record" in found.verdict.chosen.evidence


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"birth": "1961-03-05"}, "It is not certain that it is this patient."),
        ({"birth": "1961-04-03"}, "It is not certain that it is this patient."),
        ({"birth": ""}, "It is not certain that it is this patient."),
        ({"given": "W"}, "It is not certain that it is this patient."),
        ({"family": "Publik"}, "It is not certain that it is this patient."),
        ({"author": False}, "Nothing in it shows which referral it answers."),
    ],
)
def test_likely_is_a_suggestion_only(referral, changes, because):
    found = match(note(referral, **changes), now=NOW)
    assert found.chosen is None
    assert found.verdict.because == because
    assert [option.referral for option in found.options] == [referral.pk]


@pytest.mark.parametrize(
    "changes",
    [{"family": "Somebody", "given": "Else", "birth": "1990-01-01"}, {"given": "Mary", "birth": "1990-10-21"}],
)
def test_a_stranger_gets_no_suggestion(referral, changes):
    assert match(note(referral, **changes), now=NOW).options == ()


def test_an_identifier_of_the_same_assigner_makes_up_for_a_slip(referral):
    PatientIdentifier.objects.create(patient=referral.patient, assigner="2.16.840.1.113883.3.7", value="0047-11")
    slip = person(note(referral, birth="1961-03-14"), identifiers=(Found(Identifier("4711", "2.16.840.1.113883.3.7")),))
    assert match(slip, now=NOW).chosen is None  # a namesake's note may be filed under the wrong number
    assert match(person(slip, phones=(Found(WHO["phone"]),)), now=NOW).chosen == referral


def test_the_referral_number_needs_the_patient_too(referral, world):
    numbered = note(referral, author=False, referral_numbers=(Found(referral.number),))
    assert match(numbered, now=NOW).chosen == referral
    other = factories.in_status(world, "seen")
    wrong = note(referral, referral_numbers=(Found(other.number),))
    found = match(wrong, now=NOW)
    assert found.chosen is None
    assert found.verdict.because == "It names a referral whose patient does not surely agree with it."
    assert {option.referral for option in found.options} == {referral.pk, other.pk}


def test_twins(referral, world):
    twin = factories.in_status(world, "seen", patient=patient_data(**WHO | {"given_name": "Walter"}))
    assert match(note(referral), now=NOW).chosen == referral
    assert match(note(twin, given="Walter"), now=NOW).chosen == twin
    assert match(note(referral, given="W"), now=NOW).chosen is None


def test_twins_whose_names_are_one_letter_apart(world):
    first = factories.in_status(world, "seen", patient=patient_data(**WHO | {"given_name": "Jayden"}))
    factories.in_status(world, "seen", patient=patient_data(**WHO | {"given_name": "Jaden"}))
    found = match(note(first, given="Jayden"), now=NOW)
    assert found.chosen is None
    assert found.verdict.because == "Another patient has a like name and birth date."


def test_a_namesake_born_a_day_later_sends_it_to_a_person_unless_something_tells_them_apart(referral, world):
    factories.in_status(
        world, "seen", patient=patient_data(**WHO | {"birth_date": date(1961, 3, 5), "phone": "608-555-0999"})
    )
    assert match(note(referral), now=NOW).chosen is None
    called = person(note(referral), phones=(Found("(608) 555-0142"),))
    assert match(called, now=NOW).chosen == referral


def test_a_namesake_without_any_referral_counts_as_well(referral):
    factories.patient_on_record(**WHO | {"birth_date": date(1961, 4, 3), "phone": ""})
    assert match(note(referral), now=NOW).chosen is None


def test_three_open_referrals_of_one_patient(referral, world):
    same = {"patient": None, "patient_id": referral.patient_id}
    world.outside_cardiologist.specialties.add(*Specialty.objects.filter(code__in=["dermatology", "neurology"]))
    factories.in_status(world, "seen", **same, specialty="dermatology")
    factories.in_status(world, "scheduled", **same, specialty="neurology")
    assert match(note(referral), now=NOW).chosen is None  # all three went to one and the same specialist
    on_the_day = note(referral, visit_at=Found(Moment("", referral.encounter.occurred_on.isoformat())))
    found = match(on_the_day, now=NOW)
    assert found.options[0].patient == referral.patient_id


def test_several_patients_are_for_a_person(referral):
    reading = note(referral)
    found = match(replace(reading, patients=reading.patients * 2), now=NOW)
    assert found.verdict.because == "It speaks of 2 patients."


def test_a_note_from_before_the_referral_answers_something_else(referral):
    old = (NOW - timedelta(days=400)).date().isoformat()
    found = match(note(referral, visit_at=Found(Moment(old, old))), now=NOW)
    assert found.verdict.because == "It seems to answer something else."


def test_queries_do_not_grow_with_the_rows(referral, world, django_assert_max_num_queries):
    for _ in range(5):
        factories.in_status(world, "seen", patient=None, patient_id=referral.patient_id)
    with django_assert_max_num_queries(22):
        match(note(referral), now=NOW)
