"""Invented people, dates and numbers for benchmark letters."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from referrals.identifiers import CROCKFORD, clean_referral_number, format_referral_number

_GIVEN = """Jane John Maria José Wei Aisha Dmitri Siobhan Anne-Marie Tomás Oluwaseun Priya Carlos Ingrid Mohammed Harriet Leroy
Nguyen Zoë Patrick Beatrice Kwame Yolanda Gerald Rosalind Isaac Fatima Bruno Eleanor Hiroshi Colleen Winston Delphine Omar
Susannah Everett Lucinda Ismael Bartholomew Gwendolyn"""
GIVEN = _GIVEN.split()
FAMILY = """Public|O'Brien|Núñez|van der Berg|Smith-Jones|Okafor|Petrov|Li|McDonald|de la Cruz|Garcia|Thompson|Kowalski|Nguyen|Delacroix
|D'Angelo|Ito|Hernandez|Abernathy|Schwartz|Mbeki|Lindqvist|Rao|Fitzgerald|Castellano|Washington|Bianchi|Quigley|Haddad|Brown
|St. John|Yamamoto|Ferreira|Llewellyn|Ibsen|Oyelaran|Vandermeer|Whitfield|Zielinski|Underwood""".replace(
    "\n", ""
).split("|")
DOCTORS = [
    "Ama Osei",
    "Peter Brandt",
    "Lena Fischer",
    "Raj Patel",
    "Grace Whitmore",
    "Luis Ortega",
    "Hannah Weiss",
    "Tariq Aziz",
]
STREETS = [
    "Maple Street",
    "N. Oak Ave",
    "County Road K",
    "Elm St, Apt 4B",
    "Lakeshore Blvd",
    "S 12th Street",
    "Orchard Ln",
]
SUFFIXES = ["", "", "", "", "", "", "", "Jr.", "III"]


@dataclass(frozen=True)
class Case:
    """What a letter says; an empty value does not stand in it."""

    given: str
    middle: str
    family: str
    suffix: str
    birth: date
    visit: date
    mrn: str
    number: str
    sex: str
    author: str
    referrer: str
    street: str
    zip: str
    phone: str
    account: str
    order: str

    @property
    def age(self) -> int:
        return (
            self.visit.year
            - self.birth.year
            - ((self.visit.month, self.visit.day) < (self.birth.month, self.birth.day))
        )

    @property
    def title(self) -> str:
        return "Ms." if self.sex == "female" else "Mr."


def case(rng: random.Random) -> Case:
    visit = date(2026, 1, 5) + timedelta(days=rng.randrange(300))
    birth = date(1932, 1, 1) + timedelta(days=rng.randrange(365 * 80))
    author, referrer = rng.sample(DOCTORS, 2)
    mrn = rng.choice(["{:06d}", "{:08d}", "{:07d}", "M{:07d}", "E{:06d}", "{:09d}"]).format(rng.randrange(10**6))
    return Case(
        rng.choice(GIVEN), rng.choice(["", "A", "Q", "Lee", "M"]), rng.choice(FAMILY), rng.choice(SUFFIXES), birth, visit,
        mrn, _number(rng), rng.choice(["female", "male"]), author, referrer,
        f"{rng.randrange(10, 9900)} {rng.choice(STREETS)}", f"{rng.randrange(53000, 54999)}", f"608-555-{rng.randrange(10**4):04d}",
        f"{rng.randrange(10**9, 10**10)}", f"ORD{rng.randrange(10**6, 10**7)}",
    )  # fmt: skip


def _number(rng: random.Random) -> str:
    """A referral number with a fitting check character, from ``rng`` so that a set can be made again."""
    payload = "".join(rng.choice(CROCKFORD) for _ in range(7))
    for last in CROCKFORD:
        try:
            return clean_referral_number(format_referral_number(payload + last))
        except ValueError:
            continue
    raise AssertionError("some check character fits")


DATE_FORMATS = [
    "{m:02d}/{d:02d}/{y}",
    "{m}/{d}/{y}",
    "{month} {d}, {y}",
    "{m:02d}-{d:02d}-{y}",
    "{y}-{m:02d}-{d:02d}",
    "{mon} {d}, {y}",
    "{d:02d}-{MON}-{y}",
]


def written(day: date, style: str) -> str:
    month = day.strftime("%B")
    return style.format(y=day.year, m=day.month, d=day.day, month=month, mon=month[:3], MON=month[:3].upper())


def first_last(c: Case) -> str:
    middle = f" {c.middle}." if len(c.middle) == 1 else f" {c.middle}" if c.middle else ""
    return f"{c.given}{middle} {c.family}" + (
        f", {c.suffix}" if c.suffix == "Jr." else f" {c.suffix}" if c.suffix else ""
    )


def last_first(c: Case) -> str:
    return f"{c.family}{' ' + c.suffix if c.suffix else ''}, {c.given}{' ' + c.middle if c.middle else ''}"


def other_day(day: date, rng: random.Random) -> date:
    """Some day in the month after."""
    return day + timedelta(days=rng.randrange(1, 30))
