"""Pages before recognition: squared and straightened."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from referrals.intake.ocr.prepare import skew, squared, turned, within


def lines(degrees: float) -> np.ndarray:
    sheet = Image.new("L", (850, 1100), 255)
    draw = ImageDraw.Draw(sheet)
    for top in range(100, 1000, 40):
        for left in range(80, 760, 18):
            draw.rectangle((left, top, left + 11, top + 13), fill=0)
    return np.asarray(sheet.rotate(degrees, fillcolor=255))


@pytest.mark.parametrize("degrees", [-4.0, -1.5, 0.0, 0.6, 3.0])
def test_lines_come_out_level(degrees):
    leaning = lines(degrees)
    assert skew(leaning) == pytest.approx(-degrees, abs=0.3)
    assert abs(skew(turned(leaning, skew(leaning)))) < 0.3


@pytest.mark.parametrize("blank", [np.full((1100, 850), 255, np.uint8), np.zeros((1100, 850), np.uint8)])
def test_nothing_to_straighten(blank):
    assert skew(blank) == 0


def test_squaring_stretches_rows_only():
    assert squared(np.full((1078, 1728), 255, np.uint8), 204 / 98).shape == (2244, 1728)


def test_a_page_is_never_enlarged():
    assert within(np.zeros((100, 50), np.uint8), 200).shape == (100, 50)
    assert within(np.zeros((400, 200), np.uint8), 200).shape == (200, 100)
