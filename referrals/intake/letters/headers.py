"""Names of patients that no label announces: in a header line, above a column, in an address."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from referrals.intake.letters import other_names
from referrals.intake.letters.evidence import LOOSE, PROSE, sure, where_row
from referrals.intake.letters.labels import Labelled, Labels
from referrals.intake.letters.mention import ANCHORS, Mention, bare_birth, found_name, of_a_relative
from referrals.intake.letters.names import Person, person_in
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Found

# "Female, 64 y.o., born 03/04/1961" under a name.
_SEX_OR_AGE = re.compile(
    r"(?:\s*[(|,;·•]*\s*(?:male|female|man|woman|[MF]\b|\d{1,3}\s*-?\s*(?:year|yr|y)s?\.?(?:[\s/-]*o(?:ld|\.)?)?)\s*[)|,;·•]*\s*)+",
    re.I,
)


def headers(rows: Sequence[Row], labels: Labels, strangers: set[Labelled]) -> Iterator[Mention]:
    """A name without a label that leads the row of a birth date or record number, or stands alone above it or above its

    column."""
    for index, row in enumerate(rows):
        here = labels.of_row(index)
        if not here or here[0] in strangers or here[0].key not in ANCHORS or (not here[0].firm and not here[0].value):
            continue
        first = here[0]
        if first.at > 4 and not _SEX_OR_AGE.fullmatch(row.text[: first.at]):
            named = list(_led_by_name(rows, index, row.text[: first.at]))
            yield from named
            if not named:
                yield from _above_the_column(rows, labels, index, first)
        elif index and not labels.of_row(index - 1) and rows[index - 1].page == row.page:
            above = rows[index - 1]
            person = _whole(above.text, above, to_the_end=True)
            if person and row.top - above.bottom < 2.5 * max(_height(above), _height(row)):
                yield _header(index - 1, above, person, PROSE)


def _led_by_name(rows: Sequence[Row], index: int, text: str) -> Iterator[Mention]:
    row = rows[index]
    person = _whole(text, row)
    if person is None or of_a_relative(rows, index, 0):
        return
    bare = bare_birth(text, person, row.score, where_row(row))
    others = list(other_names.behind(person, text))
    rest = text[person.end :].strip(" ,.|-–—()*#:")
    if rest and not bare and not others:
        return
    yield replace(_header(index, row, person, LOOSE), bare=bare)
    for name in others:
        yield Mention(index, row.page, other=Found(name, where_row(row), sure(LOOSE, row.score)))


def _above_the_column(rows: Sequence[Row], labels: Labels, index: int, label: Labelled) -> Iterator[Mention]:
    """A name as all of a piece right above an anchor that begins its own piece further right on the page."""
    if not any(abs(piece.left - label.left) < 0.005 for piece in rows[index].pieces):
        return
    above = rows[index - 1] if index else rows[index]
    if above.page != label.page or labels.of_row(index - 1) or rows[index].top - above.bottom > 2.5 * _height(above):
        return
    for piece in above.pieces[1:]:
        if abs(piece.left - label.left) < 0.02:
            row = Row((piece,))
            person = _whole(piece.text, row, to_the_end=True)
            if person:
                yield _header(index - 1, row, person, PROSE)


def _height(row: Row) -> float:
    return row.bottom - row.top


def _whole(text: str, row: Row, *, to_the_end: bool = False) -> Person | None:
    person = person_in(text, recognised=row.score < 1)
    if person is None or person.credentials or person.name.prefix.lower().startswith("dr"):
        return None
    rest = text[person.end :].strip(" ,.|-–—()*#:")
    return None if (to_the_end and rest) or not person.name.given else person


def _header(index: int, row: Row, person: Person, base: float) -> Mention:
    found = found_name(person, base, row.score, where_row(row))
    return Mention(index, row.page, name=found, score=row.score)


def titled_lines(rows: Sequence[Row]) -> Iterator[Mention]:
    """ "Mrs. Jane Doe" as all of a line, such as in an address: a patient when something else says so too."""
    for index, row in enumerate(rows):
        person = _whole(row.pieces[0].text, row, to_the_end=True)
        if person and person.name.prefix and person.name.given:
            found = found_name(person, PROSE, row.score, where_row(row))
            yield Mention(index, row.page, name=found, doubtful=True, score=row.score)
