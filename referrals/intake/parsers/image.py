"""Scanned or faxed pages as TIFF (many pages), PNG or JPEG: recognised, then read as a letter."""

import io
import struct
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.ocr.page import read_page
from referrals.intake.ocr.prepare import is_coarse
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Reading

content_types = ("image/tiff", "image/png", "image/jpeg")

MAX_PAGES = 15  # read of one document; recognition takes two to three seconds a page
MAX_PIXELS = 60_000_000  # a letter page at 600 dpi has 34 million
_STANDARD_FAX = 204 / 98  # ITU-T T.4, columns to rows
_SPOILED = (OSError, ValueError, SyntaxError, struct.error, EOFError, MemoryError, Image.DecompressionBombError)


def read(content: bytes) -> list[Reading]:
    """One letter. Raises Unreadable when the image is damaged, of another kind, or too large."""
    pages, count, notes = [], 0, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = _opened(content)
        count = _frames(image)
        for number in range(1, min(count, MAX_PAGES) + 1):
            try:
                image.seek(number - 1)
                pages.append(_page(image, number))
            except _SPOILED:
                notes.append(f"Page {number} is damaged or too large and was not read.")
    if not pages:
        raise Unreadable("The image is damaged or too large to read.")
    if count > MAX_PAGES:
        notes.append(f"Only the first {MAX_PAGES} of {count} pages were read.")
    return [letter(pages, format="OCR", page_count=count, warnings=tuple(notes))]


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=("TIFF", "PNG", "JPEG"))
    except (UnidentifiedImageError, *_SPOILED) as error:
        raise Unreadable("The image is damaged or is no TIFF, PNG or JPEG.") from error


def _frames(image: Image.Image) -> int:
    try:
        return getattr(image, "n_frames", 1)
    except _SPOILED as error:
        raise Unreadable("The image's list of pages is damaged.") from error


def _page(image: Image.Image, number: int) -> PageText:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ValueError("too large")
    one_bit = image.mode == "1"
    resolution = _resolution(image)
    grey = np.asarray(_flattened(image))
    one_bit = one_bit or len(np.unique(grey[:: max(1, height // 200)])) <= 2
    stretch = 1.0
    if is_coarse(width, height, resolution, one_bit):
        told = resolution is not None and resolution[0] > resolution[1]
        stretch = resolution[0] / resolution[1] if told else _STANDARD_FAX
    return read_page(grey, number, stretch=stretch, fax=one_bit)


def _resolution(image: Image.Image) -> tuple[float, float] | None:
    """Dots an inch across and down, when the file tells them and they are not nonsense."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", ()))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if across > 1 and down > 1 else None


def _flattened(image: Image.Image) -> Image.Image:
    """Grey on white, turned as its EXIF says."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba)
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256)
    return image.convert("L")
