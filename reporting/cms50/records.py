"""CMS50 from RefLoop's own records: who is in it this year, who is met, and which are still winnable.

What RefLoop knows, in the measure's words:

- an order is a referral made by one of the offices asked for; the instant it was captured is when it was written. One
  cancelled for a reason that is no leakage was revoked, and the next becomes first. Everything else stays in: declined,
  missed, refused, lost.
- a report is a final consult note or procedure report on that referral, received when its first final version came.
- the visit at which the referral was ordered is in the practice's EHR, not here. It is taken as given and said so
  (``visit_presumed``), unless an encounter of the patient at such an office is on record in the year.

A year is counted from a few columns of numbers (measures/columns.py); names and evidence are read for the rows that are
shown (evidence.py)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from referrals.lifecycle.states import OPEN, Status
from referrals.models import Office, Provider, Referral
from reporting.cms50.evidence import Row, counted_notes, read, start_of, visits
from reporting.cms50.rules import LAST_DAY, LAST_MONTH
from reporting.measures.columns import NOTHING, columns

BY_PATIENT, BY_CLINICIAN = "patient", "clinician"
_STAYS_IN = ("patient_deceased",)  # no leakage, and no revocation either: the measure has no exclusions
_OVER, _OPEN, _WITHOUT_NOTE = range(3)
_STATE = Case(
    When(status__in=OPEN, then=Value(_OPEN)),
    When(status=Status.CLOSED_WITHOUT_NOTE, then=Value(_WITHOUT_NOTE)),
    default=Value(_OVER),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Clinician:
    """``pk`` is None, and the name empty, where the referral names nobody."""

    pk: int | None
    name: str
    met: int
    of: int


@dataclass(frozen=True, eq=False)
class Result:
    """The denominator in the order they were ordered, one place of each array for a member: ``ids`` of the referral that
    counts, ``clinicians`` (NOTHING: nobody named), whether it is ``met`` and its visit only ``presumed``, and its state.

    Numerator over denominator is the rate, None when nobody is in it."""

    year: int
    counted_by: str
    offices: tuple[Office, ...] | None
    ids: np.ndarray = field(repr=False)
    clinicians: np.ndarray = field(repr=False)
    met: np.ndarray = field(repr=False)
    is_presumed: np.ndarray = field(repr=False)
    states: np.ndarray = field(repr=False)

    @property
    def denominator(self) -> int:
        return len(self.ids)

    @property
    def numerator(self) -> int:
        return int(self.met.sum())

    @property
    def rate(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def presumed(self) -> int:
        return int(self.is_presumed.sum())

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them; a few, or a page of them, cost less by ``read``."""
        return tuple(self.read(self.ids))

    def read(self, ids: Sequence[int]) -> Iterator[Row]:
        """The rows of some of ``ids``, in the order given."""
        return read(ids, year=self.year, offices=self.offices)

    def winnable(self, now: datetime) -> np.ndarray:
        """Ids of those not met while the year is not over and the note can still come: open loops first, then visits
        without a note."""
        if timezone.localdate(now) > date(self.year, 12, 31):
            return self.ids[:0]
        return np.concatenate([self.ids[~self.met & (self.states == state)] for state in (_OPEN, _WITHOUT_NOTE)])

    def of_clinician(self, pk: int | None) -> "Result":
        """The part of one clinician; None: of nobody named."""
        return self._only(self.clinicians == (NOTHING if pk is None else pk))

    def by_clinician(self) -> list[Clinician]:
        """By name; referrals without a named clinician last. One query."""
        found, places = np.unique(self.clinicians, return_inverse=True)
        counts = np.bincount(places, minlength=len(found))
        met = np.bincount(places, weights=self.met, minlength=len(found)).astype(int)
        named = Provider.objects.in_bulk([pk for pk in found.tolist() if pk != NOTHING])
        rows = (
            Clinician(None if pk == NOTHING else pk, str(named.get(pk, "")), int(met[n]), int(counts[n]))
            for n, pk in enumerate(found.tolist())
        )
        return sorted(rows, key=lambda one: (one.pk is None, one.name, one.pk or 0))

    def _only(self, places: np.ndarray) -> "Result":
        arrays = (self.ids, self.clinicians, self.met, self.is_presumed, self.states)
        return Result(self.year, self.counted_by, self.offices, *(array[places] for array in arrays))


def measure(
    *,
    year: int,
    counted_by: str = BY_PATIENT,
    offices: Iterable[Office] | None = None,
    recorded_visits_only: bool = False,
) -> Result:
    """CMS50 of ``year`` for the referrals the ``offices`` made; None: all offices of ours. Three queries.

    ``counted_by`` "patient" takes the patient's first referral of the year, as the published logic does; "clinician"
    the first of each patient and referring clinician, as the published text says. ``recorded_visits_only`` leaves out
    patients whose visit is only presumed."""
    offices = None if offices is None else tuple(offices)
    orders = _orders(year, offices)
    in_order = Window(RowNumber(), order_by=[F("captured_at"), F("id")])
    places, ids, patients, clinicians, states = columns(
        orders.annotate(place=in_order, state=_STATE), ("place", "id", "patient_id", "referring_provider_id", "state")
    )
    (met,) = columns(counted_notes(year), ("referral_id",))
    (visited,) = columns(visits(year, offices), ("patient_id",))
    first = _first_of_each(places, patients, clinicians if counted_by == BY_CLINICIAN else np.zeros_like(patients))
    result = Result(
        year, counted_by, offices, ids[first], clinicians[first], np.isin(ids[first], met),
        ~np.isin(patients[first], visited), states[first],
    )  # fmt: skip
    return result._only(~result.is_presumed) if recorded_visits_only else result


def _orders(year: int, offices: Sequence[Office] | None) -> QuerySet[Referral]:
    """In no order."""
    start, end = start_of(date(year, 1, 1)), start_of(date(year, LAST_MONTH, LAST_DAY), days_on=1)
    made = Q(referring_office__is_ours=True) if offices is None else Q(referring_office__in=offices)
    # Entered in error, a duplicate, or withdrawn by the referrer: revoked. A cancellation that is leakage is not.
    revoked = Q(status=Status.CANCELLED) & ~Q(ending_reason__counts_as_leakage=True)
    revoked &= ~Q(ending_reason__code__in=_STAYS_IN)
    never = Q(ending_reason__excludes_from_cohort=True)
    chosen = Referral.objects.filter(made, captured_at__gte=start, captured_at__lt=end)
    return chosen.exclude(revoked).exclude(never).order_by()


def _first_of_each(places: np.ndarray, patients: np.ndarray, clinicians: np.ndarray) -> np.ndarray:
    """Where in the columns the first order of each patient, or of each patient and clinician, is; oldest first."""
    in_order = np.argsort(places)
    keys = patients * (clinicians.max(initial=0) + 2) + clinicians - NOTHING  # a number for each pair
    _, firsts = np.unique(keys[in_order], return_index=True)
    return in_order[np.sort(firsts)]
