"""An event in words, for those who are told and those who ask: what happened, when, with whom, and what comes next."""

from datetime import date, datetime
from typing import Any

from referrals.messages import wording
from referrals.messages.wording import Words
from referrals.practice.calendar import practice_calendar

# Events nobody is told of, but everybody reads on the timeline and in the feed: (what happened, what comes next).
_READ_ONLY: dict[str, tuple[str, str]] = {
    "contact_logged": ("An attempt to make contact was noted: {outcome_words}.", ""),
    "contact_undone": ("An attempt to make contact was noted by mistake and does not count: {outcome_words}.", ""),
    "appointment_confirmed": ("The patient confirmed the visit on {when}.", ""),
    "held": ("The referral waits until {until_day}: {reason}", "Somebody looks again on that day."),
    "resumed": ("The referral is no longer on hold.", "It is being worked on again."),
    "note_attached": ("A note was attached ({status}).", "The final note closes the loop."),
    "document_added": ("A document was added: {filename}", ""),
    "reconciled": ("The note was reconciled to the visit.", "The loop closes when the referring office has the note."),
    "note_delivered": ("The referring office has the note.", ""),
    "cancel_withdrawn": ("The cancellation was withdrawn.", "The referral is wanted after all."),
    "details_changed": ("Details of the referral were changed: {fields}.", ""),
    "commented": ("A comment: {text}", ""),
}
LEFT = Words(
    title="Referral left your office",
    text="The referral is no longer with your office.",
    next_step="Take it off your list; nothing more will follow.",
)


def words_of(kind: str, data: dict[str, Any], *, specialty: str = "", specialist: str = "") -> Words:
    """``specialist`` is who the referral was with at the event, such as "Dr. Ama Osei at Capitol Heart Center"."""
    values = _values(data) | {"specialty": specialty, "specialist": specialist or "the specialist"}
    if wording.topic_of(kind):
        return wording.update(kind, values)
    happened, following = _READ_ONLY.get(kind, (f"{kind.replace('_', ' ').capitalize()}.", ""))
    text = wording.sentence(happened, values)
    return Words(title=f"Referral {kind.replace('_', ' ')}", text=text, next_step=following)


def place(office: Any, provider: Any) -> str:
    """Who a referral is with: "Dr. Ama Osei at Capitol Heart Center"; empty when nobody is."""
    return " at ".join(str(part) for part in (provider, office) if part)


def _values(data: dict[str, Any]) -> dict[str, Any]:
    values = dict(data)
    zone = practice_calendar().zone
    if starts_at := data.get("starts_at"):
        values["when"] = wording.when(datetime.fromisoformat(starts_at).astimezone(zone))
    if until := data.get("until"):
        values["until_day"] = _day(datetime.fromisoformat(until).astimezone(zone).date())
    if seen_on := data.get("seen_on"):
        values["seen_on"] = _day(date.fromisoformat(seen_on))
    if outcome := data.get("outcome"):
        values["outcome_words"] = outcome.replace("_", " ")
    if changes := data.get("changes"):
        values["fields"] = ", ".join(change["field"].replace("_", " ") for change in changes)
    return values


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
