"""Deadlines around what calendars do: daylight saving, year ends, other zones, closures."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.lifecycle import stalls
from referrals.lifecycle.deadlines import Rung, Unit, rung_due
from referrals.models import Closure, Referral
from referrals.practice.calendar import calendar_with, practice_calendar
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
# In 2026 clocks go forward on March 8 and back on November 1, both at 2:00 on a Sunday.


def local(*when: int, zone=CHICAGO) -> datetime:
    return datetime(*when, tzinfo=zone)


def due(start: datetime, after: int, unit: Unit) -> datetime:
    return rung_due(Rung(1, after, unit, "owner"), start, calendar_with(()))


@pytest.mark.parametrize(
    ("start", "after", "unit", "at"),
    [
        # forward: Friday afternoon to Monday is 66 hours by the sun, and 9:00 stays 9:00
        (local(2026, 3, 6, 15), 1, Unit.BUSINESS_DAYS, local(2026, 3, 9, 9)),
        (local(2026, 3, 7, 15), 1, Unit.CALENDAR_DAYS, local(2026, 3, 9, 9)),
        (local(2026, 3, 7, 23), 4, Unit.HOURS, local(2026, 3, 8, 4)),
        (local(2026, 3, 6, 15), 72, Unit.HOURS, local(2026, 3, 9, 16)),
        # back
        (local(2026, 10, 30, 15), 1, Unit.BUSINESS_DAYS, local(2026, 11, 2, 9)),
        (local(2026, 10, 31, 15), 1, Unit.CALENDAR_DAYS, local(2026, 11, 2, 9)),
        (local(2026, 10, 31, 23), 4, Unit.HOURS, local(2026, 11, 1, 2)),
        (local(2026, 10, 30, 15), 72, Unit.HOURS, local(2026, 11, 2, 14)),
        # year ends: Jan 1, 2027 is a Friday; in 2028 it is a Saturday, observed Dec 31; in 2023 a Sunday, observed Jan 2
        (local(2026, 12, 31, 16), 1, Unit.BUSINESS_DAYS, local(2027, 1, 4, 9)),
        (local(2027, 12, 30, 16), 1, Unit.BUSINESS_DAYS, local(2028, 1, 3, 9)),
        (local(2027, 12, 30, 16), 1, Unit.CALENDAR_DAYS, local(2028, 1, 3, 9)),
        (local(2022, 12, 30, 16), 1, Unit.BUSINESS_DAYS, local(2023, 1, 3, 9)),
        (local(2022, 12, 31, 16), 2, Unit.CALENDAR_DAYS, local(2023, 1, 3, 9)),
        # a leap day counts
        (local(2028, 2, 28, 16), 1, Unit.BUSINESS_DAYS, local(2028, 2, 29, 9)),
        # from the last second of a day and the first of the next
        (local(2026, 11, 4, 23, 59, 59), 1, Unit.BUSINESS_DAYS, local(2026, 11, 5, 9)),
        (local(2026, 11, 5, 0, 0, 0), 1, Unit.BUSINESS_DAYS, local(2026, 11, 6, 9)),
    ],
)
def test_when_a_rung_is_due(start, after, unit, at):
    assert due(start, after, unit) == at
    assert due(start.astimezone(UTC), after, unit) == at, "whatever zone the instant is given in"


@pytest.mark.parametrize("offset", range(0, 400, 3))
def test_days_end_at_the_start_of_business_and_never_at_midnight(offset):
    start = local(2026, 1, 1, 13) + timedelta(days=offset)
    for unit in (Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS):
        here = due(start, 5, unit).astimezone(CHICAGO)
        assert here.time() == time(9) and calendar_with(()).is_business_day(here.date())


@pytest.mark.parametrize("priority", ["asap", "stat"])
def test_hours_of_asap_and_stat_run_through_the_night(world, priority):
    evening = local(2026, 10, 31, 22)  # Saturday, before the clocks go back
    made = factories.captured(world, now=evening, priority=priority).referral
    for hours, audience in ((4, "owner"), (8, "referring_office")):
        at = evening.astimezone(UTC) + timedelta(hours=hours)
        assert stalls.sweep(now=at - timedelta(seconds=1)).escalated == 0
        assert stalls.sweep(now=at).escalated == 1
        assert made.firings.last().audience == audience
    assert Referral.objects.get(pk=made.pk).next_escalation_at == local(2026, 11, 2, 9), "managers, on Monday"


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("America/New_York", "08:30"),
        ("Pacific/Honolulu", "07:45"),
        ("America/Phoenix", "10:00"),
        ("Pacific/Guam", "09:00"),
    ],
)
def test_a_practice_elsewhere(world, settings, name, opens):
    settings.TIME_ZONE, settings.REFLOOP_BUSINESS_DAY_STARTS = name, opens
    zone = ZoneInfo(name)
    made = factories.captured(world, now=local(2026, 10, 30, 16, zone=zone), priority="urgent").referral
    expected = datetime.combine(date(2026, 11, 2), time.fromisoformat(opens), tzinfo=zone)
    assert made.next_escalation_at == expected
    assert practice_calendar().local_date(expected) == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("first", "last", "falls"),
    [
        (date(2026, 12, 3), date(2026, 12, 3), local(2026, 12, 4, 9)),  # on the due date
        (date(2026, 12, 1), date(2026, 12, 1), local(2026, 12, 4, 9)),  # before it
        (date(2026, 12, 4), date(2026, 12, 4), local(2026, 12, 3, 9)),  # after it
        (date(2026, 11, 28), date(2026, 11, 29), local(2026, 12, 3, 9)),  # a weekend anyway
        (date(2026, 11, 26), date(2026, 11, 27), local(2026, 12, 4, 9)),  # Thanksgiving, and the Friday after
        (date(2026, 12, 21), date(2027, 1, 1), local(2026, 12, 3, 9)),
        (date(2026, 11, 26), date(2027, 1, 3), local(2027, 1, 8, 9)),  # six weeks
    ],
)
def test_closures_and_the_due_date(world, first, last, falls):
    Closure.objects.create(name="Closed", starts_on=first, ends_on=last)
    made = factories.captured(world, now=local(2026, 11, 25, 14)).referral
    assert made.next_escalation_at == falls
    assert stalls.sweep(now=falls - timedelta(seconds=1)).escalated == 0
    assert stalls.sweep(now=falls).escalated == 1
