"""Pieces of text with their place on a page, and the rows they stand in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from referrals.intake.letters.recognised import tidied

_WORD_SPACE = 0.7  # of the height
_OVERLAP = 0.012  # page widths by which boxes of neighbours may run into each other: a character
_SAME_ROW = 0.5  # share of the lower height two pieces of one row overlap by


@dataclass(frozen=True)
class Piece:
    """Text that stands together. Places in page widths from the top left; ``score`` 1 for a text layer, OCR's else."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    score: float = 1.0

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Row:
    """Pieces side by side, left to right; ``text`` joins them with two spaces."""

    pieces: tuple[Piece, ...]

    @property
    def page(self) -> int:
        return self.pieces[0].page

    @property
    def top(self) -> float:
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.bottom for piece in self.pieces)

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @cached_property
    def text(self) -> str:
        return "  ".join(piece.text for piece in self.pieces)

    @cached_property
    def score(self) -> float:
        return min(piece.score for piece in self.pieces)


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """The rows of all pages, top to bottom."""
    rows: list[list[Piece]] = []
    cleaned = (replace(piece, text=text) for piece in pieces if (text := _cleaned(piece)))
    for piece in sorted(cleaned, key=lambda p: (p.page, (p.top + p.bottom) / 2)):
        if rows and rows[-1][-1].page == piece.page and any(_beside(other, piece) for other in rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [Row(_mended(sorted(row, key=lambda p: p.left))) for row in rows]


def _cleaned(piece: Piece) -> str:
    text = printable(piece.text).strip()
    return tidied(text) if piece.score < 1 else text


def _mended(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces that only a word space parts, as recognition of a bad page gives them, put together."""
    whole = [pieces[0]]
    for piece in pieces[1:]:
        last = whole[-1]
        if piece.left - last.right < _WORD_SPACE * min(last.height, piece.height):
            whole[-1] = replace(
                last, text=f"{last.text} {piece.text}", right=max(last.right, piece.right), top=min(last.top, piece.top),
                bottom=max(last.bottom, piece.bottom), score=min(last.score, piece.score),
            )  # fmt: skip
        else:
            whole.append(piece)
    return tuple(whole)


def _beside(one: Piece, two: Piece) -> bool:
    overlap = min(one.bottom, two.bottom) - max(one.top, two.top)
    apart = one.right <= two.left + _OVERLAP or two.right <= one.left + _OVERLAP
    return apart and overlap >= _SAME_ROW * min(one.height, two.height)


# No database stores these; in a line of text they mean nothing but a gap.
_UNPRINTABLE = dict.fromkeys((*range(32), *range(127, 160), *range(55296, 57344), 65534, 65535), " ")


def printable(text: str) -> str:
    """The text with control characters and half surrogates as spaces."""
    return text if text.isprintable() else text.translate(_UNPRINTABLE)


_CHARACTER, _LINE = 0.01, 0.02  # page widths, of text that has no places of its own
_CELL = 0.25


def pieces_of_text(text: str, page: int = 1) -> list[Piece]:
    """Pieces of plain text: split where three spaces or a tab make columns; a form feed starts a page."""
    pieces = []
    for number, body in enumerate(text.split("\f"), start=page):
        for index, line in enumerate(body.splitlines()):
            for start, chunk in _columns(line.expandtabs(8).rstrip()):
                left, top = start * _CHARACTER, index * _LINE
                pieces.append(Piece(chunk, number, left, top, left + len(chunk) * _CHARACTER, top + _LINE * 0.8))
    return pieces


def pieces_of_cells(lines: Iterable[str], page: int = 1) -> list[Piece]:
    """Pieces of paragraphs and table rows whose cells are parted by tabs: cells of one number stand under each other."""
    pieces = []
    for index, line in enumerate(lines):
        top, cells = index * 2 * _LINE, line.split("\t")
        for column, cell in enumerate(cells):
            if text := " ".join(cell.split()):
                left = column * _CELL
                right = left + len(text) * _CHARACTER
                if column + 1 < len(cells):
                    right = min(right, left + _CELL - _CHARACTER)
                pieces.append(Piece(text, page, left, top, right, top + _LINE * 0.8))
    return pieces


def _columns(line: str) -> Iterable[tuple[int, str]]:
    """(place, text) of the chunks of a line that three or more spaces part."""
    return ((match.start(), match[0]) for match in re.finditer(r"\S+(?: {1,2}\S+)*", line))
