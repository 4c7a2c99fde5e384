"""What the sweep reads and writes, many rows a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from notifications import many_rows
from referrals.lifecycle.deadlines import Due, Plan
from referrals.messages import escalations
from referrals.messages.escalations import Escalation
from referrals.models import EscalationFiring, Referral, ReferralEvent, SweepFailure


class DueReferral(NamedTuple):
    """The columns of a referral that decide what happens to it."""

    pk: int
    version: int
    status: str
    stage: str
    stage_stay: int
    stage_since: datetime
    clock_from: datetime
    overdue_since: datetime | None
    snoozed_until: datetime | None
    direction: str
    priority: str
    specialty_id: int


@dataclass(frozen=True)
class Step:
    """A referral and what is to be done to it."""

    referral: DueReferral
    plan: Plan


def due(now: datetime) -> QuerySet[Referral]:
    """Referrals whose next look is due at ``now``, oldest first (index ``referral_due``)."""
    return Referral.objects.filter(ended_at__isnull=True, next_escalation_at__lte=now).order_by("next_escalation_at")


def claim(now: datetime, limit: int) -> list[DueReferral]:
    """The ``limit`` rows due longest, locked; those another sweeper holds are skipped."""
    rows = due(now).select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    return [DueReferral(*row) for row in rows.values_list(*DueReferral._fields)[:limit]]


def write(steps: Sequence[Step], *, now: datetime) -> None:
    """The event of every referral that escalates, its new version, its messages, a firing for each rung, and for all
    the next look."""
    escalating = [step for step in steps if step.plan.fire]
    events = _write_events(escalating, now)
    many_rows.update(Referral, [_escalated(step) for step in escalating], alike={"changed_at": now})
    many_rows.update(Referral, [_next_look(step) for step in steps if not step.plan.fire], alike={})
    escalations.tell(
        [
            Escalation(step.referral.pk, events[step.referral.pk], tuple(due.rung.audience for due in step.plan.fire))
            for step in escalating
        ],
        now=now,
    )
    firings = [firing for step in escalating for firing in _firings(step, events[step.referral.pk])]
    many_rows.insert(EscalationFiring, firings, alike={"at": now}, returning=("id",))
    SweepFailure.objects.filter(referral__in=[step.referral.pk for step in steps]).delete()


def _next_look(step: Step) -> dict[str, Any]:
    return {"id": step.referral.pk, "next_escalation_at": step.plan.next_at}


def _escalated(step: Step) -> dict[str, Any]:
    return _next_look(step) | {
        "version": step.referral.version + 1,
        "overdue_since": step.referral.overdue_since or step.plan.late_since,
    }


def _write_events(steps: Sequence[Step], now: datetime) -> dict[int, int]:
    """Primary key of the event by that of its referral."""
    rows = [
        {
            "referral_id": step.referral.pk,
            "version": step.referral.version + 1,
            "from_status": step.referral.status,
            "to_status": step.referral.status,
            "data": _event_data(step),
        }
        for step in steps
    ]
    alike = {
        "kind": "escalated",
        "at": now,
        "actor_kind": ReferralEvent.ActorKind.SYSTEM,
        "actor_label": "RefLoop",
        "xact_id": 0,
    }
    return dict(many_rows.insert(ReferralEvent, rows, alike=alike, returning=("referral_id", "id")))


def _event_data(step: Step) -> dict[str, Any]:
    fire, missed = step.plan.fire, step.plan.missed
    return {
        "stage": step.referral.stage,
        "stage_since": step.referral.stage_since.isoformat(),
        "told": [due.rung.audience for due in fire],
        "due": fire[0].at.isoformat(),
        "missed": [
            {"audience": due.rung.audience, "due": due.at.isoformat()} | ({"times": due.times} if due.times > 1 else {})
            for due in missed
        ],
    }


def _firings(step: Step, event_id: int) -> list[dict[str, Any]]:
    def firing(due: Due, outcome: str) -> dict[str, Any]:
        return {
            "referral_id": step.referral.pk,
            "stay": step.referral.stage_stay,
            "stage": step.referral.stage,
            "rung_key": due.rung.key,
            "repetition": due.repetition,
            "audience": due.rung.audience,
            "due_at": due.at,
            "outcome": outcome,
            "event_id": event_id,
        }

    sent = [firing(due, EscalationFiring.Outcome.SENT) for due in step.plan.fire]
    return sent + [firing(due, EscalationFiring.Outcome.MISSED) for due in step.plan.missed]
