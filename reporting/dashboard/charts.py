"""Drawings of figures as plain numbers for a template: no scripts, so they print, scale, and follow light and dark.

All coordinates are in the units of the drawing's viewBox, from its upper left corner. The numbers themselves stand in a
table beside each drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 30  # of the plot


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """``path`` is of an SVG path; ``dots`` its points."""

    name: str
    css: str
    path: str
    dots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Stripe:
    """A band of the y axis, such as where the target is."""

    css: str
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    lines: tuple[Line, ...]
    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    stripes: tuple[Stripe, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def share_y(share: float) -> float:
    """0 at the bottom of the plot, 1 at its top."""
    return round(HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM), 1)


def shares_over(
    labels: Sequence[str],
    lines: Sequence[tuple[str, str, Sequence[float | None]]],
    *,
    stripes: Sequence[tuple[str, float, float]] = (),
) -> Chart:
    """Lines of shares (0 to 1) over equal steps such as months. ``lines`` are (name, css class, values); a None leaves a
    gap. ``stripes`` are (css class, low, high)."""
    step = (WIDTH - LEFT - RIGHT) / max(len(labels) - 1, 1)
    xs = [round(LEFT + n * step, 1) for n in range(len(labels))]
    return Chart(
        lines=tuple(_line(name, css, xs, values) for name, css, values in lines),
        x=tuple(Tick(x, label) for x, label in zip(xs, labels, strict=True)),
        y=_share_ticks(),
        stripes=tuple(Stripe(css, share_y(high), round(share_y(low) - share_y(high), 1)) for css, low, high in stripes),
    )


def _line(name: str, css: str, xs: Sequence[float], values: Sequence[float | None]) -> Line:
    path, dots, pen_down = [], [], False
    for x, value in zip(xs, values, strict=True):
        if value is None:
            pen_down = False
            continue
        y = share_y(value)
        path.append(f"{'L' if pen_down else 'M'}{x} {y}")
        dots.append((x, y))
        pen_down = True
    return Line(name, css, " ".join(path), tuple(dots))


def steps_over_days(
    lines: Sequence[tuple[str, str, Sequence[tuple[int, float]], int]], *, days: int, every: int
) -> Chart:
    """Step curves of shares by day, 0 to ``days``. ``lines`` are (name, css class, (day, share) in order, last day to
    draw)."""
    return Chart(
        lines=tuple(Line(name, css, _steps(points, min(until, days), days)) for name, css, points, until in lines),
        x=tuple(Tick(day_x(day, days), str(day)) for day in range(0, days + 1, every)),
        y=_share_ticks(),
    )


def day_x(day: float, days: int) -> float:
    return round(LEFT + day / days * (WIDTH - LEFT - RIGHT), 1)


def _steps(points: Sequence[tuple[int, float]], until: int, days: int) -> str:
    path, last = [f"M{day_x(0, days)} {share_y(0)}"], 0.0
    for day, share in points:
        if day > until:
            break
        path.append(f"H{day_x(day, days)} V{share_y(share)}")
        last = share
    return f"{' '.join(path)} H{day_x(until, days)}" if last or points else ""


def _share_ticks() -> tuple[Tick, ...]:
    return tuple(Tick(share_y(part / 4), f"{part * 25} %") for part in range(5))


def width_of(count: int, most: int) -> float:
    """Per cent of the longest bar, so that a bar that counts anything is seen."""
    return 0.0 if not count or not most else max(round(count / most * 100, 1), 1.0)
