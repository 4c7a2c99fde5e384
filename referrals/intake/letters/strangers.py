"""Whose labels are whose: those of a relative, a guarantor, an insurance or an office are not the patient's.

A name, birth date or phone is somebody else's when that person's label stands before it on the row or right above it, or
when it stands in a part of a form that is headed so (``Guarantor Information``)."""

from collections.abc import Iterator, Sequence, Set

from referrals.intake.letters.form_words import OTHER_PEOPLE, is_form_wording, words_of
from referrals.intake.letters.labels import Labelled, Labels
from referrals.intake.letters.names import person_in
from referrals.intake.letters.piece import Row

KEYS = {"relative", "other_person", "referrer", "recipient", "author", "sender", "pcp"}
_PERSONAL = {"birth", "sex", "ssn", "phone", "home_phone", "address", "city", "state", "zip", "age", "former"}
_NAMES = {"name", "family", "given", "middle"}
_PATIENTS = {"patient", "mrn", "visit", "their_referral", "order", "referrer", "author", "written"}  # end such a part
_ALSO = "guardians beneficiary caretaker parents emergency responsible surrogate insurance payer"
_RELATIVES = OTHER_PEOPLE | frozenset(_ALSO.split())
_OFFICES = {"employer", "pharmacy", "provider", "physician", "referring", "pcp"}
_LONGEST_HEADING = 6  # words
_LONGEST_PART = 10  # rows under a heading
_MOST_HEADINGS = 8  # side by side
_PROSE = 70  # characters of a row without a label


def of_strangers(rows: Sequence[Row], labels: Labels) -> set[Labelled]:
    """The labels whose values are somebody else's."""
    return {*_behind_on_the_row(labels), *_under_a_relative(labels), *_in_a_part(rows, labels)}


def _behind_on_the_row(labels: Labels) -> Iterator[Labelled]:
    """Labels before which somebody else's label stands on their row, with no patient's between."""
    row, strange = -1, False
    for label in labels:
        strange = strange and label.row == row
        row = label.row
        own = label.key == "patient" or label.key == "name"
        if strange and not own:
            yield label
        if own or label.key in KEYS:
            strange = label.key in KEYS


def _under_a_relative(labels: Labels) -> Iterator[Labelled]:
    """What is told of a relative in the rows right under the label that names one."""
    for relative in labels:
        if relative.key != "relative" or not relative.beside:
            continue
        for row in (relative.row + 1, relative.row + 2):
            here = labels.of_row(row)
            if not here or here[0].page != relative.page or any(label.key not in _PERSONAL for label in here):
                break
            yield from (label for label in here if label.left > relative.left - 0.02)


def _in_a_part(rows: Sequence[Row], labels: Labels) -> Iterator[Labelled]:
    """Labels under a heading such as ``Emergency Contact``, down to the next heading or what can only be the patient's.

    Headings side by side (``Patient | Guarantor``) each rule their column."""
    heads: list[tuple[float, bool]] = []  # left edge, whether it is somebody else's
    since = 0
    for index, row in enumerate(rows):
        here = labels.of_row(index)
        if not index or row.page != rows[index - 1].page:
            heads = []
        if found := _heads(rows, labels, index):
            heads, since = found, index
            continue
        if _ends(row, here) or index - since > _LONGEST_PART:
            heads = []
        first = row.pieces[0]
        if len(row.pieces) > 1 and _is_strangers(first.text, _RELATIVES):
            yield from (label for label in here if label.left > first.left and label.key in _PERSONAL | _NAMES)
            continue
        for label in here:
            if next((strange for left, strange in reversed(heads) if left < label.left + 0.02), False):
                if label.key in _PATIENTS:
                    heads = []
                    break
                yield label


def _heads(rows: Sequence[Row], labels: Labels, index: int) -> list[tuple[float, bool]]:
    """The headings a row consists of, when one of them is somebody else's."""
    pieces = rows[index].pieces
    if len(pieces) > _MOST_HEADINGS:
        return []
    kinds = _RELATIVES if len(pieces) > 1 else _RELATIVES | _OFFICES
    found = [(piece.left, _is_strangers(piece.text, kinds)) for piece in pieces]
    if not any(strange for _, strange in found) or not all(is_form_wording(words_of(p.text)) for p in pieces):
        return []
    below = labels.of_row(index + 1)
    if pieces[0].text.endswith(":") and not (below and below[0].key in _NAMES):
        return []  # a label without a value
    return found


def _is_strangers(text: str, kinds: Set[str]) -> bool:
    words = words_of(text)
    mine = {"patient", "patients"} & set(words)
    return 0 < len(words) <= _LONGEST_HEADING and is_form_wording(words) and not mine and any(w in kinds for w in words)


def _ends(row: Row, here: Sequence[Labelled]) -> bool:
    """Whether a row without labels ends a part: prose, or a heading that is no name."""
    if here:
        return False
    if len(row.text) > _PROSE:
        return True
    return (
        len(row.pieces) == 1
        and row.text[:1].isupper()
        and not any(c.isdigit() for c in row.text)
        and not person_in(row.text)
    )
