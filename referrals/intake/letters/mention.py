"""What a letter says of a patient in one place, and how a name, a birth date and a relative look there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from referrals.intake.letters.dates import dates_in
from referrals.intake.letters.evidence import LOOSE, sure
from referrals.intake.letters.names import Person
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Address, Found, Identifier, Moment, Name

ANCHORS = {"birth", "mrn"}
_RELATIVE = re.compile(
    r"\b(?:daughter|son|mother|father|mom|dad|parents?|wife|husband|spouse|partner|brother|sister|sibling|twin|grand(?:mother|father|son|daughter)|"
    r"aunt|uncle|niece|nephew|cousin|caregiver|guardian|guarantor|subscriber)\b[.,]?[^.;|:]{0,60}$",
    re.I,
)
# Behind a name, before a birth date that has no label of its own. A bar may be recognised as a stroke of a letter.
_BARE = re.compile(r"[\s|,;/(\[–—-]*(?:(?:male|female|[MF])\b[\s|,;)]*)?$", re.I)
_STROKE = re.compile(r"\s+[1Il!]\s+$")


@dataclass(frozen=True)
class Mention:
    """One thing said of a patient, at ``row``. ``doubtful`` names count only when something else bears them out; ``bare``

    is a date behind the name that looks like a birth date and has no label."""

    row: int
    page: int
    name: Found[Name] | None = None
    birth: Found[Moment] | None = None
    record: Found[Identifier] | None = None
    sex: Found[str] | None = None
    phone: Found[str] | None = None
    other: Found[Name] | None = None
    address: Found[Address] | None = None
    bare: Found[Moment] | None = None
    doubtful: bool = False
    score: float = 1.0  # of recognition

    @property
    def recognised(self) -> bool:
        return self.score < 1


def found_name(person: Person, base: float, score: float, place: str) -> Found[Name]:
    return Found(person.name, place, sure(base, score, mended=person.mended))


def bare_birth(text: str, person: Person, score: float, place: str) -> Found[Moment] | None:
    """The date that stands behind the name with nothing between."""
    dates = dates_in(text[person.end : person.end + 40], birth=True)
    between = text[person.end : person.end + dates[0].start] if dates else ""
    if not dates or not dates[0].moment.iso:
        return None
    if not _BARE.match(between) and not (score < 1 and _STROKE.fullmatch(between)):
        return None
    return Found(dates[0].moment, place, sure(LOOSE, score, mended=dates[0].mended))


def of_a_relative(rows: Sequence[Row], index: int, at: int) -> bool:
    """Whether words right before the place speak of somebody's daughter, father or the like."""
    before = rows[index].text[max(at - 80, 0) : at]
    if at < 60 and index and rows[index - 1].page == rows[index].page and len(rows[index - 1].pieces) == 1:
        last = rows[index - 1].text
        before = f"{last[-80:]} {before}" if last.rstrip()[-1:] not in ".:;" else before
    return bool(_RELATIVE.search(before))
