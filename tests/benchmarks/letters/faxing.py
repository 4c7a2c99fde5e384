"""Sheets drawn as pages and spoiled as faxing, scanning and photographing spoil them."""

import glob
import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.benchmarks.letters.layouts import Sheet

WIDTH, HEIGHT = 2550, 3300  # letter paper at 300 dpi
_FAMILIES = ("LiberationSans", "LiberationSerif", "LiberationMono", "DejaVuSans", "DejaVuSerif", "LiberationSansNarrow")


def drawn(sheet: Sheet, rng: random.Random) -> Image.Image:
    family = rng.choice(_FAMILIES)
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    scale = 0.88 if family in ("LiberationMono", "DejaVuSans", "DejaVuSerif") else 1.0
    for left, top, text, size, bold in sheet.texts:
        font = ImageFont.truetype(_font(family, bold), round(size * scale * 300 / 72))
        draw.text((left * WIDTH, top * WIDTH), text, fill=0, font=font)
    return page


def _font(family: str, bold: bool) -> str:
    names = (f"{family}-Bold.ttf",) if bold else (f"{family}-Regular.ttf", f"{family}.ttf")
    for name in names:
        if paths := glob.glob(f"/usr/share/fonts/truetype/*/{name}"):
            return paths[0]
    raise SystemExit(f"No font {family}: install fonts-liberation and fonts-dejavu.")


def _one_bit(page: Image.Image, size: tuple[int, int], cut: int = 150) -> Image.Image:
    return page.resize(size, Image.Resampling.BOX).point(lambda value: 255 if value > cut else 0)


def _noisy(page: Image.Image, rng: random.Random, share: float) -> Image.Image:
    noise = np.random.default_rng(rng.randrange(2**32))
    pixels = np.asarray(page).copy()
    flips = noise.random(pixels.shape) < share
    pixels[flips] = 255 - pixels[flips]
    for _ in range(3):  # rows lost on the line
        row = noise.integers(0, pixels.shape[0] - 2)
        pixels[row] = 255
    return Image.fromarray(pixels)


def _worn(page: Image.Image, rng: random.Random) -> Image.Image:
    """Copied before it was faxed: blurred, a little askew, thin or fat strokes."""
    page = page.rotate(rng.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, fillcolor=255)
    return page.filter(ImageFilter.GaussianBlur(rng.uniform(1.0, 2.2)))


def clean(page: Image.Image, rng: random.Random) -> bytes:
    return _saved(page, (300, 300))


def fine(page: Image.Image, rng: random.Random) -> bytes:
    return _fax(_noisy(_one_bit(page, (1728, 2156)), rng, 0.0005), (204, 196))


def bad_fine(page: Image.Image, rng: random.Random) -> bytes:
    return _fax(_noisy(_one_bit(_worn(page, rng), (1728, 2156), rng.randrange(150, 205)), rng, 0.004), (204, 196))


def standard(page: Image.Image, rng: random.Random) -> bytes:
    return _fax(_noisy(_one_bit(page, (1728, 1078)), rng, 0.0005), (204, 98))


def bad_standard(page: Image.Image, rng: random.Random) -> bytes:
    return _fax(_noisy(_one_bit(_worn(page, rng), (1728, 1078), rng.randrange(150, 205)), rng, 0.004), (204, 98))


def skewed(page: Image.Image, rng: random.Random) -> bytes:
    return fine(page.rotate(rng.choice([-1, 1]) * rng.uniform(2, 5), Image.Resampling.BICUBIC, fillcolor=255), rng)


def turned(page: Image.Image, rng: random.Random) -> bytes:
    """Fed sideways or upside down."""
    image = _noisy(_one_bit(page, (1728, 2156)), rng, 0.0005)
    return _fax(image.rotate(rng.choice([90, 180, 270]), expand=True), (200, 200))


def photo(page: Image.Image, rng: random.Random) -> bytes:
    """A JPEG in uneven light."""
    small = page.resize((1700, 2200), Image.Resampling.LANCZOS).rotate(rng.uniform(-2, 2), fillcolor=255)
    light = np.linspace(rng.uniform(0.55, 0.8), 1.0, 1700)[None, :] * np.ones((2200, 1))
    pixels = (np.asarray(small) * light).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=60)
    return out.getvalue()


def _fax(image: Image.Image, dpi: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    image.convert("1").save(out, "TIFF", compression="group4", dpi=dpi)
    return out.getvalue()


def _saved(image: Image.Image, dpi: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=dpi)
    return out.getvalue()


LEVELS: dict[str, Callable[[Image.Image, random.Random], bytes]] = {
    "clean": clean, "photo": photo, "fine": fine, "bad_fine": bad_fine, "standard": standard, "bad_standard": bad_standard,
    "skewed": skewed, "turned": turned,
}  # fmt: skip
