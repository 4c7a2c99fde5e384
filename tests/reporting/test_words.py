"""Figures, benchmarks and filters are worded in one way."""

import pytest

from reporting.measures.cohort import Filters
from reporting.measures.definitions import MEASURES, Band, Standing, Unit
from reporting.measures.words import band_in_words


@pytest.mark.parametrize(
    ("unit", "band", "words"),
    [
        (Unit.SHARE, Band(0.85, 0.92), "85 to 92 %"),
        (Unit.SHARE, Band(high=0.07), "at most 7 %"),
        (Unit.SHARE, Band(low=0.905), "at least 90.5 %"),
        (Unit.DAYS, Band(7, 14), "7 to 14 days"),
        (Unit.HOURS, Band(high=4), "at most 4 h"),
        (Unit.DAYS, None, ""),
    ],
)
def test_bands(unit, band, words):
    assert band_in_words(unit, band) == words


def test_whoever_is_at_the_edge_that_the_words_name_is_on_target():
    assert MEASURES["leaked"].standing(0.10) == MEASURES["scheduled"].standing(0.90) == Standing.ON_TARGET


@pytest.mark.django_db
def test_filters(world):
    asked = {"specialty": "cardiology,ent", "payer": "none", "direction": "outbound"}
    found = Filters.read(asked).in_words()
    assert found == "Direction: Outbound; Specialty: Cardiology, Otolaryngology (ENT); Payer: No payer"
    assert Filters().in_words() == ""
