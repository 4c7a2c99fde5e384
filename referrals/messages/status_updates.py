"""Tell the offices of a referral what happened: one message per event and office, in the event's transaction."""

from datetime import date, datetime
from typing import Any

from notifications.outbox import Outgoing, enqueue_new
from referrals.messages import context, wording
from referrals.messages.quiet import is_quiet
from referrals.messages.recipients import AddressBook
from referrals.models import Office, Referral, ReferralEvent
from referrals.practice.calendar import practice_calendar

# What the receiving office is told; the referring office is told everything that has a topic.
RECEIVER_HEARS = frozenset(
    {"routed", "cancel_requested", "cancelled", "voided", "lost", "rescheduled", "appointment_cancelled", "reopened"}
)
_PARTIES = (
    "patient", "specialty", "referring_office", "referring_provider", "receiving_office", "receiving_provider",
)  # fmt: skip


def announce(event: ReferralEvent, referral: Referral) -> int:
    """Enqueue the event for the offices that should hear of it, except the one that caused it; how many messages.

    Call inside the transaction that wrote the event."""
    if is_quiet() or not wording.topic_of(event.kind):
        return 0
    referral = Referral.objects.select_related(*_PARTIES).get(pk=referral.pk)  # one query instead of one each
    offices = [office for office in _hearers(event, referral) if office.pk != event.actor_office_id]
    if not offices:
        return 0
    book = AddressBook(now=event.at, offices=[office.pk for office in offices])
    words = wording.update(event.kind, _values(event, referral))
    link = context.office_link(referral)
    values = {
        "context_full": context.full(referral, words, link=link, at=event.at) | {"event": _plain_event(event)},
        "context_minimal": context.minimal(referral, words, link=link, at=event.at),
    }
    outgoing = [
        Outgoing(
            topic=wording.topic_of(event.kind),
            recipient=book.office(office),
            dedupe_key=f"event:{event.pk}:office:{office.pk}",
            occurred_at=event.at,
            about=referral.number,
            **values,
        )
        for office in offices
    ]
    enqueue_new(outgoing, now=event.at)
    return len(outgoing)


def _hearers(event: ReferralEvent, referral: Referral) -> list[Office]:
    """The referring office, and for what concerns it the receiving one; an office in both roles hears once."""
    hearers = {referral.referring_office_id: referral.referring_office}
    if event.kind in RECEIVER_HEARS and referral.receiving_office is not None:
        hearers[referral.receiving_office_id] = referral.receiving_office
    return list(hearers.values())


def _values(event: ReferralEvent, referral: Referral) -> dict[str, Any]:
    data = event.data
    specialist = " at ".join(str(p) for p in (referral.receiving_provider, referral.receiving_office) if p)
    values = data | {"specialty": referral.specialty.name, "specialist": specialist or "the specialist"}
    if starts_at := data.get("starts_at"):
        values["when"] = wording.when(datetime.fromisoformat(starts_at).astimezone(practice_calendar().zone))
    if seen_on := data.get("seen_on"):
        day = date.fromisoformat(seen_on)
        values["seen_on"] = f"{day:%b} {day.day}, {day.year}"
    return values


def _plain_event(event: ReferralEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "version": event.version,
        "at": event.at.isoformat(),
        "from_status": event.from_status,
        "to_status": event.to_status,
    }
