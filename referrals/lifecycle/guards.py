"""Conditions beyond the status table: what an action needs to exist before it makes sense."""

from datetime import datetime
from functools import cached_property

from referrals.lifecycle.actor import Actor
from referrals.lifecycle.last_record import Record, last_record
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action as A
from referrals.lifecycle.states import Status, legal_actions
from referrals.models import Appointment, Referral

_NEEDS_BOOKED = {A.RESCHEDULE, A.CONFIRM_APPOINTMENT, A.CANCEL_APPOINTMENT}
_NEEDS_SPECIALIST = {A.ACCEPT, A.DECLINE, A.REQUEST_INFORMATION}
_NO_STANDING_NOTE = {Referral.DocumentStatus.NONE, Referral.DocumentStatus.RETRACTED}
_AFTER_VISIT = (Status.SEEN, Status.NOTE_RETURNED)


class _Visits:
    """The booked visit of a referral, asked from the database once, and only where there can be one."""

    def __init__(self, referral: Referral):
        self.referral = referral

    @cached_property
    def booked(self) -> Appointment | None:
        """The first visit; after it the follow-up."""
        if self.referral.appointment_id is not None:
            return self.referral.appointment
        if self.referral.status not in _AFTER_VISIT:
            return None  # only follow-ups are not the referral's own appointment
        visits = self.referral.appointments.all()
        return next((visit for visit in visits if visit.status == Appointment.Status.BOOKED), None)


def missing(referral: Referral, action: str, *, now: datetime) -> str:
    """A sentence saying what ``action`` still needs on this referral; empty when nothing is missing."""
    return _missing(referral, action, _Visits(referral), now)


def _missing(referral: Referral, action: str, visits: _Visits, now: datetime) -> str:
    if action in _NEEDS_SPECIALIST and referral.receiving_office_id is None:
        return "No specialist has been chosen yet."
    if action in _NEEDS_BOOKED and visits.booked is None:
        return "No appointment is booked."
    if action == A.BOOK and referral.status in _AFTER_VISIT and visits.booked is not None:
        return "A follow-up is booked already; move that one."
    if action == A.NO_SHOW:
        return _missing_for_no_show(referral, visits.booked, now)
    if action == A.TAKE_BACK:
        return _missing_for_taking_back(referral, visits)
    if action in {A.RECONCILE, A.ACKNOWLEDGE} and referral.note_id is None:
        return "No final note is attached."
    if action == A.RECONCILE and referral.reconciled_at is not None:
        return "The note is reconciled already."
    if action == A.ACKNOWLEDGE and referral.direction != Referral.Direction.INBOUND:
        return "Only the note of an inbound referral is delivered to the referrer."
    if action == A.ACKNOWLEDGE and _is_delivered(referral):
        return "The note was delivered already."
    if action in {A.RETRACT_NOTE, A.DETACH_NOTE} and referral.document_status in _NO_STANDING_NOTE:
        return "No note is attached."
    if action == A.WAKE and not referral.is_asleep(now):
        return "The referral is not snoozed."
    if action == A.CLOSE_WITHOUT_NOTE and referral.seen_at is None:
        return "Nobody recorded a visit; a referral that was never seen is lost, not closed without a note."
    return ""


def _is_delivered(referral: Referral) -> bool:
    """Delivered as it is now: a closed referral's amendment, and one before closing, have yet to be."""
    if referral.status == Status.CLOSED:
        return referral.document_status == Referral.DocumentStatus.DELIVERED
    return referral.delivered_at is not None


def _missing_for_no_show(referral: Referral, booked: Appointment | None, now: datetime) -> str:
    if booked is not None:
        is_ahead = booked.starts_at > now
        return "The booked visit is still ahead; cancel or move it instead." if is_ahead else ""
    if referral.status != Status.SEEN:
        return "No appointment is booked."
    if referral.document_status not in _NO_STANDING_NOTE:
        return "A note of the visit is attached; take it off first if the visit did not happen."
    return ""


def _missing_for_taking_back(referral: Referral, visits: _Visits) -> str:
    if referral.status == Status.SEEN and referral.document_status not in _NO_STANDING_NOTE:
        return "A note of the visit is attached; take it off first if the visit did not happen."
    found = last_record(referral)
    if found is None:
        return "The last thing that happened is not an acceptance, a visit or a no-show."
    record, event = found
    if record == Record.SEEN and visits.booked is not None and visits.booked.booked_at > event.at:
        return "A follow-up is booked; cancel that one first if the patient was not seen."
    return ""


def allowed_actions(referral: Referral, actor: Actor, *, now: datetime) -> list[str]:
    """What ``actor`` can do to ``referral`` right now: legal by the table, possible by the facts, permitted to them."""
    visits = _Visits(referral)
    return [
        str(action)
        for action in legal_actions(referral.status)
        if may(actor, action, referral) and not _missing(referral, action, visits, now)
    ]
