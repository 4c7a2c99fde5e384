"""Likely duplicates of a new referral: the same patient and specialty within the window."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from referrals.models import Office, Patient, Referral, Specialty
from referrals.names import name_key

MOST_SHOWN = 5


def likely_duplicates(patient: Patient, specialty: Specialty, *, now: datetime) -> list[Referral]:
    """Referrals of the patient to the specialty captured within REFLOOP_DUPLICATE_WINDOW_DAYS, newest first.

    Those voided as entered in error or duplicate do not count."""
    return list(_recent(specialty, now).filter(patient=patient)[:MOST_SHOWN])


def asked_before_by(office: Office, referral: Referral) -> list[Referral]:
    """Earlier referrals of ``office`` with the very name and birth date it sent now, whatever they are linked to."""
    sent = _who(referral)
    earlier = _recent(referral.specialty, referral.captured_at).filter(referring_office=office).exclude(pk=referral.pk)
    same_day = earlier.filter(patient_as_sent__birth_date=referral.patient_as_sent.get("birth_date"))
    return [other for other in same_day[:200] if _who(other) == sent][:MOST_SHOWN]


def _recent(specialty: Specialty, now: datetime) -> QuerySet[Referral]:
    since = now - timedelta(days=settings.REFLOOP_DUPLICATE_WINDOW_DAYS)
    return (
        Referral.objects.filter(specialty=specialty, captured_at__gte=since)
        .exclude(ending_reason__excludes_from_cohort=True)
        .select_related("referring_office", "receiving_office")
        .order_by("-captured_at")
    )


def _who(referral: Referral) -> tuple[str, ...]:
    sent = referral.patient_as_sent
    return tuple(name_key(str(sent.get(name, ""))) for name in ("family_name", "given_name", "birth_date"))
