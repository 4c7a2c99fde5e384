"""The action endpoints by action: what ``allowed_actions`` links to, and what urls.py serves."""

from referrals.lifecycle.states import Action

# Address of each action below /api/v1/referrals/<number>/.
ADDRESS: dict[str, str] = {
    Action.ROUTE: "route",
    Action.ASSIGN: "assign-owner",
    Action.ACCEPT: "accept",
    Action.DECLINE: "decline",
    Action.LOG_CONTACT: "contact-attempts",
    Action.BOOK: "appointments",
    Action.RESCHEDULE: "reschedule",
    Action.CONFIRM_APPOINTMENT: "confirm-appointment",
    Action.CANCEL_APPOINTMENT: "cancel-appointment",
    Action.NO_SHOW: "no-show",
    Action.MARK_SEEN: "mark-seen",
    Action.TAKE_BACK: "take-back",
    Action.REQUEST_INFORMATION: "request-information",
    Action.HOLD: "hold",
    Action.RESUME: "resume",
    Action.SNOOZE: "snooze",
    Action.WAKE: "wake",
    Action.NUDGE: "nudge",
    Action.ATTACH_NOTE: "documents",
    Action.ADD_DOCUMENT: "documents",
    Action.RETRACT_NOTE: "retract-note",
    Action.DETACH_NOTE: "detach-note",
    Action.RECONCILE: "reconcile",
    Action.ACKNOWLEDGE: "acknowledge",
    Action.CANCEL: "cancel",
    Action.CONFIRM_CANCEL: "confirm-cancel",
    Action.WITHDRAW_CANCEL: "withdraw-cancel",
    Action.VOID: "void",
    Action.MARK_LOST: "mark-lost",
    Action.CLOSE_WITHOUT_NOTE: "close-without-note",
    Action.REOPEN: "reopen",
    Action.UPDATE_DETAILS: "update-details",
    Action.COMMENT: "comment",
}


def referral_address(number: str) -> str:
    return f"/api/v1/referrals/{number}/"


def allowed_actions(actions: list[str], number: str) -> list[dict[str, str]]:
    """[{action, label, method, href}] for actions that are possible now."""
    base = referral_address(number)
    return [
        {"action": str(a), "label": str(Action(a).label), "method": "POST", "href": f"{base}{ADDRESS[a]}/"}
        for a in actions
    ]
