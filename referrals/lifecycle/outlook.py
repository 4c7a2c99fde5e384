"""The escalation of one referral in its present stay: whom the rungs told, and whom they tell if nothing moves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from referrals.lifecycle.deadlines import Fired, Rung, first_undone, plan
from referrals.lifecycle.policies import Case, PolicyTable
from referrals.models import EscalationFiring, Referral
from referrals.practice.calendar import practice_calendar


class State(StrEnum):
    TOLD = "told"
    SKIPPED = "skipped"  # a later rung was due as well when RefLoop looked: no burst
    COMING = "coming"


@dataclass(frozen=True)
class Step:
    """``at`` is when ``audience`` was, or will be, told; for a skipped one when it was due.

    ``repeats`` is the rung when it comes again and again after this."""

    audience: str
    at: datetime
    state: State
    repeats: Rung | None = None


def outlook(referral: Referral, *, now: datetime) -> list[Step]:
    """Every step of an open referral's stay, in order (two queries); empty for one that ended.

    Of what falls due during a snooze only the latest is sent, when it ends: as the sweep will do it."""
    if not referral.is_open:
        return []
    firings = list(referral.firings.filter(stay=referral.stage_stay).order_by("due_at", "pk"))
    fired = [Fired(firing.rung_key, firing.repetition, firing.due_at) for firing in firings]
    ladder, calendar = PolicyTable(referral.stage).ladder(Case.of(referral)), practice_calendar()
    looks_at = referral.snoozed_until if referral.is_asleep(now) else now
    then = plan(ladder, clock_from=referral.clock_from, fired=fired, now=looks_at, calendar=calendar)
    fired += [Fired(due.rung.key, due.repetition, due.at) for due in (*then.missed, *then.fire)]
    later = sorted(first_undone(ladder, referral.clock_from, fired, calendar), key=lambda due: due.at)
    steps = [_past(firing) for firing in firings]
    steps += [Step(due.rung.audience, due.at, State.SKIPPED) for due in then.missed]
    steps += [Step(due.rung.audience, looks_at, State.COMING) for due in then.fire]
    return sorted(steps, key=lambda step: step.at) + [
        Step(due.rung.audience, due.at, State.COMING, due.rung if due.rung.repeat_every else None) for due in later
    ]


def _past(firing: EscalationFiring) -> Step:
    if firing.outcome == EscalationFiring.Outcome.SENT:
        return Step(firing.audience, firing.at, State.TOLD)
    return Step(firing.audience, firing.due_at, State.SKIPPED)
