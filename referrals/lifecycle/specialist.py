"""Undo what tied a referral to its specialist, when another one is needed. Called inside a change."""

from referrals.models import Appointment, Document, Referral


def release_booked(
    referral: Referral, *, reason: str, status: str = Appointment.Status.CANCELLED
) -> Appointment | None:
    """End the booked first visit of a locked referral as ``status``; returns it, or None when none was booked."""
    appointment = referral.appointment
    if appointment is None:
        return None
    appointment.status, appointment.status_reason = status, reason[:200]
    appointment.save(update_fields=["status", "status_reason"])
    referral.appointment = None
    referral.appointment_status = status
    return appointment


def forget_specialist(referral: Referral) -> None:
    """Back to "no specialist" on a locked referral; history stays in events, decisions and appointments."""
    referral.receiving_office = referral.receiving_provider = None
    referral.receiving_since_version = referral.routed_at = referral.accepted_at = None
    referral.hold_until, referral.hold_reason = None, ""


def take_off_drafts(referral: Referral) -> list[int]:
    """Take the unsigned notes off a locked referral without a final one; their ids. The bytes are kept, as always."""
    drafts = referral.documents.filter(
        kind__in=Document.NOTE_KINDS, status__in=(Document.Status.PRELIMINARY, Document.Status.INTERIM)
    )
    taken_off = list(drafts.values_list("pk", flat=True))
    drafts.update(status=Document.Status.DETACHED, undo={})
    referral.document_status = Referral.DocumentStatus.NONE
    return taken_off
