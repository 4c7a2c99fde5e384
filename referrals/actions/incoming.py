"""Decide on an incoming document: attach it to a referral, set it aside, or take a decision back.

Every decision is one transaction over the document's row, the referral and the decision with its evidence, so a crash
leaves either all of it or nothing, and a document ends once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from referrals.actions import calling_back, notes, retracting, taking_off
from referrals.actions.releasing import release
from referrals.errors import InvalidInput, NotFound, NotPermitted, ReferralError
from referrals.intake.arrivals import stored_bytes
from referrals.intake.reading import Reading, from_json
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, targets
from referrals.models import (
    Document,
    DocumentVersion,
    IncomingDocument,
    MatchDecision,
    Office,
    Provider,
    Reconciliation,
    Referral,
)
from referrals.reconcile import decide, parties
from referrals.reconcile.versions import earlier_versions

State = IncomingDocument.State
UNDECIDED = (State.REVIEW, State.READING, State.WAITING)
PERMISSION = "referrals.review_incomingdocument"


class AlreadyDecided(ReferralError):
    """Somebody else decided on the document meanwhile."""

    code = "already-decided"


@dataclass(frozen=True)
class Grounds:
    """Why: evidence for and against, and whether RefLoop decided by itself."""

    evidence: Sequence[str] = ()
    against: Sequence[str] = ()
    automatic: bool = False


@dataclass(frozen=True)
class As:
    """What the document is taken for. Empty: what it says of itself. Raises InvalidInput later when it says nothing."""

    kind: str = ""
    status: str = ""
    service_date: date | None = None
    grounds: Grounds = field(default_factory=Grounds)
    supersedes: Document | None = None  # what it is a new version of, when somebody knows better than the document


def attach(
    *, document: IncomingDocument, referral: Referral, taken_for: As, actor: Actor, now: datetime
) -> MatchDecision:
    """Put the document on the referral, and close the loop when it is a final note.

    A new version of a document that is there already becomes a version of it; a retraction takes the named note back.
    Raises InvalidInput, IllegalMove, NotPermitted or AlreadyDecided; then nothing is changed."""
    refuse_unpermitted(actor)
    with transaction.atomic():
        row = undecided(document)
        reading = from_json(row.reading) if row.reading else None
        earlier = taken_for.supersedes or _earlier_version(reading, row, referral)
        details = _details(reading, taken_for, referral, earlier)
        if details.status == Document.Status.RETRACTED:
            return _retract(row, referral, earlier, taken_for.grounds, actor, now)
        attached = notes.attach(referral=referral, stored=stored_bytes(row), details=details, actor=actor, now=now)
        version, reconciliation = attached.version, None
        if _closes(version.document, attached.referral):
            decide.reconcile(referral=attached.referral, actor=actor, now=now)
            reconciliation = version.reconciliations.filter(undone_at__isnull=True).first()
        is_note = details.kind in Document.NOTE_KINDS
        kind = MatchDecision.Kind.NOTE if is_note else MatchDecision.Kind.FILED
        did = Did(referral, version, attached.effect, attached.before, reconciliation)
        return decided(row, kind, taken_for.grounds, actor, now, did=did)


def set_aside(*, document: IncomingDocument, reason: str, actor: Actor, now: datetime) -> MatchDecision:
    """Not ours, or nothing to do with a referral. The bytes stay; it can be taken back."""
    refuse_unpermitted(actor)
    if not reason.strip():
        raise InvalidInput([("reason", "Say why it is set aside, such as: advertising, not our patient.")])
    with transaction.atomic():
        row = undecided(document)
        return decided(row, MatchDecision.Kind.REJECTED, Grounds(), actor, now, reason=reason, state=State.REJECTED)


def undo(*, decision: MatchDecision, reason: str, actor: Actor, now: datetime) -> IncomingDocument:
    """Take a decision back: the referral is as if the document had never come, the document is in review. A referral that
    was captured from it is voided, and parts it was split into are set aside."""
    refuse_unpermitted(actor)
    if not reason.strip():
        raise InvalidInput([("reason", "Say why the decision was wrong.")])
    with transaction.atomic():
        row = IncomingDocument.objects.select_for_update().get(pk=decision.document_id)
        standing = MatchDecision.objects.select_for_update().filter(pk=decision.pk, undone_at__isnull=True).first()
        if standing is None:
            raise AlreadyDecided("This decision was taken back already.")
        if not standing.can_be_undone:
            raise InvalidInput([("decision", "This cannot be undone here; do it on the referral.")])
        if standing.kind == MatchDecision.Kind.RETRACTED:
            taken_back = Document.objects.get(pk=standing.before["document"])
            retracting.restore_note(document=taken_back, actor=actor, now=now, reason=reason)
        elif standing.kind == MatchDecision.Kind.CAPTURED:
            calling_back.void_captured(standing, actor=actor, now=now, reason=reason)
        elif standing.kind == MatchDecision.Kind.SPLIT:
            calling_back.set_parts_aside(row, actor=actor, now=now)
        elif standing.version is not None and standing.version.document.status == Document.Status.RETRACTED:
            raise InvalidInput([("decision", "Its author took this note back since: take that back first, then this.")])
        elif standing.version is not None and not taking_off.is_off(standing.version):
            taking_off.undo_match(decision=standing, actor=actor, now=now, reason=reason)
        standing.document = row
        release(standing, by=actor.label, now=now, reason=reason)
    return row


def _earlier_version(reading: Reading | None, document: IncomingDocument, referral: Referral) -> Document | None:
    """The document on the referral of which this one is a later version, an addendum or the retraction: the one it
    names, or another of its set."""
    if reading is None:
        return None
    here = earlier_versions(reading).filter(referral=referral).exclude(document=document)
    newest = here.select_related("version__document").order_by("-decided_at", "-pk").first()
    return newest.version.document if newest else None


def refuse_unpermitted(actor: Actor) -> None:
    if actor.office is not None or (actor.user is not None and not actor.user.has_perm(PERMISSION)):
        raise NotPermitted("You may not decide on incoming documents.")


def undecided(document: IncomingDocument) -> IncomingDocument:
    """The row, locked. Raises NotFound, or AlreadyDecided with who did what."""
    try:
        row = IncomingDocument.objects.select_for_update().get(pk=document.pk)
    except IncomingDocument.DoesNotExist:
        raise NotFound("No such document.") from None
    if row.state not in UNDECIDED:
        raise AlreadyDecided(_what_was_decided(row))
    return row


def _what_was_decided(row: IncomingDocument) -> str:
    decision = row.decisions.filter(undone_at__isnull=True).select_related("referral").first()
    if decision is None:
        return f"This document is {row.get_state_display().lower()} already."
    where = f" ({decision.referral.number})" if decision.referral else ""
    return f"{decision.decided_by} was faster: {decision.get_kind_display().lower()}{where}."


def _details(reading: Reading | None, taken_for: As, referral: Referral, earlier: Document | None) -> notes.NoteDetails:
    said_kind = reading.kind.value if reading and reading.kind else ""
    said_status = reading.status.value if reading and reading.status else ""
    kind, status = taken_for.kind or said_kind, taken_for.status or said_status
    problems = []
    if kind not in Document.Kind.values:
        problems.append(("kind", "Say what it is: it does not say so itself."))
    if not status:
        problems.append(("status", "Say whether it is signed: it does not say so itself."))
    if problems:
        raise InvalidInput(problems)
    visit = reading.visit_at.value.day if reading and reading.visit_at else None
    author, office = (None, None) if reading is None else _author(reading, referral)
    return notes.NoteDetails(
        kind=kind,
        status=status,
        title=(reading.title.value if reading and reading.title else "")[:120],
        service_date=taken_for.service_date or visit,
        author=author,
        author_office=office,
        supersedes=earlier if earlier is not None and earlier.kind == kind else None,
    )


def _author(reading: Reading, referral: Referral) -> tuple[Provider | None, Office | None]:
    """The author in the directory and his office, when the document names him; else the referral's own are assumed."""
    offices = [referral.receiving_office] if referral.receiving_office else []
    facts = parties.answered(reading, offices)
    if len(facts.authors) != 1:
        return None, None
    author = Provider.objects.get(pk=next(iter(facts.authors)))
    if referral.receiving_office_id in facts.author_offices | facts.named_offices:
        return author, referral.receiving_office
    return author, author.offices.first()


def _closes(document: Document, referral: Referral) -> bool:
    return (
        document.counts_as_note
        and referral.note_id == document.pk
        and referral.reconciled_at is None
        and bool(targets(Action.RECONCILE, referral.status))
    )


def _retract(row, referral, earlier, grounds, actor, now) -> MatchDecision:
    if earlier is None:
        says = (
            "It takes back a note that does not show which one it is. Retract the note on the referral's page, then file "
            "this as 'Other', or set it aside."
        )
        raise InvalidInput([("status", says)])
    retracting.retract_note(
        referral=referral, document=earlier, actor=actor, now=now, reason="The author took the note back."
    )
    return decided(
        row, MatchDecision.Kind.RETRACTED, grounds, actor, now, did=Did(referral, before={"document": earlier.pk})
    )


@dataclass(frozen=True)
class Did:
    """What a decision did to a referral."""

    referral: Referral | None = None
    version: DocumentVersion | None = None
    effect: MatchDecision.Effect = MatchDecision.Effect.ADDED
    before: dict = field(default_factory=dict)
    reconciliation: Reconciliation | None = None


_NOTHING = Did()


def decided(
    row: IncomingDocument, kind: str, grounds: Grounds, actor: Actor, now: datetime, *, did: Did = _NOTHING,
    reason: str = "", state: str = State.MATCHED,
) -> MatchDecision:  # fmt: skip
    """Write the decision on a locked row that ``undecided`` gave."""
    row.state, row.lease_until, row.leased_by, row.review_because = state, None, "", ""
    row.save(update_fields=["state", "lease_until", "leased_by", "review_because"])
    return MatchDecision.objects.create(
        document=row,
        kind=kind,
        referral=did.referral,
        version=did.version,
        effect=did.effect,
        before=did.before,
        reconciliation=did.reconciliation,
        automatic=grounds.automatic,
        evidence=list(grounds.evidence),
        against=list(grounds.against),
        reason=reason[:200],
        decided_by=actor.label[:120],
        decided_at=now,
    )
