"""How two names agree. Pure."""

from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from referrals.names import sound
from referrals.reconcile.identity.commonness import is_listed, is_of_the_other_sex
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


# Short forms in daily use. The data set has some of them as names with short forms of their own, and parents give
# some as names; but hardly to the sister or brother of whom they are short for.
_SHORT_FORMS = (
    "abby abe al allie andy angie barb barbie barney bart becca beck becky ben benny bennie bernie bess bessie beth "
    "betsy betty bill billy billie bob bobby bobbie brad candy casey cass cathy charlie chet chris chuck cindy cliff "
    "connie curt dan danny dave debbie debby dee denny dick dolly don donnie donny dot doug drew ed eddie eddy ernie "
    "etta fran frank frankie fred freddie freddy gene gerry ginger greg gus gwen hal hank harry hattie izzy jack jackie "
    "jake jamey jamie janie jeff jennie jenny jerry jess jim jimmie jimmy jo joe joey johnnie johnny josh josie judy "
    "kate kathy katie katy kay ken kenny kim kit kris larry lenny leo libby lindy liz liza lizzie lottie lou louie lucy "
    "mac mack maddy madge maggie mandy manny marge margie marty marv matt maddie meg mel merv mick mickey mike millie "
    "mindy minnie mitch molly monty nate ned nell nellie newt nick nikki obie ollie pam pat patsy patti patty peg peggy "
    "penny pete phil polly prudy ray rich rick ricky rob robbie rod ron ronnie ronny rosie roxie rudy russ rusty sadie "
    "sally sam sammy sandy scotty shelly sid stan steve sue susie tabby tammie tammy ted teddy terri terry tess tessa "
    "thad theo tim timmy tina toby tom tommy tony tracy tricia trina trish trisha trudy vern vic vickie vicki vicky "
    "vince wally walt wendy wes will willie winnie zach zack"
)
_SHORT = frozenset(_SHORT_FORMS.split())
_OF_BOTH_SEXES = frozenset(
    [
        "al",
        "alex",
        "andy",
        "bobbie",
        "casey",
        "charlie",
        "chris",
        "fran",
        "frankie",
        "freddie",
        "gerry",
        "jackie",
        "jamie",
        "jerry",
        "jess",
        "jo",
        "joey",
        "kit",
        "kris",
        "lou",
        "mel",
        "ollie",
        "pat",
        "patsy",
        "ray",
        "reggie",
        "robbie",
        "ronnie",
        "sam",
        "sammy",
        "sandy",
        "sid",
        "terry",
        "tony",
        "vic",
        "will",
        "willie",
        "winnie",
    ]
)


@lru_cache(maxsize=20_000)
def is_nickname(one: str, other: str) -> bool:
    """Whether one is a usual short form of the other: Bill of William.

    Not so for two names that stand for themselves, as Andrew and Andrea, William and Wilma, Ann and Nancy: the data set
    joins them, parents give them to twins. Nor for two short forms of one name, Beth and Lisa."""
    if any({one, other} <= family for family in _SPANISH):
        return True
    return _is_short_for(one, other) or _is_short_for(other, one)


def _is_short_for(short: str, full: str) -> bool:
    if short not in _NICKNAMES.nicknames_of(full):
        return False
    if is_of_the_other_sex(short, full) and short not in _OF_BOTH_SEXES:
        return False
    return short in _SHORT or (len(short) < len(full) and not is_listed("given", short))


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


def resembles(one: str, other: str) -> bool:
    """Whether several slips may turn one into the other: letters in another order, a name cut off, two misread."""
    if min(len(one), len(other)) < 3:
        return False
    return sorted(one) == sorted(other) or JaroWinkler.similarity(one, other) >= 0.82


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
    return Level.LIKE if resembles(one.family, other.family) else Level.DIFFERENT


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
    if is_close or is_slip(one.given, other.given):
        return Level.CLOSE
    return Level.LIKE if resembles(one.given, other.given) else Level.DIFFERENT


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
