"""Undo what tied a referral to its specialist, when another one is needed. Called inside a change."""

from referrals.models import Appointment, Referral


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
