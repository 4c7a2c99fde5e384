"""One stream of all that happened: changes, contacts, documents and messages with their delivery, newest first.

``?show=messages`` (documents, contacts, changes) shows one kind; the page works the same without scripts."""

from typing import Any

from django.http import HttpRequest

from referrals.admin.referral import timeline
from referrals.admin.referral.matched import Key, line_for
from referrals.lifecycle.states import Status
from referrals.models import Referral, ReferralEvent

EVENTS_SHOWN = 200
ALL = "all"
FILTERS = {ALL: "All", "messages": "Messages", "documents": "Documents", "contacts": "Contacts", "changes": "Changes"}
_DOCUMENTS = frozenset({
    "note_attached", "note_returned", "note_amended", "document_added", "document_removed", "note_retracted", "retraction_undone",
    "note_detached", "reconciled", "note_delivered",
})  # fmt: skip
_TELLINGS = frozenset({"escalated", "nudged"})
_CONTACTS = frozenset({"contact_logged", "contact_undone", "commented"})


def stream_of(
    request: HttpRequest, referral: Referral, matched: dict[Key, dict[str, Any]], messages: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """``messages`` are those of told.messages_of; None for whoever may not see them."""
    rows = list(referral.events.order_by("-version")[: EVENTS_SHOWN + 1])
    by_event: dict[int, list[dict[str, Any]]] = {}
    for row in messages or ():
        by_event.setdefault(row["event"], []).append(row)
    entries = []
    for event in rows[:EVENTS_SHOWN]:
        sent = by_event.pop(event.pk, [])
        entries.append(_entry(event, matched, sent, tells=messages is not None))
    entries += [_alone(row) for rest in by_event.values() for row in rest]
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    shown = request.GET.get("show", ALL)
    shown = shown if shown in FILTERS else ALL
    return {
        "stream": entries,
        "shown": shown,
        "filters": [
            {"key": key, "label": label, "count": sum(key in (ALL, *entry["kinds"]) for entry in entries)}
            for key, label in FILTERS.items()
        ],
        "more_events": len(rows) > EVENTS_SHOWN,
        "was_declined": len(rows) > EVENTS_SHOWN or any(event.kind == "declined" for event in rows),
        "newest_event": rows[0] if rows else None,
        "first_event": rows[-1] if rows and rows[-1].kind == "captured" else None,
    }


def _entry(event: ReferralEvent, matched, sent: list[dict[str, Any]], *, tells: bool) -> dict[str, Any]:
    kinds = [_kind(event)]
    if sent and "messages" not in kinds:
        kinds.append("messages")
    # Old messages are cleaned away after a while; that somebody was told stays on record.
    forgotten = tells and event.kind in _TELLINGS and not sent
    return {
        "told": timeline.told(event),
        "detail": timeline.detail(event),
        "extras": [*timeline.extras(event), line_for(event.data, matched)],
        "who": event.actor_label,
        "by": event.actor_kind,
        "at": event.at,
        "moved": Status(event.to_status).label if event.to_status != event.from_status else "",
        "kinds": kinds,
        "messages": sent,
        "forgotten": forgotten,
    }


def _kind(event: ReferralEvent) -> str:
    if event.kind in _TELLINGS:
        return "messages"
    if event.kind in _CONTACTS:
        return "contacts"
    return "documents" if event.kind in _DOCUMENTS else "changes"


def _alone(row: dict[str, Any]) -> dict[str, Any]:
    """A message no event on the page caused, such as that an office could not be told."""
    return {"at": row["moment"], "by": "system", "kinds": ["messages"], "messages": [row], "who": "", "told": ""}
