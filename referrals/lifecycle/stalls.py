"""The sweep: act on every referral whose next look is due.

A batch is one transaction:

1. Claim due rows through the partial index ``referral_due``, oldest first, skipping rows another sweeper holds.
2. Look again: plan each row from its clock, its policy as it is now, and what fired in this stay. The row lock makes
   that the truth; a row that moved meanwhile is not due any more and was not claimed.
3. Write an event per referral, a firing per rung, the messages, and the next look; rows with the same next look are
   one UPDATE.
4. Commit. A crash before leaves nothing, a crash after has done everything: a rung fires exactly once.

A row that cannot be planned or written is set aside with its error and tried again later; the rest go on.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet

from referrals.lifecycle.deadlines import Due, Plan, plan
from referrals.lifecycle.policies import Case, PolicyTable, fired_in_stays
from referrals.messages import escalations
from referrals.messages.escalations import Escalation
from referrals.models import EscalationFiring, Referral, ReferralEvent, SweepFailure
from referrals.practice.calendar import practice_calendar

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


@dataclass
class _Planned:
    referral: Referral
    plan: Plan


def sweep(*, now: datetime, batch: int = BATCH, most: int | None = None) -> Swept:
    """Handle every referral due at ``now``, ``batch`` rows a transaction, at most ``most`` batches."""
    swept = Swept()
    while most is None or swept.batches < most:
        before = swept.looked_at
        try:
            _sweep_batch(now, batch, swept)
        except DatabaseError:
            # One row broke the whole batch: find it by handling the rows one at a time.
            logger.exception("sweep: batch failed, going row by row")
            for _ in range(batch):
                if not _sweep_one(now, swept):
                    break
        swept.batches += 1
        if swept.looked_at - before < batch:  # fewer than asked for: nothing else was due
            break
    return swept


def due(now: datetime) -> QuerySet[Referral]:
    """Referrals whose next look is due at ``now``, oldest first (index ``referral_due``)."""
    return Referral.objects.filter(ended_at__isnull=True, next_escalation_at__lte=now).order_by("next_escalation_at")


def _claim(now: datetime, limit: int) -> list[Referral]:
    skip = connection.features.has_select_for_update_skip_locked
    return list(due(now).select_for_update(skip_locked=skip)[:limit])


def _sweep_batch(now: datetime, limit: int, swept: Swept) -> None:
    with transaction.atomic():
        rows = _claim(now, limit)
        if not rows:
            return
        done = Swept()
        planned, broken = _plan_all(rows, now)
        _write(planned, now, done)
        for referral, error in broken:
            set_aside(referral, error, now)
        done.failed = len(broken)
    swept.escalated += done.escalated
    swept.missed += done.missed
    swept.retimed += done.retimed
    swept.failed += done.failed


def _sweep_one(now: datetime, swept: Swept) -> bool:
    """Handle the row due longest in a transaction of its own; False when none is due."""
    with transaction.atomic():
        rows = _claim(now, 1)
        if not rows:
            return False
        try:
            with transaction.atomic():
                planned, broken = _plan_all(rows, now)
                if broken:
                    raise broken[0][1]
                _write(planned, now, swept)
        except Exception as error:  # whatever it is, it must not stop the sweep
            set_aside(rows[0], error, now)
            swept.failed += 1
    return True


def _plan_all(rows: list[Referral], now: datetime) -> tuple[list[_Planned], list[tuple[Referral, Exception]]]:
    table, calendar, fired = PolicyTable(), practice_calendar(), fired_in_stays(rows)
    planned, broken = [], []
    for referral in rows:
        try:
            step = plan(
                table.ladder(Case.of(referral)),
                clock_from=referral.clock_from,
                fired=fired[referral.pk, referral.stage_stay],
                now=now,
                calendar=calendar,
            )
            planned.append(_Planned(referral, step))
        except Exception as error:  # one bad row never stops the rest
            broken.append((referral, error))
    return planned, broken


def _write(planned: list[_Planned], now: datetime, done: Swept) -> None:
    escalating = [step for step in planned if step.plan.fire]
    retimed = [step for step in planned if not step.plan.fire]
    events = ReferralEvent.objects.bulk_create([_event(step, now) for step in escalating], batch_size=BATCH)
    firings = [firing for step, event in zip(escalating, events, strict=True) for firing in _firings(step, event, now)]
    escalations.tell(
        [
            Escalation(step.referral, event, tuple(due.rung.audience for due in step.plan.fire))
            for step, event in zip(escalating, events, strict=True)
        ],
        now=now,
    )
    EscalationFiring.objects.bulk_create(firings, batch_size=BATCH)
    for step_now, changes in ((escalating, {"version": F("version") + 1, "changed_at": now}), (retimed, {})):
        _update_by_next_look(step_now, changes)
    SweepFailure.objects.filter(referral__in=[step.referral.pk for step in planned]).delete()
    done.escalated += len(escalating)
    done.retimed += len(retimed)
    done.missed += sum(len(step.plan.missed) for step in escalating)


def _event(step: _Planned, now: datetime) -> ReferralEvent:
    referral = step.referral
    return ReferralEvent(
        referral=referral,
        version=referral.version + 1,
        kind="escalated",
        at=now,
        actor_kind=ReferralEvent.ActorKind.SYSTEM,
        actor_label="RefLoop",
        from_status=referral.status,
        to_status=referral.status,
        data={
            "stage": referral.stage,
            "stage_since": referral.stage_since.isoformat(),
            "told": [due.rung.audience for due in step.plan.fire],
            "due": step.plan.fire[0].at.isoformat(),
            "missed": [{"audience": due.rung.audience, "due": due.at.isoformat()} for due in step.plan.missed],
        },
    )


def _firings(step: _Planned, event: ReferralEvent, now: datetime) -> list[EscalationFiring]:
    def firing(due: Due, outcome: str) -> EscalationFiring:
        return EscalationFiring(
            referral=step.referral,
            stay=step.referral.stage_stay,
            rung_id=due.rung.key or None,
            repetition=due.repetition,
            audience=due.rung.audience,
            due_at=due.at,
            at=now,
            outcome=outcome,
            event=event,
        )

    sent = [firing(due, EscalationFiring.Outcome.SENT) for due in step.plan.fire]
    return sent + [firing(due, EscalationFiring.Outcome.MISSED) for due in step.plan.missed]


def _update_by_next_look(steps: list[_Planned], changes: dict) -> None:
    """One UPDATE per next look and overdue date: most rungs are due at the start of a business day, so there are few."""
    alike: dict[tuple[datetime, datetime | None], list[int]] = defaultdict(list)
    for step in steps:
        passed = [due.at for due in (*step.plan.missed, *step.plan.fire)]
        overdue_since = step.referral.overdue_since or min(passed, default=None)
        alike[step.plan.next_at, overdue_since].append(step.referral.pk)
    for (next_at, overdue_since), pks in alike.items():
        Referral.objects.filter(pk__in=pks).update(next_escalation_at=next_at, overdue_since=overdue_since, **changes)


def set_aside(referral: Referral, error: Exception, now: datetime) -> None:
    """Note the error (type and place only) and look again later, ever more rarely."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else ""
    failure, created = SweepFailure.objects.get_or_create(
        referral=referral, defaults={"error": "", "first_at": now, "last_at": now}
    )
    failure.error, failure.last_at = f"{type(error).__name__}{where}"[:200], now
    failure.failures = 1 if created else failure.failures + 1
    failure.save()
    wait = min(RETRY_AFTER * 2 ** min(failure.failures - 1, 10), LONGEST_RETRY)
    Referral.objects.filter(pk=referral.pk).update(next_escalation_at=now + wait)
    logger.error("sweep: referral set aside", extra={"referral": referral.number, "count": failure.failures})
