"""Scanned or faxed pages as TIFF (many pages), PNG or JPEG: recognised, then read as a letter."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from referrals.intake.letters.extract import letter
from referrals.intake.ocr.page import read_page
from referrals.intake.ocr.prepare import is_coarse
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Reading

content_types = ("image/tiff", "image/png", "image/jpeg")

MAX_PAGES = 15  # read of one document; recognition takes two to three seconds a page
MAX_PIXELS = 60_000_000  # a letter page at 600 dpi has 34 million
_STANDARD_FAX = 204 / 98  # ITU-T T.4, columns to rows


def read(content: bytes) -> list[Reading]:
    """One letter. Raises Unreadable when the image is damaged, of another kind, or too large."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image, count = _opened(content)
        pages, notes = [], []
        for number in range(1, min(count, MAX_PAGES) + 1):
            if scan := _scanned(image, number):
                pages.append(read_page(scan.grey, number, stretch=scan.stretch, fax=scan.fax))
            else:
                notes.append(f"Page {number} is damaged or too large and was not read.")
    if not pages and count == 1 and image.width * image.height > MAX_PIXELS:
        raise Unreadable(f"The image is larger than {MAX_PIXELS // 1_000_000} million dots.")
    if not pages:
        raise Unreadable("The image is damaged or too large to read.")
    if count > MAX_PAGES:
        notes.append(f"Only the first {MAX_PAGES} of {count} pages were read.")
    return [letter(pages, format="OCR", page_count=count, is_whole=len(pages) == count, warnings=tuple(notes))]


@dataclass(frozen=True)
class _Scan:
    """A page as grey pixels, how much taller they are than wide, and whether it came in black and white only."""

    grey: np.ndarray
    stretch: float
    fax: bool


def _opened(content: bytes) -> tuple[Image.Image, int]:
    """The image and its number of pages."""
    try:
        image = Image.open(io.BytesIO(content), formats=("TIFF", "PNG", "JPEG"))
        return image, getattr(image, "n_frames", 1)
    except Image.DecompressionBombError as error:
        raise Unreadable(f"The image is larger than {MAX_PIXELS // 1_000_000} million dots.") from error
    except Exception as error:  # decoders of damaged files raise nearly anything
        raise Unreadable("The image is damaged or is no TIFF, PNG or JPEG.") from error


def _scanned(image: Image.Image, number: int) -> _Scan | None:
    """The page, or None when it is damaged or too large."""
    try:
        image.seek(number - 1)
        width, height = image.size
        if width * height > MAX_PIXELS:
            return None
        black_and_white, resolution = image.mode == "1", _resolution(image)
        grey = np.asarray(_flattened(image))
    except Exception:  # as above
        return None
    fax = black_and_white or len(np.unique(grey[:: max(1, height // 200)])) <= 2
    if not is_coarse(width, height, resolution, fax):
        return _Scan(grey, 1.0, fax)
    told = resolution is not None and resolution[0] > resolution[1]
    return _Scan(grey, resolution[0] / resolution[1] if told else _STANDARD_FAX, fax)


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
