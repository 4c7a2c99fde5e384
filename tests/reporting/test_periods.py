"""Periods are local days of the practice: months by its zone, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.errors import InvalidInput
from reporting.measures.period import Period

CHICAGO = ZoneInfo("America/Chicago")


def test_a_month_begins_at_local_midnight():
    november = Period.month(2026, 11, zone=CHICAGO)
    assert november.starts_at == datetime(2026, 11, 1, 5, tzinfo=UTC)  # daylight saving ends that very day
    assert november.ends_at == datetime(2026, 12, 1, 6, tzinfo=UTC)
    assert november.ends_at - november.starts_at == timedelta(days=30, hours=1)
    march = Period.month(2026, 3, zone=CHICAGO)
    assert march.ends_at - march.starts_at == timedelta(days=31, hours=-1)


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Kolkata", "America/Santiago", "Pacific/Apia", "UTC"])
def test_no_instant_is_between_two_months_or_in_both(zone):
    month = Period.month(2010, 1, zone=ZoneInfo(zone))
    for _ in range(240):
        following = Period.month_of(month.last + timedelta(days=1), zone=month.zone)
        assert month.ends_at == following.starts_at and month.starts_at < month.ends_at
        assert following.previous == month
        month = following


def test_words_and_keys():
    assert (str(Period.month(2026, 2)), Period.month(2026, 2).key) == ("February 2026", "2026-02")
    odd = Period(date(2026, 11, 3), date(2026, 12, 8))
    assert (str(odd), odd.key) == ("Nov 3, 2026 to Dec 8, 2026", "2026-11-03_2026-12-08")
    assert odd.days == 36 and odd.previous == Period(date(2026, 9, 28), date(2026, 11, 2))
    assert [month.key for month in odd.months()] == ["2026-11", "2026-12"]
    assert Period.last_month(datetime(2026, 12, 1, 5, 59, tzinfo=UTC)).key == "2026-10"  # still November in Chicago


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-07", "2026-09", ("2026-04", "2026-06")),  # quarters of 92 and 91 days
        ("2026-01", "2026-03", ("2025-10", "2025-12")),
        ("2024-01", "2024-12", ("2023-01", "2023-12")),
        ("2026-02-01", "2026-03-30", ("2025-12-05", "2026-01-31")),
    ],
)
def test_before_whole_months_lie_as_many(first, last, before):
    assert Period.read(first, last).previous == Period.read(*before)


def test_what_has_passed_of_a_period():
    november = Period.month(2026, 11)
    assert november.until(date(2026, 11, 7)) == Period.read("2026-11-01", "2026-11-07")
    assert november.until(date(2027, 1, 1)) == november
    assert november.until(date(2026, 1, 1)).days == 1


def test_read():
    assert Period.read("2026-11", "2026-11") == Period.month(2026, 11)
    assert Period.read("2026-02-10", "2026-03").last == date(2026, 3, 31)
    for first, last, field in [("x", "2026-11", "from"), ("2026-11", "2026-13", "to"), ("2026-11", "2026-10", "to"),
                               ("0001-01", "2026-01", "from")]:  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            Period.read(first, last)
        assert [name for name, _ in refused.value.fields] == [field]
