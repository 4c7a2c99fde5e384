"""The timeline in words: what each event says to somebody who was not there."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from referrals.admin.wording import day, day_and_time
from referrals.messages.wording import ordinal
from referrals.models import ContactAttempt, Document, EscalationRung, Referral, ReferralEvent

Data = dict[str, Any]


def told(event: ReferralEvent) -> str:
    """One sentence without a full stop. An unknown kind is told by its name, never hidden."""
    words = _WORDS.get(event.kind)
    if words is None:
        return event.kind.replace("_", " ")
    return words(event.data) if callable(words) else words


def detail(event: ReferralEvent) -> str:
    """What somebody added: a reason, a question, a comment; empty without one."""
    data = event.data
    parts = [data.get(key) for key in ("reason_label", "reason", "question", "comment", "text", "because", "how")]
    if data.get("reason_label"):
        parts[1] = None  # the code of the reason whose label is shown
    return " · ".join(str(part) for part in parts if part)


def extras(event: ReferralEvent) -> list[str]:
    """Further lines: why a specialist, the evidence of a reconciliation, old and new values."""
    if event.kind == "routed":
        return [" · ".join(event.data.get("reasons", []))]
    if event.kind in ("reconciled", "closed"):
        return list(event.data.get("evidence", []))
    if event.kind == "captured":
        return [event.data["owner_because"]] if event.data.get("owner_because") else []
    if event.kind == "details_changed":
        return [_difference(change) for change in event.data.get("changes", [])]
    return []


def _difference(change: Data) -> str:
    field = Referral._meta.get_field(change["field"])
    words = {value: str(label).lower() for value, label in field.flatchoices}
    was, now = (
        _shown(words.get(value, value) if isinstance(value, str) else value) for value in (change["from"], change["to"])
    )
    return f"{field.verbose_name}: {was} → {now}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "empty"
    return str(value) if value not in (None, "") else "empty"


def _when(data: Data, key: str = "starts_at") -> str:
    return day_and_time(datetime.fromisoformat(data[key])) if data.get(key) else "an unknown time"


def _calendar_day(text: str | None) -> str:
    if not text:
        return "an unknown day"
    at = date.fromisoformat(text)
    return f"{at:%b} {at.day}, {at.year}"


def _until(data: Data) -> str:
    return f" until {day(datetime.fromisoformat(data['until']))}" if data.get("until") else ""


def _whom(data: Data) -> str:
    return " at ".join(part for part in (data.get("provider"), data.get("office")) if part) or "the specialist"


def _contact(data: Data) -> str:
    channel = ContactAttempt.Channel(data["channel"]).label
    party = ContactAttempt.Party(data["party"]).label.lower()
    if data.get("call_back_on"):
        return f"{channel} to the {party}: call back on {_calendar_day(data['call_back_on'])}"
    return f"{channel} to the {party}: {ContactAttempt.Outcome(data['outcome']).label.lower()}"


def _document(data: Data) -> str:
    kind = Document.Kind(data["kind"]).label if data.get("kind") in Document.Kind.values else "Document"
    state = Document.Status(data["status"]).label.lower() if data.get("status") in Document.Status.values else ""
    return f"{kind} attached{f' ({state})' if state else ''}: {data.get('filename', '')}"


def _captured(data: Data) -> str:
    source = Referral.Source(data["source"]).label if data.get("source") in Referral.Source.values else "unknown"
    return f"Captured ({source}); {data.get('owner', 'nobody')} owns it"


def _closed(data: Data) -> str:
    return "Loop closed: note reconciled to the visit" if "encounter" in data else "Loop closed: note delivered"


def _escalated(data: Data) -> str:
    known = dict(EscalationRung.Audience.choices)
    told_to = ", ".join(known.get(audience, audience).lower() for audience in data.get("told", []))
    return f"Nothing moved in time; told: {told_to or 'nobody'}"


def _nudged(data: Data) -> str:
    if number := data.get("note_request"):
        return f"{ordinal(number)} request for the consult note, by hand"
    return f"Nudged by hand: {EscalationRung.Audience(data['audience']).label.lower()}"


_WORDS: dict[str, str | Callable[[Data], str]] = {
    "captured": _captured,
    "routed": lambda d: f"Sent to {_whom(d)}",
    "not_routed": "No specialist found",
    "assigned": lambda d: f"Owner changed from {d.get('from', '?')} to {d.get('to', '?')}",
    "accepted": "Accepted by the specialist",
    "declined": lambda d: f"Declined by {_whom(d)}",
    "contact_logged": _contact,
    "contact_undone": lambda d: f"Taken back: {_contact(d)[0].lower()}{_contact(d)[1:]}",
    "scheduled": lambda d: f"Visit booked for {_when(d)}",
    "rescheduled": lambda d: f"Visit moved to {_when(d)}",
    "appointment_confirmed": lambda d: f"Patient confirmed the visit on {_when(d)}",
    "appointment_cancelled": lambda d: f"Visit on {_when(d)} cancelled",
    "no_show": "Patient did not come",
    "seen": lambda d: f"Patient seen on {_calendar_day(d.get('seen_on'))}",
    "seen_undone": lambda d: f"Taken back: the patient was not seen on {_calendar_day(d.get('seen_on'))}",
    "no_show_undone": "Taken back: the patient did not miss the visit",
    "acceptance_undone": "Taken back: the specialist has not accepted yet",
    "information_requested": lambda d: f"Information requested; on hold{_until(d)}",
    "held": lambda d: f"Put on hold{_until(d)}",
    "resumed": "Resumed",
    "note_attached": _document,
    "document_added": _document,
    "note_returned": _document,
    "note_amended": _document,
    "document_removed": "Document taken off: it belongs elsewhere",
    "note_retracted": "Note retracted by its author",
    "retraction_undone": "Taken back: the note was not retracted, it counts again",
    "note_detached": "Note taken off: it belongs elsewhere",
    "match_undone": "A match was taken back; the document had been here before and stays",
    "settling_undone": "A match that settled the note was taken back; the document had been here before and stays",
    "reconciled": "Note reconciled to the visit",
    "note_delivered": "Note delivered to the referring office",
    "closed": _closed,
    "cancel_requested": "Cancellation requested",
    "cancelled": "Cancelled",
    "cancel_withdrawn": "Cancel request withdrawn",
    "voided": "Voided: should never have been here",
    "lost": "Lost: the patient will not be seen",
    "closed_without_note": "Closed without a note",
    "reopened": "Reopened",
    "details_changed": "Details changed",
    "commented": "Comment",
    "escalated": _escalated,
    "snoozed": lambda d: f"Snoozed until {day_and_time(datetime.fromisoformat(d['until']))}",
    "woken": lambda d: f"Snooze ended before {day(datetime.fromisoformat(d['was_until']))}",
    "nudged": _nudged,
}
