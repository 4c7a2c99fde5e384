"""What a message says, in words: pure functions over an event's kind and data. No patient data is in any of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Words:
    """``title`` is the subject line, ``text`` what happened, ``next_step`` what comes next and from whom."""

    title: str
    text: str
    next_step: str


# kind of event -> (topic, what happened, what comes next); {…} are keys of the event's data and of the parties.
_UPDATES: dict[str, tuple[str, str, str]] = {
    "captured": (
        "referral.captured",
        "The referral to {specialty} was received.",
        "A specialist is being chosen; you will hear when it is sent.",
    ),
    "routed": (
        "referral.routed",
        "The referral was sent to {specialist}.",
        "The specialist's office accepts or declines, then books the visit with the patient.",
    ),
    "accepted": (
        "referral.accepted",
        "{specialist} accepted the referral.",
        "The visit is being booked with the patient.",
    ),
    "declined": (
        "referral.declined",
        "{office} declined the referral: {reason}",
        "Another specialist is being chosen.",
    ),
    "scheduled": (
        "referral.scheduled",
        "The visit is booked for {when} with {specialist}.",
        "After the visit the consult note follows.",
    ),
    "rescheduled": (
        "referral.rescheduled",
        "The visit was moved to {when} with {specialist}.",
        "After the visit the consult note follows.",
    ),
    "appointment_cancelled": (
        "referral.appointment_cancelled",
        "The visit on {when} was cancelled: {reason}",
        "A new time is being looked for.",
    ),
    "no_show": (
        "referral.no_show",
        "The patient did not come to the visit.",
        "The patient is contacted to book again.",
    ),
    "seen": ("referral.seen", "The patient was seen on {seen_on}.", "The consult note is expected."),
    "seen_undone": (
        "referral.corrected",
        "Correction: the patient was not seen on {seen_on}; that was recorded by mistake. {reason}",
        "Please disregard the earlier message. You will hear when the patient was seen.",
    ),
    "no_show_undone": (
        "referral.corrected",
        "Correction: that the patient missed the visit was recorded by mistake. {reason}",
        "Please disregard the earlier message. You will hear what became of the visit.",
    ),
    "acceptance_undone": (
        "referral.corrected",
        "Correction: {specialist} has not accepted yet; that was recorded by mistake. {reason}",
        "Please disregard the earlier message. You will hear the specialist's answer.",
    ),
    "information_requested": (
        "referral.information_requested",
        "The specialist needs information first: {question}",
        "Please answer, so that the visit can go ahead.",
    ),
    "cancel_requested": (
        "referral.cancel_requested",
        "The referring office asks to cancel the referral: {comment}",
        "The specialist's office confirms, or tells us that the patient was seen already.",
    ),
    "note_returned": ("referral.note_returned", "The consult note is here.", "It is being matched to the visit."),
    "note_amended": (
        "referral.note_amended",
        "The author amended the consult note; the new version is on the referral.",
        "Please read the new version.",
    ),
    "closed": ("referral.closed", "The loop is closed: the note is reconciled to the visit.", "Nothing more to do."),
    "cancelled": ("referral.ended", "The referral was cancelled: {reason_label}.", "Nothing more to do."),
    "voided": ("referral.ended", "The referral was withdrawn: {reason_label}.", "Nothing more to do."),
    "lost": (
        "referral.ended",
        "The referral ended without a visit: {reason_label}.",
        "Please see whether the patient still needs the care.",
    ),
    "closed_without_note": (
        "referral.ended",
        "The referral ended without a consult note: {reason_label}.",
        "The patient was seen; ask the specialist if you need a report.",
    ),
    "reopened": ("referral.reopened", "The referral was reopened: {comment}", "It is being worked on again."),
    "note_retracted": (
        "referral.reopened",
        "The consult note was taken back: {reason}",
        "A corrected note is expected.",
    ),
    "retraction_undone": (
        "referral.corrected",
        "Correction: the consult note stands; that its author took it back was recorded by mistake. {reason}",
        "Please disregard the earlier message.",
    ),
    "note_detached": (
        "referral.reopened",
        "The consult note did not belong to this referral and was taken off.",
        "The right note is expected.",
    ),
    "settling_undone": (
        "referral.reopened",
        "The consult note was settled by mistake and is being looked at again.",
        "Nothing to do until you hear more.",
    ),
}
_STALLED = {
    "unscheduled": "has no appointment yet",
    "awaiting_visit": "had its visit booked, and nobody has said whether it took place",
    "note_pending": "has been seen, and no consult note is here",
    "unreconciled": "has a note that is not settled yet",
    "on_hold": "was on hold until now",
    "cancelling": "waits for an answer to its cancel request",
}
_ASKED = {
    "unscheduled": "Book the visit, or find another specialist.",
    "awaiting_visit": "Find out whether the patient was seen.",
    "note_pending": "Get the consult note.",
    "unreconciled": "Reconcile the note, and see that the referrer has it.",
    "on_hold": "Resume the referral, or extend the hold.",
    "cancelling": "Settle the cancellation with the specialist's office.",
}
# What stands still, for the subject line of whoever looks after it.
_IN_SHORT = {
    "unscheduled": "no visit booked",
    "awaiting_visit": "was the patient seen?",
    "note_pending": "no consult note",
    "unreconciled": "note not reconciled",
    "on_hold": "the hold is over",
    "cancelling": "no answer to the cancel request",
}
# To the receiving office, whose move it is.
_ASKED_OF_RECEIVER = {
    "unscheduled": "Please book the visit, or decline so that another specialist can be found.",
    "awaiting_visit": "Please tell us whether the patient was seen.",
    "note_pending": "Please send the final note, or tell us why there will be none.",
    "unreconciled": "Nothing is asked of you; tell us if the note you sent has changed.",
    "on_hold": "Please tell us whether what the referral waits for is there.",
    "cancelling": "Please confirm the cancellation, or tell us that the patient was seen.",
}
# A nudge may come before the clock starts: the visit or the hold date is still ahead.
_AHEAD = {"awaiting_visit": "has its visit ahead", "on_hold": "is on hold"}
_AHEAD_IN_SHORT = _IN_SHORT | {"awaiting_visit": "the visit is ahead", "on_hold": "on hold"}
STAFF = "staff"
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth")


UPDATE_TOPICS = frozenset(topic for topic, _, _ in _UPDATES.values())


def topic_of(kind: str) -> str:
    """The topic under which an event is told to offices; empty when it is not."""
    return _UPDATES[kind][0] if kind in _UPDATES else ""


def update(kind: str, values: dict[str, Any]) -> Words:
    """A status update for an event of ``kind``. Missing values are left out of the sentence."""
    _, happened, following = _UPDATES[kind]
    return Words(title=_headline(kind), text=sentence(happened, values), next_step=following)


def sentence(pattern: str, values: dict[str, Any]) -> str:
    """``pattern`` with its values, those that are missing left out, ending in a full stop."""
    text = pattern.format_map(_Known(values)).replace(" :", ":").rstrip(" :") or pattern
    return text if text.endswith((".", "?", "!")) else f"{text}."


def escalation(*, stage: str, stalled_for: str, reader: str) -> Words:
    """A referral that has not moved; ``reader`` is STAFF or the audience an office is told as."""
    return Words(
        title=f"Stalled: {_IN_SHORT[stage]}" if reader == STAFF else "Referral has not moved",
        text=f"The referral {_STALLED[stage]}. It has not moved for {stalled_for}.",
        next_step=_asked(stage, reader),
    )


def nudge(*, stage: str, stalled_for: str, ahead: bool, reader: str) -> Words:
    """As ``escalation``, because a person asks now: perhaps just after it moved (``stalled_for`` is empty then), or
    before its clock starts (``ahead``)."""
    stands = _AHEAD.get(stage, _STALLED[stage]) if ahead else _STALLED[stage]
    waited = f" It has not moved for {stalled_for}." if stalled_for else ""
    return Words(
        title=f"Nudge: {_AHEAD_IN_SHORT[stage] if ahead else _IN_SHORT[stage]}"
        if reader == STAFF
        else "Please look at this referral",
        text=f"The referral {stands}.{waited}",
        next_step=_asked(stage, reader),
    )


def remarked(words: Words, *, by: str, remark: str) -> Words:
    """``words`` with what a person adds; ``by`` is empty where staff are not named."""
    added = (f"{by} asks for it" if by else "") + (": " if by and remark else "") + (f"“{remark}”" if remark else "")
    return replace(words, text=f"{words.text} {added.strip()}{'' if remark else '.'}") if added else words


def _asked(stage: str, reader: str) -> str:
    if reader == STAFF:
        return _ASKED[stage]
    if reader == "receiving_office":
        return _ASKED_OF_RECEIVER[stage]
    return "We are on it; tell us if the patient's need has changed."


def note_request(*, number: int, seen_on: str) -> Words:
    """The ``number``-th request to the receiving office for the consult note."""
    return Words(
        title=f"{ordinal(number)} request for the consult note",
        text=f"The patient was seen on {seen_on}. The consult note has not reached us.",
        next_step="Please send the final note, or tell us why there will be none.",
    )


def ordinal(number: int) -> str:
    """``First``, ``Second`` … ``11th``, ``21st``."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def unreached(office: str) -> Words:
    """An alert found no address of an office."""
    return Words(
        title=f"{office} could not be told",
        text=f"{office} has no address that takes this message.",
        next_step="Call or fax the office, and enter its e-mail address or webhook.",
    )


def when(instant: datetime) -> str:
    """``Tue Dec 1, 2026 at 9:00 AM`` in the zone of ``instant``."""
    return f"{instant:%a %b} {instant.day}, {instant.year} at {instant:%I:%M %p}".replace(" at 0", " at ")


def _headline(kind: str) -> str:
    topic = topic_of(kind).partition(".")[2].replace("_", " ")
    return f"Referral {topic}"


class _Known(dict):
    def __missing__(self, key: str) -> str:
        return ""
