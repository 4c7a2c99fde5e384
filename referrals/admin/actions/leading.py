"""Which actions a page offers first where the referral stands, the most likely one leading."""

from datetime import datetime

from referrals.lifecycle.reaching import Reached
from referrals.lifecycle.states import Action as A
from referrals.lifecycle.states import Status
from referrals.models import Referral

MOST = 4
_FIRST: dict[str, tuple[A, ...]] = {
    Status.RECEIVED: (A.ROUTE, A.LOG_CONTACT, A.BOOK),
    Status.ROUTED: (A.ACCEPT, A.DECLINE, A.LOG_CONTACT, A.BOOK),
    Status.ACCEPTED: (A.BOOK, A.LOG_CONTACT, A.MARK_SEEN),
    Status.SCHEDULED: (A.MARK_SEEN, A.NO_SHOW, A.RESCHEDULE, A.ATTACH_NOTE),
    Status.SEEN: (A.ATTACH_NOTE, A.LOG_CONTACT, A.NUDGE),
    Status.NOTE_RETURNED: (A.RECONCILE, A.ACKNOWLEDGE, A.LOG_CONTACT),
    Status.ON_HOLD: (A.RESUME, A.LOG_CONTACT, A.HOLD),
    Status.CANCEL_REQUESTED: (A.CONFIRM_CANCEL, A.WITHDRAW_CANCEL, A.LOG_CONTACT),
}
_BEFORE_VISIT = (A.CONFIRM_APPOINTMENT, A.RESCHEDULE, A.CANCEL_APPOINTMENT, A.LOG_CONTACT)
_ENDED = (A.REOPEN, A.ATTACH_NOTE, A.COMMENT)
_NOBODY_TRIES = ("", "reached", "scheduled")


def is_being_tried(patient: Reached) -> bool:
    """Whether a visit can only be booked once the patient is reached, or says yes."""
    return patient.last not in _NOBODY_TRIES


def likely_first(referral: Referral, patient: Reached, now: datetime) -> tuple[A, ...]:
    """The actions in the order a page offers them; those not possible now are left out by the caller.

    While somebody tries to reach ``patient`` the call comes first: that is what the next step says."""
    first = _FIRST.get(referral.status, _ENDED)
    if referral.status == Status.SCHEDULED and referral.appointment.starts_at > now:
        return _BEFORE_VISIT
    if referral.status == Status.ACCEPTED and is_being_tried(patient):
        return (A.LOG_CONTACT, *(action for action in first if action != A.LOG_CONTACT))
    return first
