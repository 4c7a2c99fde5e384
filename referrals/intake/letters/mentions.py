"""Where a letter names its patient: by label, in a header line beside a birth date, in prose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from referrals.intake.letters import addresses, other_names
from referrals.intake.letters.dates import dates_in, dates_under_label, partial_under_label
from referrals.intake.letters.evidence import LABEL, LOOSE, PROSE, sure, where
from referrals.intake.letters.headers import headers, titled_lines
from referrals.intake.letters.labels import Labelled, Labels
from referrals.intake.letters.mention import ANCHORS, Mention, bare_birth, found_name, of_a_relative
from referrals.intake.letters.names import Person, person_in
from referrals.intake.letters.numbers import phone_in, record_number
from referrals.intake.letters.piece import Row
from referrals.intake.letters.prose import Told
from referrals.intake.letters.strangers import of_strangers
from referrals.intake.reading import Found, Identifier, Moment, Name

_FORM = 20  # labels of one row looked at
_NEAR = 4  # rows within which a name and a birth date belong together
_OFFERED = re.compile(
    r"[\W_]*(?:or\b)?[\W_]*(?:[MFX]|male|female|other|unknown)(?![\w.])", re.I
)  # another answer to tick
_SEXES = {
    "f": "female",
    "m": "male",
    "female": "female",
    "male": "male",
    "x": "other",
    "other": "other",
    "unknown": "unknown",
}
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


_UNREAD_BIRTH = re.compile(r"[\s:]*(\d[0-9OolI|SB/.\- ]{4,12})(?!\w)")  # kept as it stands there
_STRONG_NUMBER = re.compile(r"[A-Z]{0,3}-?\d{4,}|\d[\w-]*")  # believed behind a label without a colon


def mentions(rows: Sequence[Row], labels: Labels, told: Sequence[Told]) -> list[Mention]:
    """All mentions in reading order, of one row the names first."""
    strangers = of_strangers(rows, labels)
    found = [*_labelled(rows, labels, strangers), *_split_names(labels, strangers), *headers(rows, labels, strangers)]
    found += [mention for item in told for mention in _mentions_told(item, labels)]
    found += titled_lines(rows)
    doubles = other_names.with_double_families(m.name.value for m in found if m.name)
    found = [_renamed(mention, doubles) for mention in found]
    return sorted(found, key=lambda m: (m.row, m.name is None))


def first_named(labels: Labels, mentioned: Sequence[Mention]) -> int | None:
    """The first row that names the patient, or has a label for the name."""
    rows = [label.row for label in labels if label.key in ("patient", "family")]
    return min([*rows, *(mention.row for mention in mentioned if mention.name)], default=None)


def _renamed(mention: Mention, doubles: dict[Name, Name]) -> Mention:
    if mention.name is None or mention.name.value not in doubles:
        return mention
    return replace(mention, name=replace(mention.name, value=doubles[mention.name.value]))


def _labelled(rows: Sequence[Row], labels: Labels, strangers: set[Labelled]) -> Iterator[Mention]:
    for label in labels:
        if label in strangers:
            continue
        if label.key in ("patient", "name"):
            yield from _named(rows, labels, label)
        elif not of_a_relative(rows, label.row, label.at):
            yield from _attribute(rows, labels, label)
            if addresses.is_patients(labels, label) and (address := addresses.address_of(rows, labels, label)):
                yield _mention(label, address=address)


def _named(rows: Sequence[Row], labels: Labels, label: Labelled) -> Iterator[Mention]:
    person = person_in(label.value, recognised=label.score < 1)
    if person is None or person.name.prefix.lower().startswith(("dr", "doctor")):
        return
    if person.credentials and label.wording not in _PLAIN:
        return
    bare = bare_birth(label.value, person, label.score, where(label.page, label.line))
    anchored = bool(bare) or _near(labels, label, ANCHORS)
    if label.key == "name" and (not anchored or _told_of_another(labels, label)):
        return
    doubtful = label.wording not in _PLAIN and not anchored and not person.name.prefix and "," not in person.name.text
    base = LABEL if label.firm else LOOSE
    place = where(label.page, label.line)
    yield _mention(
        label,
        name=found_name(person, base, label.score, place),
        doubtful=doubtful,
        bare=bare,
    )
    yield from _combined(label, label.value[person.end :], base, place)
    for name in other_names.behind(person, label.value):
        yield _mention(label, other=Found(name, place, sure(LOOSE, label.score)))
    if address := addresses.under_the_name(rows, label):
        yield _mention(label, address=address)
    if other := _and_another(label, person):
        yield _mention(label, name=found_name(other, base, label.score, place), doubtful=doubtful)


def _combined(label: Labelled, rest: str, base: float, place: str) -> Iterator[Mention]:
    """What a label such as ``Name/MRN`` or ``DOB/MRN`` announces besides its first value."""
    birth = dates_in(rest, birth=True) if label.key != "birth" and re.search("dob|birth", label.wording) else []
    if birth:
        yield _mention(label, birth=Found(birth[0].moment, place, sure(base, label.score, mended=birth[0].mended)))
    number = record_number(rest.lstrip(" /,|-"), recognised=label.score < 1) if "mrn" in label.wording else None
    if number and label.key != "mrn":
        found = Found(Identifier(number[0], type="MR"), place, sure(base, label.score, mended=number[1]))
        yield _mention(label, record=found)


def _and_another(label: Labelled, first: Person) -> Person | None:
    """A second patient behind the first: ``Public, William and Public, Walter``, as letters about twins have it."""
    rest = label.value[first.end :]
    joined = re.match(r"[\s,.]*(?:and|&|;)\s+", rest)
    other = person_in(rest[joined.end() :], recognised=label.score < 1) if joined else None
    is_another = other and other.name.given and not other.credentials and not other.name.prefix.lower().startswith("dr")
    return other if is_another else None


def _attribute(rows: Sequence[Row], labels: Labels, label: Labelled) -> Iterator[Mention]:
    base, place = LABEL if label.firm else LOOSE, where(label.page, label.line)
    recognised = label.score < 1
    if label.key == "birth" and (found := _birth(label, base, place)):
        yield _mention(label, birth=found)
        yield from _combined(label, label.value.partition(found.value.raw)[2], base, place)
    elif label.key == "mrn" and (number := record_number(label.value, recognised=recognised)):
        identifier = Identifier(number[0], type=_RECORD_TYPES.get(label.wording, "MR"))
        if label.firm or _STRONG_NUMBER.fullmatch(number[0]):
            yield _mention(label, record=Found(identifier, place, sure(base, label.score, mended=number[1])))
    elif label.key == "ssn" and (ssn := re.match(r"\d{3}-\d{2}-\d{4}\b", label.value)):
        yield _mention(label, record=Found(Identifier(ssn[0], type="SS"), place, sure(base, label.score)))
    elif label.key == "sex" and (sex := _sex(rows[label.row], label)):
        yield _mention(label, sex=Found(sex, place, sure(base, label.score)))
    elif label.key == "former" and label.firm and (person := person_in(label.value, recognised=recognised, alone=True)):
        use = "former" if "name" in label.wording and "other" not in label.wording else "alias"
        yield _mention(label, other=Found(replace(person.name, use=use), place, sure(base, label.score)))
    elif _is_patients_phone(labels, label) and (phone := phone_in(label.value)):
        yield _mention(label, phone=Found(phone, place, sure(base, label.score)))


def _sex(row: Row, label: Labelled) -> str | None:
    """The sex under the label; None where a form offers several to tick."""
    word = re.match(r"[A-Za-z]+", label.value)
    behind = row.text[label.at :].partition(label.value)[2] if label.beside else ""
    if not word or _OFFERED.match(label.value[word.end() :] or behind):
        return None
    return _SEXES.get(word[0].lower())


def _birth(label: Labelled, base: float, place: str) -> Found[Moment] | None:
    dates = dates_under_label(label.value, birth=True)
    if not dates:
        if label.score == 1 and (partial := partial_under_label(label.value)):
            return Found(partial, place, sure(base, label.score) / 2)
        raw = _UNREAD_BIRTH.match(label.value)
        if raw is None or not (label.beside or "/" in raw[1]):
            return None
        return Found(Moment(raw[1].strip()), place, sure(base, label.score) / 2)
    first = dates[0]
    if label.beside and any(c.isalnum() for c in label.value[: first.start]):
        return None
    return Found(first.moment, place, sure(base, label.score, mended=first.mended))


def _is_patients_phone(labels: Labels, label: Labelled) -> bool:
    """A phone labelled as the patient's; a bare "Phone:" only behind the patient's own labels on one row."""
    if not label.firm or label.key not in ("home_phone", "phone"):
        return False
    row = labels.of_row(label.row)[:_FORM]
    own = any(other.at < label.at and (other.key in ANCHORS or other.wording in _PLAIN) for other in row)
    return label.key == "home_phone" or own


def _near(labels: Labels, label: Labelled, keys: set[str], rows: int = _NEAR) -> bool:
    return any(other.key in keys for other in labels.around(label, 1, rows))


def _told_of_another(labels: Labels, label: Labelled) -> bool:
    """Whether somebody else's label stands on the row of a name, or how that person is related next to it."""
    return any(
        other.key in ("relative", "other_person") and (other.row == label.row or other.wording.startswith("relation"))
        for other in labels.around(label, 1, 1)
    )


def _split_names(labels: Labels, strangers: set[Labelled]) -> Iterator[Mention]:
    """Last and first name under labels of their own."""
    for label in labels:
        if label.key != "family" or label in strangers:
            continue
        near = [other for other in labels.around(label, 2, 2) if other not in strangers]
        given = next((other for other in near if other.key == "given"), None)
        family = person_in(label.value, recognised=label.score < 1, alone=True)
        first = person_in(given.value, recognised=given.score < 1, alone=True) if given else None
        if not family or not first or not (_near(labels, label, ANCHORS) or "patient" in label.wording):
            continue
        middle = next((other for other in near if other.key == "middle"), None)
        more = re.match(r"[^\W\d_][\w'’.-]*", middle.value) if middle else None
        names = (*first.name.text.split(), *([more[0]] if more else ()))
        name = Name(family.name.text, names, text=f"{family.name.text}, {' '.join(names)}")
        score = min(label.score, given.score)
        yield _mention(label, name=Found(name, where(label.page, label.line), sure(LABEL, score)))


def _mentions_told(item: Told, labels: Labels) -> Iterator[Mention]:
    """A sentence that may be about something else counts when a birth date or record number stands by."""
    found = found_name(item.person, PROSE, item.score, where(item.page, item.line))
    near = (label for row in (item.row, item.row + 1) for label in labels.of_row(row) if label.page == item.page)
    certain = item.certain or bool(item.person.name.prefix) or any(label.key in ANCHORS for label in near)
    born = item.birth
    yield Mention(item.row, item.page, name=found, doubtful=not (certain or born or item.bare), score=item.score)
    if item.bare:
        bare = Found(item.bare.moment, where(item.page, item.line), sure(PROSE, item.score, mended=item.bare.mended))
        yield Mention(item.row, item.page, bare=bare, score=item.score)
    if born:
        birth = Found(born.moment, where(item.page, item.line), sure(PROSE, item.score, mended=born.mended))
        yield Mention(item.row, item.page, birth=birth, score=item.score)


def _mention(label: Labelled, **values: object) -> Mention:
    return Mention(label.row, label.page, score=label.score, **values)
