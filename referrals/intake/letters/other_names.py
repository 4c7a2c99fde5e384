"""Names a person had before or goes by, and family names of two words that stand without a comma."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from referrals.intake.letters.lookalikes import unaccented
from referrals.intake.letters.names import Person, person_in
from referrals.intake.reading import Name
from referrals.names import name_key

_FORMER = re.compile(
    r"[\s,(\[]*(?:(?P<former>n[eé]e|formerly(?: known as)?|f\.?/?k\.?/?a\.?|maiden(?: name)?|previously(?: known as)?|born as)|"
    r"(?P<alias>a\.?/?k\.?/?a\.?|also known as|goes by|preferred(?: name)?|preferred to be called))\s*[:.]?\s+[\"“]?",
    re.I,
)
# Among the most frequent Spanish family names (US Census 2010): two in a row are a family name of two.
_SPANISH = frozenset(
    [
        "garcia",
        "rodriguez",
        "martinez",
        "hernandez",
        "lopez",
        "gonzalez",
        "perez",
        "sanchez",
        "ramirez",
        "torres",
        "flores",
        "rivera",
        "gomez",
        "diaz",
        "reyes",
        "morales",
        "cruz",
        "ortiz",
        "gutierrez",
        "chavez",
        "ramos",
        "gonzales",
        "ruiz",
        "alvarez",
        "mendoza",
        "vasquez",
        "castillo",
        "jimenez",
        "moreno",
        "romero",
        "herrera",
        "medina",
        "aguilar",
        "garza",
        "castro",
        "vargas",
        "fernandez",
        "guzman",
        "munoz",
        "mendez",
        "salazar",
        "soto",
        "delgado",
        "pena",
        "rios",
        "alvarado",
        "sandoval",
        "contreras",
        "valdez",
        "guerrero",
        "ortega",
        "estrada",
        "nunez",
        "maldonado",
        "vega",
        "vazquez",
        "santiago",
        "dominguez",
        "espinoza",
        "silva",
        "padilla",
        "marquez",
        "cortez",
        "rojas",
        "acosta",
        "figueroa",
        "luna",
        "juarez",
        "navarro",
        "campos",
        "molina",
        "avila",
        "ayala",
        "mejia",
        "carrillo",
        "duran",
        "santos",
        "salinas",
        "robles",
        "solis",
        "lara",
        "cervantes",
        "aguirre",
        "deleon",
        "ochoa",
        "miranda",
        "cardenas",
        "trujillo",
        "velasquez",
        "fuentes",
        "cabrera",
        "leon",
        "rivas",
        "montoya",
        "calderon",
        "colon",
        "serrano",
        "velez",
        "nieves",
        "quintero",
        "villarreal",
        "camacho",
    ]
)


def behind(person: Person, text: str) -> Iterator[Name]:
    """Other names of the person in the text behind the name: ``(née Smith)``, ``f/k/a Jane Smith``, ``aka Janie``."""
    found = _FORMER.match(text, person.end)
    other = person_in(text[found.end() :], alone=True) if found else None
    if other is None or other.credentials:
        return
    name, use = other.name, "former" if found["former"] else "alias"
    if not name.given:  # one word: a family name, or what somebody is called
        word = name.family
        if use == "former":
            name = Name(word, person.name.given, text=name.text)
        else:
            name = Name(person.name.family, (word,), text=name.text)
    yield replace(name, use=use, prefix="", suffix="")


def with_double_families(names: Iterable[Name]) -> dict[Name, Name]:
    """The names that have to be read with a family name of two words, as they then are.

    ``Maria Garcia Lopez`` leaves open where the family name begins. ``Garcia Lopez, Maria`` or ``Ms. Garcia Lopez``
    elsewhere, or two well-known Spanish family names, settle it."""
    names = tuple(names)
    known = {doubled for name in names if (doubled := _double(name))}
    tails = {_tail(name) for name in names if name.given[1:]}
    for name in names:
        if name.prefix and len(name.given) == 1 and _tail(name) in tails:
            known.add(_tail(name))
    changed = {}
    for name in names:
        two = _tail(name)
        if "," in name.text or not two or " " in name.family or not (two in known or set(two) <= _SPANISH):
            continue
        titled = bool(name.prefix) and len(name.given) == 1
        if len(name.given) > 1 or titled:
            given = () if titled else name.given[:-1]
            changed[name] = replace(name, given=given, family=f"{name.given[-1]} {name.family}")
    return changed


def _double(name: Name) -> tuple[str, str] | None:
    """The two words of a family name that a comma sets apart."""
    words = name.family.split()
    return (_key(words[0]), _key(words[1])) if "," in name.text and len(words) == 2 else None


def _tail(name: Name) -> tuple[str, str] | None:
    """The last given name and the family name, both longer than an initial."""
    if not name.given or len(name.given[-1].rstrip(".")) < 3 or len(name.family) < 3:
        return None
    return _key(name.given[-1]), _key(name.family)


def _key(word: str) -> str:
    return name_key(unaccented(word))
