"""The rows of CMS50: each member of the denominator with what it was counted by, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from referrals.models import Document, Encounter, Office, Referral

REFERRED, MET, NOT_MET = "G9968", "G9969", "G9970"  # the registry's quality data codes
_BATCH = 2000


@dataclass(frozen=True)
class Row:
    """One member of the denominator: a patient (and a clinician, when counted so) with the referral that counts."""

    referral_id: int
    number: str
    patient_id: int
    patient: str
    birth_date: date | None
    clinician_id: int | None
    clinician: str
    office: str
    specialty: str
    ordered_at: datetime
    received_at: datetime | None
    met: bool
    visit_presumed: bool
    status: str
    evidence: tuple[str, ...]

    @property
    def registry_code(self) -> str:
        return MET if self.met else NOT_MET


def read(ids: Sequence[int], *, year: int, offices: Sequence[Office] | None) -> Iterator[Row]:
    """The rows of these referrals, in the order given; two queries for every 2,000."""
    ids = [int(pk) for pk in ids]
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        referrals = (
            Referral.objects.filter(pk__in=batch)
            .select_related("patient", "referring_provider", "referring_office", "specialty", "ending_reason")
            .annotate(visit_on_record=Exists(visits(year, offices).filter(patient=OuterRef("patient"))))
            .in_bulk()
        )
        received = _first_received(batch, year)
        for pk in batch:
            if pk in referrals:
                yield _row(referrals[pk], received.get(pk), year)


def visits(year: int, offices: Sequence[Office] | None) -> QuerySet[Encounter]:
    """Those on record in the year at one of the offices; None: at any of ours. In no order."""
    at = Q(office__is_ours=True) if offices is None else Q(office__in=offices)
    return Encounter.objects.filter(at, occurred_on__year=year).order_by()


def counted_notes(year: int) -> QuerySet[Document]:
    """Final notes with a final version that came after their referral was written, both within the year; once for each such
    version, in no order.

    A note that was retracted or taken off the referral since does not count; the versions before it became final
    neither."""
    return Document.objects.filter(
        referral__captured_at__gte=start_of(date(year, 1, 1)),
        kind__in=Document.NOTE_KINDS,
        status__in=Document.CLOSING_STATUSES,
        versions__status__in=Document.CLOSING_STATUSES,
        versions__received_at__gt=F("referral__captured_at"),
        versions__received_at__lt=start_of(date(year, 12, 31), days_on=1),
    ).order_by()


def start_of(day: date, *, days_on: int = 0) -> datetime:
    """The day's (or a following day's) first instant in the practice's zone."""
    return timezone.make_aware(datetime.combine(date.fromordinal(day.toordinal() + days_on), time.min))


def _first_received(ids: Sequence[int], year: int) -> dict[int, datetime]:
    """Referral id -> when the first final note that counts came."""
    notes = (
        counted_notes(year).filter(referral__in=ids).values("referral_id").annotate(first=Min("versions__received_at"))
    )
    return dict(notes.values_list("referral_id", "first"))


def _row(referral: Referral, received: datetime | None, year: int) -> Row:
    presumed = not referral.visit_on_record
    return Row(
        referral_id=referral.pk,
        number=referral.number,
        patient_id=referral.patient_id,
        patient=str(referral.patient),
        birth_date=referral.patient.birth_date,
        clinician_id=referral.referring_provider_id,
        clinician=str(referral.referring_provider or ""),
        office=referral.referring_office.name,
        specialty=referral.specialty.name,
        ordered_at=referral.captured_at,
        received_at=received,
        met=received is not None,
        visit_presumed=presumed,
        status=referral.status,
        evidence=(
            "visit presumed: the order was written at one" if presumed else f"visit on record in {year}",
            f"first referral ordered on {timezone.localdate(referral.captured_at)}",
            f"report received on {timezone.localdate(received)}" if received else _missing(referral),
        ),
    )


def _missing(referral: Referral) -> str:
    if referral.ending_reason is not None:
        return f"no report: {referral.get_status_display().lower()}, {referral.ending_reason.label.lower()}"
    return f"no report yet: {referral.get_status_display().lower()}"
