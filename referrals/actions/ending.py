"""Endings other than a closed loop, each with a reason, and reopening. Nothing here is ever done by a timer."""

from datetime import datetime

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.specialist import release_booked
from referrals.lifecycle.states import Action, Status, status_from_facts, targets
from referrals.lifecycle.transition import Change, changing
from referrals.models import EndingReason, Referral
from referrals.reconcile.undo import undo_standing_reconciliation

REFERRER_CANCELLED = "referrer_cancelled"  # seeded code, the default of a cancel


def cancel(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    comment: str,
    reason: EndingReason | None = None,
    expected_version: int | None = None,
) -> Referral:
    """The referrer wants it cancelled: at once before acceptance, afterwards a request the specialist confirms."""
    if not comment.strip():
        raise InvalidInput([("comment", "Say why, so that the other office understands.")])
    with changing(referral, Action.CANCEL, actor=actor, now=now, expected_version=expected_version) as change:
        accepted = change.referral.accepted_at is not None
        possible = targets(Action.CANCEL, change.referral.status)
        change.to = Status.CANCEL_REQUESTED if accepted and Status.CANCEL_REQUESTED in possible else possible[0]
        change.data = {"comment": comment}
        if change.to == Status.CANCELLED:
            change.kind = "cancelled"
            _end(change, reason or reason_for(REFERRER_CANCELLED), comment)
    return change.referral


def confirm_cancel(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    comment: str = "",
    reason: EndingReason | None = None,
    expected_version: int | None = None,
) -> Referral:
    """The receiving side agrees to a cancel request."""
    with changing(referral, Action.CONFIRM_CANCEL, actor=actor, now=now, expected_version=expected_version) as change:
        change.to = Status.CANCELLED
        _end(change, reason or reason_for(REFERRER_CANCELLED), comment)
    return change.referral


def withdraw_cancel(
    *, referral: Referral, actor: Actor, now: datetime, comment: str = "", expected_version: int | None = None
) -> Referral:
    """The referrer wants it after all; the referral stands where its facts put it."""
    with changing(referral, Action.WITHDRAW_CANCEL, actor=actor, now=now, expected_version=expected_version) as change:
        change.to = status_from_facts(change.referral.facts)
        change.data = {"comment": comment}
    return change.referral


def void(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    reason: EndingReason,
    comment: str = "",
    expected_version: int | None = None,
) -> Referral:
    """Entered in error or a duplicate: cancelled and left out of every figure."""
    if not reason.excludes_from_cohort:
        raise InvalidInput([("reason", "Choose a reason that says the referral should never have been here.")])
    return _end_with(referral, Action.VOID, Status.CANCELLED, reason, comment, actor, now, expected_version)


def mark_lost(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    reason: EndingReason,
    comment: str = "",
    expected_version: int | None = None,
) -> Referral:
    """The patient will not be seen: unreachable, refused, went elsewhere."""
    return _end_with(referral, Action.MARK_LOST, Status.LOST, reason, comment, actor, now, expected_version)


def close_without_note(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    reason: EndingReason,
    comment: str = "",
    expected_version: int | None = None,
) -> Referral:
    """The patient was seen and no note can be had. Never counted as closed."""
    return _end_with(
        referral, Action.CLOSE_WITHOUT_NOTE, Status.CLOSED_WITHOUT_NOTE, reason, comment, actor, now, expected_version
    )


def reopen(
    *, referral: Referral, actor: Actor, now: datetime, comment: str, expected_version: int | None = None
) -> Referral:
    """Take an ending back. The referral stands where its facts put it; a reconciliation is undone."""
    if not comment.strip():
        raise InvalidInput([("comment", "Say why it is reopened.")])
    with changing(referral, Action.REOPEN, actor=actor, now=now, expected_version=expected_version) as change:
        reopened = change.referral
        change.data = {"comment": comment, "had_ended_as": str(reopened.ending_reason or "closed")}
        undo_standing_reconciliation(reopened, by=actor.label, now=now, reason=comment)
        change.to = status_from_facts(reopened.facts)
    return change.referral


def reason_for(code: str) -> EndingReason:
    """The seeded reason with ``code``."""
    return EndingReason.objects.get(code=code)


def _end_with(referral, action, status, reason, comment, actor, now, expected_version) -> Referral:
    with changing(referral, action, actor=actor, now=now, expected_version=expected_version) as change:
        change.to = status
        _end(change, reason, comment)
    return change.referral


def _end(change: Change, reason: EndingReason, comment: str) -> None:
    if reason.ends_as != change.to:
        label = EndingReason(ends_as=change.to).get_ends_as_display().lower()
        raise InvalidInput([("reason", f"'{reason}' is not a reason for '{label}'.")])
    referral = change.referral
    release_booked(referral, reason=f"Referral ended: {reason}")
    referral.ending_reason, referral.ending_comment = reason, comment[:500]
    referral.hold_until, referral.hold_reason = None, ""
    change.data |= {"reason": reason.code, "reason_label": reason.label, "comment": comment}
