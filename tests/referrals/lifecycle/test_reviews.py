"""Deadline reviews: at once when few, in the queue when many, resumed after a crash, superseded by a newer change."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from referrals import tasks
from referrals.lifecycle import reviews, stalls
from referrals.models import Closure, DeadlineReview, EscalationRung, Referral
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
THIRD = datetime(2026, 12, 3, 9, 0, tzinfo=CHICAGO)
FOURTH = datetime(2026, 12, 4, 9, 0, tzinfo=CHICAGO)


@pytest.fixture
def five(world) -> list[Referral]:
    return [factories.captured(world, now=WEDNESDAY).referral for _ in range(5)]


@pytest.fixture
def many(five, monkeypatch) -> list[Referral]:
    """Five, and the web does no more than three at once, the queue two a batch."""
    monkeypatch.setattr(reviews, "AT_ONCE", 3)
    monkeypatch.setattr(reviews, "BATCH", 2)
    return five


def close_the_third() -> None:
    Closure.objects.create(name="Staff training", starts_on=THIRD.date(), ends_on=THIRD.date())


def deadlines() -> set[datetime]:
    return set(Referral.objects.filter(ended_at__isnull=True).values_list("next_escalation_at", flat=True))


def test_a_closure_moves_the_open_referrals_at_once_when_they_are_few(five):
    assert deadlines() == {THIRD}
    close_the_third()
    review = reviews.ask(because="closed", now=WEDNESDAY)
    assert (review.expected, review.looked_at, review.moved) == (5, 5, 5)
    assert review.finished_at == WEDNESDAY
    assert deadlines() == {FOURTH}
    Closure.objects.all().delete()
    assert reviews.ask(because="open again", now=WEDNESDAY).moved == 5
    assert deadlines() == {THIRD}
    assert not OrmQ.objects.exists()


def test_many_are_done_by_the_queue(many):
    close_the_third()
    review = reviews.ask(because="closed", now=WEDNESDAY)
    assert review.finished_at is None and deadlines() == {THIRD}
    assert OrmQ.objects.count() == 1
    assert tasks.review_deadlines() == 5
    review.refresh_from_db()
    assert (review.looked_at, review.moved) == (5, 5) and review.finished_at
    assert deadlines() == {FOURTH}
    assert tasks.review_deadlines() == 0


def test_a_run_that_ends_early_is_continued(many):
    close_the_third()
    review = reviews.ask(because="closed", now=WEDNESDAY)
    turns = iter([True, False])
    assert reviews.carry_on(now=WEDNESDAY, keep_going=lambda: next(turns)) == 2
    review.refresh_from_db()
    assert review.looked_at == 2 and review.finished_at is None
    assert reviews.carry_on(now=WEDNESDAY) == 3
    assert deadlines() == {FOURTH}


def test_a_newer_change_takes_over_what_an_older_had_left(many):
    reviews.ask(stages=["unscheduled"], because="first", now=WEDNESDAY)
    reviews.ask(stages=["note_pending", "unscheduled"], because="second", now=WEDNESDAY)
    assert [row.because for row in reviews.unfinished()] == ["second"]
    reviews.ask(because="third", now=WEDNESDAY)
    assert [row.because for row in reviews.unfinished()] == ["third"]
    reviews.ask(stages=["unscheduled"], because="fourth", now=WEDNESDAY)
    assert [row.because for row in reviews.unfinished()] == ["fourth", "third"], "it says nothing of the other stages"


def test_only_the_stages_concerned(world):
    waiting, seen = factories.captured(world, now=WEDNESDAY).referral, factories.referral(world, "seen", now=WEDNESDAY)
    EscalationRung.objects.update(after=1)
    review = reviews.ask(stages=["note_pending"], because="x", now=WEDNESDAY)
    assert (review.looked_at, review.moved) == (1, 1)
    before = waiting.next_escalation_at, seen.next_escalation_at
    waiting.refresh_from_db(), seen.refresh_from_db()
    assert waiting.next_escalation_at == before[0] and seen.next_escalation_at < before[1]


def test_ended_referrals_and_what_fired_are_left_alone(world, five):
    ended = factories.referral(world, "lost", now=WEDNESDAY)
    stalls.sweep(now=THIRD)
    Closure.objects.create(name="x", starts_on=date(2026, 12, 8), ends_on=date(2026, 12, 8))
    reviews.ask(because="closed", now=THIRD)
    assert deadlines() == {datetime(2026, 12, 9, 9, 0, tzinfo=CHICAGO)}
    assert stalls.sweep(now=THIRD + timedelta(hours=1)).escalated == 0, "nobody is told twice"
    ended.refresh_from_db()
    assert ended.next_escalation_at is None


def test_a_row_that_cannot_be_computed_stops_nobody(five, monkeypatch):
    real = reviews.next_look

    def next_look(referral, *args, **values):
        if referral.pk == five[0].pk:
            raise ZeroDivisionError("Jane Doe")
        return real(referral, *args, **values)

    monkeypatch.setattr(reviews, "next_look", next_look)
    close_the_third()
    review = reviews.ask(because="closed", now=WEDNESDAY)
    assert (review.looked_at, review.moved, review.set_aside) == (5, 4, 1)
    assert deadlines() == {THIRD, FOURTH}


def test_queries_do_not_grow_with_the_rows(world):
    def queries(rows: int) -> int:
        for _ in range(rows):
            factories.captured(world, now=WEDNESDAY)
        Closure.objects.create(name="x", starts_on=THIRD + timedelta(days=rows), ends_on=THIRD + timedelta(days=rows))
        with CaptureQueriesContext(connection) as captured:
            reviews.ask(because="closed", now=WEDNESDAY)
        return len(captured)

    assert queries(1) >= queries(20)


def test_the_daily_check_mends_what_a_setting_moved(five, settings):
    settings.REFLOOP_BUSINESS_DAY_STARTS = "08:00"
    tasks.housekeeping()
    assert deadlines() == {THIRD.replace(hour=8)}
    DeadlineReview.objects.update(finished_at=WEDNESDAY)
    assert reviews.forget_old(now=WEDNESDAY + reviews.KEEP) == 0
    assert reviews.forget_old(now=WEDNESDAY + reviews.KEEP + timedelta(seconds=1)) == 1
