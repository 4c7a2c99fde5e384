"""Age and due date in business days: just before, at and just after."""

from datetime import datetime, timedelta

import pytest

from referrals.lifecycle.due import age_words, due_words
from referrals.practice.calendar import calendar_with

CALENDAR = calendar_with(())
NOW = datetime(2026, 11, 4, 10, 0, tzinfo=CALENDAR.zone)  # a Wednesday


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "overdue today"),
        (NOW - timedelta(seconds=1), "overdue today"),
        (NOW + timedelta(seconds=1), "due today 10:00 AM"),
        (NOW + timedelta(hours=3), "due today 1:00 PM"),
        (NOW + timedelta(days=1), "due in 1 business day"),
        (NOW + timedelta(days=5), "due in 3 business days"),  # over a weekend
        (NOW - timedelta(days=1), "1 business day overdue"),
        (NOW - timedelta(days=5), "3 business days overdue"),
    ],
)
def test_due(at, words):
    assert due_words(at, NOW, CALENDAR) == words


def test_due_on_a_weekend_names_the_day():
    friday = datetime(2026, 11, 6, 18, 0, tzinfo=CALENDAR.zone)
    assert due_words(friday + timedelta(days=1), friday, CALENDAR) == "due Nov 7"


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "1 business day"), (7, "5 business days")])
def test_age(days, words):
    assert age_words(NOW - timedelta(days=days), NOW, CALENDAR) == words
