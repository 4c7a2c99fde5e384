"""Statuses, stages and the transition table of a referral: pure data, no database, no clock.

``TABLE[action][status]`` is the tuple of statuses the action may lead to from ``status``; an absent entry means the
action is illegal there. More than one target means the facts decide (``status_from_facts`` or the service), and the
transition writer refuses a target that is not listed.

The table honours what happens in practice (DESIGN.md 3): a note can come before anyone recorded the visit, a
specialist can decline after accepting, a cancel request can still end closed. Where it widens or narrows the 360X
transitions, a comment says why.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class Status(TextChoices):
    RECEIVED = "received", "Received"
    ROUTED = "routed", "Routed"
    ACCEPTED = "accepted", "Accepted"
    SCHEDULED = "scheduled", "Scheduled"
    SEEN = "seen", "Seen"
    NOTE_RETURNED = "note_returned", "Note returned"
    ON_HOLD = "on_hold", "On hold"
    CANCEL_REQUESTED = "cancel_requested", "Cancel requested"
    CLOSED = "closed", "Closed"
    CLOSED_WITHOUT_NOTE = "closed_without_note", "Closed without note"
    CANCELLED = "cancelled", "Cancelled"
    LOST = "lost", "Lost"


class Stage(TextChoices):
    """What the stall clock watches; ended referrals have no stage."""

    UNSCHEDULED = "unscheduled", "Unscheduled"
    AWAITING_VISIT = "awaiting_visit", "Awaiting visit"
    NOTE_PENDING = "note_pending", "Note pending"
    UNRECONCILED = "unreconciled", "Unreconciled"
    ON_HOLD = "on_hold", "On hold"
    CANCELLING = "cancelling", "Cancelling"


STAGE_OF: dict[Status, Stage] = {
    Status.RECEIVED: Stage.UNSCHEDULED,
    Status.ROUTED: Stage.UNSCHEDULED,
    Status.ACCEPTED: Stage.UNSCHEDULED,
    Status.SCHEDULED: Stage.AWAITING_VISIT,
    Status.SEEN: Stage.NOTE_PENDING,
    Status.NOTE_RETURNED: Stage.UNRECONCILED,
    Status.ON_HOLD: Stage.ON_HOLD,
    Status.CANCEL_REQUESTED: Stage.CANCELLING,
}
OPEN: tuple[Status, ...] = tuple(STAGE_OF)
ENDED: tuple[Status, ...] = (Status.CLOSED, Status.CLOSED_WITHOUT_NOTE, Status.CANCELLED, Status.LOST)


class Action(TextChoices):
    """Everything a person, an office or RefLoop itself can do to a referral. The label is what a button says."""

    CAPTURE = "capture", "Capture"
    ROUTE = "route", "Choose specialist"
    ASSIGN = "assign", "Change owner"
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    LOG_CONTACT = "log_contact", "Log contact"
    BOOK = "book", "Book appointment"
    RESCHEDULE = "reschedule", "Move appointment"
    CONFIRM_APPOINTMENT = "confirm_appointment", "Patient confirmed"
    CANCEL_APPOINTMENT = "cancel_appointment", "Cancel appointment"
    NO_SHOW = "no_show", "No-show"
    MARK_SEEN = "mark_seen", "Patient seen"
    TAKE_BACK = "take_back", "Take back last record"
    REQUEST_INFORMATION = "request_information", "Request information"
    HOLD = "hold", "Put on hold"
    RESUME = "resume", "Resume"
    SNOOZE = "snooze", "Snooze"
    WAKE = "wake", "Wake up"
    NUDGE = "nudge", "Nudge now"
    ATTACH_NOTE = "attach_note", "Attach note"
    ADD_DOCUMENT = "add_document", "Add document"
    RETRACT_NOTE = "retract_note", "Retract note"
    DETACH_NOTE = "detach_note", "Undo wrong match"
    RECONCILE = "reconcile", "Reconcile note"
    ACKNOWLEDGE = "acknowledge", "Note delivered"
    CANCEL = "cancel", "Cancel referral"
    CONFIRM_CANCEL = "confirm_cancel", "Confirm cancellation"
    WITHDRAW_CANCEL = "withdraw_cancel", "Withdraw cancel request"
    VOID = "void", "Entered in error"
    MARK_LOST = "mark_lost", "Mark lost"
    CLOSE_WITHOUT_NOTE = "close_without_note", "Close without note"
    REOPEN = "reopen", "Reopen"
    UPDATE_DETAILS = "update_details", "Edit details"
    COMMENT = "comment", "Comment"


_S = Status
Targets = tuple[Status, ...]


def _stay(*statuses: Status) -> dict[Status, Targets]:
    return {status: (status,) for status in statuses}


def _to(target: Status, *sources: Status) -> dict[Status, Targets]:
    return dict.fromkeys(sources, (target,))


_BEFORE_VISIT = (_S.RECEIVED, _S.ROUTED, _S.ACCEPTED, _S.SCHEDULED)
_WITHOUT_THE_NOTE = (
    *_BEFORE_VISIT, _S.SEEN, _S.NOTE_RETURNED, _S.ON_HOLD, _S.CANCEL_REQUESTED, _S.CLOSED_WITHOUT_NOTE, _S.LOST,
)  # fmt: skip

TABLE: dict[Action, dict[Status, Targets]] = {
    # A patient may choose another specialist until the visit; choosing one also ends a hold. "Nobody found" stays.
    Action.ROUTE: _to(_S.ROUTED, *_BEFORE_VISIT, _S.ON_HOLD) | {_S.RECEIVED: (_S.ROUTED, _S.RECEIVED)},
    Action.ASSIGN: _stay(*OPEN),
    Action.ACCEPT: _to(_S.ACCEPTED, _S.ROUTED) | {_S.ON_HOLD: (_S.ACCEPTED, _S.SCHEDULED)},
    # 360X lets a specialist decline up to and after the visit; the referral must then find another one.
    Action.DECLINE: _to(_S.RECEIVED, _S.ROUTED, _S.ACCEPTED, _S.SCHEDULED, _S.ON_HOLD, _S.SEEN),
    Action.LOG_CONTACT: _stay(*OPEN),
    # Booking implies acceptance. After the visit it is a follow-up, which must not stop the note-pending clock.
    Action.BOOK: _to(_S.SCHEDULED, _S.RECEIVED, _S.ROUTED, _S.ACCEPTED, _S.ON_HOLD) | _stay(_S.SEEN, _S.NOTE_RETURNED),
    Action.RESCHEDULE: _stay(_S.SCHEDULED, _S.SEEN, _S.NOTE_RETURNED, _S.ON_HOLD),
    Action.CONFIRM_APPOINTMENT: _stay(_S.SCHEDULED, _S.SEEN, _S.NOTE_RETURNED, _S.ON_HOLD),
    Action.CANCEL_APPOINTMENT: _to(_S.ACCEPTED, _S.SCHEDULED)
    | _stay(_S.SEEN, _S.NOTE_RETURNED, _S.ON_HOLD, _S.CANCEL_REQUESTED),
    # From "seen": the visit was recorded by mistake (back to before it) or a follow-up was missed (stays seen).
    Action.NO_SHOW: _to(_S.ACCEPTED, _S.SCHEDULED)
    | {_S.SEEN: (_S.RECEIVED, _S.ACCEPTED, _S.SEEN)}
    | _stay(_S.NOTE_RETURNED, _S.ON_HOLD, _S.CANCEL_REQUESTED),
    Action.MARK_SEEN: _to(_S.SEEN, *_BEFORE_VISIT, _S.ON_HOLD, _S.CANCEL_REQUESTED, _S.SEEN) | _stay(_S.NOTE_RETURNED),
    # The last record was a mistake: the patient was not seen, did come, or nobody accepted. It stands where it stood.
    Action.TAKE_BACK: {
        _S.SEEN: (*_BEFORE_VISIT, _S.ON_HOLD, _S.CANCEL_REQUESTED),
        _S.ACCEPTED: (_S.ROUTED, _S.SCHEDULED),
    },
    Action.REQUEST_INFORMATION: _to(_S.ON_HOLD, _S.ROUTED, _S.ACCEPTED, _S.SCHEDULED, _S.ON_HOLD),
    Action.HOLD: _to(_S.ON_HOLD, *_BEFORE_VISIT, _S.ON_HOLD),
    Action.RESUME: {_S.ON_HOLD: _BEFORE_VISIT},
    Action.SNOOZE: _stay(*OPEN),
    Action.WAKE: _stay(*OPEN),
    Action.NUDGE: _stay(*OPEN),
    # A final note moves to note_returned, a preliminary or interim one only proves the visit. A note that arrives
    # after the referral was given up (lost, closed without note) brings it back; a cancelled one is reopened by a
    # person first, because the note may belong to another referral.
    Action.ATTACH_NOTE: dict.fromkeys((*_BEFORE_VISIT, _S.ON_HOLD, _S.CANCEL_REQUESTED), (_S.SEEN, _S.NOTE_RETURNED))
    | {_S.SEEN: (_S.SEEN, _S.NOTE_RETURNED), _S.NOTE_RETURNED: (_S.NOTE_RETURNED,), _S.CLOSED: (_S.CLOSED,)}
    | dict.fromkeys((_S.CLOSED_WITHOUT_NOTE, _S.LOST), (_S.SEEN, _S.NOTE_RETURNED)),
    Action.ADD_DOCUMENT: _stay(*Status),
    Action.RETRACT_NOTE: {
        _S.SEEN: (_S.SEEN,),
        _S.NOTE_RETURNED: (_S.SEEN, _S.NOTE_RETURNED),
        _S.CLOSED: (_S.SEEN, _S.NOTE_RETURNED, _S.CLOSED),
    },
    # A wrong match takes back everything the note implied, so where it stood before or the facts that remain decide.
    Action.DETACH_NOTE: dict.fromkeys((_S.SEEN, _S.NOTE_RETURNED), _WITHOUT_THE_NOTE)
    | {_S.CLOSED: (*_WITHOUT_THE_NOTE, _S.CLOSED)},
    # Outbound and internal close here; inbound waits until our note was delivered to the referrer.
    Action.RECONCILE: {_S.NOTE_RETURNED: (_S.CLOSED, _S.NOTE_RETURNED)},
    Action.ACKNOWLEDGE: {_S.NOTE_RETURNED: (_S.CLOSED, _S.NOTE_RETURNED), _S.CLOSED: (_S.CLOSED,)},
    # Before acceptance the referrer cancels at once; afterwards the receiving side has to confirm.
    Action.CANCEL: _to(_S.CANCELLED, _S.RECEIVED, _S.ROUTED)
    | _to(_S.CANCEL_REQUESTED, _S.ACCEPTED, _S.SCHEDULED, _S.SEEN)
    | {_S.ON_HOLD: (_S.CANCELLED, _S.CANCEL_REQUESTED)},
    Action.CONFIRM_CANCEL: _to(_S.CANCELLED, _S.CANCEL_REQUESTED),
    Action.WITHDRAW_CANCEL: {_S.CANCEL_REQUESTED: (_S.RECEIVED, _S.ROUTED, _S.ACCEPTED, _S.SCHEDULED, _S.SEEN)},
    Action.VOID: _to(_S.CANCELLED, *OPEN),
    Action.MARK_LOST: _to(_S.LOST, *_BEFORE_VISIT, _S.ON_HOLD, _S.CANCEL_REQUESTED),
    Action.CLOSE_WITHOUT_NOTE: _to(_S.CLOSED_WITHOUT_NOTE, _S.SEEN, _S.CANCEL_REQUESTED),
    Action.REOPEN: dict.fromkeys(ENDED, (*_BEFORE_VISIT, _S.SEEN, _S.NOTE_RETURNED)),
    Action.UPDATE_DETAILS: _stay(*OPEN),
    Action.COMMENT: _stay(*Status),
}


@dataclass(frozen=True)
class Facts:
    """What is known about a referral apart from its status."""

    has_current_note: bool  # a final note is attached and not retracted
    visited: bool  # somebody recorded the visit, or a note implied it
    booked: bool  # an initial appointment is booked
    accepted: bool
    has_specialist: bool


def status_from_facts(facts: Facts) -> Status:
    """The furthest open status the facts support: where a referral stands once a hold or an ending is lifted."""
    if facts.has_current_note:
        return Status.NOTE_RETURNED
    if facts.visited:
        return Status.SEEN
    if facts.booked:
        return Status.SCHEDULED
    if facts.accepted:
        return Status.ACCEPTED
    if facts.has_specialist:
        return Status.ROUTED
    return Status.RECEIVED


def legal_actions(status: str) -> tuple[Action, ...]:
    """Actions the table allows from ``status``, in the table's order."""
    return tuple(action for action, sources in TABLE.items() if Status(status) in sources)


def targets(action: str, status: str) -> Targets:
    """Statuses ``action`` may lead to from ``status``; empty when it is illegal there."""
    return TABLE.get(Action(action), {}).get(Status(status), ())
