"""What letters say in sentences: whom they are about, and that person's age."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referrals.intake.letters.dates import Dated, dates_in
from referrals.intake.letters.names import Person, person_in
from referrals.intake.letters.phrases import any_of
from referrals.intake.letters.piece import Row

# "your pleasant 64-year-old patient": words between the verb and the name.
_A_PERSON = (
    r"(?:(?:your|our|my|this|the|a|an|very|mutual|above[- ]named|pleasant|delightful|lovely|charming|nice|kind|patient|named|"
    r"\d{1,3}\s?-?\s?(?:year|yr|month|week|day)s?[-\s]old|\d{1,3}\s?y\.?\s?/?o\.?|right[-\s]handed|left[-\s]handed|"
    r"(?:African|Native|Mexican|Asian)[-\s]American|Caucasian|Hispanic|white|black|retired|young|elderly|adult|"
    r"female|male|woman|man|gentleman|lady|girl|boy|child|infant|child),?\s+){0,9}"
)
# Behind these words the person stands whom the letter is about.
_OPENINGS = any_of(
    "(?:pleasure|opportunity|privilege|chance|honou?r|delight) (?:of|to|in) (?:seeing|see|evaluating|evaluate|meeting|meet|"
    "consult(?:ing)? on|examin(?:e|ing)|assess(?:ing)?|visit(?:ing)? with|car(?:e|ing) for)",
    r"thank\s*you (?:so much |very much )?for (?:referring|sending|seeing|evaluating|accepting|agreeing to see|"
    "asking (?:me|us) to (?:see|evaluate)|allowing (?:me|us) to (?:see|evaluate)|involving (?:me|us) in the care of|"
    "entrusting (?:me|us) with(?: the care of)?|the opportunity to (?:see|evaluate)|"
    "(?:your|the|this) (?:kind )?(?:referral|consultation) (?:of|for|on))",
    r"\b(?:I|we) (?:recently |just |had )?(?:saw|evaluated|examined|met|assessed|am referring|are referring|"
    "would like to refer|refer)",
    r"(?P<weak>\b(?:consultation|evaluation|assessment|referral|follow[-\s]up|letter|report) "
    "(?:on|for|regarding|of|concerning))",
    r"(?P<weaker>\b(?:(?:the|this|your|our) (?:above |mutual )?patient,?|regarding|concerning))",
    "(?:writing|write) (?:to you )?(?:about|regarding|concerning)", "participat(?:e|ing) in the care of", "with regard to",
)  # fmt: skip
_ASIDE = re.compile(r"\s*\([^()]{0,60}\)")  # "(DOB 03/04/1961)" behind the name
_PERSON_AFTER = re.compile(r"\s+" + _A_PERSON, re.I)
# A name that begins a sentence is the patient's when one of these follows.
_AFTER = any_of(
    r"\s*,?\s*(?:is )?(?:a|an) (?:very )?(?:\w+[\s,]+){0,3}?\d{1,3}\s*[-\s]?(?:year|yr|month|week|day|y\.?\s?/?o)",
    r"\s*,?\s*(?:was|is being|were) (?:seen|evaluated|referred|examined)",
    r"\s*,?\s*(?:presents|presented (?:to|for|today)|returns|returned (?:to|for)|comes to)",
)  # fmt: skip
_BORN = any_of(
    r"[\s,(\[;–—-]*(?:born(?: on)?|d\.? ?o\.? ?b\.?|date of birth|birth ?date)(?: (?:is|of|on))?[\s:,]*",
)
_ALONE = re.compile(r"\s*\(([^()A-Za-z]{5,14}|[A-Za-z]{3,9}\.? \d{1,2}, \d{4})\)")
_BEHIND = 70  # characters behind a name in which its birth date may stand
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?:])(?<!\b[MD][rs]\.)(?<!\bMrs\.)(?<!\bSt\.)\s+|\n)(?=[A-Z])")


@dataclass(frozen=True)
class Told:
    """A person named in prose as the one it is about, with the line it stands in."""

    person: Person
    page: int
    row: int
    line: str
    score: float
    certain: bool  # the sentence can only be about a person
    birth: Dated | None = None  # told right behind the name, over the line's end or not
    bare: Dated | None = None  # a date alone in brackets there


@dataclass(frozen=True)
class Paragraphs:
    """The rows of a page in one string, with the row each character came from."""

    text: str
    starts: tuple[int, ...]
    rows: tuple[tuple[int, Row], ...]

    def around(self, offset: int) -> str:
        """Some words before the offset and more behind it."""
        start = self.text.rfind(" ", 0, max(offset - 25, 0)) + 1
        return self.text[start : offset + 60]

    def row_at(self, offset: int) -> tuple[int, Row]:
        return self.rows[bisect_right(self.starts, offset) - 1]


def pages_of(rows: Sequence[Row]) -> list[Paragraphs]:
    """Each page's rows joined by spaces where a paragraph runs on, by blank lines where it ends."""
    pages: dict[int, list[tuple[int, Row]]] = {}
    for index, row in enumerate(rows):
        pages.setdefault(row.page, []).append((index, row))
    joined = []
    for numbered in pages.values():
        text, starts = "", []
        widest = max(row.right for _, row in numbered)
        for place, (_, row) in enumerate(numbered):
            starts.append(len(text))
            following = numbered[place + 1][1] if place + 1 < len(numbered) else None
            text += row.text + (" " if following and _runs_on(row, following, widest) else "\n\n")
        joined.append(Paragraphs(text, tuple(starts), tuple(numbered)))
    return joined


def _runs_on(row: Row, following: Row, widest: float) -> bool:
    """A full line of one piece with the next close under it."""
    full = row.right > 0.75 * widest and len(row.pieces) == 1
    return full and following.top - row.bottom < 0.9 * max(row.bottom - row.top, following.bottom - following.top)


def told_patients(page: Paragraphs) -> Iterator[Told]:
    """People a sentence says it is about, in order. Clinicians are not among them."""
    for match in _OPENINGS.finditer(page.text):
        if after := _PERSON_AFTER.match(page.text, match.end()):
            yield from _told(page, after.end(), described=False, certain=not (match["weak"] or match["weaker"]))
    for match in _SENTENCE_START.finditer(page.text):
        yield from _told(page, match.end(), described=True, certain=True)


def _told(page: Paragraphs, start: int, *, described: bool, certain: bool) -> Iterator[Told]:
    index, row = page.row_at(start)
    person = person_in(page.text[start : start + 70], recognised=row.score < 1)
    if person is None or person.credentials or person.name.prefix.lower().startswith(("dr", "doctor", "prof")):
        return
    aside = _ASIDE.match(page.text, start + person.end)
    if described and not _AFTER.match(page.text, aside.end() if aside else start + person.end):
        return
    if not person.name.prefix and person.name.text.isupper() and not described:
        return
    behind = page.text[start + person.end : start + person.end + _BEHIND]
    alone = _ALONE.match(behind)
    bare = next(iter(dates_in(alone[1], birth=True)), None) if alone else None
    yield Told(person, row.page, index, page.around(start), row.score, certain, _birth_behind(behind), bare)


def _birth_behind(text: str) -> Dated | None:
    """The date in ``(born March 4, 1961)`` or ``, DOB: 03/04/1961``."""
    label = _BORN.match(text)
    dates = dates_in(text[label.end() :], birth=True) if label else []
    if not dates or re.search(r"[^\W_]", text[label.end() : label.end() + dates[0].start]):
        return None
    return dates[0]


def age_told(page: Paragraphs) -> int | None:
    """The age in years the page states first."""
    match = re.search(r"\b(\d{1,3})\s*[- ]?\s*(?:years?[- ]?old|y\.?\s?/?o\.?\b|yr\.?[- ]old)", page.text, re.I)
    return int(match[1]) if match and int(match[1]) < 120 else None
