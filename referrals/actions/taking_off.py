"""Take documents off a referral where they never belonged."""

from datetime import date, datetime

from django.db.models import F, QuerySet

from referrals.actions.releasing import releasing
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.specialist import forget_specialist
from referrals.lifecycle.states import Action, Status, status_from_facts
from referrals.lifecycle.transition import Change, ClockBefore, changing
from referrals.models import (
    Appointment,
    Document,
    DocumentVersion,
    EndingReason,
    MatchDecision,
    Reconciliation,
    Referral,
)
from referrals.reconcile.undo import undo_standing_reconciliation

_GONE = (Document.Status.RETRACTED, Document.Status.DETACHED)
_IMPLIED = ("implied_visit", "appointment", "chose_specialist")
# Events a note brings about itself: after these alone, taking it off puts back what was before.
_OF_THE_NOTE = (
    "note_attached", "note_returned", "note_amended", "note_retracted", "retraction_undone", "reconciled", "closed",
    "note_delivered",
)  # fmt: skip


def detach_note(
    *,
    referral: Referral,
    document: Document,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Referral:
    """The note belongs elsewhere: undo the match and everything it implied. What came in from outside is in review again."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say why this note does not belong here.")])
    off = releasing(DocumentVersion.objects.filter(document=document.pk), actor=actor, now=now, reason=reason)
    with off, changing(referral, Action.DETACH_NOTE, actor=actor, now=now, expected_version=expected_version) as change:
        refuse_foreign(change, document)
        undo = document.undo
        counted = count_no_more(change, document, Document.Status.DETACHED, reason)
        if other := _standing_note(change.referral):
            other.undo |= {what: undo[what] for what in _IMPLIED if what in undo}  # it proves them as well
            other.save(update_fields=["undo"])
        else:
            _take_back(change.referral, undo)
        if counted:
            before = {} if other else undo.get("before", {})
            change.to = _put_back(change, before) or status_from_facts(change.referral.facts)
    return change.referral


def undo_match(*, decision: MatchDecision, actor: Actor, now: datetime, reason: str) -> Referral:
    """Take back what the match changed on its referral, and no more: a document that was there before stays there."""
    if decision.effect == MatchDecision.Effect.ADDED:
        return take_off(version=decision.version, before=decision.before, actor=actor, now=now, reason=reason)
    version, referral, before = decision.version, decision.referral, decision.before
    version.refresh_from_db()
    is_signed = decision.effect == MatchDecision.Effect.SIGNED and version.document.status not in _GONE
    brought = decision.reconciliation
    if not is_signed and (brought is None or brought.undone_at is not None):
        with changing(referral, Action.ADD_DOCUMENT, actor=actor, now=now) as change:
            change.kind, change.data = "match_undone", {"document": version.document_id, "reason": reason}
        return change.referral
    with changing(referral, Action.DETACH_NOTE, actor=actor, now=now) as change:
        change.kind = "settling_undone"
        change.data = {"document": version.document_id, "version": version.number, "reason": reason}
        if is_signed:
            version.status = before["document"]["status"]
            version.save(update_fields=["status"])
        _stand_again(change, version, before, undone=brought)
    return change.referral


def take_off(
    *, version: DocumentVersion, actor: Actor, now: datetime, reason: str, before: dict | None = None
) -> Referral:
    """One version of a document does not belong here: the one before it stands again, or else the document goes.

    ``before`` is how things stood before it came (notes.attach); without it, facts alone decide where the referral
    stands. Raises InvalidInput without a reason, and for a document that is not standing."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say why it does not belong here.")])
    document = version.document
    if document.kind not in Document.NOTE_KINDS:
        return _remove_filed(version, actor, now, reason)
    if not _standing_versions(document).exclude(pk=version.pk).exists():
        return detach_note(referral=document.referral, document=document, actor=actor, now=now, reason=reason)
    off = releasing(DocumentVersion.objects.filter(pk=version.pk), actor=actor, now=now, reason=reason)
    with off, changing(document.referral, Action.DETACH_NOTE, actor=actor, now=now) as change:
        refuse_foreign(change, document)
        version.status = Document.Status.DETACHED
        version.save(update_fields=["status"])
        change.data = {"document": document.pk, "version": version.number, "reason": reason}
        brought = change.referral.reconciliations.filter(version=version, undone_at__isnull=True).first()
        _stand_again(change, version, before or {}, undone=brought)
    return change.referral


def is_off(version: DocumentVersion) -> bool:
    """Whether the version, as it is now, was taken off its referral."""
    version.refresh_from_db()
    return Document.Status.DETACHED in (version.status, version.document.status)


def _standing_versions(document: Document) -> QuerySet[DocumentVersion]:
    return document.versions.exclude(status=Document.Status.DETACHED)


def _stand_again(change: Change, version: DocumentVersion, before: dict, *, undone: Reconciliation | None) -> None:
    """After ``version`` went or is a draft again: the document is what its newest version is, and the referral where
    it stood. ``undone`` is the reconciliation that falls with it."""
    referral, document, reason = change.referral, version.document, change.data["reason"]
    newest = _standing_versions(document).last()
    document.status = newest.status
    is_newest = newest.number <= version.number  # nothing came after it
    if is_newest and before.get("document"):
        document.service_date = _day(before["document"]["service_date"])
    document.save(update_fields=["status", "service_date"])
    change.to = Status(referral.status)
    if referral.note_id == document.pk and not document.counts_as_note:
        _count_without(change, document, status=Document.Status.DETACHED, reason=reason)
        if referral.note_id is None:
            referral.document_status = document.status
    elif undone is not None and undone.undone_at is None:
        undo_standing_reconciliation(referral, by=change.actor.label, now=change.now, reason=reason)
    else:
        if is_newest and referral.delivered_at and before.get("document_status") == Referral.DocumentStatus.DELIVERED:
            referral.document_status = Referral.DocumentStatus.DELIVERED  # what was to be delivered anew is gone
        return
    change.to = _put_back(change, before) or status_from_facts(referral.facts)


def _remove_filed(version: DocumentVersion, actor: Actor, now: datetime, reason: str) -> Referral:
    """A letter or result that was filed here by mistake; the bytes stay in storage."""
    document = version.document
    off = releasing(DocumentVersion.objects.filter(pk=version.pk), actor=actor, now=now, reason=reason)
    with off, changing(document.referral, Action.ADD_DOCUMENT, actor=actor, now=now) as change:
        refuse_foreign(change, document)
        change.kind, change.data = "document_removed", {"document": document.pk, "reason": reason}
        if before := _standing_versions(document).exclude(pk=version.pk).last():
            version.status = Document.Status.DETACHED
            version.save(update_fields=["status"])
            change.data["version"] = version.number
        document.status = before.status if before else Document.Status.DETACHED
        document.save(update_fields=["status"])
    return change.referral


def _put_back(change: Change, before: dict) -> Status | None:
    """Where the referral stood before the note, when nobody moved it since and facts do not tell it: on hold, about to
    be cancelled, or ended. None: the facts decide. The clock of the stage goes on as if it had never stopped."""
    referral = change.referral
    if not before or referral.note_id != before.get("note"):
        return None
    since = referral.events.filter(version__gt=before["version"]).exclude(kind__in=_OF_THE_NOTE)
    if since.exclude(from_status=F("to_status")).exists():
        return None
    clock = before["clock"]
    change.clock_as_before = ClockBefore.of(clock)
    status = before["status"]
    if status == Status.ON_HOLD:
        referral.hold_until, referral.hold_reason = instant(before["hold_until"]), before["hold_reason"]
    elif status in (Status.LOST, Status.CLOSED_WITHOUT_NOTE):
        referral.ended_at = instant(before["ended_at"])
        referral.ending_reason = EndingReason.objects.get(pk=before["ending_reason"])
        referral.ending_comment = before["ending_comment"]
    elif status != Status.CANCEL_REQUESTED:
        return None
    return Status(status)


def instant(text: str | None) -> datetime | None:
    """As Document.undo keeps it."""
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def refuse_foreign(change: Change, document: Document) -> None:
    """``document`` is read anew under the referral's lock: somebody may have taken it off meanwhile."""
    document.refresh_from_db()
    if document.referral_id != change.referral.pk or document.status in _GONE:
        raise InvalidInput([("document", "Choose a standing document of this referral.")])


def _standing_note(referral: Referral) -> Document | None:
    return referral.documents.filter(kind__in=Document.NOTE_KINDS).exclude(status__in=_GONE).first()


def _take_back(referral: Referral, undo: dict) -> None:
    """What a note implied that nobody had recorded: the visit, and whom the patient was sent to."""
    if undo.get("implied_visit"):
        _take_back_implied_visit(referral, undo)
    if undo.get("chose_specialist"):
        forget_specialist(referral)


def _take_back_implied_visit(referral: Referral, undo: dict) -> None:
    referral.seen_at = None
    appointment = referral.appointments.filter(pk=undo.get("appointment")).first()
    if appointment is None or appointment.status not in (Appointment.Status.FULFILLED, Appointment.Status.BOOKED):
        return
    appointment.status, appointment.kind = Appointment.Status.BOOKED, Appointment.Kind.INITIAL
    appointment.save(update_fields=["status", "kind"])
    referral.appointment = appointment
    referral.appointment_status = Appointment.Status.BOOKED


def count_no_more(change: Change, document: Document, status: str, reason: str) -> bool:
    """Make ``document`` not count any more, and the next final note the current one if there is one.

    False when it was not the note that counts: then the referral stays where it is."""
    referral = change.referral
    if document.kind not in Document.NOTE_KINDS:
        raise InvalidInput([("document", "Only a note can be taken back this way.")])
    document.status = status
    document.undo = {}
    document.save(update_fields=["status", "undo"])
    change.data = {"document": document.pk, "reason": reason}
    if referral.note_id is not None and referral.note_id != document.pk:
        change.to = Status(referral.status)
        return False
    _count_without(change, document, status=status, reason=reason)
    return True


def _count_without(change: Change, document: Document, *, status: str, reason: str) -> None:
    """What the referral's note is when ``document`` is not; a reconciliation with it is undone."""
    referral = change.referral
    undo_standing_reconciliation(referral, by=change.actor.label, now=change.now, reason=reason)
    remaining = referral.documents.filter(kind__in=Document.NOTE_KINDS).exclude(pk=document.pk)
    referral.note = remaining.filter(status__in=Document.CLOSING_STATUSES).first()
    referral.delivered_at = None
    if referral.note is not None:
        referral.document_status = Referral.DocumentStatus.FINAL
        return
    referral.note_at = None
    unsigned = remaining.exclude(status__in=_GONE).last()
    if unsigned is not None:
        referral.document_status = unsigned.status
    elif status == Document.Status.RETRACTED:
        referral.document_status = Referral.DocumentStatus.RETRACTED
    else:
        referral.document_status = Referral.DocumentStatus.NONE
