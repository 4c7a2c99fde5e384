"""One style for instants: the day and hour, and how far it is from now in business days."""

from datetime import datetime, timedelta

import pytest
from django.template import Context, Template

from referrals.admin import wording
from referrals.practice import moments
from referrals.practice.calendar import calendar_with

CALENDAR = calendar_with(())
NOW = datetime(2026, 11, 4, 10, 0, tzinfo=CALENDAR.zone)  # a Wednesday


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(seconds=59), "just now"), (timedelta(minutes=1), "1 min ago"), (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"), (timedelta(hours=9), "9 h ago"), (timedelta(hours=11), "1 business day ago"),
        (timedelta(days=1), "1 business day ago"), (timedelta(days=5), "3 business days ago"),
        (timedelta(days=28), "19 business days ago"), (timedelta(days=30), "4 weeks ago"),
        (timedelta(days=59), "8 weeks ago"), (timedelta(days=60), "2 months ago"), (timedelta(days=800), "2 years ago"),
        (-timedelta(seconds=30), "in a minute"), (-timedelta(minutes=20), "in 20 min"), (-timedelta(hours=3), "in 3 h"),
        (-timedelta(days=1), "in 1 business day"), (-timedelta(days=5), "in 3 business days"),
    ],
)  # fmt: skip
def test_how_far_it_is(apart, words):
    assert moments.relative(NOW - apart, NOW, CALENDAR) == words


def test_a_weekend_is_told_in_plain_days():
    saturday = datetime(2026, 11, 7, 9, 0, tzinfo=CALENDAR.zone)
    sunday = saturday + timedelta(days=1)
    assert moments.relative(saturday, sunday, CALENDAR) == "1 day ago"
    assert moments.relative(sunday, saturday, CALENDAR) == "in 1 day"


def test_the_year_is_told_only_when_it_is_another():
    assert moments.moment(NOW - timedelta(days=1), NOW, CALENDAR) == "Tue Nov 3, 10:00 AM · 1 business day ago"
    assert (
        moments.absolute(datetime(2025, 1, 2, 15, 5, tzinfo=CALENDAR.zone), NOW, CALENDAR) == "Thu Jan 2, 2025, 3:05 PM"
    )
    assert moments.day_words(datetime(2026, 2, 9).date(), NOW.date()) == "Mon Feb 9"  # noqa: DTZ001


def test_templates_say_it_in_the_practices_zone(db, monkeypatch):
    monkeypatch.setattr(wording, "now", lambda: NOW)
    page = Template("{% load moments %}{{ at|moment }}|{{ at|ago }}|{{ at|weekday }}|{{ none|moment }}{{ none|ago }}")
    at = datetime.fromisoformat("2026-11-04T02:30:00+00:00")  # the evening before in Chicago
    told = page.render(Context({"at": at, "none": None}))
    assert "Tue Nov 3, 8:30 PM · 1 business day ago" in told
    assert 'title="Tue Nov 3, 8:30 PM">1 business day ago</time>|Tue Nov 3|' in told
