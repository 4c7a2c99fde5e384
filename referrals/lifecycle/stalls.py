"""The sweep: act on every referral whose next look is due.

A batch is one transaction:

1. Claim due rows through the partial index ``referral_due``, oldest first, skipping rows another sweeper holds.
2. Look again: plan each row from its clock, its policy as it is now, and what fired in this stay. The row lock makes
   that the truth; a row that moved meanwhile is not due any more and was not claimed.
3. Write an event per referral, a firing per rung, the messages, and the next look (sweep_rows.py).
4. Commit. A crash before leaves nothing, a crash after has done everything: a rung fires exactly once.

A row that cannot be planned or written is set aside with its error and tried again later; the rest go on.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from referrals.lifecycle import sweep_rows
from referrals.lifecycle.deadlines import Plan, counts_days_only, plan
from referrals.lifecycle.policies import Case, PolicyTable, fired_in_stays, next_look
from referrals.lifecycle.sweep_rows import DueReferral, Step
from referrals.models import Referral, SweepFailure
from referrals.practice.calendar import one_calendar, practice_calendar

logger = logging.getLogger("refloop.referrals")
BATCH = 1_000
RETRY_AFTER = timedelta(minutes=30)
LONGEST_RETRY = timedelta(days=1)


@dataclass
class Swept:
    """What a sweep did: referrals that escalated, rungs recorded as missed, rows set aside, rows only re-timed."""

    escalated: int = 0
    missed: int = 0
    failed: int = 0
    retimed: int = 0
    batches: int = 0

    @property
    def looked_at(self) -> int:
        return self.escalated + self.failed + self.retimed

    def add(self, other: "Swept") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def sweep(*, now: datetime, batch: int = BATCH, most: int | None = None) -> Swept:
    """Handle every referral due at ``now``, ``batch`` rows a transaction, at most ``most`` batches."""
    swept = Swept()
    while most is None or swept.batches < most:
        with one_calendar(), _without_garbage_collection(), transaction.atomic():
            done = _handle(sweep_rows.claim(now, batch), now)
        swept.add(done)
        swept.batches += 1
        if done.looked_at < batch:  # fewer than asked for: nothing else was due
            break
    return swept


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A batch makes tens of thousands of objects and no garbage that counting references misses: looking for it again
    and again takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _handle(rows: list[DueReferral], now: datetime) -> Swept:
    """Act on the claimed ``rows``. When they fail together each half is tried on its own, down to the row to blame.

    An error of the connection or of locking is no row's fault and is the caller's."""
    if not rows:
        return Swept()
    try:
        with transaction.atomic():
            return _act(rows, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whatever it is, one bad row never stops the rest
        if len(rows) == 1:
            set_aside(rows[0].pk, error, now)
            return Swept(failed=1)
        half = len(rows) // 2
        done = _handle(rows[:half], now)
        done.add(_handle(rows[half:], now))
        return done


def _act(rows: list[DueReferral], now: datetime) -> Swept:
    steps = _plan_all(rows, now)
    sweep_rows.write(steps, now=now)
    escalated = [step for step in steps if step.plan.fire]
    return Swept(
        escalated=len(escalated),
        missed=sum(due.times for step in escalated for due in step.plan.missed),
        retimed=len(steps) - len(escalated),
    )


def _plan_all(rows: list[DueReferral], now: datetime) -> list[Step]:
    """What is to be done with each row; policies, calendar and what fired are read once, and what is alike (most rungs
    count days, and many clocks started on the same day) is planned once."""
    table, calendar = PolicyTable(), practice_calendar()
    fired = fired_in_stays({referral.pk: referral.stage_stay for referral in rows})

    plans: dict[tuple, Plan] = {}

    def planned(referral: DueReferral) -> Plan:
        done = fired.get(referral.pk, ())
        if referral.snoozed_until is not None and referral.snoozed_until > now:
            return Plan((), (), next_look(referral, table, fired=done), late_since=None)
        ladder, start = table.ladder(Case.of(referral)), referral.clock_from
        alike = (id(ladder), calendar.local_date(start) if counts_days_only(ladder) else start, tuple(done))
        if alike not in plans:
            plans[alike] = plan(ladder, clock_from=start, fired=done, now=now, calendar=calendar)
        return plans[alike]

    return [Step(referral, planned(referral)) for referral in rows]


def set_aside(pk: int, error: Exception, now: datetime) -> None:
    """Note the error (type and place only) and look again later, ever more rarely."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else ""
    failure, created = SweepFailure.objects.get_or_create(
        referral_id=pk, defaults={"error": "", "first_at": now, "last_at": now}
    )
    failure.error, failure.last_at = f"{type(error).__name__}{where}"[:200], now
    failure.failures = 1 if created else failure.failures + 1
    failure.save()
    wait = min(RETRY_AFTER * 2 ** min(failure.failures - 1, 10), LONGEST_RETRY)
    Referral.objects.filter(pk=pk).update(next_escalation_at=now + wait)
    logger.error("sweep: referral set aside", extra={"referral": failure.referral.number, "count": failure.failures})
