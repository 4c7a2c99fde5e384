"""Notes and other documents on a referral: attach, amend. Taking them off again is in taking_off.py."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from referrals.actions.note_checks import (
    UNSIGNED,
    NoteDetails,
    refuse_bad_details,
    refuse_other_kind,
    refuse_retracted,
    same_bytes,
)
from referrals.intake.receive import StoredBytes
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import Change, Held, changing, hold
from referrals.models import Appointment, Document, DocumentVersion, MatchDecision, Referral
from referrals.practice.calendar import practice_calendar

Effect = MatchDecision.Effect


@dataclass(frozen=True)
class Attached:
    """The version and its referral as they are now, what was done, and how both stood ``before`` (for taking_off.py).

    When the referral had these very bytes already nothing changed, unless it was a draft that was signed by this."""

    version: DocumentVersion
    referral: Referral
    effect: MatchDecision.Effect
    before: dict

    @property
    def created(self) -> bool:
        return self.effect == Effect.ADDED


def attach(
    *,
    referral: Referral,
    stored: StoredBytes,
    details: NoteDetails,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Attached:
    """Put a stored document on the referral.

    A final note moves the referral to ``note_returned`` (also from before the visit, which it implies); a preliminary
    or interim one only proves the visit; anything that is not a note is filed and moves nothing."""
    is_note = details.kind in Document.NOTE_KINDS
    action = Action.ATTACH_NOTE if is_note else Action.ADD_DOCUMENT
    with transaction.atomic():
        held = hold(referral)
        refuse_bad_details(held.referral, details, now)
        if existing := same_bytes(held.referral, stored, actor):
            refuse_other_kind(existing.document, details)
            refuse_retracted(existing.document)
            before = stands(held.referral, existing.document)
            if is_note and details.status in Document.CLOSING_STATUSES and existing.document.status in UNSIGNED:
                _sign_unchanged(existing, held, details, actor=actor, now=now, expected_version=expected_version)
                return Attached(existing, held.referral, Effect.SIGNED, before)
            return Attached(existing, held.referral, Effect.CONFIRMED, before)
        with changing(held, action, actor=actor, now=now, expected_version=expected_version) as change:
            document = _replaced(change.referral, details)
            before = stands(change.referral, document)
            document = _document(change.referral, document, details, now)
            version = _version(document, stored, details, actor, now)
            change.data = _described(version)
            if is_note:
                apply_note(change, document)
    return Attached(version, change.referral, Effect.ADDED, before)


def _sign_unchanged(
    version: DocumentVersion, held: Held, details: NoteDetails, *, actor: Actor, now: datetime, expected_version
) -> None:
    """The draft is sent again as final, to the letter the same: it is signed now, and counts."""
    with changing(held, Action.ATTACH_NOTE, actor=actor, now=now, expected_version=expected_version) as change:
        document = version.document
        document.status = version.status = details.status
        document.service_date = details.service_date or document.service_date
        document.save(update_fields=["status", "service_date"])
        version.save(update_fields=["status"])
        change.data = _described(version)
        apply_note(change, document)


def _version(
    document: Document, stored: StoredBytes, details: NoteDetails, actor: Actor, now: datetime
) -> DocumentVersion:
    """The next version; bytes that were taken off this very document stand again as the version they were."""
    again = document.versions.filter(sha256=stored.sha256).first()
    if again is not None:
        again.status = details.status
        again.save(update_fields=["status"])
        return again
    return DocumentVersion.objects.create(
        document=document,
        number=document.versions.count() + 1,
        status=details.status,
        file=stored.name,
        filename=stored.filename,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        received_at=now,
        received_from=actor.label,
    )


def _described(version: DocumentVersion) -> dict:
    return {
        "document": version.document_id,
        "version": version.number,
        "kind": version.document.kind,
        "status": version.status,
        "filename": version.filename,
    }


def _replaced(referral: Referral, details: NoteDetails) -> Document | None:
    """The document this is a new version of: the named one, or for an amendment the current note."""
    if details.supersedes is not None:
        return details.supersedes
    is_note = details.kind in Document.NOTE_KINDS
    return referral.note if is_note and details.status == Document.Status.AMENDED else None


def _document(referral: Referral, document: Document | None, details: NoteDetails, now: datetime) -> Document:
    """The document the new version belongs to: ``document``, which it replaces, or a new one."""
    is_note = details.kind in Document.NOTE_KINDS
    if document is None:
        return Document.objects.create(
            referral=referral,
            kind=details.kind,
            status=details.status,
            title=details.title,
            # A letter or result is not the specialist's unless somebody says so.
            author=details.author or (referral.receiving_provider if is_note else None),
            author_office=details.author_office or (referral.receiving_office if is_note else None),
            service_date=details.service_date,
            created_at=now,
        )
    document.status = details.status
    document.service_date = details.service_date or document.service_date
    document.save(update_fields=["status", "service_date"])
    return document


def apply_note(change: Change, document: Document) -> None:
    """What a note that was just put on a referral does to it."""
    referral, now = change.referral, change.now
    document.undo.setdefault("before", stands(referral, None))
    if referral.receiving_office_id is None and document.author_office_id is not None:
        referral.receiving_office, referral.receiving_provider = document.author_office, document.author
        referral.receiving_since_version = referral.version + 1
        document.undo["chose_specialist"] = True
    if referral.seen_at is None:
        _imply_visit(referral, document, now)
    document.save(update_fields=["undo"])
    referral.hold_until, referral.hold_reason = None, ""
    if referral.status == Status.CLOSED:
        change.to = Status.CLOSED
        change.kind = "note_amended" if document.status == Document.Status.AMENDED else change.kind
        if document.pk == referral.note_id and referral.direction == Referral.Direction.INBOUND:
            referral.document_status = Referral.DocumentStatus.RECONCILED  # the amendment has yet to be delivered
        return
    if document.counts_as_note:
        if referral.note_id is None:
            referral.note, referral.note_at = document, now
            referral.document_status = Referral.DocumentStatus.FINAL
        elif referral.note_id == document.pk:
            referral.delivered_at = None  # what was delivered is not what it says now
        change.to = Status.NOTE_RETURNED
        change.kind = "note_returned"
        return
    if referral.note_id is None:
        referral.document_status = document.status
    change.to = Status.NOTE_RETURNED if referral.note_id else Status.SEEN


def stands(referral: Referral, document: Document | None) -> dict:
    """Where a referral and its document stand and what a note will wipe out: taking the note off puts it back
    (taking_off.py)."""
    return {
        "version": referral.version + 1,
        "status": referral.status,
        "note": referral.note_id,
        "document_status": referral.document_status,
        "document": document and {"status": document.status, "service_date": _text(document.service_date)},
        "clock": {
            "stage": referral.stage,
            "stage_since": _text(referral.stage_since),
            "clock_from": _text(referral.clock_from),
            "overdue_since": _text(referral.overdue_since),
        },
        "hold_until": _text(referral.hold_until),
        "hold_reason": referral.hold_reason,
        "ended_at": _text(referral.ended_at),
        "ending_reason": referral.ending_reason_id,
        "ending_comment": referral.ending_comment,
    }


def _text(instant: datetime | date | None) -> str | None:
    return instant.isoformat() if instant else None


def _imply_visit(referral: Referral, document: Document, now: datetime) -> None:
    """A note proves a visit nobody recorded. Remember what is changed, so that a wrong match can be taken back."""
    calendar = practice_calendar()
    day = document.service_date
    referral.seen_at = min(calendar.start_of(day), now) if day else now
    document.undo["implied_visit"] = True
    appointment = referral.appointment
    if appointment is not None:
        document.undo["appointment"] = appointment.pk
        if appointment.starts_at <= now:
            appointment.status = Appointment.Status.FULFILLED
            referral.appointment_status = Appointment.Status.FULFILLED
        else:  # the patient was seen before the booked visit, which is now a follow-up
            appointment.kind = Appointment.Kind.FOLLOW_UP
        appointment.save(update_fields=["status", "kind"])
        referral.appointment = None
