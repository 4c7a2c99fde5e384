"""Does the clock run, and if not, what to do: one reading for the health address, the admin's banner and its page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from notifications import selectors as messages
from referrals import clockwork
from referrals.clockwork import SILENCE
from referrals.intake.backlog import Backlog, backlog
from referrals.practice.calendar import practice_calendar
from referrals.reads.log import last_failure

LATE = timedelta(minutes=10)  # what has been due for so long is a backlog or a standstill
KEPT = 10  # seconds a reading serves every page of a process
KEY = "refloop-pulse"

ASK = "Ask whoever looks after the server to start:"
LOOK = "Failed tasks and the server's log say what is wrong."
BACKLOG = "After a standstill this works itself off within minutes. If it does not:"


@dataclass(frozen=True)
class Problem:
    """A part of the clockwork that stands still, in a sentence for people, and what to do about it."""

    part: str
    says: str
    do: str


@dataclass(frozen=True)
class Pulse:
    """A reading of ``clock`` and ``outbox`` at ``at``. Numbers and times only, nothing of a patient."""

    at: datetime
    clock: clockwork.ClockState
    outbox: messages.QueueState
    documents: Backlog

    def problems(self, now: datetime) -> list[Problem]:
        """What stands still at ``now``, worst first; empty when the clock runs."""
        return [
            problem
            for problem in (
                self._escalations(now),
                self._messages(now),
                self._documents(now),
                self._inbox(now),
                _reading_log(),
            )
            if problem is not None
        ]

    def _escalations(self, now: datetime) -> Problem | None:
        clock = self.clock
        if _silent(clock.queue_at, now):
            says = f"The clock stands still: nobody is told about stalled referrals. {_last(clock.queue_at)}"
            return Problem(
                "queue", says, f"{ASK} python manage.py serve (it runs the web, the queue and the messages)."
            )
        if _silent(clock.sweep_at, now):
            says = f"RefLoop does not look for stalled referrals. {_last(clock.sweep_at)}"
            return Problem("sweep", says, f"See whether “refloop: sweep” is paused under Schedules. {LOOK}")
        if clock.due_since is not None and now - clock.due_since > LATE:
            says = f"{_number(clock.due)} stalled referrals wait for their alerts, since {_when(clock.due_since)}."
            return Problem("sweep", says, f"{BACKLOG} {LOOK}")
        return None

    def _messages(self, now: datetime) -> Problem | None:
        outbox = self.outbox
        if _silent(outbox.last_dispatch, now):
            says = f"No message goes out. {_last(outbox.last_dispatch)}"
            return Problem("messages", says, f"{ASK} python manage.py serve (it sends messages, too).")
        if outbox.stuck_seconds > LATE.total_seconds():
            since = now - timedelta(seconds=outbox.stuck_seconds)
            says = f"Messages wait to be sent, the oldest since {_when(since)}."
            return Problem("messages", says, f"{BACKLOG} {LOOK}")
        return None

    def _documents(self, now: datetime) -> Problem | None:
        """Scans take seconds each, so a pile of them is no standstill while somebody reads."""
        since = self.documents.waiting_since
        if since is None or now - since <= LATE or not _silent(self.clock.read_at, now):
            return None
        count = self.documents.waiting
        what = "1 incoming document waits" if count == 1 else f"{_number(count)} incoming documents wait"
        says = f"{what} since {_when(since)}, and nobody reads. {_last(self.clock.read_at, 'The reader')}"
        return Problem("documents", says, f"{ASK} python manage.py serve (it reads documents, too).")

    def _inbox(self, now: datetime) -> Problem | None:
        if not settings.REFLOOP_INBOX_FOLDER or not _silent(self.clock.inbox_at, now):
            return None
        says = f"Files in the inbox folder are not taken in. {_last(self.clock.inbox_at)}"
        return Problem("inbox", says, f"{ASK} python manage.py serve (it watches the folder, too). {LOOK}")


def _reading_log() -> Problem | None:
    failed_at = last_failure()
    if failed_at is None:
        return None
    says = f"Who opened a record could not be written down, last on {_when(failed_at)}."
    return Problem(
        "reading log", says, "Tell whoever looks after the server and your privacy officer. The log says why."
    )


def read(now: datetime) -> Pulse:
    """A fresh reading (sixteen small queries), kept for the pages that follow."""
    pulse = Pulse(now, clockwork.state(now=now), messages.queue_state(now=now), backlog(now=now))
    cache.set(KEY, pulse, KEPT)
    return pulse


def recent() -> Pulse:
    """A reading at most KEPT seconds old, shared by the pages of a process (or of all, with a shared cache)."""
    return cache.get(KEY) or read(timezone.now())


def _silent(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at > SILENCE


def _last(at: datetime | None, who: str = "It") -> str:
    return f"{who} never ran here." if at is None else f"{who} last ran on {_when(at)}."


def _when(at: datetime) -> str:
    """``Wed Nov 4, 10:00`` in the practice's zone."""
    local = at.astimezone(practice_calendar().zone)
    return f"{local:%a %b} {local.day}, {local:%H:%M}"


def _number(count: int) -> str:
    more = count > clockwork.MOST_COUNTED
    return f"{min(count, clockwork.MOST_COUNTED):,}{'+' if more else ''}"
