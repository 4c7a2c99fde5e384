"""What somebody has to do next, in words: a pure function over what is known of a referral."""

from dataclasses import dataclass
from datetime import datetime

from referrals.lifecycle.states import Status


@dataclass(frozen=True)
class Situation:
    """``visit_at`` is the booked first visit in the practice's zone, ``now`` likewise. Empty texts are unknown."""

    status: str
    direction: str
    now: datetime
    specialist: str = ""
    referrer: str = ""
    visit_at: datetime | None = None
    last_visit: str = ""  # what became of the last appointment: noshow, cancelled, or anything else
    note: str = "none"  # Referral.document_status
    reconciled: bool = False
    hold_reason: str = ""
    hold_until: datetime | None = None
    asleep_because: str = ""  # the reason of a snooze that has not ended


def next_step(situation: Situation) -> str:
    """One sentence without a full stop; empty for a referral that has ended."""
    if situation.asleep_because:
        return f"Wait: {situation.asleep_because.rstrip('. ')}"
    words = _WORDS.get(Status(situation.status))
    return words(situation) if words else ""


def _book(s: Situation) -> str:
    if s.last_visit == "noshow":
        return "Book again: the patient missed the visit"
    if s.last_visit == "cancelled":
        return "Book again: the visit was cancelled"
    return f"Book the visit with {s.specialist or 'the specialist'}"


def _visit(s: Situation) -> str:
    if s.visit_at is None:
        return "Find out when the visit is"
    day = f"{s.visit_at:%b} {s.visit_at.day}"
    if s.visit_at > s.now:
        return f"Wait for the visit on {day}"
    return f"Find out whether the patient was seen on {day}"


def _note(s: Situation) -> str:
    if s.note in ("preliminary", "interim"):
        return "Get the signed note: only an unsigned one is here"
    if s.note == "retracted":
        return "Get a new note: the last one was retracted"
    if s.direction == "inbound":
        return "Attach our consult note"
    return f"Get the consult note from {s.specialist or 'the specialist'}"


def _reconcile(s: Situation) -> str:
    if s.reconciled:
        return f"Make sure {s.referrer or 'the referring office'} has the note"
    return "Reconcile the note to the visit"


def _hold(s: Situation) -> str:
    waiting = s.hold_reason.rstrip(". ") or "something"
    if s.hold_until is not None and s.hold_until <= s.now:
        return f"Resume or extend the hold: {waiting}"
    return f"Wait: {waiting}"


_WORDS = {
    Status.RECEIVED: lambda s: "Choose a specialist",
    Status.ROUTED: lambda s: f"Get an answer from {s.specialist or 'the specialist'}",
    Status.ACCEPTED: _book,
    Status.SCHEDULED: _visit,
    Status.SEEN: _note,
    Status.NOTE_RETURNED: _reconcile,
    Status.ON_HOLD: _hold,
    Status.CANCEL_REQUESTED: lambda s: f"Settle the cancellation with {s.specialist or 'the specialist'}",
}
