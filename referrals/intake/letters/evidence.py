"""How sure a reading is and where it stood, in the words of ``Found``."""

from referrals.intake.letters.piece import Row

LABEL = 0.9  # a clear label in a text layer
LOOSE = 0.8  # a label without its colon
PROSE = 0.7
MOST = 0.95  # of what was recognised, however often it stands there
MENDED = 0.8  # factor for a value whose look-alikes were undone
_MISREAD = 1.2  # characters
_LONGEST = 90
_LOOKED_AT = 400  # characters of a line


def sure(base: float, score: float, *, mended: bool = False) -> float:
    """``base`` lessened by the recognition's score and by mending."""
    return round(base * min(score, 1.0) * (MENDED if mended else 1.0), 3)


def agreed(one: float, two: float) -> float:
    """How sure a recognised value is that stands in two places: each would have to be misread alike."""
    return round(min(1 - (1 - one) * (1 - two), MOST), 3)


def misread(text: str, score: float) -> float:
    """How many characters are expected to be wrong, the score taken for the share that is right."""
    return (1 - score) * len(text)


def is_legible(text: str, score: float) -> bool:
    """Whether what was recognised is more likely to be right than not: of a worse text nearly every one is misread."""
    return misread(text, score) < _MISREAD


def where(page: int, line: str) -> str:
    short = " ".join(line[:_LOOKED_AT].split())
    return f'page {page}: "{short if len(short) <= _LONGEST else short[: _LONGEST - 1] + "…"}"'


def where_row(row: Row) -> str:
    return where(row.page, row.text)
