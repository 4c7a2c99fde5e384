"""A document of a referral is something else than it was taken for: it is filed anew, as what it is."""

from datetime import datetime

from django.db import transaction

from referrals.actions import incoming, notes, taking_off
from referrals.errors import InvalidInput
from referrals.intake.receive import StoredBytes
from referrals.lifecycle.actor import Actor
from referrals.models import Document, DocumentVersion, IncomingDocument, MatchDecision, Referral

Came = (
    tuple[IncomingDocument, incoming.Grounds] | None
)  # the document in review a version is of, and why it was put there


def refile(*, document: Document, taken_for: incoming.As, actor: Actor, now: datetime) -> Referral:
    """Take the document off and file the same bytes as another kind, all of its versions or none. What it implied as a
    note is undone, and what it implies as one is done; the timeline keeps both, and filing it back is the way back.

    1. Its versions come off, newest first. Of one that came in from outside the decision is taken back.
    2. They are filed in their order as versions of one new document, ``taken_for.status`` being that of the newest.

    Raises InvalidInput, IllegalMove, NotPermitted."""
    wanted = Document.Kind(taken_for.kind).label.lower()
    with transaction.atomic():
        versions = _standing_versions(document)
        if document.kind == taken_for.kind:
            raise InvalidInput([("kind", f"It is filed as {wanted} already.")])
        why = f"It is a {wanted}, not a {document.get_kind_display().lower()}."
        said = [version.status for version in versions]
        off = [_off(version, why, f"filed as {wanted} by {actor.label}", actor, now) for version in reversed(versions)]
        filed: Document | None = None
        are_notes = {document.kind, taken_for.kind} <= set(Document.NOTE_KINDS)
        for version, came, status in zip(versions, reversed(off), said, strict=True):
            keeps = are_notes and version is not versions[-1]
            as_now = _as_now(version, taken_for, status if keeps else taken_for.status)
            filed = _file(version, came, as_now, filed, actor, now)
    return Referral.objects.get(pk=document.referral_id)


def _off(version: DocumentVersion, why: str, by: str, actor: Actor, now: datetime) -> Came:
    standing = MatchDecision.objects.filter(version=version, undone_at__isnull=True).select_related("document").first()
    if standing is None or standing.kind == MatchDecision.Kind.CAPTURED:  # the referral it was captured as stays
        taking_off.take_off(version=version, actor=actor, now=now, reason=why)
    else:
        incoming.undo(decision=standing, reason=why, actor=actor, now=now)
    return standing and (standing.document, incoming.Grounds([by, *standing.evidence], standing.against))


def _as_now(version: DocumentVersion, taken_for: incoming.As, status: str) -> incoming.As:
    day = taken_for.service_date or version.document.service_date
    return incoming.As(taken_for.kind, status, day if taken_for.kind in Document.NOTE_KINDS else taken_for.service_date)


def _file(
    version: DocumentVersion, came: Came, taken_for: incoming.As, after: Document | None, actor: Actor, now: datetime
) -> Document:
    """The document it is a version of now: ``after``, unless it is the first."""
    was = version.document
    if came is not None:
        waiting, grounds = came
        filed = incoming.As(taken_for.kind, taken_for.status, taken_for.service_date, grounds, after)
        return incoming.attach(
            document=waiting, referral=was.referral, taken_for=filed, actor=actor, now=now
        ).version.document
    details = notes.NoteDetails(
        taken_for.kind, taken_for.status, was.title, taken_for.service_date or was.service_date, was.author,
        was.author_office, after,
    )  # fmt: skip
    stored = StoredBytes(version.file.name, version.filename, version.sha256, version.size, version.content_type)
    return notes.attach(referral=was.referral, stored=stored, details=details, actor=actor, now=now).version.document


def _standing_versions(document: Document) -> list[DocumentVersion]:
    """Oldest first, at least one."""
    document.refresh_from_db()
    if document.status in (Document.Status.DETACHED, Document.Status.RETRACTED):
        raise InvalidInput([("kind", "It was taken off or retracted meanwhile.")])
    return list(document.versions.exclude(status=Document.Status.DETACHED))
