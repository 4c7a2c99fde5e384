"""Tell the offices of a referral what happened: one message per event and office, in the event's transaction."""

from typing import Any

from notifications.outbox import Outgoing, enqueue_new
from referrals.messages import context, event_words, wording
from referrals.messages.event_data import shown_data
from referrals.messages.quiet import is_quiet
from referrals.messages.recipients import AddressBook
from referrals.models import Office, Referral, ReferralEvent
from referrals.timestamps import rfc3339

# What the receiving office is told; the referring office is told everything that has a topic.
RECEIVER_HEARS = frozenset(
    {"routed", "cancel_requested", "cancelled", "voided", "lost", "rescheduled", "appointment_cancelled", "reopened"}
)
LEFT_TOPIC = "referral.left"  # to the office whose turn is over
_PARTIES = (
    "patient", "specialty", "referring_office", "referring_provider", "receiving_office", "receiving_provider",
)  # fmt: skip


def announce(event: ReferralEvent, referral: Referral) -> int:
    """Enqueue the event for the offices that should hear of it, except the one that caused it; how many messages.

    Call inside the transaction that wrote the event."""
    if is_quiet() or not wording.topic_of(event.kind):
        return 0
    _read_parties(referral)
    hearers = [office for office in _hearers(event, referral) if office.pk != event.actor_office_id]
    left = _left(event, referral)
    if not hearers and left is None:
        return 0
    book = AddressBook(now=event.at, offices=[office.pk for office in (*hearers, left) if office])
    outgoing = [_update(event, referral, office, book) for office in hearers]
    if left is not None:
        told = context.left(referral, event_words.LEFT, at=event.at)
        outgoing.append(_outgoing(event, referral, LEFT_TOPIC, left, book, full=told, minimal=told))
    enqueue_new(outgoing, now=event.at)
    return len(outgoing)


def _read_parties(referral: Referral) -> None:
    """Read what is not known yet of the parties, in one query instead of one each."""
    fields = [Referral._meta.get_field(name) for name in _PARTIES]
    unknown = [f for f in fields if getattr(referral, f.attname) is not None and not f.is_cached(referral)]
    if unknown:
        names = [field.name for field in unknown]
        read = Referral.objects.select_related(*names).only(*names).get(pk=referral.pk)
        for field in unknown:
            field.set_cached_value(referral, field.get_cached_value(read))


def _hearers(event: ReferralEvent, referral: Referral) -> list[Office]:
    """The referring office, and for what concerns it the receiving one; an office in both roles hears once."""
    hearers = {referral.referring_office_id: referral.referring_office}
    if event.kind in RECEIVER_HEARS and referral.receiving_office is not None:
        hearers[referral.receiving_office_id] = referral.receiving_office
    return list(hearers.values())


def _left(event: ReferralEvent, referral: Referral) -> Office | None:
    """The office whose turn the event ended, unless it did so itself or refers."""
    if event.left_office_id in (None, event.actor_office_id, referral.referring_office_id):
        return None
    return event.left_office


def _update(event: ReferralEvent, referral: Referral, office: Office, book: AddressBook) -> Outgoing:
    specialist = event_words.place(referral.receiving_office, referral.receiving_provider)
    words = event_words.words_of(event.kind, event.data, specialty=referral.specialty.name, specialist=specialist)
    common = {"link": context.office_link(referral), "at": event.at, "reader": office}
    return _outgoing(
        event,
        referral,
        wording.topic_of(event.kind),
        office,
        book,
        full=context.full(referral, words, **common) | {"event": _plain_event(event, office)},
        minimal=context.minimal(referral, words, **common),
    )


def _outgoing(
    event: ReferralEvent,
    referral: Referral,
    topic: str,
    office: Office,
    book: AddressBook,
    *,
    full: dict[str, Any],
    minimal: dict[str, Any],
) -> Outgoing:
    return Outgoing(
        topic=topic,
        recipient=book.office(office),
        dedupe_key=f"event:{event.pk}:office:{office.pk}",
        occurred_at=event.at,
        about=referral.number,
        context_full=full,
        context_minimal=minimal,
    )


def _plain_event(event: ReferralEvent, office: Office) -> dict[str, Any]:
    """The event as the feed gives it."""
    return {
        "kind": event.kind,
        "version": event.version,
        "at": rfc3339(event.at),
        "from_status": event.from_status or None,
        "to_status": event.to_status,
        "data": shown_data(event.kind, event.data, to_group=office.is_ours),
    }
