"""What a person does with a document in review: attach it, make a referral of it, split it, have it read again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from referrals.actions import notes
from referrals.actions.incoming import AlreadyDecided, As, Did, Grounds, attach, decided, refuse_unpermitted, undecided
from referrals.actions.separating import part_off
from referrals.capture.ask import NewReferral
from referrals.capture.create import Captured, capture
from referrals.errors import InvalidInput
from referrals.intake.arrivals import stored_bytes
from referrals.intake.reading import Reading, from_json
from referrals.intake.receive import UNKNOWN
from referrals.lifecycle.actor import Actor
from referrals.models import Document, IncomingDocument, MatchDecision, Referral
from referrals.reconcile.doubts import doubts
from referrals.reconcile.matching import weigh

State = IncomingDocument.State


def attach_by_hand(
    *, document: IncomingDocument, referral: Referral, taken_for: As, confirmed: str, actor: Actor, now: datetime
) -> MatchDecision:
    """Attach what a person matched. Whatever contradicts the patient has to be confirmed in so many words:
    ``confirmed`` is the key of exactly the doubts there are (reconcile/doubts.py).

    Raises what ``incoming.attach`` does, and InvalidInput for ``confirmed``."""
    refuse_unpermitted(actor)
    with transaction.atomic():
        row = undecided(document)
        reading = reading_of(row)
        prefetch_related_objects([referral.patient], "other_names", "identifiers")
        found = doubts(reading, referral.patient)
        if found and confirmed != found.key:
            raise InvalidInput([("confirmed", "Check that it is the same patient, and say so.")])
        option = weigh(reading, [referral])[referral.pk]
        checked = [f"{says} {actor.label} checked that it is the same patient." for says in found.says]
        grounds = Grounds([f"chosen by {actor.label}", *option.evidence], [*checked, *option.against])
        return attach(
            document=row, referral=referral, taken_for=replace(taken_for, grounds=grounds), actor=actor, now=now
        )


def read_again(*, document: IncomingDocument, actor: Actor, now: datetime) -> IncomingDocument:
    """Back to those that wait to be read; only from review. Raises AlreadyDecided or InvalidInput."""
    refuse_unpermitted(actor)
    with transaction.atomic():
        row = undecided(document)
        if row.state != State.REVIEW:
            raise AlreadyDecided("It is being read already.")
        if row.content_type == UNKNOWN:
            raise InvalidInput([("document", "RefLoop cannot read this kind of file, however often it tries.")])
        row.state, row.attempts, row.error, row.review_because = State.WAITING, 0, "", ""
        row.save(update_fields=["state", "attempts", "error", "review_because"])
    return row


@dataclass(frozen=True)
class CapturedFrom:
    captured: Captured
    decision: MatchDecision


def capture_from(
    *, document: IncomingDocument, ask: NewReferral, idempotency_key: str, actor: Actor, now: datetime
) -> CapturedFrom:
    """Capture the referral a letter asks for, with the letter on it: both or neither.

    Raises what ``capture`` raises, and AlreadyDecided."""
    refuse_unpermitted(actor)
    with transaction.atomic():
        row = undecided(document)
        captured = capture(ask=ask, actor=actor, now=now, idempotency_key=idempotency_key)
        reading = reading_of(row)
        details = notes.NoteDetails(
            kind=Document.Kind.REFERRAL_LETTER,
            title=(reading.title.value if reading and reading.title else "")[:120],
        )
        attached = notes.attach(
            referral=captured.referral, stored=stored_bytes(row), details=details, actor=actor, now=now
        )
        grounds = Grounds([f"captured from this document by {actor.label}"])
        decision = decided(
            row, MatchDecision.Kind.CAPTURED, grounds, actor, now, did=Did(captured.referral, attached.version)
        )
    return CapturedFrom(captured, decision)


def split(
    *, document: IncomingDocument, parts: Sequence[bytes], labels: Sequence[str], actor: Actor, now: datetime
) -> MatchDecision:
    """The document ends as split; each of ``parts`` (its pages, cut in the sandbox) waits to be read for itself.

    ``labels`` name the parts, such as ``page 1-2``. Raises AlreadyDecided or InvalidInput."""
    refuse_unpermitted(actor)
    if len(parts) < 2:
        raise InvalidInput([("starts", "Choose at least one page at which another document begins.")])
    with transaction.atomic():
        row = undecided(document)
        part_off(row, parts, labels, now=now)
        return decided(
            row, MatchDecision.Kind.SPLIT, Grounds(), actor, now, reason=", ".join(labels), state=State.SPLIT
        )


def reading_of(row: IncomingDocument) -> Reading | None:
    return from_json(row.reading) if row.reading else None
