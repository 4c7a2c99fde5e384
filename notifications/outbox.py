"""Put messages in the outbox, in the transaction that causes them.

Nothing is sent here. A message exists if and only if what it tells was committed; dispatch/ sends it afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from notifications import many_rows
from notifications.errors import OutsideTransaction
from notifications.models import Delivery, Endpoint, Message, Recipient
from notifications.models.delivery import new_public_id
from notifications.topics import is_topic, wants

CHUNK = 500  # messages a round; keeps statements within what both databases take


@dataclass(frozen=True)
class Outgoing:
    """One message to enqueue. ``dedupe_key`` names its cause and recipient, such as ``event:812:office:4``.

    ``context_full`` may hold patient data, ``context_minimal`` must not; both must be JSON (dates are fine).
    ``about`` is the caller's reference, by which deliveries are found again. ``attachments`` are files for e-mail (keys
    filename, content_type, stored: its name in the storage); they go out whatever the detail, so without patient data."""

    topic: str
    recipient: Recipient
    dedupe_key: str
    occurred_at: datetime
    context_full: Mapping[str, Any] = field(default_factory=dict, repr=False)
    context_minimal: Mapping[str, Any] = field(default_factory=dict, repr=False)
    about: str = ""
    attachments: tuple[Mapping[str, str], ...] = ()


def enqueue(
    *,
    topic: str,
    recipient: Recipient,
    dedupe_key: str,
    context_full: Mapping[str, Any],
    context_minimal: Mapping[str, Any],
    occurred_at: datetime,
    now: datetime,
    about: str = "",
) -> Message:
    """Enqueue one message for every active endpoint of ``recipient`` that wants ``topic``.

    A repeated ``dedupe_key`` changes nothing and returns the first message. With no endpoint that wants it the
    message is kept with ``nobody_to_tell`` set. Raises OutsideTransaction, and ValueError for a malformed topic."""
    outgoing = Outgoing(topic, recipient, dedupe_key, occurred_at, context_full, context_minimal, about)
    return enqueue_many([outgoing], now=now)[0]


def enqueue_many(outgoing: Iterable[Outgoing], *, now: datetime) -> list[Message]:
    """Enqueue many at the price of about five queries for each 500; the messages in the order given.

    Raises OutsideTransaction, and ValueError for a malformed topic."""
    refuse_outside_transaction()
    items = iter(outgoing)
    messages = []
    while chunk := list(islice(items, CHUNK)):
        messages += _enqueue_chunk(chunk, now)
    return messages


def enqueue_new(outgoing: Sequence[Outgoing], *, now: datetime) -> list[Outgoing]:
    """For causes made in this very transaction, such as an event: no key can exist, so none is looked up and the rows go
    in as one statement (three queries). Where two may have one cause, such as a day's digest, use enqueue_many.

    Returns those that no endpoint wants. Raises OutsideTransaction, ValueError for a malformed topic, and
    IntegrityError for a key that exists after all."""
    refuse_outside_transaction()
    _refuse_malformed(outgoing)
    endpoints = _endpoints_of({item.recipient.pk for item in outgoing})
    alike = {(item.topic, item.recipient.pk): item for item in outgoing}
    wanting_alike = {key: list(_wanting(item.topic, item.recipient, endpoints)) for key, item in alike.items()}
    wanting = {item.dedupe_key: wanting_alike[item.topic, item.recipient.pk] for item in outgoing}
    written = many_rows.insert(
        Message,
        [_message_row(item, nobody=not wanting[item.dedupe_key]) for item in outgoing],
        alike={"created_at": now},
        returning=("id", "dedupe_key"),
    )
    many_rows.insert(
        Delivery,
        [
            {"message_id": pk, "endpoint_id": endpoint.pk, "public_id": new_public_id()}
            for pk, key in written
            for endpoint in wanting[key]
        ],
        alike=_NEW_DELIVERY | {"next_attempt_at": now, "created_at": now},
        returning=("id",),
    )
    return [item for item in outgoing if not wanting[item.dedupe_key]]


def enqueue_to(endpoint: Endpoint, outgoing: Outgoing, *, now: datetime) -> Delivery:
    """Enqueue for this endpoint alone, whatever it subscribed to (a test message)."""
    refuse_outside_transaction()
    message = _new_message(outgoing, now, nobody=False)
    message.save(force_insert=True)
    return Delivery.objects.create(message=message, endpoint=endpoint, next_attempt_at=now, created_at=now)


def tell_now(*, message: Message, now: datetime) -> int:
    """Enqueue a message for the endpoints that want it now and do not have it: an address was added since. How many."""
    with transaction.atomic():
        endpoints = _endpoints_of({message.recipient_id})[message.recipient_id]
        before = message.deliveries.count()
        Delivery.objects.bulk_create(_deliveries(message, message.recipient, endpoints, now), ignore_conflicts=True)
        added = message.deliveries.count() - before
        if before + added:
            Message.objects.filter(pk=message.pk).update(nobody_to_tell=False)
    return added


def settle(*, messages: QuerySet[Message], user, now: datetime) -> int:
    """Tick off messages that reached nobody: ``user`` told the recipients another way, or need not. How many.

    The first to settle one stays named."""
    return messages.filter(nobody_to_tell=True, settled_at=None).update(settled_at=now, settled_by=user)


def refuse_outside_transaction() -> None:
    """Raise OutsideTransaction unless a transaction is open."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("Enqueue inside the transaction that causes the message: use transaction.atomic().")


def _enqueue_chunk(chunk: Sequence[Outgoing], now: datetime) -> list[Message]:
    """1. See which keys exist already; only the rest is new.
    2. Insert the new messages in the order of their keys, so that two sweeps that meet wait instead of deadlocking;
       one that another transaction inserted meanwhile is skipped by the database.
    3. Read the rows back by key, whoever inserted them, and insert the deliveries the same way: the unique constraint
       of (message, endpoint) makes it harmless that both may try."""
    _refuse_malformed(chunk)
    by_key = {item.dedupe_key: item for item in reversed(chunk)}
    known = {m.dedupe_key: m for m in Message.objects.filter(dedupe_key__in=by_key)}
    new = {key: by_key[key] for key in sorted(by_key.keys() - known.keys())}
    if new:
        endpoints = _endpoints_of({item.recipient.pk for item in new.values()})
        Message.objects.bulk_create(
            [
                _new_message(item, now, nobody=not any(_wanting(item.topic, item.recipient, endpoints)))
                for item in new.values()
            ],
            ignore_conflicts=True,
        )
        written = list(Message.objects.filter(dedupe_key__in=new))
        Delivery.objects.bulk_create(
            [
                delivery
                for message in written
                for delivery in _deliveries(
                    message, new[message.dedupe_key].recipient, endpoints[message.recipient_id], now
                )
            ],
            ignore_conflicts=True,
        )
        known |= {message.dedupe_key: message for message in written}
    return [known[item.dedupe_key] for item in chunk]


def _refuse_malformed(items: Sequence[Outgoing]) -> None:
    for topic in {item.topic for item in items}:
        if not is_topic(topic):
            raise ValueError(f"not a topic: {topic!r}")


def _new_message(item: Outgoing, now: datetime, *, nobody: bool) -> Message:
    return Message(created_at=now, **_message_row(item, nobody=nobody))


_NEW_DELIVERY = {"status": Delivery.Status.QUEUED, "attempts": 0, "leased_by": "", "last_error": ""}


def _message_row(item: Outgoing, *, nobody: bool) -> dict[str, Any]:
    return {
        "topic": item.topic,
        "recipient_id": item.recipient.pk,
        "dedupe_key": item.dedupe_key,
        "about": item.about,
        "context_full": item.context_full,
        "context_minimal": item.context_minimal,
        "nobody_to_tell": nobody,
        "occurred_at": item.occurred_at,
        "attachments": list(item.attachments),
    }


def _endpoints_of(recipient_pks: set[int]) -> Mapping[int, list[Endpoint]]:
    found = defaultdict(list)
    for endpoint in Endpoint.objects.filter(recipient__in=recipient_pks, active=True).only("recipient_id", "topics"):
        found[endpoint.recipient_id].append(endpoint)
    return found


def _wanting(topic: str, recipient: Recipient, endpoints: Mapping[int, list[Endpoint]]) -> Iterator[Endpoint]:
    for endpoint in endpoints[recipient.pk]:
        if wants(topic, subscribed=endpoint.topics, defaults=recipient.default_topics):
            yield endpoint


def _deliveries(message: Message, recipient: Recipient, endpoints: list[Endpoint], now: datetime) -> list[Delivery]:
    return [
        Delivery(message=message, endpoint=endpoint, next_attempt_at=now, created_at=now)
        for endpoint in _wanting(message.topic, recipient, {recipient.pk: endpoints})
    ]
