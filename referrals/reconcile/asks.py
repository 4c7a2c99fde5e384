"""Referrals as they are compared with a document: three queries for any number of them, and no objects made of rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, QuerySet

from referrals.among import among
from referrals.lifecycle.states import OPEN, Status
from referrals.models import Appointment, Office
from referrals.practice.calendar import practice_calendar
from referrals.reconcile.fit import Asked

_COLUMNS = (
    "pk", "patient", "number", "external_id", "status", "note", "specialty", "specialty__name", "referring_office",
    "referring_provider", "receiving_office", "receiving_provider", "captured_at", "seen_at", "appointment__starts_at",
    "encounter__occurred_on",
)  # fmt: skip


def asks(*referrals: QuerySet) -> tuple[list[Asked], list[Office]]:
    """Each of ``referrals`` once, in their order, and the offices they were sent to."""
    rows = list({row.pk: row for some in referrals for row in some.values_list(*_COLUMNS, named=True)}.values())
    offices = list(
        Office.objects.filter(pk__in={row.receiving_office for row in rows} - {None})
        .annotate(specialties=Count("providers__specialties", distinct=True))
        .order_by()
    )
    mixed = {office.pk for office in offices if office.specialties > 1}  # a note from there may be of another specialty
    visits = _last_visits([row.pk for row in rows if row.appointment__starts_at is None])
    local = practice_calendar().local_date
    found = [
        Asked(
            referral=row.pk,
            patient=row.patient,
            number=row.number,
            external_id=row.external_id,
            status_label=Status(row.status).label,
            is_open=row.status in OPEN,
            has_note=row.note is not None,
            specialty=row.specialty,
            specialty_name=row.specialty__name,
            referring_office=row.referring_office,
            referring_provider=row.referring_provider,
            receiving_office=row.receiving_office,
            receiving_provider=row.receiving_provider,
            is_mixed=row.receiving_office in mixed,
            captured_on=local(row.captured_at),
            visit_on=local(visit) if (visit := row.appointment__starts_at or visits.get(row.pk)) else None,
            seen_on=row.encounter__occurred_on or (local(row.seen_at) if row.seen_at else None),
        )
        for row in rows
    ]
    return found, offices


def _last_visits(referrals: Sequence[int]) -> dict[int, datetime]:
    """When the latest appointment of each was for that was neither cancelled nor missed."""
    if not referrals:
        return {}
    kept: Iterable[tuple[int, datetime]] = (
        Appointment.objects.filter(referral__in=among(referrals))
        .exclude(status__in=("cancelled", "noshow"))
        .order_by("starts_at")
        .values_list("referral", "starts_at")
    )
    return dict(kept)
