"""Figures, benchmarks and filters are worded in one way."""

import pytest

from reporting.measures.cohort import Filters
from reporting.measures.definitions import MEASURES, Band, Standing, Unit
from reporting.measures.figures import TOO_EARLY, Days, Figures
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


@pytest.mark.parametrize(
    ("key", "counts", "says"),
    [
        ("closed", {"closed": 55, "in_progress": 5}, "No better than without tracking"),  # 60 at the best
        ("closed", {"closed": 55, "in_progress": 6}, TOO_EARLY),
        ("closed", {"closed": 70, "in_progress": 14}, "Short of target"),
        ("closed", {"closed": 70, "in_progress": 15}, TOO_EARLY),
        ("closed", {"closed": 85, "in_progress": 15}, "On target"),
        ("leaked", {"leaked_known": 4, "leaked_estimated": 1, "in_progress": 5}, "On target"),
        ("leaked", {"leaked_known": 4, "leaked_estimated": 1, "in_progress": 6}, TOO_EARLY),
        ("leaked", {"leaked_known": 11, "in_progress": 80}, "Short of target"),  # and stays so at least
        ("days_median", {"days": Days(50, 450.0, 9.0, 15.0), "in_progress": 10}, "On target"),
        ("days_median", {"days": Days(50, 450.0, 9.0, 15.0), "in_progress": 11}, TOO_EARLY),
        ("days_median", {"days": Days(50, 1450.0, 29.0, 45.0), "in_progress": 50}, "No better than without tracking"),
        ("in_progress", {"in_progress": 50}, ""),
    ],
)
def test_where_a_figure_stands_is_not_told_before_time_has(key, counts, says):
    assert Figures(cohort=100, **counts).measured(key).stands == says
