"""Likely duplicates of a new referral: the same patient and specialty within the window."""

from datetime import datetime, timedelta

from django.conf import settings

from referrals.models import Patient, Referral, Specialty


def likely_duplicates(patient: Patient, specialty: Specialty, *, now: datetime) -> list[Referral]:
    """Referrals of the patient to the specialty captured within REFLOOP_DUPLICATE_WINDOW_DAYS, newest first.

    Those voided as entered in error or duplicate do not count."""
    since = now - timedelta(days=settings.REFLOOP_DUPLICATE_WINDOW_DAYS)
    rows = (
        Referral.objects.filter(patient=patient, specialty=specialty, captured_at__gte=since)
        .exclude(ending_reason__excludes_from_cohort=True)
        .select_related("referring_office", "receiving_office")
        .order_by("-captured_at")
    )
    return list(rows[:5])
