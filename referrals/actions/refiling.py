"""A document of a referral is something else than it was taken for: it is filed anew, as what it is."""

from datetime import datetime

from django.db import transaction

from referrals.actions import incoming, notes, taking_off
from referrals.errors import InvalidInput
from referrals.intake.receive import StoredBytes
from referrals.lifecycle.actor import Actor
from referrals.models import Document, DocumentVersion, MatchDecision, Referral


def refile(*, document: Document, taken_for: incoming.As, actor: Actor, now: datetime) -> Referral:
    """Take the document off and file the same bytes as another kind, both or neither. What it implied as a note is
    undone, and what it implies as one is done; the timeline keeps both, and filing it back is the way back.

    Of a document that came in from outside the decision is replaced. Raises InvalidInput, IllegalMove, NotPermitted."""
    wanted = Document.Kind(taken_for.kind).label.lower()
    with transaction.atomic():
        version = _only_version(document)
        if document.kind == taken_for.kind:
            raise InvalidInput([("kind", f"It is filed as {wanted} already.")])
        why = f"It is a {wanted}, not a {document.get_kind_display().lower()}."
        standing = MatchDecision.objects.filter(version=version, undone_at__isnull=True).first()
        if standing is not None and standing.kind in MatchDecision.UNDOABLE:
            grounds = incoming.Grounds([f"filed as {wanted} by {actor.label}", *standing.evidence], standing.against)
            waiting = incoming.undo(decision=standing, reason=why, actor=actor, now=now)
            filed = incoming.As(taken_for.kind, taken_for.status, taken_for.service_date, grounds)
            incoming.attach(document=waiting, referral=document.referral, taken_for=filed, actor=actor, now=now)
        else:
            taking_off.take_off(version=version, actor=actor, now=now, reason=why)
            details = notes.NoteDetails(
                taken_for.kind, taken_for.status, document.title, taken_for.service_date or document.service_date,
                document.author, document.author_office,
            )  # fmt: skip
            stored = StoredBytes(
                version.file.name, version.filename, version.sha256, version.size, version.content_type
            )
            notes.attach(referral=document.referral, stored=stored, details=details, actor=actor, now=now)
    return Referral.objects.get(pk=document.referral_id)


def _only_version(document: Document) -> DocumentVersion:
    document.refresh_from_db()
    if document.status in (Document.Status.DETACHED, Document.Status.RETRACTED):
        raise InvalidInput([("kind", "It was taken off or retracted meanwhile.")])
    versions = list(document.versions.exclude(status=Document.Status.DETACHED)[:2])
    if len(versions) != 1:
        raise InvalidInput([("kind", "It has several versions: take the wrong ones off first.")])
    return versions[0]
