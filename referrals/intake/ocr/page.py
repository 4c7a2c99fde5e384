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
_GLUED_LABEL = re.compile(r"(?<=[a-z0-9.,;)])(?=(?:DOB|D0B|MRN|NPI|DOS)\b)")
_SAMPLE = 12  # longest lines read to decide


def read_page(grey: np.ndarray, number: int, *, stretch: float = 1.0, coarse: bool = False) -> PageText:
    """The text of a grey 8-bit page. ``stretch`` is how much taller its pixels are than wide, ``coarse`` says that it

    once was so. ``number`` counts from 1."""
    if min(grey.shape) < _THINNEST or grey.std() < 1:
        return PageText()
    coarse = coarse or stretch > prepare.COARSE_RATIO[0]
    if abs(stretch - 1) > 0.05:
        grey = prepare.squared(grey, stretch)
    grey = prepare.within(grey, _LONGEST)
    payloads = codes.payloads(grey)
    grey = np.ascontiguousarray(_straight(grey))
    boxes = engine.boxes_of(grey, coarse=coarse)
    if _mostly_tall(boxes):
        grey = np.ascontiguousarray(_straight(np.rot90(grey)))
        boxes = engine.boxes_of(grey, coarse=coarse)
    grey, seen = _upright(grey, boxes, coarse)
    return PageText(tuple(_piece(item, number, grey.shape[1]) for item in seen), payloads)


def _straight(grey: np.ndarray) -> np.ndarray:
    angle = prepare.skew(grey)
    return prepare.turned(grey, angle) if angle else grey


def _mostly_tall(boxes: np.ndarray) -> bool:
    width = np.linalg.norm(boxes[:, 0] - boxes[:, 1], axis=1)
    height = np.linalg.norm(boxes[:, 0] - boxes[:, 3], axis=1)
    return len(boxes) >= 3 and float(np.mean(height > 1.5 * width)) > 0.5


def _upright(grey: np.ndarray, boxes: np.ndarray, coarse: bool) -> tuple[np.ndarray, list[engine.Seen]]:
    """The page as it is, or upside down when a sample of its lines reads better so."""
    longest = boxes[np.argsort(np.linalg.norm(boxes[:, 0] - boxes[:, 1], axis=1))[-_SAMPLE:]]
    if _mean(engine.read(grey, longest)) < _UPRIGHT:
        over = np.ascontiguousarray(np.rot90(grey, 2))
        height, width = grey.shape
        flipped = np.array([width, height], np.float32) - longest[:, [2, 3, 0, 1]]
        if _mean(engine.read(over, flipped)) > _mean(engine.read(grey, longest)):
            return over, engine.read(over, engine.boxes_of(over, coarse=coarse))
    return grey, engine.read(grey, boxes)


def _mean(seen: list[engine.Seen]) -> float:
    return float(np.mean([item.score for item in seen])) if seen else 0.0


def _tidied(text: str) -> str:
    """Compatibility forms made plain, and the space put back that recognition loses before a label in capitals."""
    return _GLUED_LABEL.sub(" ", unicodedata.normalize("NFKC", text))


def _piece(item: engine.Seen, number: int, width: int) -> Piece:
    (left, top), (right, bottom) = item.box.min(axis=0) / width, item.box.max(axis=0) / width
    return Piece(_tidied(item.text), number, float(left), float(top), float(right), float(bottom), round(item.score, 3))
