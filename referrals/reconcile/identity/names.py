"""How two names agree. Pure."""

from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from referrals.names import sound
from referrals.reconcile.identity.person import PersonName, has_no_name_yet
from referrals.reconcile.identity.weights import Level

_NICKNAMES = NickNamer()
# The data set is English; the commonest Spanish ones.
_SPANISH = (
    {"jose", "pepe"}, {"francisco", "paco", "pancho"}, {"guadalupe", "lupe", "lupita"}, {"jesus", "chuy"},
    {"ignacio", "nacho"}, {"enrique", "quique"}, {"dolores", "lola"}, {"rosario", "chayo"}, {"alejandro", "alex"},
    {"eduardo", "lalo"}, {"rafael", "rafa"}, {"isabel", "chabela"}, {"graciela", "chela"}, {"mercedes", "meche"},
)  # fmt: skip


@lru_cache(maxsize=20_000)
def given_variants(given: str) -> frozenset[str]:
    """Names by which somebody called ``given`` may be known, itself among them: its nicknames, what it is short for,
    and the other short forms of that."""
    fuller = set(_NICKNAMES.canonicals_of(given))
    found = {given} | fuller | set(_NICKNAMES.nicknames_of(given))
    for full in fuller:
        found |= set(_NICKNAMES.nicknames_of(full))
    for family in _SPANISH:
        if given in family:
            found |= family
    return frozenset(found)


# Short forms in daily use that the data set also has as names with short forms of their own.
_SHORT_FORMS = (
    "bill billy bob bobby will willie tom thom tim mike mick mitch joe dan danny dick rick ricky rich ron ronny ted theo "
    "jim jamie jamey sam larry jerry gus wally zach zack eddie eddy kenny vic vicki cliff brad bart barney charlie chet "
    "chris kris tony sandy sue susie debbie debby cathy kate katy casey kit lizzie bess beth tess tessa fran frankie "
    "mandy marge margie peggy patty patsy trish tina barbie babs cindy judy trudy gwen wendy winnie becca bea lindy "
    "maddy reggie marv merv manny monty obie ollie ray newt mac mack tabby tammy tammie terry terri thad prudy"
)
_SHORT = frozenset(_SHORT_FORMS.split())


def is_nickname(one: str, other: str) -> bool:
    """Whether one is a usual short form of the other: Bill of William.

    Not so for two names that stand for themselves, as Andrew and Andrea, Jane and Jean, Ann and Nancy: the data set
    joins them, parents give them to twins. Nor for two short forms of one name, Beth and Lisa."""
    if any({one, other} <= family for family in _SPANISH):
        return True
    if other not in _NICKNAMES.nicknames_of(one) and one not in _NICKNAMES.nicknames_of(other):
        return False
    stand_for_themselves = _NICKNAMES.nicknames_of(one) and _NICKNAMES.nicknames_of(other)
    return not stand_for_themselves or one in _SHORT or other in _SHORT


def are_related(one: str, other: str) -> bool:
    """Whether two given names may be said of one person, however loosely."""
    return other in given_variants(one) or one in given_variants(other)


def is_slip(one: str, other: str) -> bool:
    """Whether a slip of the pen or a misread letter turns one into the other: never for names of three letters."""
    if min(len(one), len(other)) < 4:
        return False
    distance = DamerauLevenshtein.distance(one, other)
    if distance <= 1:
        return True
    longest = max(len(one), len(other))
    return distance <= 2 and longest >= 7 or JaroWinkler.similarity(one, other) >= 0.93


def family_level(one: PersonName, other: PersonName) -> Level:
    if not one.family or not other.family:
        return Level.UNKNOWN
    if one.family == other.family:
        return Level.EQUAL
    if _part(one, other) or _part(other, one):
        # García López and García Núñez are two families
        return Level.PART if not (one.parts and other.parts) or is_slip(one.family, other.family) else Level.CLOSE
    if is_slip(one.family, other.family):
        return Level.CLOSE
    if sound(one.family) == sound(other.family) and one.family[0] == other.family[0] and len(one.family) > 3:
        return Level.CLOSE
    return Level.DIFFERENT


def _part(double: PersonName, single: PersonName) -> bool:
    """``Smith-Jones`` and ``Jones``; two double names share a part in the same place only."""
    if single.parts:
        return bool(double.parts) and any(a == b for a, b in zip(double.parts, single.parts, strict=False))
    return single.family in double.parts


def given_level(one: PersonName, other: PersonName) -> Level:
    if not one.given or not other.given:
        return Level.UNKNOWN
    if one.given == other.given:
        return Level.PART if has_no_name_yet(one) else Level.EQUAL
    if len(one.given) == 1 or len(other.given) == 1:
        return Level.PART if one.given[0] == other.given[0] else Level.DIFFERENT
    if is_nickname(one.given, other.given):
        return Level.KNOWN_AS
    if _goes_by_middle(one, other) or _goes_by_middle(other, one):
        return Level.KNOWN_AS
    is_close = are_related(one.given, other.given) or one.given == other.middle or other.given == one.middle
    return Level.CLOSE if is_close or is_slip(one.given, other.given) else Level.DIFFERENT


def _goes_by_middle(short: PersonName, full: PersonName) -> bool:
    """``Jane`` of Mary Jane, or both in one word; but Ann Marie is not Mary Ann."""
    return not short.middle and short.given in (full.middle, f"{full.given}{full.middle}")


def middle_level(one: PersonName, other: PersonName) -> Level:
    a, b = one.middle, other.middle
    if not a or not b or other.given == a or one.given == b:
        return Level.UNKNOWN
    if a == b:
        return Level.EQUAL if len(a) > 1 else Level.PART
    if len(a) == 1 or len(b) == 1:
        return Level.PART if a[0] == b[0] else Level.DIFFERENT
    return Level.EQUAL if is_slip(a, b) else Level.DIFFERENT


def suffix_level(one: PersonName, other: PersonName) -> Level:
    if not one.suffix and not other.suffix:
        return Level.UNKNOWN
    if one.suffix == other.suffix:
        return Level.EQUAL
    return Level.PART if not one.suffix or not other.suffix else Level.DIFFERENT
