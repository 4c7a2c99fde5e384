"""Where a letter names its patient: by label, in a header line beside a birth date, in prose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referrals.intake.letters.dates import dates_in
from referrals.intake.letters.evidence import LABEL, LOOSE, PROSE, sure, where, where_row
from referrals.intake.letters.labels import Labelled
from referrals.intake.letters.names import Person, person_in
from referrals.intake.letters.numbers import phone_in, record_number
from referrals.intake.letters.piece import Row
from referrals.intake.letters.prose import Told
from referrals.intake.reading import Found, Identifier, Moment, Name

_NEAR = 4  # rows within which a name and a birth date belong together
_SEXES = {
    "f": "female",
    "m": "male",
    "female": "female",
    "male": "male",
    "x": "other",
    "other": "other",
    "unknown": "unknown",
}
_STRANGERS = {"other_person", "referrer", "recipient", "author", "sender", "pcp"}
_ANCHORS = {"birth", "mrn"}
_PLAIN = {
    "patient name",
    "patient's name",
    "patients name",
    "name of patient",
    "pt name",
    "patient full name",
    "full name",
    "member name",
    "client name",
}
_RECORD_TYPES = {
    "patient id": "PI",
    "pt id": "PI",
    "patient identifier": "PI",
    "pat id": "PI",
    "patient number": "PI",
    "patient no": "PI",
}


@dataclass(frozen=True)
class Mention:
    """One thing said of a patient, at ``row``. ``doubtful`` names count only when something else bears them out."""

    row: int
    page: int
    name: Found[Name] | None = None
    birth: Found[Moment] | None = None
    record: Found[Identifier] | None = None
    sex: Found[str] | None = None
    phone: Found[str] | None = None
    doubtful: bool = False
    recognised: bool = False


def mentions(rows: Sequence[Row], labels: Sequence[Labelled], told: Sequence[Told]) -> list[Mention]:
    """All mentions in reading order, of one row the names first."""
    found = [*_labelled(rows, labels), *_split_names(labels), *_headers(rows, labels)]
    found += [_mention_told(item, labels) for item in told]
    found += _titled_lines(rows)
    return sorted(found, key=lambda m: (m.row, m.name is None))


def _labelled(rows: Sequence[Row], labels: Sequence[Labelled]) -> Iterator[Mention]:
    for index, label in enumerate(labels):
        if label.key in ("patient", "name"):
            yield from _named(labels, label)
        elif not _of_a_stranger(labels, index):
            yield from _attribute(labels, index, label)


def _named(labels: Sequence[Labelled], label: Labelled) -> Iterator[Mention]:
    person = person_in(label.value, recognised=label.score < 1)
    if person is None or person.name.prefix.lower().startswith(("dr", "doctor")):
        return
    if person.credentials and label.wording not in _PLAIN:
        return
    anchored = _near(labels, label, _ANCHORS)
    if label.key == "name" and (not anchored or _near(labels, label, {"other_person"}, rows=1)):
        return
    doubtful = label.wording not in _PLAIN and not anchored and not person.name.prefix and "," not in person.name.text
    base = LABEL if label.firm else LOOSE
    place = where(label.page, label.line)
    yield _mention(label, name=_found_name(person, base, label.score, place), doubtful=doubtful)
    if other := _and_another(label, person):
        yield _mention(label, name=_found_name(other, base, label.score, place), doubtful=doubtful)


def _and_another(label: Labelled, first: Person) -> Person | None:
    """A second patient behind the first: ``Public, William and Public, Walter``, as letters about twins have it."""
    rest = label.value[first.end :]
    joined = re.match(r"[\s,.]*(?:and|&|;)\s+", rest)
    other = person_in(rest[joined.end() :], recognised=label.score < 1) if joined else None
    is_another = other and other.name.given and not other.credentials and not other.name.prefix.lower().startswith("dr")
    return other if is_another else None


def _attribute(labels: Sequence[Labelled], index: int, label: Labelled) -> Iterator[Mention]:
    base, place = LABEL if label.firm else LOOSE, where(label.page, label.line)
    recognised = label.score < 1
    if label.key == "birth" and (found := _birth(label, base, place)):
        yield _mention(label, birth=found)
    elif label.key == "mrn" and (number := record_number(label.value, recognised=recognised)):
        identifier = Identifier(number[0], type=_RECORD_TYPES.get(label.wording, "MR"))
        if label.firm or number[0].isdigit():
            yield _mention(label, record=Found(identifier, place, sure(base, label.score, mended=number[1])))
    elif label.key == "ssn" and (ssn := re.match(r"\d{3}-\d{2}-\d{4}\b", label.value)):
        yield _mention(label, record=Found(Identifier(ssn[0], type="SS"), place, sure(base, label.score)))
    elif label.key == "sex" and (word := re.match(r"[A-Za-z]+", label.value)) and word[0].lower() in _SEXES:
        yield _mention(label, sex=Found(_SEXES[word[0].lower()], place, sure(base, label.score)))
    elif _is_patients_phone(labels, index) and (phone := phone_in(label.value)):
        yield _mention(label, phone=Found(phone, place, sure(base, label.score)))


def _birth(label: Labelled, base: float, place: str) -> Found[Moment] | None:
    dates = dates_in(label.value, birth=True)
    if not dates:
        raw = re.match(r"[\s:]*([0-9OolI|SB/.\-]{5,12})(?![\w])", label.value)
        return Found(Moment(raw[1]), place, sure(base, label.score) / 2) if raw and "/" in raw[1] else None
    first = dates[0]
    if label.beside and any(c.isalnum() for c in label.value[: first.start]):
        return None
    return Found(first.moment, place, sure(base, label.score, mended=first.mended))


def _of_a_stranger(labels: Sequence[Labelled], index: int) -> bool:
    """Whether somebody else's label stands before this one on its row with no patient's between."""
    for label in reversed(labels[:index]):
        if label.row != labels[index].row:
            return False
        if label.key in ("patient", "name"):
            return False
        if label.key in _STRANGERS:
            return True
    return False


def _is_patients_phone(labels: Sequence[Labelled], index: int) -> bool:
    """A phone labelled as the patient's; a bare "Phone:" only behind the patient's own labels on one row."""
    label = labels[index]
    row = [other for other in labels[:index] if other.row == label.row]
    own_row = any(other.key in _ANCHORS or other.wording in _PLAIN for other in row)
    return label.firm and (label.key == "home_phone" or (label.key == "phone" and own_row))


def _near(labels: Sequence[Labelled], label: Labelled, keys: set[str], rows: int = _NEAR) -> bool:
    return any(
        other.key in keys and other.page == label.page and -1 <= other.row - label.row <= rows for other in labels
    )


def _split_names(labels: Sequence[Labelled]) -> Iterator[Mention]:
    """Last and first name under labels of their own."""
    for label in labels:
        if label.key != "family":
            continue
        given = next(
            (o for o in labels if o.key == "given" and o.page == label.page and abs(o.row - label.row) <= 2), None
        )
        family = person_in(label.value, recognised=label.score < 1, alone=True)
        first = person_in(given.value, recognised=given.score < 1, alone=True) if given else None
        if not family or not first or not (_near(labels, label, _ANCHORS) or "patient" in label.wording):
            continue
        middle = next(
            (o for o in labels if o.key == "middle" and o.page == label.page and abs(o.row - label.row) <= 2), None
        )
        more = re.match(r"[^\W\d_][\w'’.-]*", middle.value) if middle else None
        names = (*first.name.text.split(), *([more[0]] if more else ()))
        name = Name(family.name.text, names, text=f"{family.name.text}, {' '.join(names)}")
        score = min(label.score, given.score)
        yield _mention(label, name=Found(name, where(label.page, label.line), sure(LABEL, score)))


def _headers(rows: Sequence[Row], labels: Sequence[Labelled]) -> Iterator[Mention]:
    """A name without a label that leads the row of a birth date or record number, or stands alone on the row above."""
    by_row: dict[int, list[Labelled]] = {}
    for label in labels:
        by_row.setdefault(label.row, []).append(label)
    for index, here in by_row.items():
        if here[0].key not in _ANCHORS or not here[0].firm and not here[0].value:
            continue
        row = rows[index]
        if here[0].at > 4 and (person := _whole(row.text[: here[0].at], row, to_the_end=True)):
            yield _header(index, row, person, LOOSE)
        elif index and index - 1 not in by_row and rows[index - 1].page == row.page:
            above = rows[index - 1]
            person = _whole(above.text, above, to_the_end=True)
            close = row.top - above.bottom < 2.5 * (above.bottom - above.top)
            if person and close and here[0].at <= 4:
                yield _header(index - 1, above, person, PROSE)


def _whole(text: str, row: Row, *, to_the_end: bool = False) -> Person | None:
    person = person_in(text, recognised=row.score < 1)
    if person is None or person.credentials or person.name.prefix.lower().startswith("dr"):
        return None
    rest = text[person.end :].strip(" ,.|-–—()*#:")
    return None if (to_the_end and rest) or not person.name.given else person


def _header(index: int, row: Row, person: Person, base: float) -> Mention:
    found = _found_name(person, base, row.score, where_row(row))
    return Mention(index, row.page, name=found, recognised=row.score < 1)


def _titled_lines(rows: Sequence[Row]) -> Iterator[Mention]:
    """ "Mrs. Jane Doe" as all of a line, such as in an address: a patient when something else says so too."""
    for index, row in enumerate(rows):
        person = _whole(row.pieces[0].text, row, to_the_end=True)
        if person and person.name.prefix and person.name.given:
            found = _found_name(person, PROSE, row.score, where_row(row))
            yield Mention(index, row.page, name=found, doubtful=True, recognised=row.score < 1)


def _mention_told(item: Told, labels: Sequence[Labelled]) -> Mention:
    """A sentence that may be about something else counts when a birth date or record number stands by."""
    found = _found_name(item.person, PROSE, item.score, where(item.page, item.line))
    near = (label for label in labels if label.page == item.page and label.row - item.row in (0, 1))
    certain = item.certain or bool(item.person.name.prefix) or any(label.key in _ANCHORS for label in near)
    return Mention(item.row, item.page, name=found, doubtful=not certain, recognised=item.score < 1)


def _mention(label: Labelled, **values: object) -> Mention:
    return Mention(label.row, label.page, recognised=label.score < 1, **values)


def _found_name(person: Person, base: float, score: float, place: str) -> Found[Name]:
    return Found(person.name, place, sure(base, score, mended=person.mended))
