"""What somebody has to do next, in words: a pure function over what is known of a referral."""

from dataclasses import dataclass
from datetime import datetime

from referrals.lifecycle.reaching import Reached
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
    patient: Reached = Reached()  # what came of trying to reach the patient in this stage
    note_requests: int = 0  # how often the specialist was asked for the note
    declined_by: str = ""  # who declined last, while nobody else is chosen


def next_step(situation: Situation) -> str:
    """One sentence without a full stop; empty for a referral that has ended."""
    if situation.asleep_because:
        return f"Wait: {situation.asleep_because.rstrip('. ')}"
    words = _WORDS.get(Status(situation.status))
    return words(situation) if words else ""


def _choose(s: Situation) -> str:
    return f"Choose another specialist: {s.declined_by} declined" if s.declined_by else "Choose a specialist"


def _answer(s: Situation) -> str:
    return _from_contact(s) if s.patient.last == "refused" else f"Get an answer from {s.specialist or 'the specialist'}"


def _from_contact(s: Situation) -> str:
    """What the last try to reach the patient asks for; empty when it asks for nothing of its own."""
    patient = s.patient
    if patient.last == "refused":
        return (
            f"The patient does not want the visit: tell {s.referrer or 'the referring office'}, then end the referral"
        )
    if patient.last == "call_back" and patient.call_back_on is not None:
        on = patient.call_back_on
        return "Call the patient back today" if on <= s.now.date() else f"Call the patient back on {on:%b} {on.day}"
    if patient.last == "scheduled":
        return "Enter the visit the patient agreed to"
    if patient.unreachable:
        if patient.letter_at is not None:
            return "Wait for an answer to the letter; without one, end the referral as unreachable"
        return f"Send the patient a letter: {patient.tries} tries without an answer"
    if patient.last == "wrong_number":
        return f"Get a working number of the patient from {s.referrer or 'the referring office'}"
    return f"Call the patient: {_nth(patient.tries + 1)} try" if patient.tries else ""


def _book(s: Situation) -> str:
    if asked := _from_contact(s):
        return asked
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
    again = f", {_nth(s.note_requests + 1)} request" if s.note_requests else ""
    return f"Ask {s.specialist or 'the specialist'} for the consult note{again}"


def _nth(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``4th``, ``11th``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


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
    Status.RECEIVED: _choose,
    Status.ROUTED: _answer,
    Status.ACCEPTED: _book,
    Status.SCHEDULED: _visit,
    Status.SEEN: _note,
    Status.NOTE_RETURNED: _reconcile,
    Status.ON_HOLD: _hold,
    Status.CANCEL_REQUESTED: lambda s: f"Settle the cancellation with {s.specialist or 'the specialist'}",
}
