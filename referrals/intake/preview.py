"""Pages of a document as PNG pictures for a person to look at. Runs in the sandbox child only (intake/child.py).

The browser gets these pictures and never the file itself, so nothing a document contains can run there."""

import io

import pypdfium2 as pdfium
from PIL import Image, ImageSequence

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.sniffing import sniff

WIDTH = 1_100  # pixels; a letter page is readable at this width
MOST_PIXELS = 6_000_000
PICTURES = ("image/tiff", "image/png", "image/jpeg")
SHOWN = ("application/pdf", *PICTURES)


def page_picture(content: bytes, number: int) -> bytes:
    """Page ``number`` (from 1) as PNG. Raises Unreadable when there is no such page or it cannot be drawn."""
    kind = sniff(content)
    try:
        image = _of_pdf(content, number) if kind == "application/pdf" else _of_picture(content, number, kind)
    except (pdfium.PdfiumError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise Unreadable("This page cannot be drawn.") from error
    out = io.BytesIO()
    image.convert("L" if image.mode in ("1", "L") else "RGB").save(out, "PNG")
    return out.getvalue()


def _of_pdf(content: bytes, number: int) -> Image.Image:
    document = pdfium.PdfDocument(content)
    if not 1 <= number <= len(document):
        raise Unreadable("There is no such page.")
    document.init_forms()
    page = document[number - 1]
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise Unreadable("This page has no size.")
    scale = min(WIDTH / width, (MOST_PIXELS / (width * height)) ** 0.5)
    return page.render(scale=scale).to_pil()


def _of_picture(content: bytes, number: int, kind: str) -> Image.Image:
    if kind not in PICTURES:
        raise Unreadable("This kind of file has no pages to show.")
    image = Image.open(io.BytesIO(content))
    if image.width * image.height > 20 * MOST_PIXELS:
        raise Unreadable("This page is too large to be drawn.")
    for index, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if index == number:
            across, down = _resolution(image)
            height = round(WIDTH * frame.height / frame.width * across / down)
            size = (WIDTH, max(1, min(height, MOST_PIXELS // WIDTH)))
            return frame.convert("RGB" if frame.mode not in ("1", "L") else "L").resize(size)
        if index > 200:
            break
    raise Unreadable("There is no such page.")


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down; a coarse fax has half as many down."""
    across, down = (float(value or 0) for value in image.info.get("dpi", (0, 0)))
    return (across, down) if across > 0 and down > 0 and 0.3 < across / down < 3 else (1.0, 1.0)
