"""PDF: its text layer with positions where there is one, recognition where a page is a picture."""

import ctypes
import itertools

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import printable
from referrals.intake.ocr.page import read_page
from referrals.intake.parsers.pdf_text import fields, page_pieces, runs_sideways
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Embedded, Reading

content_types = ("application/pdf",)

MAX_TEXT_PAGES = 100
MAX_SCANNED_PAGES = 15
MAX_ATTACHMENTS = 5
MAX_ATTACHMENT_BYTES = 20_000_000
_DPI = 200
_MAX_PIXELS = 8_000_000
_MOST_IMAGES = 50  # looked at on one page
_LEAST_TEXT = 25  # characters under which a page that shows something is taken for a picture


def read(content: bytes) -> list[Reading]:
    """One letter, with the attachments of the file. Raises Unreadable when it is damaged or locked by a password."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable("The PDF is locked by a password." if locked else "The PDF is damaged.") from error
    try:
        document.init_forms()
        return [_read(document)]
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> Reading:
    pages, notes, scanned = [], [], 0
    count = len(document)
    for number in range(1, min(count, MAX_TEXT_PAGES) + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            notes.append(f"Page {number} is damaged and was not read.")
            continue
        pieces = page_pieces(page, number)
        if not _is_picture(page, sum(len(piece.text) for piece in pieces)):
            pages.append(PageText((*pieces, *fields(page, number, document.formenv))))
        elif scanned < MAX_SCANNED_PAGES:
            scanned += 1
            pages.append(_recognised(page, number))
        page.close()
    if len(pages) < count:
        notes.append(f"Only {len(pages)} of {count} pages were read.")
    if not pages:
        raise Unreadable("The PDF has no page that can be read.")
    return letter(
        pages,
        format="OCR" if scanned else "PDF text",
        page_count=count,
        is_whole=len(pages) == count,
        warnings=tuple(notes),
        embedded=_attachments(document),
    )


def _is_picture(page: pdfium.PdfPage, characters: int) -> bool:
    """Images over half the page hide or replace the text, whatever layer lies below. A page without text that shows

    something, or whose text runs sideways, is read as a picture too."""
    width, height = page.get_size()
    images = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    covered = 0.0
    for image in images[:_MOST_IMAGES]:
        left, bottom, right, top = image.get_bounds()
        covered += max(min(right, width) - max(left, 0), 0) * max(min(top, height) - max(bottom, 0), 0)
    if covered >= 0.5 * width * height:
        return True
    return runs_sideways(page) or (characters < _LEAST_TEXT and raw.FPDFPage_CountObjects(page) > 0)


def _recognised(page: pdfium.PdfPage, number: int) -> PageText:
    """The page rendered in grey at 200 dpi, less when it is huge, and read."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
    grey = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
    bitmap.close()
    return read_page(grey, number, fax=_holds_a_fax(page))


def _holds_a_fax(page: pdfium.PdfPage) -> bool:
    """Whether the page shows an image in black and white only."""
    images = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return any(image.get_metadata().bits_per_pixel == 1 for image in itertools.islice(images, _MOST_IMAGES))


def _attachments(document: pdfium.PdfDocument) -> tuple[Embedded, ...]:
    """Files attached to the PDF, such as the C-CDA of the same note."""
    attached = []
    for index in range(min(document.count_attachments(), MAX_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            content = bytes(attachment.get_data())
        except (pdfium.PdfiumError, ctypes.ArgumentError):
            continue
        if 0 < len(content) <= MAX_ATTACHMENT_BYTES:
            attached.append(Embedded(content, label=printable(attachment.get_name())[:120]))
    return tuple(attached)
