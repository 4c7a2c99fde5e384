"""What a parser hands over for each page."""

from dataclasses import dataclass

from referrals.intake.letters.piece import Piece


@dataclass(frozen=True)
class PageText:
    """Pieces of text and the payloads of QR and bar codes on one page."""

    pieces: tuple[Piece, ...] = ()
    codes: tuple[str, ...] = ()
