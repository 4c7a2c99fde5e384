"""The loop drawn as steps: what is done, where the referral stands, what is still to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referrals.lifecycle.states import Status
from referrals.models import Referral

# What each open status waits for next: everything before it is done.
_WAITS_FOR = {
    Status.RECEIVED: 1,
    Status.ROUTED: 2,
    Status.ACCEPTED: 3,
    Status.SCHEDULED: 4,
    Status.SEEN: 5,
    Status.NOTE_RETURNED: 6,
}
_LAST = 6


@dataclass(frozen=True)
class LoopStep:
    """``state`` is done, current, late (current and overdue), todo, skipped or ended; ``at`` is when it was, or will be."""

    label: str
    at: datetime | None
    state: str
    note: str = ""


def loop_of(referral: Referral, due: dict[str, Any] | None) -> list[LoopStep]:
    """The steps in the words of the status badge; the last one says how a referral ended otherwise.

    ``due`` is wording.due_for: the current step says by when it should be done, or how late it is."""
    visit = referral.appointment.starts_at if referral.appointment else None
    scheduled = visit is not None or bool(referral.seen_at and referral.first_scheduled_at)
    facts = [
        (Status.RECEIVED.label, referral.captured_at, True),
        (Status.ROUTED.label, referral.routed_at, referral.receiving_office_id is not None),
        (Status.ACCEPTED.label, referral.accepted_at, referral.accepted_at is not None),
        (Status.SCHEDULED.label, referral.first_scheduled_at, scheduled),
        (Status.SEEN.label, referral.seen_at, referral.seen_at is not None),
        (Status.NOTE_RETURNED.label, referral.note_at, referral.note_id is not None),
    ]
    current = _current(referral, [done for *_, done in facts])
    steps = [
        LoopStep(label, at if done else None, _state(index, done, current, due), _note(referral, index, current, due))
        for index, (label, at, done) in enumerate(facts)
    ]
    return [*steps, _last(referral, current, due)]


def _current(referral: Referral, done: list[bool]) -> int | None:
    """The step somebody works on; None for a referral that ended."""
    if not referral.is_open:
        return None
    if referral.status in _WAITS_FOR:
        return _WAITS_FOR[referral.status]
    # On hold or cancelling: it stands where its facts put it.
    return next((index for index, was_done in enumerate(done) if not was_done), len(done))


def _state(index: int, done: bool, current: int | None, due: dict[str, Any] | None) -> str:
    if done:
        return "done"
    if index == current:
        return "late" if due and due["late"] else "current"
    # A visit nobody booked here, or a note that came first: passed over, not missing. A referral that ended earlier
    # never came to the steps after it.
    return "skipped" if current is None or index < current else "todo"


def _note(referral: Referral, index: int, current: int | None, due: dict[str, Any] | None) -> str:
    if index != current:
        return ""
    if referral.status == Status.ON_HOLD:
        return "on hold"
    if referral.status == Status.CANCEL_REQUESTED:
        return "cancelling"
    if referral.status == Status.SCHEDULED and due and not due["late"]:
        return "visit ahead"
    return due["words"] if due else ""


def _last(referral: Referral, current: int | None, due: dict[str, Any] | None) -> LoopStep:
    if referral.is_open:
        is_current = current == _LAST
        state = _state(_LAST, False, current, due) if is_current else "todo"
        return LoopStep(Status.CLOSED.label, None, state, due["words"] if is_current and due else "")
    label = Status(referral.status).label
    return LoopStep(label, referral.ended_at, "done" if referral.status == Status.CLOSED else "ended")
