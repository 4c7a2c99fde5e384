"""Read a letter given as text, as the parser of plain text does."""

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import Piece, pieces_of_text
from referrals.intake.reading import Patient, Reading


def reading(text: str, *, score: float = 1.0) -> Reading:
    """``score`` below 1 makes it text that was recognised."""
    pieces = [Piece(p.text, p.page, p.left, p.top, p.right, p.bottom, score) for p in pieces_of_text(text.strip("\n"))]
    return letter([PageText(tuple(pieces))], format="text")


def patient(text: str, *, score: float = 1.0) -> Patient:
    found = reading(text, score=score).patients
    assert len(found) == 1, found
    return found[0]


def name(text: str, *, score: float = 1.0) -> str:
    """``Family|Given Middle|Suffix`` of the only patient."""
    value = patient(text, score=score).names[0].value
    return f"{value.family}|{' '.join(value.given)}|{value.suffix}"


def born(text: str, *, score: float = 1.0) -> str:
    found = patient(text, score=score).birth_date
    return found.value.iso if found else ""
