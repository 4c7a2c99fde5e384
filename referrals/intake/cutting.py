"""Cut a PDF or TIFF into files of some of its pages. Runs in the sandbox child only (intake/child.py)."""

import io
from collections.abc import Sequence

import pypdfium2 as pdfium
from PIL import Image, ImageSequence

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.sniffing import sniff

CUTTABLE = ("application/pdf", "image/tiff")
MOST_PAGES = 200
MOST_BYTES = 200 * 1024**2  # of all parts together


def cut_pages(content: bytes, ranges: Sequence[Sequence[int]]) -> list[bytes]:
    """One file of the same kind for each (first, last), pages counted from 1. Raises Unreadable."""
    kind = sniff(content)
    if kind not in CUTTABLE:
        raise Unreadable("Only a PDF or TIFF can be split by pages.")
    try:
        parts = _of_pdf(content, ranges) if kind == "application/pdf" else _of_tiff(content, ranges)
    except (pdfium.PdfiumError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise Unreadable("Its pages cannot be taken apart.") from error
    if sum(map(len, parts)) > MOST_BYTES:
        raise Unreadable("Its parts would be too large.")
    return parts


def _of_pdf(content: bytes, ranges: Sequence[Sequence[int]]) -> list[bytes]:
    whole = pdfium.PdfDocument(content)
    _refuse_missing(ranges, len(whole))
    parts = []
    for first, last in ranges:
        part = pdfium.PdfDocument.new()
        part.import_pages(whole, list(range(first - 1, last)))
        out = io.BytesIO()
        part.save(out)
        parts.append(out.getvalue())
    return parts


def _of_tiff(content: bytes, ranges: Sequence[Sequence[int]]) -> list[bytes]:
    image = Image.open(io.BytesIO(content))
    _refuse_missing(ranges, min(getattr(image, "n_frames", 1), MOST_PAGES))
    wanted = {number for first, last in ranges for number in range(first, last + 1)}
    frames = {}
    for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if number in wanted:
            frames[number] = frame.copy()
        if number >= max(wanted):
            break
    return [_tiff([frames[number] for number in range(first, last + 1)]) for first, last in ranges]


def _tiff(frames: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    compression = "group4" if all(frame.mode == "1" for frame in frames) else "tiff_deflate"
    first, *others = frames
    # Fax pages are not square: without their resolution they would be read squeezed.
    first.save(
        out, "TIFF", save_all=True, append_images=others, compression=compression, dpi=first.info.get("dpi", (72, 72))
    )
    return out.getvalue()


def _refuse_missing(ranges: Sequence[Sequence[int]], pages: int) -> None:
    if any(not 1 <= first <= last <= pages for first, last in ranges):
        raise Unreadable("There is no such page.")
