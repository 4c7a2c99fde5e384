"""A person as compared: the same shape from a document and from our records."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from referrals.intake.reading import Found, Identifier, Patient
from referrals.names import assigner_key, name_key, number_key

_SUFFIXES = {
    "jr": "jr",
    "junior": "jr",
    "sr": "sr",
    "senior": "sr",
    "ii": "ii",
    "iii": "iii",
    "iv": "iv",
    "2nd": "ii",
    "3rd": "iii",
}
_PARTICLES = {"de", "la", "las", "los", "del", "van", "der", "den", "von", "da", "di", "do", "dos", "st", "mc", "mac",
              "al", "el", "ben", "bin", "y"}  # fmt: skip
SURE_NUMBER = 0.7  # an identifier read less surely than this is no evidence
FIRM_NUMBER = 0.95  # less is read from a page, where a digit may be misread or belong to somebody else in the text
_CREDENTIALS = {"mr", "mrs", "ms", "miss", "dr", "md", "phd"}
# What stands for a given name until there is one: two newborns of one day may both be called so.
_NO_NAME_YET = {"baby", "babyboy", "babygirl", "boy", "girl", "bb", "bg", "infant", "newborn", "male", "female", "twin",
                "unknown"}  # fmt: skip
SHARED_TYPES = {"MB", "SN", "MC", "MA", "AN"}  # numbers of a policy or an account: a family may share one


@dataclass(frozen=True)
class PersonName:
    """Keys (referrals.names.name_key) of one name. ``parts`` are those of a double family name of two or more."""

    family: str
    given: str
    middle: str = ""
    suffix: str = ""
    parts: tuple[str, ...] = ()
    shown: str = ""


@dataclass(frozen=True)
class Person:
    """``names`` has the current official name first. ``birth`` is ISO to the precision known: 1961-03-04, 1961-03, 1961.

    ``identifiers`` are (assigner, value) by assigner_key and number_key, with an empty assigner when it is not known;
    ``page_numbers`` those of them that were read from a page and not sent as data; ``shared_numbers`` numbers that a
    family may have together, such as a payer's member number. ``sure`` is the least certain of the readings of name and
    birth date, 1 for a record."""

    names: tuple[PersonName, ...] = ()
    birth: str = ""
    sex: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    page_numbers: frozenset[tuple[str, str]] = frozenset()
    shared_numbers: frozenset[tuple[str, str]] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    zips: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    sure: float = field(default=1.0, compare=False)

    @property
    def born(self) -> date | None:
        return date.fromisoformat(self.birth) if len(self.birth) == 10 else None


@lru_cache(maxsize=20_000)
def person_name(family: str, given: str, middle: str = "", suffix: str = "") -> PersonName:
    """A name from its parts as written; titles are dropped, ``Jr`` is found wherever it stands."""
    found = _SUFFIXES.get(name_key(suffix), "")
    words = [w for w in re.split(r"[\s,.]+", f"{given} {middle}".strip()) if name_key(w)]
    families = [w for w in re.split(r"[\s,.]+", family.strip()) if name_key(w)]
    for group in (families, words):
        while len(group) > 1 and name_key(group[-1]) in _SUFFIXES:
            found = found or _SUFFIXES[name_key(group.pop())]
    words = [w for w in words if name_key(w) not in _CREDENTIALS] or words
    return PersonName(
        family=name_key("".join(families)),
        given=name_key(words[0]) if words else "",
        middle=_middle([name_key(word) for word in words[1:]]),
        suffix=found,
        parts=_double(family),
        shown=" ".join([*words, *families]),
    )


def _middle(words: list[str]) -> str:
    """The first middle name; with its particles, so that ``del Carmen`` is not ``del Pilar``."""
    end = next((place for place, word in enumerate(words, start=1) if word not in _PARTICLES), len(words))
    return "".join(words[:end])


def has_no_name_yet(name: PersonName) -> bool:
    return name.given in _NO_NAME_YET


def _double(family: str) -> tuple[str, ...]:
    """The parts of ``Smith-Jones`` or ``García Núñez``; nothing for a name with a particle (``de la Cruz``) alone."""
    words = [name_key(w) for w in re.split(r"[\s\-/]+", family) if name_key(w) and name_key(w) not in _SUFFIXES]
    parts = tuple(w for w in words if w not in _PARTICLES and len(w) > 1)
    return parts if len(parts) > 1 else ()


def of_reading(patient: Patient) -> Person:
    """The person a document speaks of."""
    official, other = [], []
    for found in patient.names:
        name = found.value
        given, middle = (name.given[0], " ".join(name.given[1:])) if name.given else ("", "")
        family = name.family
        if not family and name.text:
            given, middle, family = _split_text(name.text)
        if family or given:
            (other if name.use in ("former", "alias", "nickname") else official).append(
                person_name(family, given, middle, name.suffix)
            )
    sure = [f.sure for f in (*patient.names[:1], patient.birth_date) if f is not None]
    return Person(
        names=(*official, *other),
        birth=patient.birth_date.value.iso[:10] if patient.birth_date else "",
        sex=patient.sex.value if patient.sex else "",
        identifiers=_numbers(found for found in patient.identifiers if found.value.type not in SHARED_TYPES),
        page_numbers=_numbers(found for found in patient.identifiers if found.sure < FIRM_NUMBER),
        shared_numbers=_numbers(found for found in patient.identifiers if found.value.type in SHARED_TYPES),
        phones=digits(patient.phones),
        emails=frozenset(f.value.lower() for f in patient.emails),
        zips=frozenset(f.value.zip[:5] for f in patient.addresses if f.value.zip),
        streets=frozenset(s for f in patient.addresses if (s := street_key(" ".join(f.value.lines[:1])))),
        cities=frozenset(key for f in patient.addresses if (key := name_key(f.value.city))),
        sure=min(sure, default=1.0),
    )


def _numbers(identifiers: Iterable[Found[Identifier]]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (assigner_key(found.value.assigner), value)
        for found in identifiers
        if found.sure >= SURE_NUMBER and not is_placeholder(value := number_key(found.value.value))
    )


def is_placeholder(number: str) -> bool:
    """Numbers nobody was given: 000-00-0000, 999999999, 123456789, or too short to mean anything."""
    return len(number) < 3 or len(set(number)) == 1 or number in ("123456789", "987654321")


def _split_text(text: str) -> tuple[str, str, str]:
    """(given, middle, family) of a name written in one piece: ``Public, Jane Q.`` or ``Jane Q. Public``."""
    if "," in text:
        family, _, rest = text.partition(",")
        words = rest.split()
        return (words[0] if words else ""), " ".join(words[1:]), family
    words = [w for w in text.split() if name_key(w)]
    suffix = [words.pop()] if len(words) > 2 and name_key(words[-1]) in _SUFFIXES else []
    if len(words) < 2:
        return "", "", text
    return words[0], " ".join(words[1:-1]), " ".join([words[-1], *suffix])


def digits(phones: Iterable[Found[str]] | Iterable[str]) -> frozenset[str]:
    """The last ten digits of each number that has as many."""
    found = (_ten_digits(getattr(phone, "value", phone)) for phone in phones)
    return frozenset(number for number in found if number)


@lru_cache(maxsize=20_000)
def _ten_digits(phone: str) -> str:
    number = re.sub(r"\D", "", re.split(r"(?i)x|ext", phone)[0])
    return number[-10:] if len(number) >= 10 else ""


_STREET_WORDS = {"street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "boulevard": "blvd",
                 "court": "ct", "place": "pl", "circuit": "cct", "crescent": "cres", "close": "cl", "north": "n",
                 "south": "s", "east": "e", "west": "w", "apartment": "apt", "highway": "hwy", "parkway": "pkwy"}  # fmt: skip


def street_key(line: str) -> str:
    """``12 North Main Street`` -> ``12 n main st``."""
    words = re.findall(r"[0-9a-z]+", line.lower())
    return " ".join(_STREET_WORDS.get(word, word) for word in words)
