"""Cover sheets RefLoop printed itself, coming back in front of the answer.

Such a page says which referral is meant and nothing of what was answered: its patient, people and days are RefLoop's own
words, and taken for the sender's they would prove a match by themselves."""

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from referrals.intake.letters.numbers import referral_numbers
from referrals.intake.letters.piece import Row

TITLE = "Referral cover sheet"
_ALIKE = 85  # per cent: a letter or two misread
_HEAD = 0.35  # page widths from the top


def answering(rows: Sequence[Row]) -> list[Row]:
    """The rows without those of RefLoop's cover sheets; all of them when there is nothing else."""
    covers = set(_covers(rows))
    return [row for row in rows if row.page not in covers] or list(rows)


def _covers(rows: Sequence[Row]) -> Iterator[int]:
    """Pages with the title and one of RefLoop's numbers at their head."""
    head: dict[int, list[Row]] = {}
    for row in rows:
        if row.top < _HEAD:
            head.setdefault(row.page, []).append(row)
    for page, top in head.items():
        titled = any(fuzz.ratio(piece.text, TITLE) >= _ALIKE for row in top for piece in row.pieces)
        if titled and any(next(referral_numbers(row.text, recognised=row.score < 1), None) for row in top):
            yield page
