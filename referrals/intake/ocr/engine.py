"""The recognition engine, loaded once in a process. About 700 MB; one thread."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from referrals.intake.ocr.prepare import softened, within

_SIDE = 960  # longest side the detector sees, pixels
_SIDE_FAX = 1280  # broken strokes are found on a larger picture; half a second more
_SMALLEST = 4  # pixels of a box's side; a speck
_LEAST_SCORE = 0.5  # below it a line is noise more often than text


@dataclass(frozen=True)
class Seen:
    """Text in one box of four corners (pixels, clockwise from the top left), with its score, 0 to 1."""

    box: np.ndarray
    text: str
    score: float


@functools.cache
def _engine() -> Any:
    """The engine with the models its wheel carries; nothing is downloaded."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "Global.use_cls": False,  # the classifier turns one line in ten upside down
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            "Rec.rec_batch_num": 1,  # a batch is padded to its widest line, which costs more than it saves
        }
    )


def boxes_of(grey: np.ndarray, *, fax: bool) -> np.ndarray:
    """Boxes of text lines, shape (n, 4, 2), pixels; none on an empty page.

    Looked for on a blurred picture: among the specks of a bad fax the detector misses most lines."""
    detector = _engine()._load_det_model()
    detector.limit_side_len = _SIDE_FAX if fax else _SIDE
    small = within(softened(grey) if fax else grey, detector.limit_side_len)
    found = detector(_colour(small)).boxes
    if found is None:
        return np.empty((0, 4, 2), np.float32)
    boxes = np.asarray(found, np.float32) * (grey.shape[1] / small.shape[1])
    across = np.linalg.norm(boxes[:, 0] - boxes[:, 1], axis=1)
    down = np.linalg.norm(boxes[:, 0] - boxes[:, 3], axis=1)
    return boxes[(across >= _SMALLEST) & (down >= _SMALLEST)]


def read(grey: np.ndarray, boxes: np.ndarray) -> list[Seen]:
    """The text in each box; boxes that hold none that can be read are left out."""
    if not len(boxes):
        return []
    engine = _engine()
    result = engine.recognize_txt(engine.crop_text_regions(_colour(grey), boxes))
    return [
        Seen(box, text.strip(), float(score))
        for box, text, score in zip(boxes, result.txts, result.scores, strict=True)
        if text.strip() and score >= _LEAST_SCORE
    ]


def _colour(grey: np.ndarray) -> np.ndarray:
    return np.repeat(grey[:, :, None], 3, axis=2)
