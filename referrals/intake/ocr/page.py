"""Read one page image: square it, straighten it, turn it upright, recognise it."""

import re
import unicodedata

import numpy as np

from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import Piece
from referrals.intake.ocr import codes, engine, prepare

_LONGEST = 2600  # pixels a page is reduced to: 200 dpi of a letter page and some more
_THINNEST = 40  # a strip thinner than this holds no text
_UPRIGHT = 0.85  # mean score under which the page may be upside down
_GLUED_LABEL = re.compile(
    r"(?:(?<=[a-z0-9.,;)])|(?<=\b[A-Z]))(?=(?:DOB|D0B|MRN|NPI|DOS)\b)|(?<=[A-Z]{3})(?=(?:DOB|D0B|MRN):)"
)
_SAMPLE = 12  # longest lines read to decide


def read_page(grey: np.ndarray, number: int, *, stretch: float = 1.0, fax: bool = False) -> PageText:
    """The text of a grey 8-bit page. ``stretch`` is how much taller its pixels are than wide, ``fax`` whether it came in

    black and white only. ``number`` counts from 1."""
    grey = prepare.within(grey, _LONGEST)
    if abs(stretch - 1) > 0.05:
        grey = prepare.within(prepare.squared(grey, stretch), _LONGEST)
    if min(grey.shape) < _THINNEST or grey.std() < 1:
        return PageText()
    payloads = codes.payloads(grey)
    grey = _straight(grey)
    boxes = engine.boxes_of(grey, fax=fax)
    if _mostly_tall(boxes):
        grey = _straight(np.rot90(grey))
        boxes = engine.boxes_of(grey, fax=fax)
    return PageText(tuple(_piece(item, number, grey.shape[1]) for item in _upright(grey, boxes)), payloads)


def _straight(grey: np.ndarray) -> np.ndarray:
    angle = prepare.skew(grey)
    return prepare.turned(grey, angle) if angle else np.ascontiguousarray(grey)


def _mostly_tall(boxes: np.ndarray) -> bool:
    width = np.linalg.norm(boxes[:, 0] - boxes[:, 1], axis=1)
    height = np.linalg.norm(boxes[:, 0] - boxes[:, 3], axis=1)
    return len(boxes) >= 3 and float(np.mean(height > 1.5 * width)) > 0.5


def _upright(grey: np.ndarray, boxes: np.ndarray) -> list[engine.Seen]:
    """What is read; upside down when a sample of the longest lines reads better so."""
    longest = np.argsort(-np.linalg.norm(boxes[:, 0] - boxes[:, 1], axis=1))
    sample, rest = longest[:_SAMPLE], longest[_SAMPLE:]
    seen = engine.read(grey, boxes[sample])
    if _mean(seen, len(sample)) < _UPRIGHT:
        over = np.ascontiguousarray(np.rot90(grey, 2))
        flipped = np.array(grey.shape[::-1], np.float32) - boxes[:, [2, 3, 0, 1]]
        seen_over = engine.read(over, flipped[sample])
        if _mean(seen_over, len(sample)) > _mean(seen, len(sample)):
            return seen_over + engine.read(over, flipped[rest])
    return seen + engine.read(grey, boxes[rest])


def _mean(seen: list[engine.Seen], boxes: int) -> float:
    """Mean score over all boxes; those that gave no text count as nothing."""
    return sum(item.score for item in seen) / boxes if boxes else 1.0


def _tidied(text: str) -> str:
    """Compatibility forms made plain, and the space put back that recognition loses before a label in capitals."""
    return _GLUED_LABEL.sub(" ", unicodedata.normalize("NFKC", text))


def _piece(item: engine.Seen, number: int, width: int) -> Piece:
    (left, top), (right, bottom) = item.box.min(axis=0) / width, item.box.max(axis=0) / width
    return Piece(_tidied(item.text), number, float(left), float(top), float(right), float(bottom), round(item.score, 3))
