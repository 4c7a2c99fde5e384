"""Sheets drawn as pages and spoiled as faxing, scanning and photographing spoil them."""

import glob
import io
import random
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tests.benchmarks.letters.layouts import Sheet

WIDTH, HEIGHT = 2550, 3300  # letter paper at 300 dpi
_FAMILIES = ("LiberationSans", "LiberationSerif", "LiberationMono", "DejaVuSans", "DejaVuSerif", "LiberationSansNarrow")


def drawn(sheet: Sheet, rng: random.Random) -> list[Image.Image]:
    """The pages in one typeface."""
    family = rng.choice(_FAMILIES)
    return [_page(texts, rules, family) for texts, rules in zip(sheet.pages, sheet.rules, strict=True)]


def _page(texts: list, rules: list, family: str) -> Image.Image:
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    scale = 0.88 if family in ("LiberationMono", "DejaVuSans", "DejaVuSerif") else 1.0
    for left, top, text, size, bold in texts:
        font = ImageFont.truetype(_font(family, bold), round(size * scale * 300 / 72))
        draw.text((left * WIDTH, top * WIDTH), text, fill=0, font=font)
    for rule in rules:
        draw.line([edge * WIDTH for edge in rule], fill=0, width=5)
    return page


def _font(family: str, bold: bool) -> str:
    names = (f"{family}-Bold.ttf",) if bold else (f"{family}-Regular.ttf", f"{family}.ttf")
    for name in names:
        if paths := glob.glob(f"/usr/share/fonts/truetype/*/{name}"):
            return paths[0]
    raise SystemExit(f"No font {family}: install fonts-liberation and fonts-dejavu.")


def _one_bit(page: Image.Image, size: tuple[int, int], cut: int = 150) -> Image.Image:
    return page.resize(size, Image.Resampling.BOX).point(lambda value: 255 if value > cut else 0)


def _noisy(page: Image.Image, rng: random.Random, share: float, lost_rows: int = 3) -> Image.Image:
    noise = np.random.default_rng(rng.randrange(2**32))
    pixels = np.asarray(page).copy()
    flips = noise.random(pixels.shape) < share
    pixels[flips] = 255 - pixels[flips]
    for _ in range(lost_rows):  # lost on the line
        row = noise.integers(0, pixels.shape[0] - 2)
        pixels[row] = 255
    return Image.fromarray(pixels)


def _worn(page: Image.Image, rng: random.Random) -> Image.Image:
    """Copied before it was faxed: blurred, a little askew, thin or fat strokes."""
    page = page.rotate(rng.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, fillcolor=255)
    return page.filter(ImageFilter.GaussianBlur(rng.uniform(1.0, 2.2)))


FINE, STANDARD = (1728, 2156), (1728, 1078)  # dots of a letter page (ITU-T T.4)
Pages = Sequence[Image.Image]


def clean(pages: Pages, rng: random.Random) -> bytes:
    return _saved(pages, (300, 300))


def scan(pages: Pages, rng: random.Random) -> bytes:
    """Grey at 200 dpi, a little askew and grainy, as a PDF of pictures."""
    sheets = []
    for page in pages:
        turned = page.rotate(rng.uniform(-0.8, 0.8), Image.Resampling.BICUBIC, fillcolor=255).resize((1700, 2200))
        grain = np.random.default_rng(rng.randrange(2**32)).normal(0, 9, (2200, 1700))
        sheets.append(Image.fromarray(np.clip(np.asarray(turned) * 0.93 + grain, 0, 255).astype(np.uint8)))
    out = io.BytesIO()
    sheets[0].save(out, "PDF", resolution=200, save_all=True, append_images=sheets[1:], quality=70)
    return out.getvalue()


def fine(pages: Pages, rng: random.Random) -> bytes:
    return _fax([_noisy(_one_bit(page, FINE), rng, 0.0005) for page in pages], (204, 196))


def bad_fine(pages: Pages, rng: random.Random) -> bytes:
    sheets = [_noisy(_one_bit(_worn(page, rng), FINE, rng.randrange(150, 205)), rng, 0.004) for page in pages]
    return _fax(sheets, (204, 196))


def standard(pages: Pages, rng: random.Random) -> bytes:
    return _fax([_noisy(_one_bit(page, STANDARD), rng, 0.0005) for page in pages], (204, 98))


def bad_standard(pages: Pages, rng: random.Random) -> bytes:
    sheets = [_noisy(_one_bit(_worn(page, rng), STANDARD, rng.randrange(150, 205)), rng, 0.004) for page in pages]
    return _fax(sheets, (204, 98))


def skewed(pages: Pages, rng: random.Random) -> bytes:
    angle = rng.choice([-1, 1]) * rng.uniform(2, 5)
    return fine([page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255) for page in pages], rng)


def turned(pages: Pages, rng: random.Random) -> bytes:
    """Fed sideways or upside down."""
    angle = rng.choice([90, 180, 270])
    sheets = [_noisy(_one_bit(page, FINE), rng, 0.0005).rotate(angle, expand=True) for page in pages]
    return _fax(sheets, (200, 200))


def photo(pages: Pages, rng: random.Random) -> bytes:
    """A JPEG in uneven light; of several pages, a PDF of them."""
    sheets = []
    for page in pages:
        small = page.resize((1700, 2200), Image.Resampling.LANCZOS).rotate(rng.uniform(-2, 2), fillcolor=255)
        light = np.linspace(rng.uniform(0.55, 0.8), 1.0, 1700)[None, :] * np.ones((2200, 1))
        sheets.append(Image.fromarray((np.asarray(small) * light).astype(np.uint8)))
    out = io.BytesIO()
    if len(sheets) == 1:
        sheets[0].save(out, "JPEG", quality=60)
    else:
        sheets[0].save(out, "PDF", resolution=200, save_all=True, append_images=sheets[1:], quality=60)
    return out.getvalue()


def faded(pages: Pages, rng: random.Random) -> bytes:
    """A copy of a copy: pale strokes that break where they are thin."""
    sheets = []
    for page in pages:
        pale = ImageEnhance.Contrast(page.filter(ImageFilter.GaussianBlur(1.4))).enhance(0.6)
        sheets.append(_noisy(_one_bit(pale, FINE, rng.randrange(140, 165)), rng, 0.001))
    return _fax(sheets, (204, 196))


def marked(pages: Pages, rng: random.Random) -> bytes:
    """Scribbles of a pen over the text, a stamp, the line of a fax machine and black edges."""
    sheets = []
    for number, page in enumerate(pages, start=1):
        sheet = page.copy()
        draw = ImageDraw.Draw(sheet)
        for _ in range(3):
            at = (rng.uniform(0.1, 0.7) * WIDTH, rng.uniform(0.35, 0.9) * HEIGHT)
            points = [(at[0] + step * 60, at[1] + rng.uniform(-45, 45)) for step in range(rng.randrange(6, 14))]
            draw.line(points, fill=20, width=7, joint="curve")
        stamp = ImageFont.truetype(_font("LiberationSans", True), 90)
        where = (rng.uniform(0.45, 0.62) * WIDTH, rng.uniform(0.6, 0.8) * HEIGHT)
        draw.text(where, rng.choice(["RECEIVED", "SCANNED", "COPY"]), fill=90, font=stamp)
        draw.rectangle((where[0] - 20, where[1] - 20, where[0] + 560, where[1] + 120), outline=90, width=8)
        line = ImageFont.truetype(_font("LiberationMono", False), 34)
        draw.text(
            (0.05 * WIDTH, 22),
            f"11/{rng.randrange(1, 25):02d}/2026 10:32   FROM: 608 555 0101   TO: 608 555 0199   PAGE {number}/{len(pages)}",
            fill=0,
            font=line,
        )
        edge = rng.randrange(20, 70)
        draw.rectangle((0, 0, edge, HEIGHT), fill=0)
        draw.rectangle((0, HEIGHT - edge, WIDTH, HEIGHT), fill=0)
        sheets.append(_noisy(_one_bit(sheet, FINE), rng, 0.0015))
    return _fax(sheets, (204, 196))


def stretched(pages: Pages, rng: random.Random) -> bytes:
    """Paper that slipped: too long or too short by a twentieth, with rows lost in bands."""
    sheets = []
    for page in pages:
        size = (FINE[0], round(FINE[1] * rng.choice([0.94, 1.06])))
        pixels = np.asarray(_noisy(_one_bit(page, size), rng, 0.001, lost_rows=12)).copy()
        cut = rng.randrange(400, pixels.shape[0] - 40)
        pixels[cut : cut + 3] = 255
        sheets.append(Image.fromarray(pixels))
    return _fax(sheets, (204, 196))


def two_up(pages: Pages, rng: random.Random) -> bytes:
    """Two pages side by side on one sheet, as a scanner set to save paper makes it."""
    if len(pages) == 1:
        pages = [*pages, Image.new("L", (WIDTH, HEIGHT), 255)]
    sheet = Image.new("L", (2 * WIDTH, HEIGHT), 255)
    for number, page in enumerate(pages[:2]):
        sheet.paste(page, (number * WIDTH, 0))
    return _fax([_one_bit(sheet, (2 * 1700, 2200))], (200, 200))


def _fax(images: Pages, dpi: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    first, *more = [image.convert("1") for image in images]
    first.save(out, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=more)
    return out.getvalue()


def _saved(images: Pages, dpi: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    if len(images) == 1:
        images[0].save(out, "PNG", dpi=dpi)
    else:
        images[0].save(out, "PDF", resolution=dpi[0], save_all=True, append_images=list(images[1:]), quality=90)
    return out.getvalue()


LEVELS: dict[str, Callable[[Pages, random.Random], bytes]] = {
    "clean": clean, "scan": scan, "photo": photo, "fine": fine, "bad_fine": bad_fine, "standard": standard,
    "bad_standard": bad_standard, "skewed": skewed, "turned": turned, "faded": faded, "marked": marked,
    "stretched": stretched, "two_up": two_up,
}  # fmt: skip
