"""Draw a cover sheet as PDF: black on white, and large enough for a fax of 204 x 98 dots an inch.

Every page carries the number in print at its top and foot, and as a QR code, because faxed pages come apart."""

import io
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from referrals.intake.letters.covers import TITLE
from referrals.packet import code
from referrals.packet.contents import Line, Sheet
from referrals.packet.typeface import BOLD, MISSING, REGULAR, printable, within

# Points. Fax machines print a line of their own at the very top, and trim the edges.
WIDTH, HEIGHT = 612, 792
SIDE, TOP, FOOT = 43, 36, 36
HEAD, BASE = 118, 62  # heights of what stands at the top and the foot of every page
QR = 100
TEXT = 12


def cover_sheet(sheet: Sheet) -> bytes:
    """The PDF; the same sheet gives the same bytes."""
    content, pages = _laid_out(sheet, of=1)
    return content if pages == 1 else _laid_out(sheet, of=pages)[0]


def _laid_out(sheet: Sheet, *, of: int) -> tuple[bytes, int]:
    """(PDF, number of pages), with ``of`` as the number of pages it tells."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    story = _story(sheet)
    out = io.BytesIO()
    frame = Frame(
        SIDE, FOOT + BASE, WIDTH - 2 * SIDE, HEIGHT - TOP - HEAD - FOOT - BASE,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def furniture(canvas: Any, document: Any) -> None:
        _head(canvas, sheet)
        _foot(canvas, sheet, f"Page {document.page} of {of}")

    document = BaseDocTemplate(
        out, pagesize=(WIDTH, HEIGHT), invariant=1, title=f"Referral {sheet.number}", author="RefLoop",
        pageTemplates=[PageTemplate(frames=[frame], onPage=furniture)],
    )  # fmt: skip
    document.build(story)
    return out.getvalue(), document.page


def _head(canvas: Any, sheet: Sheet) -> None:
    top = HEIGHT - TOP
    canvas.setFont(BOLD, 15)
    canvas.drawString(SIDE, top - 15, within(sheet.group, BOLD, 15, WIDTH - 2 * SIDE - QR - 20))
    canvas.setFont(BOLD, 17)  # a returned sheet is known by it (letters/covers.py)
    canvas.drawString(SIDE, top - 37, TITLE)
    canvas.setFont(BOLD, 34)
    canvas.drawString(SIDE, top - 76, sheet.number)
    canvas.setFont(BOLD, 15)
    canvas.drawString(SIDE, top - 100, f"Priority: {sheet.priority.upper() if sheet.is_pressing else sheet.priority}")
    _qr(canvas, sheet.number, left=WIDTH - SIDE - QR, top=top)
    canvas.setLineWidth(2)
    canvas.line(SIDE, top - HEAD + 8, WIDTH - SIDE, top - HEAD + 8)


def _foot(canvas: Any, sheet: Sheet, page: str) -> None:
    small = _paragraph(sheet.confidential, size=10)
    small.wrapOn(canvas, WIDTH - 2 * SIDE, BASE)
    small.drawOn(canvas, SIDE, FOOT + 24)
    canvas.setLineWidth(2)
    canvas.line(SIDE, FOOT + BASE - 8, WIDTH - SIDE, FOOT + BASE - 8)
    canvas.setFont(BOLD, 18)
    canvas.drawString(SIDE, FOOT, sheet.number)
    canvas.setFont(REGULAR, 12)
    canvas.drawCentredString(WIDTH / 2, FOOT, page)
    canvas.drawRightString(WIDTH - SIDE, FOOT, f"Printed {sheet.printed}")


def _qr(canvas: Any, number: str, *, left: float, top: float) -> None:
    rows = code.modules(number)
    side = QR / len(rows)
    path = canvas.beginPath()
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                path.rect(left + x * side, top - (y + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)


def _story(sheet: Sheet) -> list[Any]:
    story = [
        _columns([[_paragraph(f"{label}: ", value)] for label, value in sheet.about], ruled=False),
        _columns([_block("TO", sheet.to), _block("FROM", sheet.sender)]),
        _columns([_block("PATIENT", sheet.patient), _block("COVERAGE", sheet.coverage)]),
        _columns([_block("CLINICAL QUESTION", ())]),
        *(_paragraph(line) for line in sheet.question.splitlines() if line.strip()),
        *(_paragraph(f"{label}: ", value, before=4) for label, value in sheet.asked),
        _boxed(sheet.returning),
    ]
    if MISSING in printable("".join(_texts(sheet))):
        story.append(_paragraph(f"{MISSING} stands for a character this sheet cannot print. Ask the sender."))
    return story


def _texts(sheet: Sheet) -> Iterable[str]:
    yield from (sheet.group, sheet.question)
    for lines in (sheet.about, sheet.to, sheet.sender, sheet.patient, sheet.coverage, sheet.asked):
        yield from (value for _, value in lines)


def _block(title: str, lines: Iterable[Line]) -> list[Any]:
    return [_paragraph(title, font=BOLD), *(_paragraph(f"{label}: ", value) for label, value in lines)]


def _columns(cells: Sequence[list[Any]], *, ruled: bool = True) -> Any:
    """Cells side by side, under a rule."""
    from reportlab.platypus import Table

    rule = [("LINEABOVE", (0, 0), (-1, 0), 0.9, "black")] if ruled else []
    return Table(
        [cells], colWidths=[(WIDTH - 2 * SIDE) / len(cells)] * len(cells), spaceBefore=5,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-2, -1), 14), ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 2), *rule,
        ],
    )  # fmt: skip


def _boxed(texts: Sequence[str]) -> Any:
    """The one thing the reader has to do; the last line, where to, is the largest."""
    from reportlab.platypus import Table

    *ask, where = texts
    return Table(
        [[[*(_paragraph(text, font=BOLD) for text in ask), _paragraph(where, font=BOLD, size=17, before=4)]]],
        colWidths=[WIDTH - 2 * SIDE],
        spaceBefore=12,
        spaceAfter=6,
        style=[
            ("BOX", (0, 0), (-1, -1), 2, "black"), ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10), ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ],
    )  # fmt: skip


def _paragraph(text: str, value: str = "", *, font: str = REGULAR, size: float = TEXT, before: float = 0) -> Any:
    """A paragraph of ``text``, or of a label and its ``value`` in bold. ``before`` is the space above it, points."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    strong = f"<b>{_markup(value)}</b>" if value else ""
    style = ParagraphStyle("", fontName=font, fontSize=size, leading=size * 1.28, spaceBefore=before, splitLongWords=1)
    return Paragraph(_markup(text) + strong, style)


def _markup(text: str) -> str:
    return escape(printable(text))
