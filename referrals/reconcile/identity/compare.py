"""Compare the person in a document with one on record: points, evidence in words, and whether it is *hard*.

Hard means that somebody who was shown only these two would attach the document without asking. It needs a birth date
and names that agree (or an identifier of the same assigner that makes up for a slip in one of them), and nothing that
speaks against it. Twins, fathers and sons, and namesakes each differ in something that speaks against it.
"""

from referrals.reconcile.identity import weights
from referrals.reconcile.identity.birth import birth_level, years_apart
from referrals.reconcile.identity.commonness import rarity
from referrals.reconcile.identity.comparison import AGREES, Comparison
from referrals.reconcile.identity.names import (
    family_level,
    given_level,
    is_slip,
    middle_level,
    resembles,
    suffix_level,
)
from referrals.reconcile.identity.person import Person, PersonName
from referrals.reconcile.identity.weights import Level

UNKNOWN_DAY = "-01-01"  # what registrations write when the day of birth is not known: many namesakes share it
UNSURE = 0.75  # a name or birth date read less surely than this is not hard evidence by itself
GENERATION = 10  # years
# ``{}`` stands for both names.
_FAMILY_WORDS = {
    Level.EQUAL: "family name equal",
    Level.KNOWN_AS: "family name equal to another name on record",
    Level.PART: "part of the family name equal: {}",
    Level.CLOSE: "family name close: {}",
    Level.LIKE: "family name resembles: {}",
    Level.DIFFERENT: "family name differs: {}",
}
_GIVEN_WORDS = {
    Level.EQUAL: "given name equal",
    Level.KNOWN_AS: "given name {}",
    Level.PART: "only the initial of the given name: {}",
    Level.CLOSE: "given name close: {}",
    Level.LIKE: "given name resembles: {}",
    Level.DIFFERENT: "given name differs: {}",
}
_BIRTH_WORDS = {
    Level.EQUAL: "birth date equal",
    Level.PART: "birth date agrees",
    Level.CLOSE: "birth date close:",
    Level.DIFFERENT: "birth date differs",
}


def compare(document: Person, record: Person) -> Comparison:
    """How well the two agree. Symmetric but for the words, which speak of the document first."""
    found = Comparison()
    _names(found, document, record)
    level, special = birth_level(document.birth, record.birth)
    if level is Level.EQUAL and document.birth.endswith(UNKNOWN_DAY):
        special = "(1 January also stands for an unknown day)"
    worth = weights.BIRTH_DATE.get(level, 0.0)
    if level is Level.DIFFERENT and document.birth[:4] == record.birth[:4]:
        worth = weights.BORN_IN_THE_SAME_YEAR
    words = " ".join(filter(None, (_BIRTH_WORDS.get(level, ""), special)))
    found.note("birth date", level, worth, words)
    _sex(found, document.sex, record.sex)
    _identifiers(found, document, record)
    _sets(found, "phone", weights.PHONE, document.phones, record.phones)
    _sets(found, "e-mail", weights.EMAIL, document.emails, record.emails)
    _sets(found, "zip code", weights.ZIP, document.zips, record.zips)
    _sets(found, "city", weights.CITY, document.cities, record.cities)
    _streets(found, document.streets, record.streets)
    _elsewhere(found)
    found.hard = _is_hard(found, document, record)
    return found


def _names(found: Comparison, document: Person, record: Person) -> None:
    pairs = [(one, other) for one in document.names for other in record.names]
    if not pairs:
        found.levels |= {"family": Level.UNKNOWN, "given": Level.UNKNOWN}
        return
    one, other = max(pairs, key=lambda pair: _name_points(*pair)) if len(pairs) > 1 else pairs[0]
    former = other is not record.names[0]
    if _is_swapped(one, other):
        found.note("family", Level.KNOWN_AS, 0.0, "")
        found.note("given", Level.KNOWN_AS, weights.SWAPPED, "family and given name equal, in each other's place")
    else:
        family, given = family_level(one, other), given_level(one, other)
        if former and family is Level.EQUAL and other.family != record.names[0].family:
            family = Level.KNOWN_AS
        words = _in_words(_FAMILY_WORDS, family, one.family, other.family)
        found.note("family", family, _family_points(family, one, other), words)
        words = _in_words(_GIVEN_WORDS, given, one.given, other.given)
        found.note("given", given, _given_points(given, one, other), words)
        if family is given is Level.DIFFERENT and _one_is_displaced(one, other):
            found.note(
                "displaced", Level.PART, weights.DISPLACED, "a given name of one is the family name of the other"
            )
    middle = middle_level(one, other)
    found.note("middle", middle, weights.MIDDLE.get(middle, 0.0),
               {Level.EQUAL: "middle name equal", Level.PART: "middle initial equal",
                Level.DIFFERENT: "middle name differs"}.get(middle, ""))  # fmt: skip
    suffix = suffix_level(one, other)
    found.note("suffix", suffix, weights.SUFFIX.get(suffix, 0.0),
               {Level.EQUAL: "suffix equal", Level.PART: "one has a suffix (Jr., Sr.), the other none",
                Level.DIFFERENT: f"suffix differs: {one.suffix}~{other.suffix}"}.get(suffix, ""))  # fmt: skip


def _name_points(one: PersonName, other: PersonName) -> float:
    if _is_swapped(one, other):
        return weights.SWAPPED
    return _family_points(family_level(one, other), one, other) + _given_points(given_level(one, other), one, other)


_SAME_NAME = (Level.EQUAL, Level.KNOWN_AS, Level.PART, Level.CLOSE)


def _family_points(level: Level, one: PersonName, other: PersonName) -> float:
    rare = min(rarity("family", one.family), rarity("family", other.family)) if level in _SAME_NAME else 0.0
    return weights.FAMILY.get(level, 0.0) + weights.RARE_FAMILY * rare


def _given_points(level: Level, one: PersonName, other: PersonName) -> float:
    is_whole = level in _SAME_NAME and level is not Level.PART
    rare = min(rarity("given", one.given), rarity("given", other.given)) if is_whole else 0.0
    return weights.GIVEN.get(level, 0.0) + weights.RARE_GIVEN * rare


def _is_swapped(one: PersonName, other: PersonName) -> bool:
    if not (one.family and one.given and other.family and other.given) or one.family == other.family:
        return False
    return _alike(one.family, other.given) and _alike(one.given, other.family)


def _one_is_displaced(one: PersonName, other: PersonName) -> bool:
    return any(len(a) > 2 and _alike(a, b) for a, b in ((one.given, other.family), (one.family, other.given)))


def _alike(one: str, other: str) -> bool:
    return one == other or is_slip(one, other)


def _in_words(table: dict[Level, str], level: Level, one: str, other: str) -> str:
    words = table.get(level, "")
    return words.format(f"{one.title()}~{other.title()}") if words.endswith("{}") else words


def _sex(found: Comparison, one: str, other: str) -> None:
    known = {"female", "male"}
    if one in known and other in known:
        level = Level.EQUAL if one == other else Level.DIFFERENT
        found.note("sex", level, weights.SEX[level], "sex equal" if one == other else "sex differs")


def _identifiers(found: Comparison, document: Person, record: Person) -> None:
    """Equal under one assigner is the hardest evidence, when it was sent as data; equal on a page (a digit may be
    misread) or with an assigner unknown or named otherwise (two systems may use the same numbers) is a hint; a
    different number of the same assigner speaks against it."""
    equal = {number for number in document.identifiers & record.identifiers if number[0]}
    if equal - document.page_numbers:
        found.note("identifier", Level.EQUAL, weights.IDENTIFIER[Level.EQUAL], "identifier of the same assigner equal")
        return
    ours = {value for _, value in record.identifiers}
    theirs = {value for _, value in document.identifiers}
    if document.shared_numbers & record.shared_numbers:
        found.note(
            "identifier", Level.PART, weights.IDENTIFIER[Level.PART], "member number equal, as a family's may be"
        )
        return
    if equal or any(len(value) >= 5 for value in ours & theirs):
        words = "identifier equal, as read from the page" if equal else "identifier equal, its assigner unknown"
        found.note("identifier", Level.PART, weights.IDENTIFIER[Level.PART], words)
        return
    assigners = {a for a, _ in document.identifiers if a} & {a for a, _ in record.identifiers if a}
    sent = {assigner for assigner, _ in document.identifiers - document.page_numbers} & assigners
    if not sent and any(len(a) >= 6 and a[0] == b[0] and is_slip(a, b) for a in theirs for b in ours):
        found.note("identifier", Level.CLOSE, weights.IDENTIFIER[Level.CLOSE], "identifier close: one character off")
    elif assigners:
        found.note(
            "identifier", Level.DIFFERENT, weights.IDENTIFIER[Level.DIFFERENT],
            "the same assigner gave another identifier",
        )  # fmt: skip


def _never(one: str, other: str) -> bool:
    return False


def _same_area(one: str, other: str) -> bool:
    return one[:3] == other[:3] or sorted(one) == sorted(other)


_CLOSE = {"e-mail": resembles, "zip code": _same_area, "city": resembles}


def _sets(found: Comparison, name: str, points: dict, one: frozenset[str], other: frozenset[str]) -> None:
    if not one or not other:
        return
    is_close = _CLOSE.get(name, _never)
    if one & other:
        level = Level.EQUAL
    else:
        level = Level.CLOSE if any(is_close(a, b) for a in one for b in other) else Level.DIFFERENT
    worth = points.get(level, 0.0)
    found.note(
        name, level, worth, f"{name} {'equal' if level is Level.EQUAL else 'differs'}" if abs(worth) >= 1 else ""
    )


def _streets(found: Comparison, one: frozenset[str], other: frozenset[str]) -> None:
    if not one or not other:
        return
    if one & other:
        level = Level.EQUAL
    elif any(_alike(a, b) for a in one for b in other):
        level = Level.CLOSE
    else:
        level = Level.DIFFERENT
    worth = weights.STREET[level]
    found.note("street", level, worth, {Level.EQUAL: "street equal", Level.CLOSE: "street close"}.get(level, ""))


def _elsewhere(found: Comparison) -> None:
    parts = [found.level(name) for name in ("zip code", "city", "street")]
    if parts.count(Level.DIFFERENT) > 1 and all(level in (Level.DIFFERENT, Level.UNKNOWN) for level in parts):
        found.note("address", Level.DIFFERENT, weights.ELSEWHERE, "no part of the address agrees")


def _is_hard(found: Comparison, document: Person, record: Person) -> bool:
    """Birth date and names agree, or a number makes up for one slip in the family name or, with telephone, street or
    e-mail, in the birth date. Never for one in the given name, which is what twins differ in, nor for a birth date of
    another generation, which is what a father and his son of one name differ in, nor alone for one of a namesake: a
    note filed under the wrong number looks just like that."""
    level = found.level
    contradicted = ("birth date", "family", "given", "middle", "suffix", "sex", "identifier")
    if any(level(name) is Level.DIFFERENT for name in contradicted):
        return False
    if level("given") not in (Level.EQUAL, Level.KNOWN_AS):
        return False
    same_family, same_day = level("family") in AGREES, level("birth date") is Level.EQUAL
    if level("identifier") is Level.EQUAL:
        if same_day:
            return same_family or level("family") is Level.CLOSE
        near = level("birth date") in (Level.CLOSE, Level.PART) and found.is_reached_alike
        return same_family and near and years_apart(document.birth, record.birth) < GENERATION
    is_doubtful = document.birth.endswith(UNKNOWN_DAY) or level("identifier") is Level.CLOSE
    if is_doubtful and not found.tells_apart:
        return False
    return same_family and same_day and document.sure >= UNSURE
