"""The author took a note back; and it turns out that this was a mistake."""

from datetime import datetime
from typing import Any

from django.db import transaction

from referrals.actions import notes, taking_off
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import Change, ClockBefore, changing
from referrals.models import Document, Reconciliation, Referral
from referrals.reconcile.decide import reconcile_again

_BACK = "taken_back"  # in Document.undo: how the referral stood when the note was retracted


def retract_note(
    *,
    referral: Referral,
    document: Document,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Referral:
    """The author took the note back. The visit stands; a closed referral opens again unless another final note is there."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say why the note is retracted.")])
    with changing(referral, Action.RETRACT_NOTE, actor=actor, now=now, expected_version=expected_version) as change:
        taking_off.refuse_foreign(change, document)
        before = _stood(change.referral, document)
        if taking_off.count_no_more(change, document, Document.Status.RETRACTED, reason):
            change.to = Status.NOTE_RETURNED if change.referral.note_id else Status.SEEN
        document.undo = {_BACK: before}
        document.save(update_fields=["undo"])
    return change.referral


def restore_note(*, document: Document, actor: Actor, now: datetime, reason: str) -> Referral:
    """The note was not taken back after all: it counts again, and what was closed by it is closed as it was.

    Raises InvalidInput without a reason, and for a document that is not retracted (any more)."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say why the note stands after all.")])
    with transaction.atomic():
        with changing(document.referral, Action.ATTACH_NOTE, actor=actor, now=now) as change:
            document.refresh_from_db()
            if document.status != Document.Status.RETRACTED:
                raise InvalidInput([("document", "This note is not retracted any more.")])
            before = document.undo.get(_BACK, {})
            _stands_again(change, document, before, reason)
        referral = change.referral
        undone = _reconciliation(document, before) if referral.note_id == document.pk else None
        if undone is not None and referral.status == Status.NOTE_RETURNED and referral.reconciled_at is None:
            referral = reconcile_again(
                referral=referral, undone=undone, closed_at=taking_off.instant(before["ended_at"]), actor=actor, now=now
            )
    return referral


def _stood(referral: Referral, document: Document) -> dict[str, Any]:
    reconciliation = referral.reconciliations.filter(undone_at__isnull=True).first()
    return notes.stands(referral, document) | {
        "undo": document.undo,
        "note_at": referral.note_at and referral.note_at.isoformat(),
        "delivered_at": referral.delivered_at and referral.delivered_at.isoformat(),
        "reconciliation": reconciliation and reconciliation.pk,
    }


def _stands_again(change: Change, document: Document, before: dict[str, Any], reason: str) -> None:
    referral, newest = change.referral, document.versions.exclude(status=Document.Status.DETACHED).last()
    document.status = before["document"]["status"] if before else newest.status
    document.undo = before.get("undo", {})
    document.save(update_fields=["status", "undo"])
    counted = bool(before) and before["note"] == document.pk and referral.reconciled_at is None
    if counted:
        referral.note, referral.document_status = document, Referral.DocumentStatus.FINAL
    notes.apply_note(change, document)
    if counted:
        referral.note_at, referral.delivered_at = (
            taking_off.instant(before["note_at"]),
            taking_off.instant(before["delivered_at"]),
        )
        change.clock_as_before = ClockBefore.of(before["clock"])
    change.kind = "retraction_undone"
    change.data = {"document": document.pk, "version": newest.number, "status": document.status, "reason": reason}


def _reconciliation(document: Document, before: dict[str, Any]) -> Reconciliation | None:
    """The one the retraction undid, unless its visit is documented by something else by now."""
    undone = Reconciliation.objects.filter(pk=before.get("reconciliation"), version__document=document).first()
    if undone is None or undone.encounter.reconciliations.filter(undone_at__isnull=True).exists():
        return None
    return undone
