"""A scheduled task runs alone, and a run that dies neither blocks the next nor comes back for ever."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from referrals import clockwork, tasks
from referrals.lifecycle import careful, stalls
from referrals.models import Heartbeat, Referral, SweepFailure
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


class Died(BaseException):
    """Stands for the end of the process: nothing in it gets to clean up."""


def take(now=NOW):
    return clockwork.turn("sweep", now_fn=lambda: now)


def die(turn_name: str, now) -> None:
    """Begin a run and never end it."""
    with pytest.raises(Died), clockwork.turn(turn_name, now_fn=lambda: now) as turn:
        handling = turn.handling
        raise Died
    row = Heartbeat.objects.filter(name=turn_name)
    row.update(running_until=now + clockwork.LEASE, handling=handling)


@pytest.mark.parametrize(
    ("after", "runs"), [(-timedelta(microseconds=1), False), (timedelta(0), True), (timedelta(seconds=1), True)]
)
def test_a_second_run_waits_for_the_lease_of_the_first(after, runs):
    die("sweep", NOW)
    with take(NOW + clockwork.LEASE + after) as second:
        assert (second is not None) is runs
    assert Heartbeat.objects.get(name="sweep").unfinished == (0 if runs else 1)


def test_two_at_once_are_one():
    with take() as first, take() as second:
        assert first is not None and second is None
    with take() as again:
        assert again.unfinished == 0


def test_a_run_that_fails_frees_its_turn_and_counts():
    with pytest.raises(ValueError), take():
        raise ValueError
    with take() as next_one:
        assert next_one.unfinished == 1
    assert clockwork.last_beat("sweep") == NOW


def test_a_run_whose_lease_is_over_does_not_end_the_next():
    second = clockwork.turn("sweep", now_fn=lambda: NOW + clockwork.LEASE)
    with take(NOW):
        second.__enter__()
    row = Heartbeat.objects.get(name="sweep")
    assert (row.at, row.running_until, row.unfinished) == (None, NOW + 2 * clockwork.LEASE, 2)
    second.__exit__(None, None, None)
    row.refresh_from_db()
    assert (row.at, row.running_until, row.unfinished) == (NOW + clockwork.LEASE, None, 0)


def test_the_sweep_task_sweeps_and_shows_life(world):
    factories.referral(world)
    with time_machine.travel(LATER, tick=False):
        assert tasks.sweep() == 1
        assert tasks.sweep() == 0
    assert clockwork.last_beat(clockwork.SWEEP) == LATER
    assert Heartbeat.objects.filter(name__startswith=clockwork.CLUSTER).count() == 1


def test_the_sweep_task_does_nothing_while_another_runs(world):
    factories.referral(world)
    with clockwork.turn(clockwork.SWEEP, now_fn=lambda: LATER), time_machine.travel(LATER, tick=False):
        assert tasks.sweep() == 0


def test_the_sweep_task_stops_in_time(world):
    factories.referral(world)
    with time_machine.travel(LATER, tick=False):
        assert tasks.sweep(seconds=0) == 0
        assert tasks.sweep() == 1


def test_a_referral_that_kills_its_worker_is_found_and_set_aside(world, monkeypatch):
    good, bad, other = (factories.referral(world, now=NOW + timedelta(hours=n)) for n in range(3))
    plan_all = stalls._plan_all

    def deadly(rows, now):
        if bad.pk in {row.pk for row in rows}:
            raise Died
        return plan_all(rows, now)

    monkeypatch.setattr(stalls, "_plan_all", deadly)
    now, deaths = LATER, 0
    while Heartbeat.objects.filter(name="sweep", at__isnull=False).count() == 0:
        with time_machine.travel(now, tick=False):
            try:
                tasks.sweep()
            except Died:
                deaths += 1
        now += timedelta(minutes=5)
        assert deaths < 9, "it goes on for ever"
    assert deaths == careful.CAREFUL_FROM + 1
    assert SweepFailure.objects.get().referral_id == bad.pk
    assert "SweepDied" in SweepFailure.objects.get().error
    escalated = Referral.objects.filter(events__kind="escalated")
    assert {good.pk, other.pk} == set(escalated.values_list("pk", flat=True))


def test_ended_clusters_are_forgotten():
    for name, age in (
        ("cluster old:1", timedelta(days=2)),
        ("cluster new:1", timedelta(hours=2)),
        ("queue", timedelta(days=9)),
    ):
        clockwork.beat(name, now=timezone.now() - age)
    tasks.housekeeping()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"cluster new:1", "queue"}
