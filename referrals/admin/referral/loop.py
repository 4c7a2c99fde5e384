"""The loop drawn as steps: what is done, where the referral stands, what is still to come."""

from dataclasses import dataclass

from referrals.admin.wording import day
from referrals.lifecycle.states import Status
from referrals.models import Referral

# Where each open status stands: everything before it is done.
_STANDS_AT = {
    Status.RECEIVED: 1,
    Status.ROUTED: 2,
    Status.ACCEPTED: 2,
    Status.SCHEDULED: 3,
    Status.SEEN: 4,
    Status.NOTE_RETURNED: 5,
}


@dataclass(frozen=True)
class LoopStep:
    """``state`` is done, current, todo, skipped or ended."""

    label: str
    when: str
    state: str
    note: str = ""


def loop_of(referral: Referral) -> list[LoopStep]:
    """Captured, routed, scheduled, seen, note, closed; the last one says how a referral ended otherwise."""
    visit = referral.appointment.starts_at if referral.appointment else referral.first_scheduled_at
    facts = [
        ("Captured", referral.captured_at, True),
        ("Routed", referral.routed_at, referral.receiving_office_id is not None),
        ("Scheduled", visit, referral.appointment_id is not None or bool(referral.seen_at and visit)),
        ("Seen", referral.seen_at, referral.seen_at is not None),
        ("Note", referral.note_at, referral.note_id is not None),
    ]
    current = _current(referral, [done for *_, done in facts])
    steps = [
        LoopStep(label, day(at) if done else "", _state(index, done, current), _note(referral, index, current))
        for index, (label, at, done) in enumerate(facts)
    ]
    return [*steps, _last(referral, current)]


def _current(referral: Referral, done: list[bool]) -> int | None:
    """The step somebody works on; None for a referral that ended."""
    if not referral.is_open:
        return None
    if referral.status in _STANDS_AT:
        return _STANDS_AT[referral.status]
    # On hold or cancelling: it stands where its facts put it.
    return next((index for index, was_done in enumerate(done) if not was_done), len(done))


def _state(index: int, done: bool, current: int | None) -> str:
    if done:
        return "done"
    if index == current:
        return "current"
    # A visit nobody booked here, or a note that came first: passed over, not missing.
    return "skipped" if current is not None and index < current else "todo"


def _note(referral: Referral, index: int, current: int | None) -> str:
    if index != current:
        return ""
    if referral.status == Status.ON_HOLD:
        return "on hold"
    return "cancelling" if referral.status == Status.CANCEL_REQUESTED else ""


def _last(referral: Referral, current: int | None) -> LoopStep:
    if referral.is_open:
        return LoopStep("Closed", "", "current" if current == 5 else "todo", "reconcile" if current == 5 else "")
    label = Status(referral.status).label
    return LoopStep(label, day(referral.ended_at), "done" if referral.status == Status.CLOSED else "ended")
