"""Who is the same person, who is not, and what is only likely."""

from dataclasses import replace
from datetime import date

import pytest

from referrals.intake.reading import Found, Identifier, Moment, Name, Patient
from referrals.names import number_key
from referrals.reconcile.identity.birth import birth_level, slips_of
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.names import is_nickname
from referrals.reconcile.identity.person import Person, of_reading, person_name, street_key
from referrals.reconcile.identity.weights import SAME_PERSON, Level


def person(
    name="Public, Jane Q",
    birth="1961-03-04",
    *,
    former=(),
    sex="",
    ids=(),
    phones=(),
    streets=(),
    zips=(),
    cities=(),
    sure=1.0,
):
    names = [person_name(*(part.strip() for part in one.split(","))) for one in (name, *former)]
    return Person(
        names=tuple(names),
        birth=birth,
        sex=sex,
        identifiers=frozenset(ids),
        phones=frozenset(phones),
        streets=frozenset(streets),
        zips=frozenset(zips),
        cities=frozenset(cities),
        sure=sure,
    )


RECORD = person(ids=[("NPI1", "4711")], phones=["6085550142"], former=["Doe, Jane"])


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (person(), "birth date equal"),
        (person("PUBLIC, JANE"), "family name equal"),
        (person("Doe, Jane"), "family name equal to another name on record"),
        (person("Public-Smith, Jane"), "part of the family name equal: Publicsmith~Public"),
        (person("Public, Janie"), "given name Janie~Jane"),
        (person("Publik, Jane", ids=[("NPI1", "4711")]), "identifier of the same assigner equal"),
        (
            person(birth="1961-04-03", ids=[("NPI1", "4711")], phones=["6085550142"]),
            "birth date close: day and month swapped",
        ),
        (person("Jane, Public"), "family and given name equal, in each other's place"),
    ],
)
def test_hard(document, why):
    found = compare(document, RECORD)
    assert found.hard, found
    assert why in found.evidence
    assert found.points >= SAME_PERSON


@pytest.mark.parametrize(
    ("document", "against"),
    [
        (person(birth="1961-03-05"), ""),  # a namesake born a day later, or a slip: a person decides
        (person(birth="1961-04-03"), ""),
        (person(birth=""), ""),
        (person(birth="1961"), ""),
        (person("Public, J"), ""),  # a twin has the same initial
        (person("Public, Jame"), ""),  # close is not equal
        (person("Public, Joan"), ""),
        (person("Public, Mary"), "given name differs: Mary~Jane"),
        # A number makes up neither for what twins differ in, nor for what father and son do, nor for no date at all.
        (person("Public, Jame", ids=[("NPI1", "4711")]), ""),
        (person("Public, J", ids=[("NPI1", "4711")]), ""),
        (person(birth="1991-03-04", ids=[("NPI1", "4711")]), ""),
        (person(birth="", ids=[("NPI1", "4711")]), ""),
        (person(birth="1961-04-03", ids=[("NPI1", "4711")]), ""),  # a namesake's note filed under the wrong number
        (person("Public, Jane X"), "middle name differs"),
        (person(birth="1931-07-09"), "birth date differs"),
        (person(ids=[("NPI1", "4712")]), "the same assigner gave another identifier"),
        (person("Smith, Jane"), "family name differs: Smith~Public"),
        (person(sure=0.6), ""),
    ],
)
def test_not_hard(document, against):
    found = compare(document, RECORD)
    assert not found.hard, found
    assert against == "" or against in found.against


def test_father_and_son_of_one_name():
    father, son = person("Jones, Carl, , Sr", "1950-01-02"), person("Jones, Carl, , Jr", "1980-05-06")
    assert not compare(person("Jones, Carl", "1980-05-06"), father).hard
    assert compare(person("Jones, Carl", "1980-05-06"), son).hard
    assert not compare(person("Jones, Carl, , Sr", "1980-05-06"), son).hard
    assert not compare(person("Jones, Carl", ""), son).hard


@pytest.mark.parametrize(
    ("value", "sure", "kept"),
    [("4711", 1.0, True), ("000-00-0000", 1.0, False), ("123-45-6789", 1.0, False), ("4711", 0.3, False)],
)
def test_numbers_nobody_was_given_and_unsure_ones_are_no_evidence(value, sure, kept):
    patient = Patient(identifiers=(Found(Identifier(value, "1.2.3"), "PID-3", sure),))
    assert bool(of_reading(patient).identifiers) is kept


@pytest.mark.parametrize(
    ("one", "other", "is_short"),
    [
        ("william", "bill", True),
        ("william", "wilma", False),
        ("paul", "polly", False),
        ("aaron", "erin", False),
        ("samantha", "sam", True),
        ("patricia", "pat", True),
        ("lucia", "lucius", False),
        ("justin", "justina", False),
        ("mary", "mae", False),
        ("elizabeth", "libby", True),
        ("john", "jack", True),
        ("jackie", "jacqueline", True),
    ],
)
def test_short_forms_and_names_of_their_own(one, other, is_short):
    assert is_nickname(one, other) is is_nickname(other, one) is is_short


def test_a_number_read_from_a_page_makes_up_for_nothing():
    """A digit may be misread, and then it is another patient's number."""
    read = Patient(
        names=(Found(Name("Publik", ("Jane",))),), birth_date=Found(Moment("", "1961-03-04")),
        identifiers=(Found(Identifier("4711", "NPI1"), "page 1", 0.9),),
    )  # fmt: skip
    found = compare(of_reading(read), person(ids=[("npi1", "4711")]))
    assert found.level("identifier") is Level.PART and not found.hard
    sent = replace(read, identifiers=(Found(Identifier("4711", "NPI1")),))
    assert compare(of_reading(sent), person(ids=[("npi1", "4711")])).hard


def test_a_rare_name_says_more_than_a_common_one():
    rare, common = person("Hartvigsen, Jane"), person("Smith, Jane")
    assert compare(rare, rare).points > compare(common, common).points + 3


def test_sex_speaks_against():
    assert not compare(person("Public, Jessie", sex="male"), person("Public, Jessie", sex="female")).hard


def test_a_number_without_its_assigner_is_a_hint_only():
    found = compare(person("Publik, Jane", ids=[("", "471100")]), person(ids=[("NPI1", "471100")]))
    assert found.level("identifier") is Level.PART
    assert not found.hard


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1961-03-04", "1961-03-04", Level.EQUAL),
        ("1961-03-04", "1961-04-03", Level.CLOSE),
        ("1961-03-04", "1916-03-04", Level.CLOSE),
        ("1961-03-04", "1961-03-14", Level.CLOSE),
        ("1961-03-04", "1961-03", Level.PART),
        ("1961-03-04", "1962", Level.DIFFERENT),
        ("1961-03-04", "", Level.UNKNOWN),
        ("1961-03-04", "1975-10-21", Level.DIFFERENT),
    ],
)
def test_birth_dates(one, other, level):
    assert birth_level(one, other)[0] is level
    assert birth_level(other, one)[0] is level


def test_every_slip_is_close():
    born = date(1961, 3, 4)
    slips = slips_of(born)
    assert date(1961, 4, 3) in slips and date(1961, 3, 14) in slips and born not in slips
    assert all(birth_level(born.isoformat(), day.isoformat())[0] is Level.CLOSE for day in slips)


def test_keys():
    assert number_key("47-11 a") == "4711A"
    assert number_key("0047-11") == "4711"
    assert street_key("12 North Main Street, Apt. 4") == "12 n main st apt 4"
    assert person_name("O'Brien Jr.", "Dr. Mary Ann").suffix == "jr"
    assert person_name("de la Cruz", "Ana").parts == ()


def test_who_lives_elsewhere_comes_after_who_lives_here_and_stays_the_same_person():
    asked = person(streets=["12 main st"], zips=["53703"], cities=["madison"])
    here = compare(asked, person(streets=["12 main st"], zips=["53711"], cities=["madison"]))
    moved = compare(asked, person(streets=["9 oak ave"], zips=["60601"], cities=["chicago"]))
    unknown = compare(asked, person(streets=["9 oak ave"]))
    assert here.points > moved.points < unknown.points
    assert moved.hard and "no part of the address agrees" in moved.against
    assert not {"no part of the address agrees"} & {*here.against, *unknown.against}
