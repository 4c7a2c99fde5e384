"""The clockwork's proof of life and its schedules."""

from datetime import datetime

from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from referrals.models import Heartbeat

QUEUE = "queue"
SWEEP = "sweep"
SCHEDULES = (
    # name, function, minutes between runs
    ("refloop: heartbeat", "referrals.tasks.heartbeat", 1),
    ("refloop: sweep", "referrals.tasks.sweep", 1),
    ("refloop: dispatch", "notifications.tasks.dispatch_due", 1),
    ("refloop: tidy messages", "notifications.tasks.tidy", 24 * 60),
    ("refloop: housekeeping", "referrals.tasks.housekeeping", 24 * 60),
)


def beat(name: str, *, now: datetime) -> None:
    """Note that the clockwork's ``name`` ran at ``now``."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def ask_for_a_beat() -> None:
    """Queue a heartbeat now: the first one shows that the queue works, without waiting for the scheduler to wake."""
    async_task("referrals.tasks.heartbeat")


def last_beat(name: str = QUEUE) -> datetime | None:
    """When ``name`` last ran, or None if it never did."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def waiting_tasks() -> int:
    """Tasks queued and not taken yet."""
    return OrmQ.objects.count()


def ensure_schedules() -> None:
    """Make the schedules, or mend them; safe to repeat. An operator's pause (repeats=0) is kept."""
    for name, function, minutes in SCHEDULES:
        Schedule.objects.update_or_create(
            name=name, defaults={"func": function, "schedule_type": Schedule.MINUTES, "minutes": minutes}
        )
