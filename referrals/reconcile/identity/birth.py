"""How two birth dates agree. Pure."""

from datetime import date, timedelta

from rapidfuzz.distance import OSA

from referrals.reconcile.identity.weights import Level

NEAR_DAYS = 100


def birth_level(one: str, other: str) -> tuple[Level, str]:
    """The level, and what is special about it, of two ISO dates at the precision they have."""
    if not one or not other:
        return Level.UNKNOWN, ""
    shorter = min(len(one), len(other))
    if one == other and shorter == 10:
        return Level.EQUAL, ""
    if shorter < 10:
        return (Level.PART, "as far as known") if one[:shorter] == other[:shorter] else (Level.DIFFERENT, "")
    if one[:4] == other[:4] and one[5:7] == other[8:10] and one[8:10] == other[5:7]:
        return Level.CLOSE, "day and month swapped"
    if OSA.distance(one.replace("-", ""), other.replace("-", "")) == 1:
        return Level.CLOSE, "one digit differs"
    if _days_apart(one, other) <= NEAR_DAYS:
        return Level.LIKE, "a few weeks apart"
    return Level.DIFFERENT, ""


def years_apart(one: str, other: str) -> int:
    return abs(int(one[:4]) - int(other[:4]))


def _days_apart(one: str, other: str) -> int:
    first, second = (_date(text.replace("-", "")) for text in (one, other))
    return abs((first - second).days) if first and second else NEAR_DAYS + 1


def slips_of(born: date) -> set[date]:
    """Dates one slip away: day and month swapped, one digit wrong, two neighbouring digits swapped. About fifty."""
    text = f"{born:%Y%m%d}"
    texts = {text[:4] + text[6:] + text[4:6]}
    for place, digit in enumerate(text):
        texts |= {text[:place] + other + text[place + 1 :] for other in "0123456789" if other != digit}
        if place:
            texts.add(text[: place - 1] + digit + text[place - 1] + text[place + 1 :])
    found = {_date(candidate) for candidate in texts} - {None, born}
    return {day for day in found if abs(day - born) < timedelta(days=366 * 125)}


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
