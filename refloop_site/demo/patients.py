"""Invented patients with an address in one metro area, a plan, and a record number at each office that knows them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from referrals.capture.ask import IdentifierData, NameData, PatientData
from refloop_site.demo import behaviour as b
from refloop_site.demo import person_names, places
from refloop_site.demo.clinical_questions import Question
from refloop_site.demo.directory_tables import PAYERS

LANGUAGES = {"en": 88, "es": 8, "hmn": 3, "so": 1}


@dataclass(frozen=True)
class Person:
    """Demographics as an office would send them, without record numbers (those differ by office), and the plan."""

    index: int
    data: PatientData
    payer: str
    member_id: str


class People:
    """Everybody referred so far; a new ask is for a known patient or for somebody new."""

    def __init__(self, rng: Random, *, today: date):
        self.rng = rng
        self.today = today
        self.known: list[Person] = []

    def for_question(self, question: Question) -> Person:
        """A patient whom ``question`` fits in age and sex."""
        if self.known and self.rng.random() < b.KNOWN_PATIENT:
            for person in self.rng.sample(self.known, min(8, len(self.known))):
                if self._fits(person, question):
                    return person
        person = self._new(question)
        self.known.append(person)
        return person

    def _fits(self, person: Person, question: Question) -> bool:
        age = (self.today - person.data.birth_date).days // 365
        return question.sex in ("", person.data.sex) and question.youngest <= age <= question.oldest

    def _new(self, question: Question) -> Person:
        rng, index = self.rng, len(self.known) + 1
        sex = question.sex or rng.choice(("female", "male"))
        given = rng.choice(person_names.FEMALE if sex == "female" else person_names.MALE)
        middle = rng.choice(person_names.FEMALE if sex == "female" else person_names.MALE) if rng.random() < 0.3 else ""
        family = rng.choice(person_names.FAMILY)
        age = rng.triangular(question.youngest, question.oldest, min(64, question.oldest))
        born = self.today - timedelta(days=int(age * 365.25) + rng.randrange(365))
        zip_code, city, _ = _weighted(rng, {row: row[2] for row in places.ZIP_CODES})
        language = _weighted(rng, LANGUAGES)
        payer = _weighted(rng, {code: share for code, _, share in PAYERS})
        if age >= 66 and payer != "medicare" and rng.random() < 0.8:
            payer = "medicare"
        data = PatientData(
            family_name=family,
            given_name=given,
            middle_name=middle,
            birth_date=born,
            sex=sex,
            phone=f"608-555-0{rng.randrange(100, 200)}",
            email=f"{given[0].lower()}.patient{index}@example.org".replace(" ", "") if rng.random() < 0.6 else "",
            street=f"{rng.randrange(2, 9800)} {rng.choice(places.STREETS)}",
            city=city,
            state=places.STATE,
            zip_code=zip_code,
            language=language,
            needs_interpreter=language != "en" and rng.random() < 0.6,
            other_names=_former_name(rng, sex),
        )
        return Person(index, data, payer, f"{payer[:3].upper()}{rng.randrange(10**8):08d}")


def as_sent_by(person: Person, office_key: str, rng: Random) -> PatientData:
    """What one office sends: the demographics, usually with its own record number of the patient."""
    if rng.random() >= b.RECORD_NUMBER_GIVEN:
        return person.data
    number = f"{office_key[:3].upper()}{100_000 + person.index}"
    return replace(person.data, identifiers=(IdentifierData(value=number),))


def _former_name(rng: Random, sex: str) -> tuple[NameData, ...]:
    if sex == "female" and rng.random() < b.FORMER_NAME_GIVEN:
        return (NameData(use="former", family_name=rng.choice(person_names.FAMILY)),)
    return ()


def _weighted(rng: Random, shares: dict):
    return rng.choices(list(shares), weights=list(shares.values()))[0]
