"""What speaks against putting a document on a referral: each refusal says what to do."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from referrals.errors import InvalidInput
from referrals.intake.receive import StoredBytes
from referrals.lifecycle.actor import Actor
from referrals.models import Document, DocumentVersion, Office, Provider, Referral
from referrals.practice.calendar import practice_calendar

UNSIGNED = (Document.Status.PRELIMINARY, Document.Status.INTERIM)
ELSEWHERE = "The very same file is on another patient's referral. Check that this is the right file."
NOT_TAKEN = (
    "This file cannot be added to this referral. Check that it is the right one; if it is, ask the group's staff."
)


@dataclass(frozen=True)
class NoteDetails:
    """What the sender says of a document. ``supersedes`` is the document it is a new version of."""

    kind: str = Document.Kind.CONSULT_NOTE
    status: str = Document.Status.FINAL
    title: str = ""
    service_date: date | None = None
    author: Provider | None = None
    author_office: Office | None = None
    supersedes: Document | None = None


def refuse_bad_details(referral: Referral, details: NoteDetails, now: datetime) -> None:
    problems = []
    if details.status not in (
        Document.Status.PRELIMINARY,
        Document.Status.INTERIM,
        Document.Status.FINAL,
        Document.Status.AMENDED,
    ):
        problems.append(("status", "Choose preliminary, interim, final or amended."))
    if details.service_date and details.service_date > practice_calendar().local_date(now):
        problems.append(("service_date", "The day of the visit cannot be in the future."))
    if details.service_date and details.service_date < referral.patient.birth_date:
        problems.append(("service_date", "The day of the visit is before the patient's birth."))
    replaced = details.supersedes
    if replaced is not None:
        replaced.refresh_from_db()  # as it is under the lock: it may have been taken off meanwhile
    if replaced is not None and (replaced.referral_id != referral.pk or replaced.status == Document.Status.DETACHED):
        problems.append(("supersedes", "That document is not on this referral."))
    elif replaced is not None and replaced.kind != details.kind:
        # Who may add a letter may not thereby replace the specialist's note.
        problems.append(("supersedes", "A new version is of the same kind as the document."))
    elif replaced is not None and replaced.counts_as_note and details.status in UNSIGNED:
        # What closes a loop must not turn into what never may.
        problems.append(
            ("status", "A signed note is not replaced by an unsigned one: send it as amended, or retract it.")
        )
    if problems:
        raise InvalidInput(problems)


def same_bytes(referral: Referral, stored: StoredBytes, actor: Actor) -> DocumentVersion | None:
    """The version with these bytes on this referral. Raises InvalidInput when another patient has them: an office that is
    no party to the other referral learns nothing of it."""
    standing = DocumentVersion.objects.filter(sha256=stored.sha256).exclude(
        Q(status=Document.Status.DETACHED) | Q(document__status=Document.Status.DETACHED)
    )
    for version in standing.select_related("document__referral").annotate(patient=F("document__referral__patient")):
        if version.document.referral_id == referral.pk:
            return version
        if version.patient != referral.patient_id:
            is_known = actor.office is None or actor.roles_on(version.document.referral)
            raise InvalidInput([("file", ELSEWHERE if is_known else NOT_TAKEN)])
    return None


def refuse_other_kind(standing: Document, details: NoteDetails) -> None:
    """A note sent where its bytes were filed as something else must not pass for a repeat: it would never count."""
    if standing.kind == details.kind:
        return
    wanted, there = Document.Kind(details.kind).label.lower(), standing.get_kind_display().lower()
    message = (
        f"This very file is on the referral already, as document {standing.pk} ({there}), which keeps its kind. "
        f"If it is a {wanted}, export it anew, so that the file differs, and send that."
    )
    raise InvalidInput([("kind", message)])


def refuse_retracted(standing: Document) -> None:
    """A note its author took back must not pass for one that is there: nobody would look for another."""
    if standing.status == Document.Status.RETRACTED:
        message = (
            f"This very file is on the referral as document {standing.pk}, which its author took back. "
            "If it stands after all, take the retraction back on the referral's page, or export it anew and send that."
        )
        raise InvalidInput([("file", message)])
