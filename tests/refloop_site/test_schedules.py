"""Whoever migrates has the clockwork."""

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_q.models import Schedule

from referrals.clockwork import SCHEDULES, ensure_schedules

pytestmark = pytest.mark.django_db
NAMES = {name for name, *_ in SCHEDULES}


def ours() -> dict[str, Schedule]:
    return {schedule.name: schedule for schedule in Schedule.objects.filter(name__in=NAMES)}


def test_migrating_made_every_schedule():
    assert set(ours()) == NAMES


def test_migrating_again_changes_nothing():
    before = {name: (s.pk, s.func, s.next_run) for name, s in ours().items()}
    call_command("migrate", verbosity=0)
    assert {name: (s.pk, s.func, s.next_run) for name, s in ours().items()} == before


def test_a_missing_or_bent_schedule_is_mended_and_a_pause_is_kept():
    name, function, minutes = SCHEDULES[0]
    Schedule.objects.filter(name=name).update(func="gone.away", minutes=999, repeats=0)
    Schedule.objects.filter(name=SCHEDULES[1][0]).delete()
    ensure_schedules()
    mended = ours()
    assert set(mended) == NAMES
    assert (mended[name].func, mended[name].minutes, mended[name].repeats) == (function, minutes, 0)


def test_a_schedule_of_ours_that_is_no_longer_listed_goes_and_others_stay():
    for name in ("refloop: something of before", "the practice's own"):
        Schedule.objects.create(name=name, func="referrals.tasks.heartbeat")
    ensure_schedules()
    assert not Schedule.objects.filter(name="refloop: something of before").exists()
    assert Schedule.objects.filter(name="the practice's own").exists()


@pytest.mark.parametrize("function", [function for _, function, _ in SCHEDULES])
def test_every_schedule_names_something_that_runs(function):
    assert callable(import_string(function))
