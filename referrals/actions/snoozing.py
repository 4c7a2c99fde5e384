"""Sleeping on purpose: nobody is told until a given end, and the referral is not overdue meanwhile. The clock runs on."""

from datetime import datetime, timedelta

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import changing
from referrals.models import Referral

LONGEST_SNOOZE = timedelta(days=90)


def snooze(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    until: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Referral:
    """Let no rung fire before ``until``; the latest one due by then fires at that moment. Snoozing anew moves the end.

    It ends by itself, and as soon as the referral leaves its stage or another policy governs it."""
    refuse_bad_snooze(until=until, reason=reason, now=now)
    with changing(referral, Action.SNOOZE, actor=actor, now=now, expected_version=expected_version) as change:
        change.referral.snoozed_until = until
        change.referral.snooze_reason = reason.strip()[:200]
        change.referral.snoozed_by = actor.label[:120]
        change.look_again = True
        change.data = {"reason": change.referral.snooze_reason, "until": until.isoformat()}
    return change.referral


def refuse_bad_snooze(*, until: datetime, reason: str, now: datetime) -> None:
    """Raise InvalidInput for what no referral can be snoozed with."""
    problems = []
    if not reason.strip():
        problems.append(("reason", "Say why it may wait."))
    if not now < until <= now + LONGEST_SNOOZE:
        problems.append(("until", f"Choose an end within the next {LONGEST_SNOOZE.days} days."))
    if problems:
        raise InvalidInput(problems)


def wake(
    *, referral: Referral, actor: Actor, now: datetime, comment: str = "", expected_version: int | None = None
) -> Referral:
    """End the snooze now: what was held back is due at once."""
    with changing(referral, Action.WAKE, actor=actor, now=now, expected_version=expected_version) as change:
        woken = change.referral
        change.data = {
            "comment": comment,
            "was_until": woken.snoozed_until.isoformat(),
            "was_because": woken.snooze_reason,
        }
        woken.forget_snooze()
        change.look_again = True
    return change.referral
