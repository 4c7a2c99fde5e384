"""Search as people type: each way finds the one patient meant, and nobody else."""

from datetime import date, timedelta

import pytest

from referrals.identifiers import CROCKFORD, clean_referral_number
from referrals.models import PatientIdentifier, PatientName, Referral
from referrals.searching import search
from referrals.typed import Typed, read
from tests import factories

D = date


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Typed()), ("   ", Typed()),
        ("public, jane", Typed(name="public, jane")),
        ("jane public 3/4/61", Typed(name="jane public", births=(D(1961, 3, 4), D(2061, 3, 4)))),
        ("3-4-1961 public", Typed(name="public", births=(D(1961, 3, 4),))),
        ("Public, Jane, DOB: 03/04/1961", Typed(name="Public, Jane", births=(D(1961, 3, 4),))),
        ("born Mar 4, 1961", Typed(births=(D(1961, 3, 4),))), ("march 4 1961", Typed(births=(D(1961, 3, 4),))),
        ("4 March 1961", Typed(births=(D(1961, 3, 4),))), ("public 04 mar. 1961", Typed(name="public", births=(D(1961, 3, 4),))),
        ("1961-03-04", Typed(births=(D(1961, 3, 4),))), ("03.04.1961", Typed(births=(D(1961, 3, 4),))),
        ("02/29/01", Typed(value="02/29/01")),  # no such day: a number of some kind
        ("(608) 555-0142", Typed(phone="608-555-0142")), ("phone +1 608.555.0142", Typed(phone="608-555-0142")),
        ("jane public 6085550142", Typed(name="jane public", phone="608-555-0142")),
        ("MRN 123", Typed(value="123")), ("mrn: LB-0042", Typed(value="LB-0042")), ("chart #77", Typed(value="77")),
        ("mrn", Typed(name="mrn")), ("123", Typed(value="123")), ("ord-5", Typed(value="ord-5")),
        ("03041961", Typed(value="03041961", maybe_births=(D(1961, 3, 4),))),
        ("!?", Typed(name="!?")),
    ],
)  # fmt: skip
def test_what_was_typed(text, meant):
    assert read(text) == meant


@pytest.fixture
def jane(world) -> Referral:
    made = factories.captured(
        world,
        patient=factories.patient_data(
            family_name="Public", given_name="Jane", birth_date=D(1961, 3, 4), phone="608-555-0142"
        ),
    ).referral
    other = factories.patient_data(
        family_name="Publick", given_name="Joan", birth_date=D(1962, 4, 3), phone="608-555-0143"
    )
    factories.captured(world, patient=other)
    PatientIdentifier.objects.create(patient=made.patient, assigner="npi:1", value="LB-000123")
    PatientIdentifier.objects.create(patient=made.patient, assigner="npi:2", value="00778")
    for name in ("Maiden", "Former"):
        PatientName.objects.create(patient=made.patient, family_name=name, given_name="Jane")
    return made


def found(text: str) -> list[Referral]:
    return list(search(Referral.objects.all(), text))


@pytest.mark.parametrize(
    "text",
    [
        "public, jane", "Public,Ja", "jane public", "PUBLIC JANE", "jane q. public", "jane public 3/4/61", "public 3/4/1961",
        "3/4/61", "03041961", "dob 3/4/61", "(608) 555-0142", "608 555 0142", "jane 6085550142",
        "public 608-555-0142", "MRN LB-000123", "jane 3/4/61", "lb000123", "mrn 778", "00778", "maiden", "Maiden, Jane",
    ],
)  # fmt: skip
def test_every_way_of_typing_finds_her_once(text, jane):
    assert found(text) == [jane], text


@pytest.mark.parametrize(
    "text",
    ["ublic", "jane public 3/4/62", "jane 608-555-0143", "MRN 12", "nobody", "!!", "02/30/1961", "public joan x"],
)
def test_what_does_not_fit_finds_nobody(text, jane):
    assert found(text) == []


def test_a_number_is_found_however_it_is_written(jane):
    code = jane.number.removeprefix("RL-")
    for text in (jane.number, jane.number.lower(), f"rl{code.replace('-', '').lower()}", code, f" rl {code} "):
        assert found(text) == [jane], text


def test_letters_that_could_be_a_number_are_a_name_when_no_such_number_exists(world):
    def is_number(text: str) -> bool:
        try:
            return bool(clean_referral_number(text))
        except ValueError:
            return False

    family = next(name for end in CROCKFORD[10:] if is_number(name := f"Karpans{end}".title()))
    made = factories.captured(world, patient=factories.patient_data(family_name=family)).referral
    assert found(family.lower()) == [made]


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%m%d%Y", "%m-%d-%Y"])
def test_a_birth_date_that_could_be_a_number_is_a_day_when_no_such_number_exists(world, form):
    """One in 32 days, written in eight digits, has the check character of a referral number."""
    days = (D(1961, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    born = next(day for day in days if read(day.strftime(form)).number)
    made = factories.captured(world, patient=factories.patient_data(birth_date=born)).referral
    assert found(born.strftime(form)) == [made]
    taken = Referral.objects.get(pk=factories.captured(world).referral.pk)
    Referral.objects.filter(pk=taken.pk).update(number=read(born.strftime(form)).number)
    assert found(born.strftime(form)) == [taken]


def test_a_record_number_that_could_be_a_number_is_found(jane):
    value = next(f"{n:08}" for n in range(10_000, 10_100) if read(f"{n:08}").number)
    PatientIdentifier.objects.create(patient=jane.patient, assigner="npi:3", value=value)
    assert found(value) == [jane]


def test_nothing_typed_finds_all(jane):
    assert len(found("")) == 2
