"""Business days in the practice's zone: weekends, holidays, DST, year ends."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.lifecycle.deadlines import Rung, Unit, rung_due
from referrals.practice.business_time import BusinessCalendar
from referrals.practice.calendar import calendar_with

CHICAGO = ZoneInfo("America/Chicago")
CALENDAR = calendar_with(())


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("captured", "days", "due"),
    [
        # Wednesday before Thanksgiving 2026: the 26th is a holiday, Friday is not a federal one
        (local(2026, 11, 25, 14, 0), 5, local(2026, 12, 3, 9, 0)),
        (local(2026, 11, 25, 14, 0), 8, local(2026, 12, 8, 9, 0)),
        (local(2026, 11, 7, 12, 0), 1, local(2026, 11, 9, 9, 0)),  # Saturday: Monday is the first business day after
        (local(2026, 11, 6, 23, 59), 1, local(2026, 11, 9, 9, 0)),
        (local(2026, 12, 31, 10, 0), 1, local(2027, 1, 4, 9, 0)),  # New Year's Day is a Friday
        (local(2026, 10, 30, 10, 0), 2, local(2026, 11, 3, 9, 0)),  # over the end of daylight saving
        (local(2026, 11, 7, 12, 0), 0, local(2026, 11, 9, 9, 0)),  # zero days on a Saturday: Monday
        (local(2026, 11, 4, 14, 0), 0, local(2026, 11, 4, 14, 0)),  # never before the instant itself
    ],
)
def test_business_days_after(captured, days, due):
    assert CALENDAR.add_business_days(captured, days) == due


def test_the_local_day_counts_not_the_utc_day():
    # 02:00 UTC on Thursday is still Wednesday evening in Chicago.
    assert CALENDAR.add_business_days(datetime(2026, 11, 5, 2, 0, tzinfo=UTC), 1) == local(2026, 11, 5, 9, 0)


def test_observed_new_year_on_december_31():
    # January 1, 2028 is a Saturday, observed on Friday, December 31, 2027.
    assert not CALENDAR.is_business_day(date(2027, 12, 31))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC)),
    st.integers(0, 30),
    st.integers(0, 72),
)
def test_laws_of_deadlines(instant, days, later_hours):
    due = CALENDAR.add_business_days(instant, days)
    assert due >= instant
    assert CALENDAR.is_business_day(CALENDAR.local_date(due))
    if days or CALENDAR.is_business_day(CALENDAR.local_date(instant)):
        assert CALENDAR.add_business_days(instant, days + 1) > due, "one more day is always later"
    assert CALENDAR.add_business_days(instant + timedelta(hours=later_hours), days) >= due, "never earlier when later"
    if days:
        assert CALENDAR.business_days_between(instant, due) == days


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC)), st.integers(0, 30))
def test_an_age_is_over_exactly_before_its_edge(now, days):
    edge = CALENDAR.business_days_before(now, days)
    assert CALENDAR.business_days_between(edge, now) <= days
    assert CALENDAR.business_days_between(edge - timedelta(seconds=1), now) > days


def test_hours_run_through_the_night_and_over_daylight_saving():
    rung = Rung(1, 4, Unit.HOURS, "owner")
    assert rung_due(rung, local(2026, 11, 1, 0, 30), CALENDAR) == local(2026, 11, 1, 0, 30).astimezone(UTC) + timedelta(
        hours=4
    )


def test_a_calendar_of_another_practice():
    closed = BusinessCalendar(ZoneInfo("Pacific/Honolulu"), time(8), lambda day: day == date(2026, 11, 5))
    start = datetime(2026, 11, 4, 20, 0, tzinfo=UTC)  # 10:00 in Honolulu
    assert closed.add_business_days(start, 1) == datetime(2026, 11, 6, 8, 0, tzinfo=ZoneInfo("Pacific/Honolulu"))
