"""Dates as US letters write them. What cannot be a date, or could be two, keeps its raw text and no value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from referrals.intake.letters.lookalikes import as_digits, one_apart, unaccented
from referrals.intake.reading import Moment

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_D = r"[0-9OolI|SB]"  # a digit, or what recognition makes of one
_NUMERIC = re.compile(
    rf"(?<![\w/.-])({_D}{{1,2}})\s?([/.\-])\s?({_D}{{1,2}})\s?[/.\-]\s?({_D}{{4}}|{_D}{{2}})(?![\w/]|-\d|\.\d)"
)
_ONE_SLASH = re.compile(
    rf"(?<![\w/.-])(?:({_D}{{2}})/({_D}{{2}})[1lI|]({_D}{{4}})|({_D}{{2}})[1lI|]({_D}{{2}})/({_D}{{4}}))(?!\w)"
)
# One separator lost, the other there.
_GAP = re.compile(
    rf"(?<![\w/.-])(?:({_D}{{1,2}})[/-]({_D}{{1,2}}) ({_D}{{4}})|({_D}{{1,2}}) ({_D}{{1,2}})[/-]({_D}{{4}})|"
    rf"({_D}{{4}})(?: ({_D}{{2}})-|-({_D}{{2}}) )({_D}{{2}}))(?![\w/-])"
)
# A separator read as a colon or a dot in the middle; a year of four digits tells it from a time.
_COLON = re.compile(
    rf"(?<![\w/.:-])(?:({_D}{{1,2}})\s?([/.\-:·])\s?({_D}{{1,2}})\s?([/.\-:·])\s?({_D}{{4}})|"
    rf"({_D}{{4}})([-/.:·])({_D}{{2}})([-/.:·])({_D}{{2}}))(?![\w/:]|[-.]\d)"
)
_ISO = re.compile(rf"(?<![\w/.-])({_D}{{4}})[-/.]({_D}{{1,2}})[-/.]({_D}{{1,2}})(?![\w/]|-\d)")
_MONTH = r"([A-Za-z]{3,9})"
_MONTH_FIRST = re.compile(
    rf"(?<![A-Za-z]){_MONTH}[.,]?\s*({_D}{{1,2}})(?:st|nd|rd|th)?(?:[.,:]{{0,2}}\s*(?={_D}{{4}})|[.,]\s*|\s+|(?='))({_D}{{4}}|'?\d{{2}})(?![\w/:])"
)
# A month or a year alone, all that is said: kept as written, never made a day.
_PARTIAL = re.compile(
    r"[\s:]*((?:(?:\d{1,2}|[?xX_*]{1,2})[/.-](?:\d{1,2}|[?xX_*]{1,2})[/.-]|[A-Za-z]{3,9}[.,]?\s+|\d{1,2}[/-])?(?:18|19|20)\d\d(?:-\d{2})?)"
    r"(?=\s*(?:$|[,;|)]|\s[A-Z(]))"
)
_DAY_FIRST = re.compile(
    rf"(?<![\w/.-])({_D}{{1,2}})(?:st|nd|rd|th)?(?!--)[\s\-.]*(?:of\s+)?{_MONTH}[\s\-.,]*({_D}{{4}}|\d{{2}})(?![\w/])"
)
# A date that lost what parted it: 03041961, 0304 1961, 03 04 1961, 1961 03 04.
_UNDIVIDED = [
    re.compile(rf"[\s:]*(?P<date>{date})(?![\w]|[/.\-]\w)")
    for date in (
        rf"(?P<month>{_D}{{2}})[ /.\-]?(?P<day>{_D}{{2}})[ /.\-]?(?P<year>{_D}{{4}})",
        rf"(?P<month>{_D}{{1,2}}) (?P<day>{_D}{{1,2}}) (?P<year>{_D}{{4}})",
        rf"(?P<year>{_D}{{4}})[ /.\-]?(?P<month>{_D}{{2}})[ /.\-]?(?P<day>{_D}{{2}})",
        rf"(?P<month>[3-9])[ /.\-]?(?P<day>{_D}{{2}})[ /.\-]?(?P<year>{_D}{{4}})",
    )
]
_LEAD = 30  # characters: the longest date and some spaces
_PIVOT = 40  # of two-digit years: until 2040 a document's 40-99 can only mean 19xx


@dataclass(frozen=True)
class Dated:
    """A date in a text from ``start`` to ``end``; ``mended`` when look-alikes were read as digits."""

    moment: Moment
    start: int
    end: int
    mended: bool = False


def dates_in(text: str, *, birth: bool = False) -> list[Dated]:
    """All dates in the text, in order, none overlapping another. In a birth date a year of two digits below 40 has no

    value: it may be a child or somebody very old."""
    found: list[Dated] = []
    for dated in sorted(_all(unaccented(text), birth), key=lambda d: (d.start, -d.end)):
        if not found or dated.start >= found[-1].end:
            found.append(dated)
    return found


def dates_under_label(text: str, *, birth: bool = False) -> list[Dated]:
    """The dates of a text under a date's label; else the day it begins with that lost its slashes: eight digits, or groups

    of them, that can be one day only; seven when the first cannot be the end of a month. Fewer could be several days."""
    if dates := dates_in(text, birth=birth):
        return dates
    found = [match for pattern in _UNDIVIDED if (match := pattern.match(unaccented(text)))]
    days = [_dated(m, m["year"], m["month"], m["day"], birth, mended=True) for m in found]
    known = {dated.moment.iso: dated for dated in days if dated.moment.iso}
    return list(known.values()) if len(known) == 1 else []


def partial_under_label(text: str) -> Moment | None:
    """The month and year, or the year, a text under a date's label says instead of a day: as written, without a value."""
    match = _PARTIAL.match(text)
    if match is None:
        return None
    word = re.match("[A-Za-z]{3,}", match[1])
    return Moment(match[1].strip()) if word is None or _month(word[0]) else None


def begins_with_date(text: str) -> bool:
    """Whether a date is the first thing the text says."""
    found = dates_in(text[:_LEAD])
    return bool(found) and not re.search(r"[^\W_]", text[: found[0].start])


def _all(text: str, birth: bool) -> Iterator[Dated]:
    for match in _ISO.finditer(text):
        yield _dated(match, match[1], match[2], match[3], birth)
    for match in _NUMERIC.finditer(text):
        if match[1] + match[3] + match[4] and any(c.isdigit() for c in match[0]):
            yield _dated(match, match[4], match[1], match[3], birth)
    for match in _ONE_SLASH.finditer(text):
        month, day, year = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        yield _dated(match, year, month, day, birth, mended=True)
    for match in _COLON.finditer(text):
        year, month, day = match.group(5, 1, 3) if match[5] else match.group(6, 8, 10)
        if set(match.group(2, 4, 7, 9)) & {":", "·"}:
            yield _dated(match, year, month, day, birth, mended=True)
    for match in _GAP.finditer(text):
        if match[7]:
            yield _dated(match, match[7], match[8] or match[9], match[10], birth, mended=True)
        else:
            month, day, year = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
            yield _dated(match, year, month, day, birth, mended=True)
    for match in _MONTH_FIRST.finditer(text):
        if month := _month(match[1]):
            yield _dated(match, match[3], str(month[0]), match[2], birth, mended=month[1])
    for match in _DAY_FIRST.finditer(text):
        if any(c.isdigit() for c in match[1]) and (month := _month(match[2])):
            yield _dated(match, match[3], str(month[0]), match[1], birth, mended=month[1])


def _dated(match: re.Match, year: str, month: str, day: str, birth: bool, *, mended: bool = False) -> Dated:
    numbers = [as_digits(part.strip("'")) for part in (year, month, day)]
    mended = mended or numbers != [part.strip("'") for part in (year, month, day)]
    return Dated(Moment(match[0].strip(" :"), _iso(*numbers, birth)), match.start(), match.end(), mended)


def _iso(year: str, month: str, day: str, birth: bool) -> str:
    full = int(year)
    if len(year) == 2:
        if birth and full < _PIVOT:
            return ""
        full += 1900 if full >= _PIVOT else 2000
    try:
        return date(full, int(month), int(day)).isoformat() if 1880 <= full <= 2200 else ""
    except ValueError:
        return ""


def _month(word: str) -> tuple[int, bool] | None:
    """The month's number and whether its name had to be mended."""
    low = word.lower()
    for number, name in enumerate(MONTHS, start=1):
        if low in (name, name[:3]) or (low == "sept" and number == 9):
            return number, False
    long = [(number, name) for number, name in enumerate(MONTHS, start=1) if len(name) > 4]
    near = [number for number, name in long if one_apart(low, name) or low == name.replace("ri", "n")]
    return (near[0], True) if len(near) == 1 else None
