"""Prepare a page image for recognition: grey, square pixels, upright lines. Pure functions over arrays."""

import cv2
import numpy as np

# A fax at "standard" resolution has 204 x 98 dots an inch (ITU-T T.4): half as many rows as columns.
COARSE_RATIO = (1.6, 2.6)
_COARSE_WIDTHS = (1600, 1800)
_COARSE_HEIGHTS = (850, 1210)
_MAX_SKEW = 6.0  # degrees; a page fed more askew than this is rare and is left as it is
_PROFILE_WIDTH = 800  # pixels: enough to see lines, small enough to try many angles


def is_coarse(width: int, height: int, resolution: tuple[float, float] | None, one_bit: bool) -> bool:
    """Whether the rows must be stretched: the file says so, or its size is that of a standard fax page."""
    if resolution:
        ratio = resolution[0] / resolution[1]
        if COARSE_RATIO[0] <= ratio <= COARSE_RATIO[1]:
            return True
        if resolution[1] > 120:
            return False
    return (
        one_bit
        and _COARSE_WIDTHS[0] <= width <= _COARSE_WIDTHS[1]
        and _COARSE_HEIGHTS[0] <= height <= _COARSE_HEIGHTS[1]
    )


def squared(grey: np.ndarray, stretch: float) -> np.ndarray:
    """Rows stretched to square pixels, then blurred a little, which mends the steps the stretching makes."""
    height, width = grey.shape
    tall = cv2.resize(grey, (width, round(height * stretch)), interpolation=cv2.INTER_CUBIC)
    return cv2.GaussianBlur(tall, (0, 0), 0.7)


def softened(grey: np.ndarray) -> np.ndarray:
    """Blurred by a pixel, so that specks fade and strokes stay."""
    return cv2.GaussianBlur(grey, (0, 0), 1.0)


def within(grey: np.ndarray, longest: int) -> np.ndarray:
    """At most ``longest`` pixels on the long side."""
    side = max(grey.shape)
    if side <= longest:
        return grey
    return cv2.resize(grey, None, fx=longest / side, fy=longest / side, interpolation=cv2.INTER_AREA)


def skew(grey: np.ndarray) -> float:
    """Degrees the lines lean, by the angle at which the rows of ink are sharpest; 0 when nothing is clear."""
    small = within(grey, _PROFILE_WIDTH)
    ink = (small < min(160, int(small.mean()) - 20)).astype(np.float32)
    if ink.sum() < 200:
        return 0.0
    coarse = max(np.arange(-_MAX_SKEW, _MAX_SKEW + 0.1, 0.5), key=lambda angle: _sharpness(ink, angle))
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=lambda angle: _sharpness(ink, angle))
    gain = _sharpness(ink, fine) / max(_sharpness(ink, 0.0), 1e-6)
    return float(fine) if gain > 1.02 and abs(fine) >= 0.2 else 0.0


def turned(grey: np.ndarray, degrees: float) -> np.ndarray:
    """The page turned by a few degrees on white, its size kept."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def _sharpness(ink: np.ndarray, degrees: float) -> float:
    """Sum of squared steps between neighbouring rows' ink: high when rows of text and gaps alternate."""
    profile = _turned_ink(ink, degrees).sum(axis=1)
    return float(np.square(np.diff(profile)).sum())


def _turned_ink(ink: np.ndarray, degrees: float) -> np.ndarray:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST, borderValue=0)
