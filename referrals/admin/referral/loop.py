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
    """``state`` is done, next, late (next and overdue), todo, skipped or ended; ``at`` is when it was, or will be;
    ``is_here`` marks the step the status badge names."""

    label: str
    at: datetime | None
    state: str
    note: str = ""
    is_here: bool = False


def loop_of(referral: Referral, due: dict[str, Any] | None) -> list[LoopStep]:
    """The steps in the words of the status badge; the last one says how a referral ended otherwise.

    ``due`` is wording.due_for: the next step says by when it should be done, or how late it is."""
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
    coming = _coming(referral, [done for *_, done in facts])
    steps = [
        LoopStep(
            label,
            at if done else None,
            _state(index, done, coming, due),
            _note(referral, index, coming, due),
            is_here=label == Status(referral.status).label,
        )
        for index, (label, at, done) in enumerate(facts)
    ]
    return [*steps, _last(referral, coming, due)]


def _coming(referral: Referral, done: list[bool]) -> int | None:
    """The step somebody works on; None for a referral that ended."""
    if not referral.is_open:
        return None
    if referral.status in _WAITS_FOR:
        return _WAITS_FOR[referral.status]
    # On hold or cancelling: it stands where its facts put it.
    return next((index for index, was_done in enumerate(done) if not was_done), len(done))


def _state(index: int, done: bool, coming: int | None, due: dict[str, Any] | None) -> str:
    if done:
        return "done"
    if index == coming:
        return "late" if due and due["late"] else "next"
    # A visit nobody booked here, or a note that came first: passed over, not missing. A referral that ended earlier
    # never came to the steps after it.
    return "skipped" if coming is None or index < coming else "todo"


def _note(referral: Referral, index: int, coming: int | None, due: dict[str, Any] | None) -> str:
    if index != coming:
        return ""
    if referral.status == Status.ON_HOLD:
        return "on hold"
    if referral.status == Status.CANCEL_REQUESTED:
        return "cancelling"
    if referral.status == Status.SCHEDULED and due and not due["late"]:
        return "visit ahead"
    return _due_words(due)


def _due_words(due: dict[str, Any] | None) -> str:
    if due is None:
        return ""
    return f"not yet, {due['words']}" if due["late"] else due["words"]


def _last(referral: Referral, coming: int | None, due: dict[str, Any] | None) -> LoopStep:
    if referral.is_open:
        is_next = coming == _LAST
        state = _state(_LAST, False, coming, due) if is_next else "todo"
        return LoopStep(Status.CLOSED.label, None, state, _due_words(due) if is_next else "")
    label = Status(referral.status).label
    return LoopStep(label, referral.ended_at, "done" if referral.status == Status.CLOSED else "ended", is_here=True)
