"""Who wrote a letter, for whom, at whose asking; whose NPI stands where; whose letterhead it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from referrals.intake.letters.evidence import LABEL, LOOSE, PROSE, is_legible, sure, where, where_row
from referrals.intake.letters.labels import Labelled, Labels
from referrals.intake.letters.names import Person, person_in
from referrals.intake.letters.numbers import npi_in
from referrals.intake.letters.phrases import any_of
from referrals.intake.letters.piece import Row
from referrals.intake.letters.prose import Paragraphs
from referrals.intake.reading import Found, Party

_DEAR = re.compile(r"^\s*Dear\s+(?=(?:Dr|Doctor|Prof|Mr|Mrs|Ms|[A-Z]))", re.I)
_CLOSING = any_of(
    r"^\s*(?:sincerely|(?:with )?(?:best|kind|warm|kindest|warmest) (?:personal )?regards|regards|respectfully|cordially|"
    r"yours (?:truly|sincerely)|very truly yours|with (?:many )?thanks|thank\s*you)[\s,.]*(?:yours)?[\s,.]*$",
)  # fmt: skip
_SIGNED = any_of(
    r"(?:electronically|digitally|e-?)\s*(?:signed|authenticated|reviewed and signed|approved)\s*(?:by)?\s*[:\-]?\s*",
    r"\bsigned\s*,?\s*by\s*[:\-]?\s*",
)  # fmt: skip
_ORGANIZATION = any_of(
    r"\b(?:clinic|associates|hospital|medical (?:group|center|centre|associates|clinic|partners)|health(?:care)?|center|"
    r"centre|institute|specialists|physicians|partners|p\.?\s?c\.?$|l\.?l\.?c|l\.?l\.?p|pllc|p\.a\.|cardiology|"
    r"orthopa?edics|neurology|dermatology|gastroenterology|endocrinology|rheumatology|pulmonary|pulmonology|nephrology|"
    r"urology|oncology|surgery|ophthalmology|eye|family (?:medicine|practice)|pediatrics|allergy|ent|practice|medicine|"
    r"group)(?!\w)",
)  # fmt: skip
_NOT_ORGANIZATION = any_of(
    "[@:]", r"www\.", r"\d{3}[-.)\s]+\d{3}", r"^\d+\s",
    r"\b(?:consultation|consult|note|report|letter|referral|visit|department of|confidential|fax|page|phone|tel|suite|dear|"
    r"patient|avenue|street|road|blvd|drive|summary|history|date|dob|mrn|progress|evaluation|reminder|request|form|thank)\b",
)  # fmt: skip
_THANKS = any_of(
    r"thank\s*you (?:\w+ ){0,3}for (?:referring|asking|sending|(?:your|the|this) (?:\w+ )?referral|allowing|involving|"
    "entrusting|the opportunity)",
)
_FAX_HEADER = re.compile(r"(?:\b(?:page|p\.?|pg\.?)\s*\d|\d{1,2}:\d{2})", re.I)
_LETTERHEAD_ROWS = 6
_SIGNATURE_ROWS = 5
_MOST = 50  # people of one role
_FAX_LINE = 250  # characters the line of a fax machine has at most
_COPIES = re.compile(r"\s*(?:c\.?c\.?\b|cop(?:y|ies)\b)", re.I)
_PARTY_KEYS = {"referrer": "referrers", "author": "authors", "recipient": "recipients"}


class _Named(NamedTuple):
    """A party named on a row, recognised with a score."""

    row: int
    score: float
    found: Found[Party]


def parties(rows: Sequence[Row], labels: Labels) -> dict[str, tuple[Found[Party], ...]]:
    """``authors``, ``referrers`` and ``recipients``, each person once, with the NPI that stands beside or under."""
    found: dict[str, list[_Named]] = {"authors": [], "referrers": [], "recipients": []}
    for label in labels:
        if label.key in _PARTY_KEYS and (party := _labelled_party(rows, labels, label)):
            found[_PARTY_KEYS[label.key]].append(_Named(label.row, label.score, party))
    found["authors"] += _signatures(rows)
    found["recipients"] += _salutations(rows)
    return {role: _once(people) for role, people in found.items()}


def _labelled_party(rows: Sequence[Row], labels: Labels, label: Labelled) -> Found[Party] | None:
    if label.key == "recipient" and is_fax_header(rows[label.row]):
        return None
    person = person_in(label.value, recognised=label.score < 1)
    if person is None:
        return None
    clinician = bool(person.credentials) or person.name.prefix.lower().startswith("dr")
    if label.key != "referrer" and not clinician and not (label.firm and label.key == "author" and person.name.given):
        return None
    base = LABEL if clinician and label.firm else LOOSE
    npi = _npi_near(labels, label)
    return Found(
        Party(name=person.name, npi=npi), where(label.page, label.line), sure(base, label.score, mended=person.mended)
    )


def _npi_near(labels: Labels, party: Labelled) -> str:
    """The NPI on the party's row behind it, or in the two rows under it before anybody else's label."""
    for label in labels.around(party, 0, 2):
        if label.row == party.row and label.at <= party.at:
            continue
        if label.key in ("referrer", "author", "recipient", "pcp", "patient"):
            return ""
        if label.key == "npi":
            npi = npi_in(label.value, recognised=label.score < 1)
            return npi[0] if npi else ""
    return ""


def _signatures(rows: Sequence[Row]) -> Iterator[_Named]:
    """Who signed: behind "Electronically signed by", or under the closing of a letter, above those who get a copy."""
    for index, row in enumerate(rows):
        if (signed := _SIGNED.search(row.text)) and (person := _clinician(row.text[signed.end() :], row)):
            yield _Named(index, row.score, _party(person, row, LABEL))
        elif _CLOSING.match(row.text):
            for below in range(index + 1, min(index + 1 + _SIGNATURE_ROWS, len(rows))):
                if rows[below].page != row.page or _COPIES.match(rows[below].text):
                    break
                if person := _clinician(rows[below].text, rows[below]):
                    yield _Named(below, rows[below].score, _party(person, rows[below], LOOSE))
                    break


def _salutations(rows: Sequence[Row]) -> Iterator[_Named]:
    for index, row in enumerate(rows):
        dear = _DEAR.match(row.text)
        if not dear:
            continue
        person = person_in(row.text[dear.end() :], recognised=row.score < 1)
        if person and (person.credentials or person.name.prefix.lower().startswith(("dr", "doctor", "prof"))):
            yield _Named(index, row.score, _party(person, row, LOOSE))


def _clinician(text: str, row: Row) -> Person | None:
    person = person_in(text, recognised=row.score < 1)
    if person and (person.credentials or person.name.prefix.lower().startswith("dr")):
        return person
    return None


def _party(person: Person, row: Row, base: float) -> Found[Party]:
    return Found(Party(name=person.name), where_row(row), sure(base, row.score, mended=person.mended))


def _once(people: Sequence[_Named]) -> tuple[Found[Party], ...]:
    """Each person once, the fullest mention: ``Dr. Osei`` is ``Ama Osei, MD`` when both stand there. A name that was

    recognised badly counts when another row has it too."""
    kept: list[Found[Party]] = []
    for named in sorted(people, key=lambda one: one.row):
        found = named.found
        if not _is_borne_out(named, people):
            continue
        for place, other in enumerate(kept):
            if _same(found.value, other.value):
                if _weight(found) > _weight(other):
                    kept[place] = found
                break
        else:
            if len(kept) == _MOST:
                break
            kept.append(found)
    return tuple(kept)


def referrers_of(
    people: dict[str, tuple[Found[Party], ...]], kind: Found[str] | None, prose: Sequence[Paragraphs]
) -> tuple[Found[Party], ...]:
    """Those labelled so; else whom a consult note thanks for the referral in its salutation."""
    if people["referrers"] or not kind or kind.value != "consult_note":
        return people["referrers"]
    if not any(_THANKS.search(page.text) for page in prose):
        return ()
    greeted = [found for found in people["recipients"] if "dear" in found.where.lower()]
    return tuple(replace(found, sure=round(found.sure * 0.85, 3)) for found in greeted[:1])


def _is_borne_out(named: _Named, people: Sequence[_Named]) -> bool:
    name = named.found.value.name
    if is_legible(name.text, named.score):
        return True
    return any(other.row != named.row and other.found.value.name.family == name.family for other in people[:_MOST])


def _same(one: Party, two: Party) -> bool:
    if one.name.family.lower() != two.name.family.lower():
        return False
    first, second = one.name.given[:1], two.name.given[:1]
    return not first or not second or first[0][:1].lower() == second[0][:1].lower()


def _weight(found: Found[Party]) -> tuple[bool, int, float]:
    return bool(found.value.npi), len(found.value.name.given), found.sure


def letterhead(rows: Sequence[Row]) -> Found[str] | None:
    """The organization at the top of the first page, above everything addressed to somebody."""
    first = [row for row in rows if row.page == rows[0].page][: _LETTERHEAD_ROWS + 2]
    for row in first[:_LETTERHEAD_ROWS]:
        if is_fax_header(row):
            continue
        for piece in row.pieces:
            text = piece.text.strip(" .,-|•")
            if _ORGANIZATION.search(text) and not _NOT_ORGANIZATION.search(text) and 2 <= len(text.split()) <= 9:
                return Found(text, where_row(row), sure(PROSE, piece.score))
    return None


def is_fax_header(row: Row) -> bool:
    """The line a fax machine prints at the top of a page: a time or a page number beside FROM, TO or a phone number."""
    text = row.text
    return len(text) <= _FAX_LINE and (
        bool(_FAX_HEADER.search(text))
        and bool(re.search(r"\b(?:from|to|fax|id)\b|\d{3}[-. )]*\d{3}[-. ]?\d{4}", text, re.I))
        and bool(re.search(r"\d{1,2}[:/]\d{2}", text))
    )
