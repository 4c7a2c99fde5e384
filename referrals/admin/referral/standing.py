"""Who waits for whom, and until when: one sentence for the head of the page."""

from datetime import datetime
from typing import Any

from referrals.admin.wording import local, specialist_of
from referrals.lifecycle.states import Status
from referrals.models import Referral
from referrals.practice import moments
from referrals.practice.calendar import practice_calendar


def standing_of(referral: Referral, due: dict[str, Any] | None, now: datetime) -> str:
    """Such as ``Lakeside Clinic waits for Dr. Osei's consult note, until Tue Nov 24, 9:00 AM``; empty once ended."""
    words = _WAITS.get(Status(referral.status))
    if words is None:
        return ""
    return f"{words(referral, now)}{_until(referral, due, now)}."


def _until(referral: Referral, due: dict[str, Any] | None, now: datetime) -> str:
    if due is None or referral.is_asleep(now) or _visit_is_ahead(referral, now):
        return ""
    at = referral.overdue_since or referral.next_escalation_at
    told = moments.absolute(at, now, practice_calendar())
    return f"; it was due {told}" if due["late"] else f", until {told}"


def _visit_is_ahead(referral: Referral, now: datetime) -> bool:
    return referral.status == Status.SCHEDULED and referral.appointment.starts_at > now


def _to(referral: Referral) -> str:
    return specialist_of(referral) or "a specialist"


def _seen(referral: Referral, now: datetime) -> str:
    if referral.direction == Referral.Direction.INBOUND:
        return f"{referral.referring_office} waits for our consult note"
    return f"{referral.referring_office} waits for the consult note of {_to(referral)}"


def _visit(referral: Referral, now: datetime) -> str:
    at = moments.absolute(referral.appointment.starts_at, now, practice_calendar())
    if referral.appointment.starts_at > now:
        return f"Everybody waits for the visit with {_to(referral)} on {at}"
    return f"{referral.owner} waits to hear whether the patient came to {_to(referral)} on {at}"


def _note(referral: Referral, now: datetime) -> str:
    if referral.reconciled_at is not None:
        return f"{referral.owner} has to make sure that {referral.referring_office} has the note"
    return f"{referral.referring_office} waits for {referral.owner} to reconcile the note"


def _hold(referral: Referral, now: datetime) -> str:
    until = local(referral.hold_until)
    ends = f" It is looked at again on {moments.day_words(until.date(), local(now).date())}" if until else ""
    return f"On hold: {referral.hold_reason.rstrip('. ') or 'waiting'}.{ends}"


_WAITS = {
    Status.RECEIVED: lambda r, now: f"{r.referring_office} waits for {r.owner} to choose a specialist",
    Status.ROUTED: lambda r, now: f"{r.owner} waits for {_to(r)} to accept or decline",
    Status.ACCEPTED: lambda r, now: f"The patient waits for a visit with {_to(r)} to be booked",
    Status.SCHEDULED: _visit,
    Status.SEEN: _seen,
    Status.NOTE_RETURNED: _note,
    Status.ON_HOLD: _hold,
    Status.CANCEL_REQUESTED: lambda r, now: f"{r.referring_office} waits for {_to(r)} to confirm the cancellation",
}
