"""Pages recognised so badly that half of their record numbers and birth dates, which no check digit guards, are misread."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace

from referrals.intake.letters.evidence import misread
from referrals.intake.letters.mention import Mention
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Moment

# Measured on faxed sheets: on pages above the first, 2 of 420 record numbers and birth dates were misread; on pages below
# it 19 of 40 in lines below the second, 2 of 9 in clearer lines.
_POOR = 0.96  # mean score of a page's characters
_CLEAR = 0.975  # score of a line that stands out
_MISREAD = 0.8  # characters of a record number expected to be wrong, beyond which most were


def poor_pages(rows: Sequence[Row]) -> set[int]:
    """The numbers of such pages."""
    scores: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for row in rows:
        scores[row.page] += [(piece.score, len(piece.text)) for piece in row.pieces]
    return {page for page, said in scores.items() if sum(s * n for s, n in said) < _POOR * sum(n for _, n in said)}


def believed(mentions: Sequence[Mention], poor: Set[int]) -> list[Mention]:
    """The mentions without record numbers and, but for their raw text, birth dates that stand on poor pages only once."""
    rows: dict[tuple[str, str], set[int]] = defaultdict(set)
    for mention in mentions:
        for said in _said(mention):
            rows[said].add(mention.row)
    twice = {said for said, places in rows.items() if len(places) > 1}
    return [m if twice.intersection(_said(m)) or _is_clear(m, poor) else _doubted(m) for m in mentions]


def _is_clear(mention: Mention, poor: Set[int]) -> bool:
    if mention.record and misread(mention.record.value.value, mention.score) >= _MISREAD:
        return False
    return mention.page not in poor or mention.score >= _CLEAR


def _said(mention: Mention) -> list[tuple[str, str]]:
    births = [("birth", m.value.iso) for m in (mention.birth, mention.bare) if m and m.value.iso]
    return births + ([("record", mention.record.value.value)] if mention.record else [])


def _doubted(mention: Mention) -> Mention:
    birth = mention.birth and replace(mention.birth, value=Moment(mention.birth.value.raw))
    return replace(mention, record=None, birth=birth, bare=None)
