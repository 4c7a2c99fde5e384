"""The clockwork's proof of life, its schedules, and one run of a task at a time."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Greatest
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from referrals.lifecycle import retry, sweep_rows
from referrals.models import Heartbeat

QUEUE = "queue"
SWEEP = "sweep"
READ = "read documents"
READER = "document reader"  # whoever reads documents all the time; READ is the queue's own turn
INBOX = "inbox folder"
CLUSTER = "cluster "  # and its host and process: one row for each that runs tasks
OURS = "refloop: "
SCHEDULES = (
    # name, function, minutes between runs
    (f"{OURS}heartbeat", "referrals.tasks.heartbeat", 1),
    (f"{OURS}sweep", "referrals.tasks.sweep", 1),
    (f"{OURS}deadlines after a change", "referrals.tasks.review_deadlines", 1),
    (f"{OURS}read documents", "referrals.tasks.read_waiting", 1),
    (f"{OURS}dispatch", "notifications.tasks.dispatch_due", 1),
    (f"{OURS}recover leases", "notifications.tasks.recover_leases", 1),
    (f"{OURS}daily digest", "referrals.tasks.daily_digest", 5),  # once a day; often, to be in time and to catch up
    (f"{OURS}tidy messages", "notifications.tasks.tidy", 24 * 60),
    (f"{OURS}housekeeping", "referrals.tasks.housekeeping", 24 * 60),
)
LEASE = timedelta(seconds=150)  # of a run: longer than the queue lets any task live (Q_CLUSTER's timeout, 120 s)
SILENCE = timedelta(minutes=5)  # a beat is due every minute; the scheduler wakes about every 30 s
BEAT_EVERY = 15.0  # seconds, of programs that run all the time
MOST_COUNTED = 10_000
KEEP_CLUSTERS = timedelta(days=1)


def beat(name: str, *, now: datetime) -> None:
    """Note that the clockwork's ``name`` ran at ``now``."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


class Beats:
    """Signs of life of a loop that turns more often than anybody needs to know: ``beat`` it at every turn."""

    def __init__(self, name: str):
        self.name = name
        self._next = 0.0

    def beat(self, *, now: datetime) -> None:
        """Noted at most every BEAT_EVERY seconds."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + BEAT_EVERY
            beat(self.name, now=now)


def beat_of_cluster(*, now: datetime) -> None:
    """Note that the cluster this process works for is alive: its workers are children of one process."""
    beat(f"{CLUSTER}{socket.gethostname()[:40]}:{os.getppid()}", now=now)


def ask_for_a_beat() -> None:
    """Queue a heartbeat and a sweep now: a start does not wait half a minute for the scheduler to wake."""
    async_task("referrals.tasks.heartbeat")
    async_task("referrals.tasks.sweep")


def last_beat(name: str = QUEUE) -> datetime | None:
    """When ``name`` last ran, or None if it never did."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def waiting_tasks() -> int:
    """Tasks queued or being run; counting stops beyond MOST_COUNTED."""
    return OrmQ.objects.all()[: MOST_COUNTED + 1].count()


@dataclass(frozen=True)
class ClockState:
    """The clockwork at a glance. Counts stop beyond MOST_COUNTED; ``due_since`` is the oldest look that is due and not
    taken (None: none), ``clusters`` how many gave a sign of life within SILENCE. ``read_at`` is the last sign of life of
    any reader of documents, ``inbox_at`` of the watcher of the inbox folder."""

    queue_at: datetime | None
    sweep_at: datetime | None
    read_at: datetime | None
    inbox_at: datetime | None
    clusters: int
    due: int
    due_since: datetime | None
    set_aside: int
    waiting_tasks: int


def state(*, now: datetime) -> ClockState:
    """Five queries, each small or on a partial index."""
    beats = dict(Heartbeat.objects.filter(at__isnull=False).values_list("name", "at"))
    due = sweep_rows.due(now)
    return ClockState(
        queue_at=beats.get(QUEUE),
        sweep_at=beats.get(SWEEP),
        read_at=max((beats[name] for name in (READER, READ) if name in beats), default=None),
        inbox_at=beats.get(INBOX),
        clusters=sum(name.startswith(CLUSTER) and now - at <= SILENCE for name, at in beats.items()),
        due=due.order_by()[: MOST_COUNTED + 1].count(),
        # A date in the past that was entered just now waits since it was entered.
        due_since=due.order_by().aggregate(since=Min(Greatest("next_escalation_at", "changed_at")))["since"],
        set_aside=retry.still_aside()[: MOST_COUNTED + 1].count(),
        waiting_tasks=waiting_tasks(),
    )


def forget_clusters(*, now: datetime) -> int:
    """Forget clusters that ended long ago; how many."""
    return Heartbeat.objects.filter(name__startswith=CLUSTER, at__lt=now - KEEP_CLUSTERS).delete()[0]


def ensure_schedules(more: Sequence[tuple[str, str, int]] = ()) -> None:
    """Make the schedules and ``more`` of the same kind, mend them, and delete those of ours that are no longer listed;
    safe to repeat. An operator's pause (repeats=0) is kept."""
    listed = (*SCHEDULES, *more)
    for name, function, minutes in listed:
        Schedule.objects.update_or_create(
            name=name, defaults={"func": function, "schedule_type": Schedule.MINUTES, "minutes": minutes}
        )
    Schedule.objects.filter(name__startswith=OURS).exclude(name__in=[name for name, *_ in listed]).delete()


@dataclass(frozen=True)
class Turn:
    """The right to run ``name`` until ``until``. ``unfinished`` earlier runs in a row did not come to their end; the
    last of them was busy with ``handling``, if it noted that."""

    name: str
    until: datetime
    unfinished: int
    handling: int | None

    def note(self, handling: int | None) -> None:
        """Note what is handled next, before it is."""
        self.row().update(handling=handling)

    def row(self) -> QuerySet[Heartbeat]:
        """Empty once the lease was over and somebody else took the turn."""
        return Heartbeat.objects.filter(name=self.name, running_until=self.until)


@contextmanager
def turn(name: str, *, now_fn: Callable[[], datetime]) -> Iterator[Turn | None]:
    """Run ``name`` alone, whoever else tries: None when it runs already, and then there is nothing to do.

    The queue delivers a task again when its worker died, and the schedule goes on meanwhile: without this, tasks that
    wait for each other would take every worker. A run that dies frees its turn after LEASE."""
    taken = _take(name, now_fn())
    if taken is None:
        yield None
        return
    try:
        yield taken
    except BaseException:  # the queue ends a task that takes too long with SystemExit
        taken.row().update(running_until=None)
        raise
    taken.row().update(running_until=None, unfinished=0, handling=None, at=now_fn())


def _take(name: str, now: datetime) -> Turn | None:
    before, _ = Heartbeat.objects.get_or_create(name=name)
    until = now + LEASE
    free = Q(running_until=None) | Q(running_until__lte=now)
    if not Heartbeat.objects.filter(free, name=name).update(running_until=until, unfinished=F("unfinished") + 1):
        return None
    return Turn(name, until, before.unfinished, before.handling)
