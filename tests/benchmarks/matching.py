"""Matching under adversity: ``DATABASE_URL=… python -m tests.benchmarks.matching [--trials 10000] [--rows 100000]``.

Fills a PostgreSQL database with open referrals of ordinary patients and with families made to be mistaken for each
other: twins, fathers and sons of one name, namesakes born a day, a digit or a swap apart, a patient with three open
referrals. Then notes are matched, written with the slips of real ones (misspelt, swapped, nicknames, missing or wrong
birth dates, OCR letters), a tenth of them about people who are not on record. Printed: how many were attached without
asking, how many of those to the wrong referral or patient (must be 0), where the right one stood among the suggestions
of the others, and the time of a match."""

import argparse
import random
import statistics
import time
from dataclasses import dataclass
from datetime import date, timedelta

from tests.benchmarks.databases import fresh_database

GIVEN = [
    "William",
    "Robert",
    "Elizabeth",
    "Margaret",
    "James",
    "Katherine",
    "Jayden",
    "Maria",
    "Jose",
    "Susan",
    "Daniel",
]
SHORT = {"William": "Bill", "Robert": "Bob", "Elizabeth": "Liz", "Margaret": "Peggy", "James": "Jim",
         "Katherine": "Kate", "Jose": "Pepe", "Susan": "Sue", "Daniel": "Dan"}  # fmt: skip
FAMILIES = ["Hartwell", "Nguyen", "O'Brien", "Smith-Jones", "García", "Kowalski", "Okafor", "Lindqvist", "Castellano"]


@dataclass
class Case:
    """A patient of a family, as data; ``referrals`` are filled when they are made."""

    family: str
    given: str
    born: date
    sex: str
    phone: str
    suffix: str = ""
    kind: str = "alone"
    patient: object = None
    referrals: tuple = ()


def families(rng: random.Random, count: int) -> list[Case]:
    """``count`` groups of people made to be mistaken for each other."""
    cases = []
    for number in range(count):
        family, phone = f"{rng.choice(FAMILIES)}{'abcdefghij'[number % 10]}", f"608-555-{number % 10000:04d}"
        born = date(1940, 1, 1) + timedelta(days=rng.randrange(25_000))
        given, sex = rng.choice(GIVEN), rng.choice(["female", "male"])
        make = lambda kind, g=given, b=born, p=phone, s="", f=family, x=sex: cases.append(Case(f, g, b, x, p, s, kind))  # noqa: B023,E731
        match number % 6:
            case 0:
                make("twin"), make("twin", g=rng.choice([n for n in GIVEN if n != given]))
            case 1:
                make("twin, names alike"), make("twin, names alike", g=given + "e")
            case 2:
                make("father", s="Sr."), make("son", b=born + timedelta(days=9000), s="Jr.")
            case 3:
                make("namesake"), make("namesake", b=born + timedelta(days=1), p="608-555-9998")
            case 4:
                swapped = date(born.year, born.day, born.month) if born.day <= 12 else born + timedelta(days=10)
                make("namesake, swapped"), make("namesake, swapped", b=swapped, p="")
            case 5:
                make("three referrals")
    return cases


def slipped(rng: random.Random, text: str) -> str:
    """One slip of the pen or of recognition."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 1)
    match rng.randrange(4):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case 2:
            return text[:at] + rng.choice("aeiourn") + text[at + 1 :]
    return text.replace("m", "rn").replace("l", "1").replace("w", "vv")


def note_of(rng: random.Random, case: Case, referral) -> object:
    """A note about ``case`` that answers ``referral``, written as people and machines write."""
    from referrals.intake.reading import Found, Moment, Name, Party, Patient, Reading

    given, family, born, phone = case.given, case.family, case.born.isoformat(), ""
    for chance, change in (
        (0.10, "nickname"), (0.08, "initial"), (0.08, "slip given"), (0.08, "slip family"), (0.04, "swap"),
        (0.05, "no birth date"), (0.05, "slip birth date"), (0.04, "swap birth date"), (0.3, "phone"),
    ):  # fmt: skip
        if rng.random() > chance:
            continue
        if change == "nickname":
            given = SHORT.get(given, given)
        elif change == "initial":
            given = given[0]
        elif change == "slip given":
            given = slipped(rng, given)
        elif change == "slip family":
            family = slipped(rng, family)
        elif change == "swap":
            given, family = family, given
        elif change == "no birth date":
            born = ""
        elif change == "slip birth date" and born:
            born = (case.born + timedelta(days=rng.choice([1, 10, -1, -10]))).isoformat()
        elif change == "swap birth date" and born and case.born.day <= 12:
            born = f"{case.born.year}-{case.born.day:02d}-{case.born.month:02d}"
        elif change == "phone":
            phone = case.phone
    by = referral.receiving_provider
    visit = referral.captured_at.date() + timedelta(days=20)
    return Reading(
        format="benchmark",
        patients=(
            Patient(
                names=(Found(Name(family, (given,), case.suffix if rng.random() < 0.5 else "")),),
                birth_date=Found(Moment(born, born)) if born else None,
                sex=Found(case.sex) if rng.random() < 0.7 else None,
                phones=(Found(phone),) if phone else (),
            ),
        ),
        kind=Found("consult_note"),
        status=Found("final"),
        visit_at=Found(Moment("", visit.isoformat())),
        authors=(Found(Party(Name(by.family_name, (by.given_name,)), npi=by.npi)),),
        referral_numbers=(Found(referral.number),) if rng.random() < 0.1 else (),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    with fresh_database("refloop_bench_matching"):
        _run(options)


def _run(options) -> None:
    from referrals.reconcile.matching import match
    from tests import factories
    from tests.benchmarks.fill import fill

    rng = random.Random(options.seed)
    fill(options.rows, now=factories.NOW)
    cases = families(rng, 600)
    _put_on_record(rng, cases)
    counts = dict.fromkeys(
        ("attached", "WRONG", "first", "listed", "missed", "stranger suggested", "stranger ATTACHED"), 0
    )
    seconds = []
    for number in range(options.trials):
        case = rng.choice(cases)
        referral = rng.choice(case.referrals)
        reading = note_of(rng, case, referral)
        stranger = number % 10 == 9
        if stranger:
            reading = note_of(rng, _stranger(rng, case), referral)
            reading = _without_number(reading)
        began = time.perf_counter()
        found = match(reading, now=factories.NOW)
        seconds.append(time.perf_counter() - began)
        _count(counts, found, referral, stranger)
    say(f"{options.trials} notes among {options.rows} referrals and {len(cases)} people made to be mistaken")
    for name, count in counts.items():
        say(f"  {name:<20} {count:>6}  {count / options.trials:.1%}")
    ordered = sorted(seconds)
    say(
        f"  match: median {1000 * statistics.median(ordered):.1f} ms, p95 {1000 * ordered[int(len(ordered) * 0.95)]:.1f} ms"
    )


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _count(counts: dict[str, int], found, referral, stranger: bool) -> None:
    chosen = found.chosen
    places = [r.pk for r, _ in found.options]
    if stranger:
        counts["stranger ATTACHED"] += chosen is not None
        counts["stranger suggested"] += bool(places)
    elif chosen is not None:
        counts["attached" if chosen.pk == referral.pk else "WRONG"] += 1
    else:
        place = "missed" if referral.pk not in places else "first" if places[0] == referral.pk else "listed"
        counts[place] += 1


def _stranger(rng: random.Random, case: Case) -> Case:
    """Somebody who is not on record: of the same name and another age, or of another name and the same birth date."""
    born = case.born + timedelta(days=rng.choice([400, 3000, -7000]))
    if rng.random() < 0.5:
        return Case(case.family, case.given, born, case.sex, "608-555-7777", kind="stranger")
    return Case(f"{rng.choice(FAMILIES)}zz", rng.choice(GIVEN), case.born, case.sex, "608-555-7777", kind="stranger")


def _without_number(reading):
    from dataclasses import replace

    return replace(reading, referral_numbers=())


def _put_on_record(rng: random.Random, cases: list[Case]) -> None:
    from referrals.models import Office, Patient, Provider, Referral, Specialty
    from tests import factories

    template = Referral.objects.filter(status="seen").select_related("receiving_provider").first()
    specialties = list(Specialty.objects.all())
    offices = list(Office.objects.filter(is_ours=False))
    doctors = []
    for number in range(60):
        doctor = factories.provider(offices[number % len(offices)], specialty=rng.choice(specialties))
        doctors.append(Provider.objects.get(pk=doctor.pk))
    for case in cases:
        case.patient = Patient.objects.create(
            family_name=case.family, given_name=case.given, birth_date=case.born, sex=case.sex, phone=case.phone,
            suffix=case.suffix, created_at=factories.NOW,
        )  # fmt: skip
        asks = 3 if case.kind == "three referrals" else 1
        case.referrals = tuple(_copy(template, case, doctor) for doctor in rng.sample(doctors, asks))


def _copy(template, case: Case, doctor):
    from copy import copy

    from referrals.identifiers import new_referral_number
    from referrals.models import Referral

    made = copy(template)
    made.pk, made.number, made.patient = None, new_referral_number(), case.patient
    made.receiving_provider, made.receiving_office = doctor, doctor.offices.first()
    made.specialty = doctor.specialties.first()
    return Referral.objects.bulk_create([made])[0]


if __name__ == "__main__":
    main()
