"""When a month closes by itself."""

from datetime import UTC, datetime

import pytest
import time_machine
from django_q.models import Schedule

from reporting import tasks
from reporting.measures.period import Period
from reporting.models import PeriodClose
from reporting.periods import closing
from reporting.periods.due import due
from tests import factories

pytestmark = pytest.mark.django_db
# July 1, 2026 is a Wednesday; the second business day is Thursday, July 2, and business begins at 9:00 in Chicago.
BEFORE, AT = datetime(2026, 7, 2, 13, 59, 59, tzinfo=UTC), datetime(2026, 7, 2, 14, 0, tzinfo=UTC)
JUNE = Period.month(2026, 6)


@pytest.fixture(autouse=True)
def first(world):
    """Captured long before."""
    return factories.referral(world, "routed", now=datetime(2026, 1, 5, 15, tzinfo=UTC))


def keys(now: datetime) -> list[str]:
    return [period.key for period in due(now)]


def test_the_last_month_is_due_from_the_second_business_day():
    closing.close(period=Period.month(2026, 5), by="somebody", now=datetime(2026, 6, 15, tzinfo=UTC))
    assert keys(BEFORE) == []
    assert keys(AT) == ["2026-06"]


def test_months_missed_since_the_first_closing_are_due_too():
    closing.close(period=Period.month(2026, 3), by="somebody", now=datetime(2026, 6, 15, tzinfo=UTC))
    assert keys(AT) == ["2026-04", "2026-05", "2026-06"]
    assert keys(BEFORE) == ["2026-04", "2026-05"]


def test_at_first_only_the_last_month_is_due():
    assert keys(AT) == ["2026-06"]
    assert keys(BEFORE) == []


def test_nothing_is_due_before_there_were_referrals(first):
    closing.close(period=Period.month(2024, 3), by="a slip of the hand", now=AT)
    assert keys(AT) == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]


def test_an_installation_without_referrals_closes_nothing(first, monkeypatch):
    monkeypatch.setattr("reporting.periods.due._first_captured", lambda: None)
    assert keys(AT) == []


def test_a_weekend_and_a_holiday_are_no_business_days():
    # New Year 2027 is a Friday; the second business day is Tuesday, January 5.
    assert keys(datetime(2027, 1, 4, 23, tzinfo=UTC)) == []
    assert keys(datetime(2027, 1, 5, 15, tzinfo=UTC)) == ["2026-12"]


def test_a_reopened_month_waits_for_a_person():
    closed = closing.close(period=JUNE, by="somebody", now=AT)
    closing.reopen(closed=closed, because="late notes", by="somebody", now=AT)
    assert keys(AT) == []


def test_the_task_closes_what_is_due_and_nothing_twice():
    with time_machine.travel(AT, tick=False):
        assert tasks.close_due_months() == 1
        assert tasks.close_due_months() == 0
    assert PeriodClose.objects.get().closed_by == "RefLoop"


def test_there_is_a_schedule():
    assert Schedule.objects.filter(func="reporting.tasks.close_due_months").exists()
