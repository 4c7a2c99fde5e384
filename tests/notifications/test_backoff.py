"""The laws of waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.backoff import LONGEST_RETRY_AFTER, MAX_ATTEMPTS, SPREAD, WAITS, parse_retry_after, wait_after

chances = st.floats(0, 1)
NOW = datetime(2026, 11, 4, 16, 0, tzinfo=UTC)


@given(chances)
def test_the_last_attempt_is_the_last(chance):
    assert wait_after(MAX_ATTEMPTS, chance=chance) is None
    assert wait_after(MAX_ATTEMPTS + 1, chance=chance) is None
    assert wait_after(MAX_ATTEMPTS - 1, chance=chance) is not None


@given(st.integers(1, MAX_ATTEMPTS - 1), chances)
def test_each_wait_is_near_its_plan(attempt, chance):
    planned = WAITS[attempt - 1]
    assert planned * (1 - SPREAD) <= wait_after(attempt, chance=chance) <= planned * (1 + SPREAD)


@given(st.lists(chances, min_size=MAX_ATTEMPTS - 1, max_size=MAX_ATTEMPTS - 1))
def test_waits_grow_and_span_more_than_a_day(chance):
    waits = [wait_after(n + 1, chance=chance[n]) for n in range(MAX_ATTEMPTS - 1)]
    assert waits == sorted(waits)
    assert timedelta(hours=24) < sum(waits, timedelta()) < timedelta(hours=72)


@given(st.integers(1, MAX_ATTEMPTS - 1), chances, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_retry_after_lengthens_within_bounds_and_never_shortens(attempt, chance, asked):
    alone = wait_after(attempt, chance=chance)
    wait = wait_after(attempt, chance=chance, retry_after=asked)
    assert wait >= alone
    assert wait == max(alone, min(asked, LONGEST_RETRY_AFTER))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("0", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("soon", None),
        ("٣", None),
        ("1e3", None),
        ("Wed, 04 Nov 2026 16:02:00 GMT", 120),
        ("Wed, 04 Nov 2026 15:00:00 GMT", None),
        ("99999999999999999999", 999999999),
    ],
)
def test_retry_after_header(header, seconds):
    assert parse_retry_after(header, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text())
def test_any_retry_after_header_is_survived(header):
    parse_retry_after(header, now=NOW)
