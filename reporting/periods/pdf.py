"""A report as a PDF of a few pages: headline figures, buckets and every breakdown. Sums only, no patient."""

import io
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from referrals.packet.typeface import BOLD, REGULAR, printable, within
from reporting.measures.breakdown import Report
from reporting.measures.chase import Chase
from reporting.measures.definitions import COHORT, MEASURES
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.figures import Figures, Measured

HEADLINES = (
    "closed", "leaked", "scheduled", "closed_within_14", "days_median", "days_mean", "days_p90", "at_risk", "recoverable",
)  # fmt: skip
BUCKETS = ("closed", "in_progress", "leaked_known", "leaked_estimated", "cancelled_not_leaked")
COLUMNS = ("scheduled", "closed", "leaked", "days_median", "at_risk")
SIZE, BETWEEN = 9.5, 8  # points: a table's type, and what stays free between its columns
MOST_PARTS = 25  # of one breakdown; the CSV has them all


def draw(made: Report, worked: Chase, *, closed_by: str = "") -> bytes:
    """The file. ``closed_by`` says who froze the figures; empty: they are as they stand now."""
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import inch
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    printable("")  # registers the typeface
    title = ParagraphStyle("title", fontName=BOLD, fontSize=20, leading=26)
    head = ParagraphStyle("head", fontName=BOLD, fontSize=12.5, leading=18, spaceBefore=14, spaceAfter=4)
    small = ParagraphStyle("small", fontName=REGULAR, fontSize=8.5, leading=12, textColor="#5b6472")

    def say(text: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(printable(text).replace("&", "&amp;").replace("<", "&lt;"), style)

    period = made.cohort.period
    only = made.cohort.filters.in_words()
    stands = f"Closed {_day(made.at)} by {closed_by}." if closed_by else f"As it stands on {_day(made.at)}."
    story = [say(f"Referrals of {period}", title)]
    story += [say(f"Only {only}", small)] if only else []
    story += [say(f"{stands} {COHORT}", small), Spacer(1, 8)]
    measured = [
        *(made.total.measured(key) for key in HEADLINES),
        worked.measured(period.until(timezone.localdate(made.at))),
    ]
    story += [say("Headline figures", head), _table((), [_headline(one) for one in measured], [2.3, 1.0, 1.3, 2.4])]
    story += [say("Every referral is in exactly one", head),
              _table(["Outcome", "Referrals", "Share"], [_bucket(made.total, key) for key in BUCKETS], [2.6, 1.2, 1.2])]  # fmt: skip
    for key, parts in made.parts.items():
        if not parts:
            continue
        shown = parts[:MOST_PARTS]
        names = [MEASURES[column].name.replace(", median", "") for column in COLUMNS]
        rows = [[part.choice.label, f"{part.figures.cohort:,}", *_cells(part.figures)] for part in shown]
        story += [say(f"By {DIMENSIONS[key].name.lower()}", head),
                  _table([DIMENSIONS[key].name, "Referrals", *names], rows, [1.85, 0.75, 0.8, 0.85, 0.7, 1.0, 1.05])]  # fmt: skip
        if len(parts) > MOST_PARTS:
            story.append(say(f"{len(parts) - MOST_PARTS} more are in the CSV file.", small))
    story += [say("Definitions", head)]
    story += [say(f"{measure.name}: {measure.definition}", small) for measure in MEASURES.values()]
    file = io.BytesIO()
    margin = 0.75 * inch
    SimpleDocTemplate(
        file, pagesize=letter, leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin,
        title=f"Referrals of {period}", author="RefLoop",
    ).build(story, onFirstPage=_footer, onLaterPages=_footer)  # fmt: skip
    return file.getvalue()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], inches: Sequence[float]):
    from reportlab.lib import colors
    from reportlab.lib.units import inch
    from reportlab.platypus import Table

    cells = [
        [within(text, REGULAR, SIZE, width * inch - BETWEEN) for text, width in zip(row, inches, strict=True)]
        for row in rows
    ]
    if head:
        cells.insert(0, [printable(text) for text in head])
    table = Table(cells, colWidths=[width * inch for width in inches], repeatRows=1 if head else 0, hAlign="LEFT")
    style = [
        ("FONT", (0, 0), (-1, -1), REGULAR, SIZE),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#d9dee5")),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]
    if head:
        style += [("FONT", (0, 0), (-1, 0), BOLD, 8.5), ("TEXTCOLOR", (0, 0), (-1, 0), colors.HexColor("#5b6472"))]
    table.setStyle(style)
    return table


def _headline(one: Measured) -> list[str]:
    counted = f"{one.numerator:,} of {one.denominator:,}" if one.measure.unit == "share" else ""
    return [one.measure.name, one.text, counted, one.stands]


def _bucket(figures: Figures, key: str) -> list[str]:
    return [MEASURES[key].name, f"{getattr(figures, key):,}", figures.measured(key).text]


def _cells(figures: Figures) -> list[str]:
    return [measured.text if measured.value is not None else "–" for measured in map(figures.measured, COLUMNS)]


def _footer(canvas, document) -> None:
    canvas.saveState()
    canvas.setFont(REGULAR, 8)
    canvas.setFillColorRGB(0.36, 0.39, 0.45)
    canvas.drawString(54, 36, "RefLoop. Sums only; no patient is named.")
    canvas.drawRightString(document.pagesize[0] - 54, 36, f"Page {document.page}")
    canvas.restoreState()


def _day(at: datetime) -> str:
    day = timezone.localtime(at)
    return f"{day:%B} {day.day}, {day.year}"
