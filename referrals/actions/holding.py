"""Waiting on purpose: hold with a reason and a date, and resume."""

from datetime import datetime, timedelta

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, status_from_facts
from referrals.lifecycle.transition import changing
from referrals.models import Referral

LONGEST_HOLD = timedelta(days=180)  # a slip of the year must not put a patient out of sight


def hold(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    reason: str,
    until: datetime,
    expected_version: int | None = None,
) -> Referral:
    """Stop the stall clock until ``until``; the owner is asked to look again then. A booked visit stays booked."""
    problems = [] if reason.strip() else [("reason", "Say what the referral is waiting for.")]
    problems += problems_of_end(until, now=now)
    if problems:
        raise InvalidInput(problems)
    with changing(referral, Action.HOLD, actor=actor, now=now, expected_version=expected_version) as change:
        change.referral.hold_until, change.referral.hold_reason = until, reason[:200]
        change.restart_clock = True
        change.data = {"reason": reason, "until": until.isoformat()}
    return change.referral


def problems_of_end(until: datetime, *, now: datetime) -> list[tuple[str, str]]:
    """What is wrong with the moment a hold would end, as InvalidInput takes it."""
    if until <= now:
        return [("until", "Choose a date in the future.")]
    if until > now + LONGEST_HOLD:
        return [("until", f"Choose a date within {LONGEST_HOLD.days} days; somebody has to look at it by then.")]
    return []


def resume(
    *, referral: Referral, actor: Actor, now: datetime, comment: str = "", expected_version: int | None = None
) -> Referral:
    """End the hold (also: the information asked for is here). The referral stands where its facts put it."""
    with changing(referral, Action.RESUME, actor=actor, now=now, expected_version=expected_version) as change:
        change.data = {"comment": comment, "was_waiting_for": change.referral.hold_reason}
        change.referral.hold_until, change.referral.hold_reason = None, ""
        change.to = status_from_facts(change.referral.facts)
    return change.referral
