"""Labels of letters and forms, and the values that stand beside or under them.

A label is found through OCR's look-alikes and lost spaces. It needs a colon or the like behind it, to be alone in its
piece, or to be one that nothing else looks like (``DOB``, ``MRN``)."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from referrals.intake.letters.dates import begins_with_date
from referrals.intake.letters.label_wordings import NEED_NO_COLON, WORDINGS
from referrals.intake.letters.lookalikes import skeleton
from referrals.intake.letters.misread_labels import may_lead, misread
from referrals.intake.letters.piece import Piece, Row
from referrals.intake.letters.qualifiers import meant

_HEADS = {"patient", "pt", "re", "name"}
_NUMBER_WORD = r"(?:\s*(?:#|n[o°º]\.?(?![a-z])|number|num\w{0,5}\.?|id(?![a-z])))?"
_DELIMITER = re.compile(
    r"\s*(?:\((?:s|[a-z]{1,3}/[a-z]{1,2}/[a-z]{1,4}|last,? ?first(?:,? ?m\.?i?\.?)?)\)|/\s?(?:age|sex|gender|dob))*\s*\.?(?:[:;#=_–|]|\.{2,}|…|-{2,})(?:[\s:;#=.…_\-–|]*[:;#=.…_–|\-])?\s*",
    re.I,
)
_HINT = re.compile(r"\s*\([a-z]{1,3}/[a-z]{1,2}/[a-z]{1,4}\)", re.I)  # "(mm/dd/yyyy)", however it was read
_LOOSE_DELIMITER = re.compile(r"\s*[.\-–:;,]*\s*")
_DATED = {"visit", "written", "other_date", "birth"}
# Behind a label without a colon: a number that is no word and no date.
_NUMBER_FOLLOWS = re.compile(r"\s*\.?\s*[A-Z]{0,3}-?\d{4,12}(?![\w/.-]*[/.-]\d)")
_MANY = 200  # labels in one row: no form has them
_LONGEST_LINE = 300  # characters of a row shown with a label; a row of prose has 120


@dataclass(frozen=True)
class Labelled:
    """The label ``key`` on ``rows[row]`` and the text beside or under it, with the place to show a person."""

    key: str
    wording: str
    value: str
    page: int
    row: int
    line: str
    score: float
    firm: bool  # a colon or a place of its own, not just a wording in running text
    beside: bool  # on the same line as the label
    at: int = 0  # where the label begins in the text of its row
    left: float = 0.0  # the same in page widths


class Labels(Sequence[Labelled]):
    """Labels in reading order, quick to look up by row: a hostile letter has tens of thousands."""

    def __init__(self, labels: Iterable[Labelled]) -> None:
        self._all = list(labels)
        self._rows: dict[int, list[Labelled]] = {}
        for label in self._all:
            self._rows.setdefault(label.row, []).append(label)

    def __getitem__(self, place):
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    def of_row(self, row: int) -> Sequence[Labelled]:
        return self._rows.get(row, ())

    def around(self, label: Labelled, before: int, after: int) -> Iterator[Labelled]:
        """Those on the label's page from ``before`` rows above it to ``after`` rows under it, itself too."""
        for row in range(label.row - before, label.row + after + 1):
            yield from (other for other in self.of_row(row)[:_MANY] if other.page == label.page)


@dataclass(frozen=True)
class _Label:
    key: str
    wording: str
    start: int
    end: int  # of label and delimiter
    piece: int
    delimited: bool
    bare: bool


def _compiled() -> tuple[re.Pattern, list[tuple[str, str]]]:
    """One pattern with a group for each wording, and (wording, key) of each group. Branches by the first two letters keep

    it quick: a page is searched in milliseconds."""
    wordings = []
    for key, text in WORDINGS.items():
        wordings += [(" ".join(wording.split()), key) for wording in text.split("|")]
    wordings.sort(key=lambda pair: -len(pair[0]))
    parts = [
        r"[\s.]*".join(
            re.escape(skeleton(word)).replace("'", "['’`]?").replace(r"\.", r"\.?\s*") for word in wording.split()
        )
        for wording, _ in wordings
    ]
    buckets: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        buckets.setdefault(part[:2] if part[:2].isalpha() else part[:1], []).append(place)
    order = [place for start in sorted(buckets, key=len, reverse=True) for place in buckets[start]]
    branches = (
        re.escape(start) + "(?:" + "|".join(f"({parts[place][len(start) :]})" for place in buckets[start]) + ")"
        for start in sorted(buckets, key=len, reverse=True)
    )
    return re.compile(r"(?<![a-z'’\-])(?:" + "|".join(branches) + ")"), [wordings[place] for place in order]


_PATTERN, _ORDER = _compiled()


def labelled(rows: Sequence[Row]) -> Labels:
    """Every label with its value, in reading order."""
    found = [_labels_of(row) for row in rows]
    return Labels(label for index in range(len(rows)) for label in _valued(rows, found, index))


def _valued(rows: Sequence[Row], found: Sequence[Sequence[_Label]], index: int) -> Iterator[Labelled]:
    """The labels of a row that have a value."""
    row, labels = rows[index], found[index]
    starts = list(accumulate((len(piece.text) + 2 for piece in row.pieces), initial=0))
    for label, following in pairwise((*labels, None)):
        value, score = _beside(row, label, following)
        beside = bool(value)
        if not beside and not _is_blank(row, label, following):
            value, score = _under(rows, found, index, label)
        if not value:
            continue
        piece, at = row.pieces[label.piece], starts[label.piece] + label.start
        head = piece.text[label.start : label.end].strip(" :")
        yield Labelled(
            key=label.key,
            wording=label.wording,
            value=value,
            page=row.page,
            row=index,
            line=_line(row, at) if beside else f"{head}: {value}",
            score=score,
            firm=label.delimited or label.bare,
            beside=beside,
            at=at,
            left=_place(piece, label),
        )


def _is_blank(row: Row, label: _Label, following: _Label | None) -> bool:
    """Whether a line to write on stands behind the label: what is printed under it is no answer."""
    end = following.start if following and following.piece == label.piece else None
    rest = row.pieces[label.piece].text[label.start : end]
    beside = row.pieces[label.piece + 1].text if end is None and label.piece + 1 < len(row.pieces) else ""
    return "__" in rest or beside.startswith("__")


def _line(row: Row, at: int) -> str:
    """The row, or of a very long one what stands around the place."""
    if len(row.text) <= _LONGEST_LINE:
        return row.text
    start = max(at - 30, 0)
    return row.text[start : start + _LONGEST_LINE]


def _place(piece: Piece, label: _Label) -> float:
    """Where the label begins, in page widths."""
    return piece.left + (piece.right - piece.left) * label.start / max(len(piece.text), 1)


def _misread(text: str, number: int, known: Sequence[_Label]) -> Iterator[_Label]:
    """Labels with one character wrong where no other label stands."""
    for key, wording, start, end in misread(text):
        if not any(label.delimited and label.start < end and label.end > start for label in known):
            yield _Label(key, wording, start, end, number, True, False)


def _labels_of(row: Row) -> list[_Label]:
    labels: list[_Label] = []
    waiting: list[_Label] = []  # "Patient Jane Public  DOB ...": heads of a row that count when its other labels do
    for number, piece in enumerate(row.pieces):
        inside = [label for label in _candidates(piece.text, number) if label.delimited or len(label.wording) > 1]
        inside = list(_qualified(piece.text, inside))
        if piece.score < 1 and (misread := list(_misread(piece.text, number, inside))):
            clear = [label for label in inside if all(label.end <= m.start or label.start >= m.end for m in misread)]
            inside = sorted(clear + misread, key=lambda label: label.start)
        bare = bool(inside) and not _remainder(piece.text, inside)
        for label in inside:
            leads = piece.score < 1 and label.start == 0 and may_lead(label.key, label.wording, piece.text[label.end :])
            if label.delimited or bare or leads or label.wording in NEED_NO_COLON or _value_follows(piece.text, label):
                labels.append(_Label(label.key, label.wording, label.start, label.end, number, label.delimited, bare))
            elif label.start == 0 and label.wording in _HEADS:
                waiting.append(_Label(label.key, label.wording, 0, label.end, number, False, False))
    if waiting and any(label.key in ("birth", "mrn") for label in labels):
        labels = sorted(labels + waiting, key=lambda label: (label.piece, label.start))
    return labels


def _qualified(text: str, labels: Iterable[_Label]) -> Iterator[_Label]:
    """The labels of a piece with what the words before them make of them."""
    at = 0
    for label in labels:
        key = meant(label.key, label.wording, text[at : label.start], valued=at > 0)
        yield label if key == label.key else replace(label, key=key)
        at = label.end if label.delimited else at


def _value_follows(text: str, label: _Label) -> bool:
    """Whether a label without a colon leads a part of the line and a date, or the number it announces, is right behind:

    ``Visit 03/04/2026 | Chart 0482913``."""
    before = text[: label.start].rstrip()
    leads = not before or before[-1] in "|;,•(" or before[-1].isdigit() or text[: label.start].endswith("  ")
    if label.key in _DATED:
        return leads and begins_with_date(text[label.end :])
    return label.key == "mrn" and len(label.wording) > 2 and bool(_NUMBER_FOLLOWS.match(text, label.end))


def _candidates(text: str, number: int) -> Iterator[_Label]:
    """Labels at word boundaries, left to right, none inside another."""
    folded, at = skeleton(text), 0
    while at < len(text):
        match = _PATTERN.search(folded, at)
        if match is None:
            return
        start, end = match.start(), match.start() + len(match[0].rstrip())
        if end == start or (start and (text[start - 1].isalpha())) or text[end : end + 1].isalpha():
            at = start + 1
            continue
        if text[start:end].isdigit():
            at = end
            continue
        wording, key = _ORDER[match.lastindex - 1]
        number_word = re.match(_NUMBER_WORD, text[end:], re.I)
        hash_sign = "#" in number_word[0]
        if key == "visit" and number_word[0]:
            key = "visit_id"
        end += number_word.end()
        if hint := _HINT.match(text, end):
            end = hint.end()
        delimiter = _DELIMITER.match(text, end)
        if delimiter:
            end = delimiter.end()
        yield _Label(key, wording, start, end, number, bool(delimiter) or hash_sign, False)
        at = end


def _remainder(text: str, labels: Sequence[_Label]) -> str:
    """What is left of the piece without its labels."""
    left, at = "", 0
    for label in labels:
        left += text[at : label.start]
        at = label.end
    return re.sub(r"[\s:;#.,()/&*\-–_|]+", "", left + text[at:])


def _beside(row: Row, label: _Label, following: _Label | None) -> tuple[str, float]:
    """The rest of the label's piece up to the next label, or else the pieces to its right up to it."""
    piece = row.pieces[label.piece]
    if following and following.piece == label.piece:
        return piece.text[label.end : following.start].strip(), piece.score
    rest = piece.text[label.end :].strip()
    if not any(character.isalnum() for character in rest):
        rest = ""
    last = following.piece if following else len(row.pieces)
    right = list(row.pieces[label.piece + 1 : last])
    if following and row.pieces[following.piece].text[: following.start].strip():
        right.append(_cut(row.pieces[following.piece], following.start))
    if not rest and right and right[0].left - piece.right < 0.45:
        return "  ".join(p.text for p in right), min(p.score for p in right)
    if rest and not label.delimited:
        rest = rest[_LOOSE_DELIMITER.match(rest).end() :]
    return rest, piece.score


def _cut(piece: Piece, end: int) -> Piece:
    return Piece(piece.text[:end].strip(), piece.page, piece.left, piece.top, piece.right, piece.bottom, piece.score)


def _under(rows: Sequence[Row], found: Sequence[Sequence[_Label]], index: int, label: _Label) -> tuple[str, float]:
    """The piece under the label in one of the next two rows, when no label stands there."""
    head = rows[index].pieces[label.piece]
    left = _place(head, label)
    for below in range(index + 1, min(index + 3, len(rows))):
        row = rows[below]
        if row.page != head.page or row.top - rows[index].bottom > 3.5 * max(head.height, 0.008):
            break
        taken = {other.piece for other in found[below]} if len(found[below]) < _MANY else set()
        after = bisect_right(row.pieces, left + 0.02, key=lambda piece: piece.left)
        for number in range(max(after - 2, 0), after):
            piece = row.pieces[number]
            covers = piece.left - 0.02 <= left <= piece.right and (abs(piece.left - left) < 0.06 or label.start > 0)
            if covers and number not in taken:
                return piece.text, piece.score
        if found[below]:
            break
    return "", 0.0
