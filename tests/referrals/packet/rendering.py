"""Look at a PDF as its readers do: its text, and its pages as faxes."""

import numpy as np
import pypdfium2 as pdfium
from PIL import Image


def texts(content: bytes) -> list[str]:
    """The text layer of each page, its lines joined."""
    with pdfium.PdfDocument(content) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def faxed(content: bytes, *, down: int, page: int = 0) -> Image.Image:
    """A page in black and white with 204 dots an inch across and ``down`` dots down (ITU-T T.4)."""
    with pdfium.PdfDocument(content) as document:
        drawn = document[page].render(scale=204 / 72, grayscale=True).to_pil()
    return drawn.resize((1728, round(11 * down))).point(lambda value: 255 * (value > 150)).convert("1")


def grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"))
