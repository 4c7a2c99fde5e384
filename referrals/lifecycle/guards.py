"""Conditions beyond the status table: what an action needs to exist before it makes sense."""

from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action as A
from referrals.lifecycle.states import Status, legal_actions
from referrals.models import Referral

_NEEDS_BOOKED = {A.RESCHEDULE, A.CONFIRM_APPOINTMENT, A.CANCEL_APPOINTMENT}
_NEEDS_SPECIALIST = {A.ACCEPT, A.DECLINE, A.REQUEST_INFORMATION}
_NO_STANDING_NOTE = {Referral.DocumentStatus.NONE, Referral.DocumentStatus.RETRACTED}


def missing(referral: Referral, action: str) -> str:
    """A sentence saying what ``action`` still needs on this referral; empty when nothing is missing.

    Booked follow-ups are asked from the database only in the stages that can have one."""
    if action in _NEEDS_SPECIALIST and referral.receiving_office_id is None:
        return "No specialist has been chosen yet."
    if action in _NEEDS_BOOKED and not _has_booked(referral):
        return "No appointment is booked."
    if action == A.NO_SHOW and not _has_booked(referral):
        if referral.status != Status.SEEN:
            return "No appointment is booked."
        if referral.document_status not in _NO_STANDING_NOTE:
            return "A note of the visit is attached; take it off first if the visit did not happen."
    if action in {A.RECONCILE, A.ACKNOWLEDGE} and referral.note_id is None:
        return "No final note is attached."
    if action == A.RECONCILE and referral.reconciled_at is not None:
        return "The note is reconciled already."
    if action == A.ACKNOWLEDGE and referral.direction != Referral.Direction.INBOUND:
        return "Only the note of an inbound referral is delivered to the referrer."
    if action in {A.RETRACT_NOTE, A.DETACH_NOTE} and referral.document_status in _NO_STANDING_NOTE:
        return "No note is attached."
    if action == A.CLOSE_WITHOUT_NOTE and referral.seen_at is None:
        return "Nobody recorded a visit; a referral that was never seen is lost, not closed without a note."
    return ""


def _has_booked(referral: Referral) -> bool:
    if referral.appointment_id is not None:
        return True
    if referral.status not in (Status.SEEN, Status.NOTE_RETURNED):
        return False  # only follow-ups are not the referral's own appointment
    return referral.appointments.filter(status="booked").exists()


def allowed_actions(referral: Referral, actor: Actor) -> list[str]:
    """What ``actor`` can do to ``referral`` right now: legal by the table, possible by the facts, permitted to them."""
    return [
        str(action)
        for action in legal_actions(referral.status)
        if may(actor, action, referral) and not missing(referral, action)
    ]
