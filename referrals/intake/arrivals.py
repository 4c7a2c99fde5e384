"""A document comes in: its bytes are stored, and a row says that it waits to be read. Nothing is parsed here.

The row is the queue: readers (pipeline.py) lease the oldest that waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from referrals.intake.receive import UNKNOWN, StoredBytes, store
from referrals.models import Arrival, IncomingDocument, MatchDecision, Office

State = IncomingDocument.State
BY_HASH = "sha256:"


@dataclass(frozen=True)
class Sender:
    """Whence a document came. ``scope`` names the place in which ``source_id`` is unique; ``label`` is for people."""

    source: str  # Arrival.Source
    scope: str
    label: str
    office: Office | None = None


@dataclass(frozen=True)
class Arrived:
    """``created`` is False when RefLoop had these bytes already: then ``document`` is the first one."""

    document: IncomingDocument
    arrival: Arrival
    created: bool


def take_in(
    upload: BinaryIO | bytes,
    *,
    filename: str,
    sender: Sender,
    now: datetime,
    source_id: str = "",
    keep_unknown: bool = False,
    part_of: IncomingDocument | None = None,
) -> Arrived:
    """Store the bytes and, once they are safe, the document that waits to be read and its arrival in one transaction.

    The same bytes from somebody else are another arrival of the same document, from the same sender not even that; had it
    been set aside, somebody looks again. With
    ``keep_unknown`` a kind of file nobody can read is kept for a person to look at instead of being refused.
    Raises InvalidInput for an empty, oversized or (else) unknown kind of file."""
    stored = store(upload, filename=filename, keep_unknown=keep_unknown)
    with transaction.atomic():
        document, created = _document(stored, now, part_of)
        arrival, is_new = _arrival(document, stored, sender, source_id, now)
        if is_new and not created and document.state == State.REJECTED:
            document = _look_again(document, sender, now)
    return Arrived(document, arrival, created)


def _document(stored: StoredBytes, now: datetime, part_of: IncomingDocument | None) -> tuple[IncomingDocument, bool]:
    known = stored.content_type != UNKNOWN
    return IncomingDocument.objects.get_or_create(
        sha256=stored.sha256,
        defaults={
            "file": stored.name,
            "filename": stored.filename,
            "content_type": stored.content_type,
            "size": stored.size,
            "received_at": now,
            "part_of": part_of,
            "state": State.WAITING if known else State.REVIEW,
            "error": "" if known else "RefLoop cannot read this kind of file.",
            "review_because": "" if known else "Open it with the program it was made for.",
        },
    )


def _look_again(document: IncomingDocument, sender: Sender, now: datetime) -> IncomingDocument:
    """What was set aside is sent once more: it may be wanted by now, and nothing would ever show that it came."""
    row = IncomingDocument.objects.select_for_update().get(pk=document.pk)
    decision = row.decisions.filter(undone_at__isnull=True, kind=MatchDecision.Kind.REJECTED).first()
    if row.state != State.REJECTED or decision is None:
        return row
    decision.take_back(by="RefLoop", now=now, reason=f"It came again from {sender.label}.")
    because = f"It came again from {sender.label}. Set aside before by {decision.decided_by}: {decision.reason}"
    row.state, row.review_because = State.REVIEW, because[:200]
    row.save(update_fields=["state", "review_because"])
    return row


def _arrival(
    document: IncomingDocument, stored: StoredBytes, sender: Sender, source_id: str, now: datetime
) -> tuple[Arrival, bool]:
    """The arrival of these bytes from this sender, and whether it is new; without an id of the sender's own their hash is
    it, and a repeat is the first arrival whatever its id."""
    if not source_id and (first := document.arrivals.filter(source_scope=sender.scope).first()):
        return first, False
    return Arrival.objects.get_or_create(
        document=document,
        source_scope=sender.scope,
        source_id=source_id[:120] or f"{BY_HASH}{stored.sha256}",
        defaults={
            "source": sender.source,
            "office": sender.office,
            "filename": stored.filename,
            "received_from": sender.label[:120],
            "at": now,
        },
    )


def stored_bytes(document: IncomingDocument) -> StoredBytes:
    """What ``store`` gave for these bytes."""
    return StoredBytes(document.file.name, document.filename, document.sha256, document.size, document.content_type)


def same_id_before(arrivals: Iterable[Arrival]) -> bool:
    """Whether a sender used the id of one of these arrivals for other bytes before: the reviewer must know."""
    return any(
        Arrival.objects.filter(source_scope=a.source_scope, source_id=a.source_id, pk__lt=a.pk)
        .exclude(document_id=a.document_id)
        .exists()
        for a in arrivals
        if not a.source_id.startswith(BY_HASH)
    )
