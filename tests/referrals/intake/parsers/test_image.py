"""Images: one small faxed page is really recognised; what goes around recognition is tested without it."""

import io

import numpy as np
import pytest
import qrcode
from PIL import Image, ImageDraw, ImageFont

from referrals.identifiers import new_referral_number
from referrals.intake.letters.page import PageText
from referrals.intake.parsers import image as parser
from referrals.intake.parsers import pdf as pdf_parser
from referrals.intake.parsers.protocol import Unreadable
from tests.referrals.intake.parsers.making_pdf import pdf

LINES = ("Patient: Jane Public", "DOB: 03/04/1961", "MRN: 00482913", "Date of Service: 03/03/2026")


def page(*, code: str = "", size: tuple[int, int] = (1000, 900)) -> Image.Image:
    """A page at about 150 dpi."""
    sheet = Image.new("L", size, 255)
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(LINES):
        draw.text((90, 80 + 70 * number), line, fill=0, font=ImageFont.load_default(34))
    if code:
        sheet.paste(qrcode.make(code, box_size=5).convert("L"), (600, 500))
    return sheet


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_fax_at_standard_resolution_fed_upside_down_with_a_code():
    number = new_referral_number()
    coarse = (
        page(code=number).rotate(180).resize((1360, 588)).point(lambda value: 255 if value > 150 else 0).convert("1")
    )
    (found,) = parser.read(saved(coarse, "TIFF", compression="group4", dpi=(204, 98)))
    assert found.format == "OCR"
    assert found.patient.names[0].value.text == "Jane Public"
    assert found.patient.birth_date.value.iso == "1961-03-04"
    assert found.patient.identifiers[0].value.value == "00482913"
    assert found.visit_at.value.iso == "2026-03-03"
    assert found.referral_numbers[0].value == number
    assert found.patient.birth_date.sure < 0.9


def test_a_scanned_page_in_a_pdf_sideways_and_askew():
    scan = page().rotate(92, expand=True, fillcolor=255).resize((850, 1100))
    (found,) = pdf_parser.read(pdf(scans=(scan,)))
    assert found.format == "OCR"
    assert found.patient.birth_date.value.iso == "1961-03-04"


@pytest.fixture
def unread(monkeypatch):
    """Pages as they come to recognition, which is left out: (grey, number, stretch)."""
    seen: list[tuple[np.ndarray, int, float]] = []

    def read_page(grey, number, *, stretch=1.0, fax=False):
        seen.append((grey, number, stretch))
        return PageText()

    monkeypatch.setattr(parser, "read_page", read_page)
    return seen


def test_every_page_of_a_fax(unread):
    pages = [page(), page(), page()]
    (found,) = parser.read(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert found.pages == 3
    assert [number for _, number, _ in unread] == [1, 2, 3]


def test_pages_are_capped_and_told(unread, monkeypatch):
    monkeypatch.setattr(parser, "MAX_PAGES", 2)
    pages = [page(), page(), page()]
    (found,) = parser.read(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert len(unread) == 2
    assert "Only the first 2 of 3 pages were read." in found.warnings


@pytest.mark.parametrize(
    ("size", "dpi", "stretch"),
    [((1728, 1078), (204, 98), 2.08), ((1728, 1078), None, 2.08), ((1728, 2156), (204, 196), 1.0), ((1700, 2200), (200, 200), 1.0), ((2200, 1700), None, 1.0)],
)  # fmt: skip
def test_faxes_at_standard_resolution_are_known(unread, size, dpi, stretch):
    parser.read(saved(page(size=size).convert("1"), "TIFF", **({"dpi": dpi} if dpi else {})))
    assert unread[0][2] == pytest.approx(stretch, abs=0.01)


def test_transparent_is_white(unread):
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    parser.read(saved(clear, "PNG"))
    assert unread[0][0].min() == 255


def test_too_large_an_image_is_refused(unread, monkeypatch):
    monkeypatch.setattr(parser, "MAX_PIXELS", 1000)
    with pytest.raises(Unreadable):
        parser.read(saved(page(), "PNG"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"II*\x00\x08\x00\x00\x00",
        saved(page(), "PNG")[:300],
        saved(Image.new("L", (50, 50)), "GIF"),
    ],
)
def test_damage_is_told(content, unread):
    with pytest.raises(Unreadable):
        parser.read(content)


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_a_picture_that_unpacks_without_measure_says_so(side):
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with pytest.raises(Unreadable, match="larger than 60 million dots"):
        parser.read(out.getvalue())
