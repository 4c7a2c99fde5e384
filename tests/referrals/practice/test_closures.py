"""The practice's own closed days: what is refused, and that no process counts with yesterday's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from referrals.models import Closure
from referrals.practice.calendar import calendar_with, closed_days, federal_holidays, one_calendar, practice_calendar
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)


def closure(first: date, last: date | None = None, name: str = "Staff training") -> Closure:
    return Closure.objects.create(name=name, starts_on=first, ends_on=last or first)


def day(number: int, month: int = 12) -> date:
    return date(2026, month, number)


@pytest.mark.django_db
def test_a_closure_on_the_due_date_moves_it_on():
    assert practice_calendar().add_business_days(WEDNESDAY, 5).date() == day(3)
    closure(day(3), day(4))
    due = practice_calendar().add_business_days(WEDNESDAY, 5)
    assert due == datetime(2026, 12, 7, 9, 0, tzinfo=CHICAGO), "Thursday and Friday closed, then the weekend"


@pytest.mark.django_db
def test_the_next_calendar_sees_a_change_at_once():
    before = practice_calendar()
    assert before.is_business_day(day(3))
    made = closure(day(3))
    assert before.is_business_day(day(3)), "one piece of work counts with one calendar"
    assert not practice_calendar().is_business_day(day(3))
    made.delete()
    assert practice_calendar().is_business_day(day(3))


@pytest.mark.django_db
def test_closures_are_read_once_for_a_piece_of_work_and_not_at_all_for_the_zone():
    closure(day(3))
    with CaptureQueriesContext(connection) as queries, one_calendar():
        assert practice_calendar().local_date(WEDNESDAY) == day(25, month=11)
        assert not queries.captured_queries
        for days in range(1, 60):
            practice_calendar().add_business_days(WEDNESDAY, days)
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_request_counts_with_one_calendar(world, client):
    for _ in range(5):
        factories.referral(world)
    user = factories.user("Coordinator")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/admin/referrals/referral/").status_code == 200
    assert sum("referrals_closure" in query["sql"] for query in queries) <= 1


def test_equal_closures_are_one_calendar():
    assert calendar_with([day(3)]) == calendar_with([day(3)]) != calendar_with(())
    assert hash(calendar_with([day(3)])) == hash(calendar_with([day(3)]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (day(4), day(3), "must not be before"),
        (date(26, 12, 3), date(26, 12, 3), "Check the year"),
        (date(2026, 12, 3), date(2206, 12, 3), "Check the year"),
        (date(2026, 1, 1), date(2027, 1, 2), "more than a year"),
        (day(20), day(24), "overlap with Winter break from Dec 24, 2026 to Dec 31, 2026"),
        (day(31), day(31), "overlap with Winter break"),
        (day(1), date(2027, 1, 8), "overlap with Winter break"),
    ],
)
def test_slips_are_refused(first, last, says):
    closure(day(24), day(31), name="Winter break")
    with pytest.raises(ValidationError) as refused:
        Closure(name="x", starts_on=first, ends_on=last).full_clean()
    assert says in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"), [(day(23), day(23)), (date(2026, 1, 1), date(2026, 12, 23)), (day(3), day(3))]
)
def test_a_day_a_neighbour_and_most_of_a_year_are_fine(first, last):
    break_ = closure(day(24), day(31), name="Winter break")
    Closure(name="x", starts_on=first, ends_on=last).full_clean()
    break_.name = "Break"
    break_.full_clean()


@pytest.mark.django_db
def test_the_database_refuses_a_wrong_order_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        closure(day(4), day(3))


@pytest.mark.django_db
def test_why_days_do_not_count():
    closure(day(24), day(25), name="Winter break")
    found = closed_days(day(24), day(28))
    assert found == [
        (day(24), "Winter break"), (day(25), "Winter break"), (day(26), "weekend"), (day(27), "weekend"),
    ]  # fmt: skip
    assert closed_days(day(26, month=11), day(26, month=11)) == [(day(26, month=11), "Thanksgiving Day")]


@pytest.mark.parametrize("year", range(2024, 2041))
def test_every_year_has_its_federal_holidays(year):
    names = " ".join(federal_holidays(year).values())
    assert all(found.year == year for found in federal_holidays(year))
    for name in ("Martin Luther King", "Memorial", "Juneteenth", "Independence", "Labor", "Thanksgiving", "Christmas"):
        assert name in names


@pytest.mark.parametrize(
    ("january_first", "observed"),
    [
        (date(2028, 1, 1), date(2027, 12, 31)),
        (date(2023, 1, 1), date(2023, 1, 2)),
        (date(2022, 1, 1), date(2021, 12, 31)),
    ],
)
def test_new_year_is_observed_in_either_year(january_first, observed):
    assert observed in federal_holidays(observed.year)
    assert not calendar_with(()).is_business_day(observed)
    assert january_first in federal_holidays(january_first.year)
