"""The typeface of the packet, and which characters it can print.

FiraGO is embedded: Latin with all accents, Greek, Cyrillic, Georgian, Thai, and the signs clinicians write. Scripts that
run from the right or join their letters (Arabic, Hebrew, Devanagari) would come out wrong, so they count as missing."""

import io
import unicodedata
from functools import cache

REGULAR, BOLD = "RefLoop", "RefLoop-Bold"
MISSING = "▯"
_DEVANAGARI = range(0x0900, 0x0980)


@cache
def _covered() -> frozenset[int]:
    """Register the typeface with reportlab, once in a process; the code points it has."""
    import pymupdf_fonts
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    regular = TTFont(REGULAR, io.BytesIO(pymupdf_fonts.myfont("figo")))
    bold = TTFont(BOLD, io.BytesIO(pymupdf_fonts.myfont("figbo")))
    for font in (regular, bold):
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return frozenset(regular.face.charToGlyph) & frozenset(bold.face.charToGlyph)


def printable(text: str) -> str:
    """``text`` with a box for each character that cannot be printed; invisible ones are dropped. Lines are kept."""
    covered = _covered()
    return "".join(_printed(character, covered) for character in unicodedata.normalize("NFC", text))


def _printed(character: str, covered: frozenset[int]) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if category == "Cf":
        return ""
    from_the_right = unicodedata.bidirectional(character) in ("R", "AL")
    if ord(character) not in covered or from_the_right or ord(character) in _DEVANAGARI:
        return "" if category in ("Mn", "Me") else MISSING
    return character


def within(text: str, font: str, size: float, width: float) -> str:
    """``text`` in one printable line of at most ``width`` points, cut with an ellipsis."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    text = printable(text)
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
