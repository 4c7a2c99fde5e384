"""People made to be mistaken for each other, and notes about them written as people and machines write.

Groups: twins (of unlike and of like names), fathers and sons of one name (with both, one or no suffix), namesakes born a
day, a digit or a swap apart or on one day, households of one telephone, women known by a former or a double name, one
patient in two records, a patient with three open referrals. Of some groups only one person is on record. Notes have
slips, nicknames, initials, missing and misread dates, and numbers that are misread, of another assigner, or filed with
the wrong member of the group."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from referrals.intake.reading import Found, Identifier, Moment, Name, Party, Patient, Reading

GIVEN = ["William", "Robert", "Elizabeth", "Margaret", "James", "Katherine", "Jayden", "Maria", "Jose", "Susan",
         "Daniel", "Andrew", "Patricia", "Samuel", "Christopher"]  # fmt: skip
SHORT = {"William": "Bill", "Robert": "Bob", "Elizabeth": "Liz", "Margaret": "Peggy", "James": "Jim", "Jose": "Pepe",
         "Katherine": "Kate", "Susan": "Sue", "Daniel": "Dan", "Patricia": "Pat", "Samuel": "Sam"}  # fmt: skip
# Names parents give to twins, and one is easily taken for the other.
ALIKE = [("Jayden", "Jaden"), ("William", "Wilma"), ("Andrew", "Andrea"), ("Daniel", "Danielle"), ("Jane", "Jean"),
         ("Maria", "Marie"), ("Christian", "Christina"), ("Dana", "Dane"), ("Jason", "Jackson"), ("Ann", "Nancy"),
         ("Carl", "Carla"), ("Samuel", "Samantha"), ("Jacob", "Jack"), ("Ella", "Emma"), ("Mia", "Nia")]  # fmt: skip
FAMILIES = ["Hartwell", "Nguyen", "O'Brien", "Smith-Jones", "García", "Kowalski", "Okafor", "Lindqvist", "Castellano",
            "Smith", "Johnson", "de la Cruz", "Lee", "Brown", "Fernández"]  # fmt: skip
OURS, ELSEWHERE = "urn:oid:2.16.840.1.113883.3.7", "urn:oid:2.16.840.1.113883.3.70"
MISREAD = {"1": "7", "7": "1", "3": "8", "8": "3", "5": "6", "6": "5", "0": "6", "9": "4", "4": "9", "2": "7"}
KINDS = ("twins", "twins of like names", "father and son", "namesakes a day apart", "namesakes a digit apart",
         "namesakes of swapped dates", "namesakes of one day", "household", "former name", "two records of one",
         "three referrals", "alone")  # fmt: skip
# Of two people of one name and birth date nothing in most notes says which, unless both are known.
UNDECIDABLE = ("two records of one", "namesakes of one day")


@dataclass(eq=False)
class Case:
    """A person of a group. ``referrals`` are filled when they are made; empty for one who is not on record."""

    kind: str
    family: str
    given: str
    born: date
    sex: str
    phone: str
    number: str
    suffix: str = ""
    former: str = ""
    group: list["Case"] = field(default_factory=list)
    is_on_record: bool = True
    patient: object = None
    referrals: tuple = ()


def people(rng: random.Random, count: int) -> list[Case]:
    """``count`` groups, each kind in turn; in every fourth of two who can be told apart the second is not on record."""
    cases = []
    for place in range(count):
        made = _group(rng, KINDS[place % len(KINDS)], place)
        for case in made:
            case.group = [other for other in made if other is not case]
        if len(made) > 1 and made[0].kind not in UNDECIDABLE and rng.random() < 0.25:
            made[-1].is_on_record = False
        cases += made
    return cases


def _group(rng: random.Random, kind: str, place: int) -> list[Case]:
    family = f"{rng.choice(FAMILIES)}{'abcdefghij'[place % 10]}" if rng.random() < 0.7 else rng.choice(FAMILIES)
    born = date(1940, 1, 1) + timedelta(days=rng.randrange(25_000))
    first = Case(kind, family, rng.choice(GIVEN), born, rng.choice(["female", "male"]),
                 f"608-555-{place % 10_000:04d}", f"{40_000_000 + place * 10}")  # fmt: skip
    other = replace(first, number=f"{int(first.number) + 1}", group=[])  # a number as twins get them
    elsewhere = replace(other, phone=f"414-555-{place % 10_000:04d}", group=[])
    match kind:
        case "twins":
            return [first, replace(other, given=rng.choice([n for n in GIVEN if n != first.given]))]
        case "twins of like names":
            one, two = rng.sample(rng.choice(ALIKE), 2)
            return [replace(first, given=one), replace(other, given=two)]
        case "father and son":
            senior, junior = rng.choice([("Sr.", "Jr."), ("", "Jr."), ("", "")])
            son = rng.choice([born + timedelta(days=9_131), _on(born.year + 30, born.month, born.day)])
            return [replace(first, suffix=senior), replace(other, suffix=junior, born=son)]
        case "namesakes a day apart":
            return [first, replace(elsewhere, born=born + timedelta(days=1))]
        case "namesakes a digit apart":
            return [first, replace(elsewhere, born=_misread_day(rng, born) or born + timedelta(days=10))]
        case "namesakes of swapped dates":
            swapped = date(born.year, born.day, born.month) if born.day <= 12 else born + timedelta(days=20)
            return [first, replace(elsewhere, born=swapped)]
        case "namesakes of one day":
            return [first, elsewhere]
        case "household":
            return [
                first,
                replace(other, given=rng.choice(GIVEN), born=born + timedelta(days=rng.randrange(400, 1500))),
            ]
        case "former name":
            bearer = f"{rng.choice(FAMILIES)}q"
            married = replace(first, sex="female", given="Maria", former=bearer)
            return [married, replace(elsewhere, family=bearer, given="Maria", born=born + timedelta(days=800))]
        case "two records of one":
            return [first, replace(other, number=first.number + "9")]
    return [first]


def _on(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, 28))


def _misread_day(rng: random.Random, born: date) -> date | None:
    """The birth date with one digit misread, when that is a date."""
    text = born.isoformat()
    places = [place for place, c in enumerate(text) if c in MISREAD]
    rng.shuffle(places)
    for place in places:
        try:
            return date.fromisoformat(text[:place] + MISREAD[text[place]] + text[place + 1 :])
        except ValueError:
            continue
    return None


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


@dataclass
class Written:
    """What a note says of its patient; ``is_clean`` until something was changed that makes it uncertain whose it is."""

    given: str
    family: str
    born: str
    suffix: str
    phone: str = ""
    number: tuple[str, str] | None = None
    is_clean: bool = True


CHANGES = {
    "nickname": 0.08, "initial": 0.04, "slip given": 0.05, "slip family": 0.05, "swap": 0.03, "former": 0.3,
    "no birth date": 0.04, "misread birth date": 0.06, "next day": 0.03, "swap birth date": 0.04, "phone": 0.4,
    "number": 0.4, "number misread": 0.04, "number of another": 0.04, "misfiled": 0.04, "no suffix": 0.5,
}  # fmt: skip


def written(rng: random.Random, case: Case, *, changes: dict[str, float] = CHANGES) -> Written:
    says = Written(case.given, case.family, case.born.isoformat(), case.suffix)
    for name, chance in changes.items():
        if rng.random() < chance:
            _change(rng, says, case, name)
    return says


def _change(rng: random.Random, says: Written, case: Case, name: str) -> None:
    relative = rng.choice(case.group) if case.group else None
    before = (says.given, says.family, says.born)
    match name:
        case "nickname":
            says.given = SHORT.get(says.given, says.given)
            return
        case "initial":
            says.given = says.given[0]
        case "slip given":
            says.given = slipped(rng, says.given)
        case "slip family":
            says.family = slipped(rng, says.family)
        case "swap":
            says.given, says.family = says.family, says.given
            return
        case "former":
            says.family = case.former or says.family
            return
        case "no birth date":
            says.born = ""
        case "misread birth date" if says.born:
            says.born = (_misread_day(rng, case.born) or case.born).isoformat()
        case "next day" if says.born:
            says.born = (case.born + timedelta(days=rng.choice([1, -1, 10, -10]))).isoformat()
        case "swap birth date" if says.born and case.born.day <= 12:
            says.born = f"{case.born.year}-{case.born.day:02d}-{case.born.month:02d}"
        case "phone":
            says.phone = case.phone
        case "number":
            says.number = (OURS, case.number)
        case "number misread":
            at = rng.randrange(len(case.number))
            says.number = (OURS, case.number[:at] + MISREAD[case.number[at]] + case.number[at + 1 :])
            says.is_clean = False
        case "number of another" if relative:
            says.number = (ELSEWHERE, relative.number)
        case "misfiled" if relative:
            says.number, says.is_clean = (OURS, relative.number), False
        case "no suffix":
            says.suffix = ""
    says.is_clean &= before == (says.given, says.family, says.born)


def note_about(rng: random.Random, case: Case, referral, says: Written) -> Reading:
    """The note that answers ``referral``, as data sent or as read from a page."""
    sure = 1.0 if rng.random() < 0.5 else rng.choice([0.9, 0.88, 0.8])
    by, visit = referral.receiving_provider, referral.captured_at.date() + timedelta(days=20)
    numbers = (Found(Identifier(says.number[1], says.number[0], "MR"), "", sure),) if says.number else ()
    return Reading(
        format="benchmark",
        patients=(
            Patient(
                names=(Found(Name(says.family, (says.given,), says.suffix), "", sure),),
                birth_date=Found(Moment(says.born, says.born), "", sure) if says.born else None,
                sex=Found(case.sex) if rng.random() < 0.7 else None,
                phones=(Found(says.phone),) if says.phone else (),
                identifiers=numbers,
            ),
        ),
        kind=Found("consult_note"),
        status=Found("final"),
        visit_at=Found(Moment("", visit.isoformat())),
        authors=(Found(Party(Name(by.family_name, (by.given_name,)), npi=by.npi)),),
        referral_numbers=(Found(referral.number),) if case.is_on_record and rng.random() < 0.05 else (),
    )
