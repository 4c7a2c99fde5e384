"""The text layer of a PDF page as pieces with places, by the boxes of its characters. The file's own order of text is

often not that of reading; boxes are."""

import ctypes
import unicodedata
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from referrals.intake.letters.piece import Piece

MAX_CHARACTERS = 40_000  # of one page; a dense page has 6,000
_SAMPLE = 300  # characters looked at for their angle
_COLUMN_GAP = 1.5  # of the character height: a wider gap parts two columns
_SPACE_GAP = 0.15  # a gap that is a space, when the file holds none


@dataclass
class _Glyph:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    after_space: bool


def page_pieces(page: pdfium.PdfPage, number: int) -> list[Piece]:
    """Pieces of the page as it is shown, unordered (rows_of orders them)."""
    width, height = page.get_size()
    left, bottom, right, top = page.get_cropbox()
    textpage = page.get_textpage()
    try:
        glyphs = [_shown(g, left, bottom, right - left, top - bottom, page.get_rotation()) for g in _glyphs(textpage)]
    finally:
        textpage.close()
    return [_piece(run, number, width, height) for line in _lines(glyphs) for run in _runs(line)]


def runs_sideways(page: pdfium.PdfPage) -> bool:
    """Whether most of the text is written at an angle to the page."""
    if page.get_rotation():
        return False
    textpage = page.get_textpage()
    try:
        count = min(raw.FPDFText_CountChars(textpage), _SAMPLE)
        angled = sum(0.2 < raw.FPDFText_GetCharAngle(textpage, index) < 6.08 for index in range(count))
    finally:
        textpage.close()
    return angled > count / 2


def _shown(glyph: _Glyph, x: float, y: float, width: float, height: float, rotation: int) -> _Glyph:
    """The box on the page as it is shown: from the corner of its visible part, turned by its ``rotation``."""
    left, right, bottom, top = glyph.left - x, glyph.right - x, glyph.bottom - y, glyph.top - y
    if rotation == 90:
        left, right, bottom, top = bottom, top, width - right, width - left
    elif rotation == 180:
        left, right, bottom, top = width - right, width - left, height - top, height - bottom
    elif rotation == 270:
        left, right, bottom, top = height - top, height - bottom, left, right
    return _Glyph(glyph.text, left, right, bottom, top, glyph.after_space)


def fields(page: pdfium.PdfPage, number: int, form: pdfium.PdfFormEnv | None) -> list[Piece]:
    """What is typed into text fields and choices of the page's form, where the fields stand."""
    if form is None:
        return []
    width, height = page.get_size()
    pieces = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        kind = raw.FPDFAnnot_GetFormFieldType(form, note)
        box = raw.FS_RECTF()
        if kind in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX) and raw.FPDFAnnot_GetRect(note, box):
            value = " ".join(_field_value(form, note).split())
            if value:
                top, bottom = max(box.top, box.bottom), min(box.top, box.bottom)
                pieces.append(
                    Piece(
                        value,
                        number,
                        box.left / width,
                        (height - top) / width,
                        box.right / width,
                        (height - bottom) / width,
                    )
                )
        raw.FPDFPage_CloseAnnot(note)
    return pieces


def _field_value(form: pdfium.PdfFormEnv, note: object) -> str:
    size = min(raw.FPDFAnnot_GetFormFieldValue(form, note, None, 0), 4096)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFAnnot_GetFormFieldValue(form, note, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", "replace")


def _glyphs(textpage: pdfium.PdfTextPage) -> list[_Glyph]:
    """Visible characters with their boxes, points from the bottom left."""
    box = raw.FS_RECTF()
    glyphs, space = [], False
    for index in range(min(raw.FPDFText_CountChars(textpage), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if text.isspace() or not text.isprintable():
            space = True
            continue
        # The loose box is as tall as the font and as wide as the advance, so a comma is on the line of its letters.
        if raw.FPDFText_GetLooseCharBox(textpage, index, box) and box.right > box.left and box.top > box.bottom:
            text = unicodedata.normalize("NFKC", text)
            glyphs.append(_Glyph(text, box.left, box.right, box.bottom, box.top, space))
            space = False
    return glyphs


def _lines(glyphs: list[_Glyph]) -> list[list[_Glyph]]:
    """Characters that share a base line, left to right: each joins the newest line it overlaps by half."""
    lines: list[tuple[float, float, list[_Glyph]]] = []
    for glyph in sorted(glyphs, key=lambda g: -(g.top + g.bottom) / 2):
        for place in range(len(lines) - 1, max(len(lines) - 4, -1), -1):
            bottom, top, line = lines[place]
            overlap = min(top, glyph.top) - max(bottom, glyph.bottom)
            if overlap > 0.5 * min(top - bottom, max(glyph.top - glyph.bottom, 0.1)):
                line.append(glyph)
                lines[place] = (min(bottom, glyph.bottom), max(top, glyph.top), line)
                break
        else:
            lines.append((glyph.bottom, glyph.top, [glyph]))
    return [sorted(line, key=lambda g: g.left) for _, _, line in lines]


def _runs(line: list[_Glyph]) -> list[list[_Glyph]]:
    """A line cut where a gap is as wide as between columns."""
    tall = max(glyph.top - glyph.bottom for glyph in line)
    runs = [[line[0]]]
    for before, glyph in zip(line, line[1:], strict=False):
        if glyph.left - before.right > _COLUMN_GAP * tall:
            runs.append([])
        runs[-1].append(glyph)
    return runs


def _piece(run: list[_Glyph], number: int, width: float, height: float) -> Piece:
    tall = max(glyph.top - glyph.bottom for glyph in run)
    text = run[0].text
    for before, glyph in zip(run, run[1:], strict=False):
        gap = glyph.left - before.right
        spaced = gap > _SPACE_GAP * tall or (glyph.after_space and gap > 0.05 * tall)
        text += (" " if spaced else "") + glyph.text
    top, bottom = max(g.top for g in run), min(g.bottom for g in run)
    return Piece(
        text, number, run[0].left / width, (height - top) / width, run[-1].right / width, (height - bottom) / width
    )
