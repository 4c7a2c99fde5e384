"""The escalation of a referral in words and dates: who was told, who comes next, and whether it sleeps."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from referrals.admin.wording import day_and_time
from referrals.lifecycle.outlook import State, Step, outlook
from referrals.lifecycle.states import Stage
from referrals.models import EscalationRung, Referral
from referrals.practice.calendar import practice_calendar
from referrals.practice.moments import absolute

TOLD_SHOWN = 6
_TELLS: dict[str, str] = {
    "owner": "Owner nudged",
    "cover": "Owner's cover nudged",
    "manager": "Managers told",
    "referring_office": "Referring office alerted",
    "receiving_office": "Receiving office alerted",
}
_UNITS = dict(EscalationRung.UNITS)


def escalation_of(referral: Referral, now: datetime) -> dict[str, Any]:
    """{past, coming, earlier, snooze}: lines of {words, at, state, again}, ``earlier`` how many older ones are left out."""
    steps = outlook(referral, now=now)
    coming = [step for step in steps if step.state == State.COMING]
    past = _lines(referral, (step for step in steps if step.state != State.COMING), now)
    return {
        "past": past[-TOLD_SHOWN:],
        "earlier": max(0, len(past) - TOLD_SHOWN),
        "coming": _lines(referral, coming, now),
        "snooze": snooze_of(referral, now),
    }


def snooze_of(referral: Referral, now: datetime) -> dict[str, str] | None:
    if not referral.is_asleep(now):
        return None
    return {
        "until": day_and_time(referral.snoozed_until),
        "reason": referral.snooze_reason,
        "by": referral.snoozed_by,
    }


def _lines(referral: Referral, steps: Iterable[Step], now: datetime) -> list[dict[str, str]]:
    """One line for all that is told at one moment."""
    lines = []
    for (at, state), group in groupby(steps, key=lambda step: (step.at, step.state)):
        told = list(group)
        words = [_told(referral, step.audience) for step in told]
        again = next((_again(step) for step in told if step.repeats), "")
        lines.append(
            {"words": _joined(words), "at": absolute(at, now, practice_calendar()), "state": str(state), "again": again}
        )
    return lines


def _told(referral: Referral, audience: str) -> str:
    if audience == "receiving_office" and referral.stage == Stage.NOTE_PENDING:
        return "Receiving office asked for the note"
    return _TELLS[audience]


def _joined(words: list[str]) -> str:
    first, *others = dict.fromkeys(words)
    return ", ".join([first, *(word[0].lower() + word[1:] for word in others)])


def _again(step: Step) -> str:
    rung = step.repeats
    unit = _UNITS[rung.unit]
    return f"then every {rung.repeat_every} {unit}" if rung.repeat_every > 1 else f"then every {unit.removesuffix('s')}"
