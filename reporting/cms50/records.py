"""CMS50 from RefLoop's own records: who is in it this year, who is met, and which are still winnable.

What RefLoop knows, in the measure's words:

- an order is a referral made by one of the offices asked for; the instant it was captured is when it was written. One
  cancelled for a reason that is no leakage was revoked, and the next becomes first. Everything else stays in: declined,
  missed, refused, lost.
- a report is a final consult note or procedure report on that referral, received when its first final version came.
- the visit at which the referral was ordered is in the practice's EHR, not here. It is taken as given and said so
  (``visit_presumed``), unless an encounter of the patient at such an office is on record in the year."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from referrals.lifecycle.states import OPEN, Status
from referrals.models import Document, Encounter, Office, Referral
from reporting.cms50.rules import LAST_DAY, LAST_MONTH

REFERRED, MET, NOT_MET = "G9968", "G9969", "G9970"  # the registry's quality data codes

BY_PATIENT, BY_CLINICIAN = "patient", "clinician"
_STAYS_IN = ("patient_deceased",)  # no leakage, and no revocation either: the measure has no exclusions
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


@dataclass(frozen=True)
class Result:
    """``rows`` in the order they were ordered; numerator over denominator is the rate, None when nobody is in it."""

    year: int
    counted_by: str
    rows: tuple[Row, ...]

    @property
    def denominator(self) -> int:
        return len(self.rows)

    @property
    def numerator(self) -> int:
        return sum(row.met for row in self.rows)

    @property
    def rate(self) -> float | None:
        return self.numerator / self.denominator if self.rows else None

    @property
    def presumed(self) -> int:
        return sum(row.visit_presumed for row in self.rows)

    def winnable(self, now: datetime) -> list[Row]:
        """Not met, the year not over, and the note can still come: open loops first, then visits without a note."""
        if timezone.localdate(now) > date(self.year, 12, 31):
            return []
        unmet = [row for row in self.rows if not row.met]
        still_open = [row for row in unmet if row.status in OPEN]
        return still_open + [row for row in unmet if row.status == Status.CLOSED_WITHOUT_NOTE]

    def by_clinician(self) -> list[tuple[str, int, int]]:
        """(clinician, numerator, denominator) by name; referrals without a named clinician last."""
        counts: dict[str, list[int]] = {}
        for row in self.rows:
            pair = counts.setdefault(row.clinician, [0, 0])
            pair[0] += row.met
            pair[1] += 1
        return [(name, met, of) for name, (met, of) in sorted(counts.items(), key=lambda item: (not item[0], item[0]))]


def measure(
    *,
    year: int,
    counted_by: str = BY_PATIENT,
    offices: Iterable[Office] | None = None,
    recorded_visits_only: bool = False,
) -> Result:
    """CMS50 of ``year`` for the referrals the ``offices`` made; None: all offices of ours.

    ``counted_by`` "patient" takes the patient's first referral of the year, as the published logic does; "clinician"
    the first of each patient and referring clinician, as the published text says. ``recorded_visits_only`` leaves out
    patients whose visit is only presumed."""
    firsts = _first_of_each(_orders(year, offices), counted_by)
    rows = [row for batch in _batches(firsts) for row in _rows(batch, year, offices)]
    if recorded_visits_only:
        rows = [row for row in rows if not row.visit_presumed]
    return Result(year, counted_by, tuple(rows))


def _orders(year: int, offices: Iterable[Office] | None) -> QuerySet[Referral]:
    start, end = _start_of(date(year, 1, 1)), _start_of(date(year, LAST_MONTH, LAST_DAY), days_on=1)
    made = Q(referring_office__is_ours=True) if offices is None else Q(referring_office__in=list(offices))
    # Entered in error, a duplicate, or withdrawn by the referrer: revoked. A cancellation that is leakage is not.
    revoked = Q(status=Status.CANCELLED) & ~Q(ending_reason__counts_as_leakage=True)
    revoked &= ~Q(ending_reason__code__in=_STAYS_IN)
    never = Q(ending_reason__excludes_from_cohort=True)
    chosen = Referral.objects.filter(made, captured_at__gte=start, captured_at__lt=end)
    return chosen.exclude(revoked).exclude(never).order_by("captured_at", "id")


def _start_of(day: date, *, days_on: int = 0) -> datetime:
    """The day's (or a following day's) first instant in the practice's zone."""
    return timezone.make_aware(datetime.combine(date.fromordinal(day.toordinal() + days_on), time.min))


def _first_of_each(orders: QuerySet[Referral], counted_by: str) -> Iterator[int]:
    """Ids of the first order of each patient, or of each patient and clinician, oldest first."""
    seen: set[tuple[int, int | None]] = set()
    for pk, patient, clinician in orders.values_list("id", "patient_id", "referring_provider_id").iterator():
        key = (patient, clinician if counted_by == BY_CLINICIAN else None)
        if key not in seen:
            seen.add(key)
            yield pk


def _batches(ids: Iterator[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for pk in ids:
        batch.append(pk)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(ids: list[int], year: int, offices: Iterable[Office] | None) -> Iterator[Row]:
    at = Q(office__is_ours=True) if offices is None else Q(office__in=list(offices))
    visit = Encounter.objects.filter(at, patient=OuterRef("patient"), occurred_on__year=year)
    referrals = (
        Referral.objects.filter(pk__in=ids)
        .select_related("patient", "referring_provider", "referring_office", "specialty", "ending_reason")
        .annotate(visit_on_record=Exists(visit))
        .order_by("captured_at", "id")
    )
    received = _first_report_after(ids, year)
    for referral in referrals:
        yield _row(referral, received.get(referral.pk), year)


def _first_report_after(ids: list[int], year: int) -> dict[int, datetime]:
    """Referral id -> when the first final note that counts came: after the referral was written, within the year.

    A note that was retracted or taken off the referral since does not count; the versions before it became final
    neither."""
    final = Q(versions__status__in=Document.CLOSING_STATUSES)
    notes = (
        Document.objects.filter(
            final,
            referral_id__in=ids,
            kind__in=Document.NOTE_KINDS,
            status__in=Document.CLOSING_STATUSES,
            versions__received_at__gt=F("referral__captured_at"),
            versions__received_at__lt=_start_of(date(year, 12, 31), days_on=1),
        )
        .values("referral_id")
        .annotate(first=Min("versions__received_at"))
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
