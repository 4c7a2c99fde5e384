"""Where the patient lives: under an address label of the patient's, or in the lines right under the name."""

import re
from collections.abc import Iterator, Sequence

from referrals.identifiers import US_STATES
from referrals.intake.letters.evidence import LABEL, LOOSE, sure, where
from referrals.intake.letters.labels import Labelled, Labels
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Address, Found

_CITY = re.compile(r"\s*([A-Z][A-Za-z.'’\- ]{1,40}?)\s*,?\s+([A-Z]{2})\.?,?\s+(\d{5})(?:-\d{4})?(?!\d)")
_STREET = re.compile(
    r"\s*((?:\d{1,6}[A-Z]?\s+\S|P\.?\s?O\.?\s+Box\s+\d|[NSEW]\d{2,5}\s?[NSEW]?\d*\s+\S|(?:Rural Route|RR)\s+\d)[^|;]{2,60})",
    re.I,
)
_ROWS_UNDER = 2  # between the name and the street
_LONGEST = 160  # characters
_OWN = {"patient address", "home address"}


def address_of(rows: Sequence[Row], labels: Labels, label: Labelled) -> Found[Address] | None:
    """The address under an address label or a street written beside it, with what stands in the next lines."""
    street, rest = _split(label.value)
    if not street:
        return None
    found = _city_in(rest) or _labelled_city(labels, label) or _city_under(rows, label.row, label.left)
    certainty = sure(LABEL if label.firm else LOOSE, label.score)
    return _made(street, found, where(label.page, label.line), certainty)


def under_the_name(rows: Sequence[Row], label: Labelled) -> Found[Address] | None:
    """Street and city in the lines right under ``RE: Jane Public``."""
    for below in range(label.row + 1, min(label.row + 1 + _ROWS_UNDER, len(rows))):
        row = rows[below]
        if row.page != label.page:
            return None
        piece = next((p for p in row.pieces if _STREET.fullmatch(p.text) and abs(p.left - label.left) < 0.2), None)
        if piece:
            city = _city_under(rows, below, piece.left)
            return (
                _made(piece.text.strip(), city, where(row.page, row.text), sure(LOOSE, piece.score)) if city else None
            )
    return None


def is_patients(labels: Labels, label: Labelled) -> bool:
    """Whether an address label is the patient's: it says so, or stands among the patient's own labels."""
    if label.key != "address":
        return False
    if label.wording in _OWN:
        return True
    named = any(other.key in ("patient", "name", "family") for other in labels.around(label, 4, 0))
    return named and any(other.key in ("birth", "mrn") for other in labels.around(label, 4, 3))


def _split(text: str) -> tuple[str, str]:
    """The street, and what stands behind its last comma before the state."""
    text = text[:_LONGEST]
    parts = re.split(r",\s*|\s{2,}", text)
    for place in range(1, len(parts)):
        rest = ", ".join(parts[place:])
        if _city_in(rest) and (match := _STREET.match(", ".join(parts[:place]))):
            return match[1].strip(" ,"), rest
    match = _STREET.match(text)
    return (match[1].strip(" ,"), "") if match else ("", "")


def _city_in(text: str) -> tuple[str, str, str] | None:
    match = _CITY.match(text)
    if not match or match[2] not in US_STATES:
        return None
    return match[1].strip(" ,"), match[2], match[3]


def _labelled_city(labels: Labels, label: Labelled) -> tuple[str, str, str] | None:
    """``City: Madison  State: WI  Zip: 53703`` beside or under the street, or all of it under one label."""
    parts = {other.key: other.value for other in labels.around(label, 0, 4) if other.key in ("city", "state", "zip")}
    if whole := _city_in(parts.get("city", "")):
        return whole
    code = re.match(r"\d{5}", parts.get("zip", ""))
    state = parts.get("state", "")[:2].upper()
    if not code:
        return None
    return parts.get("city", "").strip(" ,"), state if state in US_STATES else "", code[0]


def _city_under(rows: Sequence[Row], index: int, left: float) -> tuple[str, str, str] | None:
    for piece in _pieces_under(rows, index):
        if abs(piece.left - left) < 0.2 and (found := _city_in(piece.text)):
            return found
    return None


def _pieces_under(rows: Sequence[Row], index: int) -> Iterator:
    for row in rows[index + 1 : index + 3]:
        if row.page == rows[index].page:
            yield from row.pieces


def _made(street: str, city: tuple[str, str, str] | None, place: str, certainty: float) -> Found[Address]:
    town, state, code = city or ("", "", "")
    return Found(Address((street,), town, state, code), place, certainty)
