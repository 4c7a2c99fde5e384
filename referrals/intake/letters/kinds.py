"""What kind of document a letter is. Says nothing where the letter is not clear."""

import re
from collections.abc import Sequence

from referrals.intake.letters.evidence import LABEL, LOOSE, PROSE, sure, where_row
from referrals.intake.letters.kind_phrases import SIGNS, TITLES
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Found

_TITLE_WORDS = 9  # a longer line is prose, not a title
_LEAST, _LEAD = 3, 2  # points a kind needs, and by how many it must lead


def title_of(rows: Sequence[Row]) -> tuple[str, Found[str]] | None:
    """(kind, title) of the first title line on the first page."""
    for row in rows:
        if row.page != rows[0].page or row.top > rows[0].top + 0.75:
            break
        for piece in row.pieces:
            text = piece.text.strip(" *-_=.")
            if len(text.split()) > _TITLE_WORDS or text.rstrip().endswith((",", ";")):
                continue
            for kind, pattern in TITLES:
                match = pattern.search(text)
                if (
                    match
                    and len(match[0]) >= 0.4 * len(text)
                    and (text[0].isupper())
                    and not re.search(r":\s*\S", text)
                ):
                    return kind, Found(text, where_row(row), sure(LOOSE, piece.score))
    return None


def kind_of(rows: Sequence[Row], title: tuple[str, Found[str]] | None) -> Found[str] | None:
    """The kind by its title and what it says; None when that is not clear."""
    points: dict[str, int] = {}
    best_row: dict[str, Row] = {}
    text_of = [(row, _with_next(rows, index)) for index, row in enumerate(rows)]
    for kind, weight, pattern in SIGNS:
        hits = [row for row, text in text_of if (m := pattern.search(text)) and m.start() < len(row.text)]
        if hits:
            points[kind] = points.get(kind, 0) + weight * min(len(hits), 2)
            best_row.setdefault(kind, hits[0])
    if title:
        points[title[0]] = points.get(title[0], 0) + 5
    if not points:
        return None
    ranked = sorted(points.items(), key=lambda item: -item[1])
    kind, most = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0
    if most < _LEAST or most - second < _LEAD:
        return None
    base = LABEL if title and title[0] == kind else PROSE
    place = title[1].where if title and title[0] == kind else where_row(best_row[kind])
    return Found(kind, place, round(base * min(1.0, 0.7 + 0.05 * (most - second)), 3))


def _with_next(rows: Sequence[Row], index: int) -> str:
    """The row and the start of the next, so that a sentence may run over the line's end."""
    following = rows[index + 1].text[:60] if index + 1 < len(rows) and rows[index + 1].page == rows[index].page else ""
    return f"{rows[index].text} {following}"
