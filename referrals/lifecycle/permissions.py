"""Who may do which action: staff by Django permission, offices by their role on the referral."""

from referrals.lifecycle.actor import Actor, Role
from referrals.lifecycle.states import Action as A
from referrals.models import Referral

_WORK = "referrals.work_referral"
STAFF_PERMISSION: dict[str, str] = dict.fromkeys(A, _WORK) | {
    A.CAPTURE: "referrals.capture_referral",
    A.VOID: "referrals.void_referral",
    A.REOPEN: "referrals.reopen_referral",
}

# An office of the group that runs RefLoop keeps the record for both sides (the specialist phoned, the patient called).
_ANY_PARTY = {Role.REFERRING, Role.RECEIVING, Role.GROUP}
_RECEIVING = {Role.RECEIVING, Role.GROUP}
OFFICE_ROLES: dict[str, set[Role]] = {
    A.ROUTE: {Role.GROUP},
    A.ASSIGN: {Role.GROUP},
    A.ACCEPT: _RECEIVING,
    A.DECLINE: _RECEIVING,
    A.LOG_CONTACT: _ANY_PARTY,
    A.BOOK: _RECEIVING,
    A.RESCHEDULE: _RECEIVING,
    A.CONFIRM_APPOINTMENT: _RECEIVING,
    A.CANCEL_APPOINTMENT: _RECEIVING,
    A.NO_SHOW: _RECEIVING,
    A.MARK_SEEN: _RECEIVING,
    A.TAKE_BACK: _RECEIVING,
    A.REQUEST_INFORMATION: _RECEIVING,
    A.HOLD: _ANY_PARTY,
    A.RESUME: _ANY_PARTY,
    A.SNOOZE: {Role.GROUP},
    A.WAKE: {Role.GROUP},
    A.NUDGE: {Role.GROUP},
    A.ATTACH_NOTE: _RECEIVING,
    A.ADD_DOCUMENT: _ANY_PARTY,
    A.RETRACT_NOTE: _RECEIVING,
    A.DETACH_NOTE: {Role.GROUP},
    A.RECONCILE: {Role.GROUP},
    A.ACKNOWLEDGE: {Role.REFERRING, Role.GROUP},
    A.CANCEL: {Role.REFERRING, Role.GROUP},
    A.CONFIRM_CANCEL: _RECEIVING,
    A.WITHDRAW_CANCEL: {Role.REFERRING, Role.GROUP},
    A.VOID: {Role.GROUP},
    A.MARK_LOST: {Role.GROUP},
    A.CLOSE_WITHOUT_NOTE: {Role.GROUP},
    A.REOPEN: {Role.REFERRING, Role.GROUP},
    A.UPDATE_DETAILS: {Role.REFERRING, Role.GROUP},
    A.COMMENT: _ANY_PARTY,
}


def may(actor: Actor, action: str, referral: Referral) -> bool:
    """Whether the actor may do ``action`` on ``referral``, wherever the referral stands."""
    if actor.user is not None:
        return actor.user.is_active and actor.user.has_perm(STAFF_PERMISSION[action])
    if actor.office is not None:
        return bool(actor.roles_on(referral) & OFFICE_ROLES.get(action, set()))
    return True


def may_capture(actor: Actor) -> bool:
    """Whether the actor may capture a referral at all; every office may refer."""
    if actor.user is not None:
        return actor.user.is_active and actor.user.has_perm(STAFF_PERMISSION[A.CAPTURE])
    return True
