"""Scorecards of specialists and their offices: how they answer, book, see patients and write back."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from referrals.models import Appointment, Referral, RoutingExclusion
from reporting.measures.breakdown import Part, Report
from reporting.measures.cohort import Cohort
from reporting.measures.dimensions import DIMENSIONS, Choice
from reporting.measures.durations import SENT_TO_BOOKING, gone, in_days, seconds_of
from reporting.measures.figures import Figures, Rate
from reporting.measures.percentile import Percentile

TO_BOOKING, TO_NOTE = SENT_TO_BOOKING[0], "to_note"  # the legs a receiver answers for
_MISSED, _KEPT = Appointment.Status.NOSHOW, (Appointment.Status.FULFILLED, Appointment.Status.ARRIVED)
_WHO = {"receiving_provider": "provider", "receiving_office": "office"}  # dimension -> column of a visit and a decline


@dataclass(frozen=True)
class Median:
    """``days`` of ``count`` referrals; None without any."""

    days: float | None = None
    count: int = 0


@dataclass(frozen=True)
class Visits:
    """Visits ``missed`` of all that were kept or missed, and the ``referrals`` with one that was missed."""

    missed: Rate = Rate()
    referrals: int = 0


@dataclass(frozen=True)
class ReceiverCard:
    """A receiving provider or office in the cohort. ``figures`` are of the referrals that are with it now.

    ``to_schedule`` is the median from being sent there to the first booking, ``to_note`` from the visit to the note;
    ``declined`` of all that were sent there, those there now and those it declined; ``visits`` are those there."""

    choice: Choice
    figures: Figures
    to_schedule: Median
    to_note: Median
    declined: Rate
    visits: Visits


def receivers(report: Report, dimension: str) -> list[ReceiverCard]:
    """``dimension`` is ``receiving_provider`` or ``receiving_office``, and among those of the report. In its order, less
    the referrals without one; then those who only declined or only saw patients of others. Four queries."""
    column = DIMENSIONS[dimension].column
    days = _days_of_receivers(report.cohort.referrals(), column)
    declined, elsewhere = _declines(report.cohort, _WHO[dimension], column)
    visits = _visits(report.cohort, _WHO[dimension])
    parts = [part for part in report.parts[dimension] if part.choice.value is not None]
    there = {part.choice.value for part in parts}
    others = DIMENSIONS[dimension].labelled({*declined, *visits} - there).values()
    parts += [Part(choice, Figures(assumptions=report.assumptions)) for choice in sorted(others, key=_by_name)]
    return [
        ReceiverCard(
            part.choice,
            part.figures,
            *days.get(part.choice.value, (Median(), Median())),
            Rate(declined[part.choice.value], part.figures.cohort + elsewhere[part.choice.value]),
            visits.get(part.choice.value, Visits()),
        )
        for part in parts
    ]


def _by_name(choice: Choice) -> tuple[str, str]:
    return choice.label, choice.word


def _days_of_receivers(cohort: QuerySet[Referral], column: str) -> dict[int, tuple[Median, Median]]:
    asked = {}
    for key in (TO_BOOKING, TO_NOTE):
        asked[f"{key}_median"] = Percentile(seconds_of(key), 0.5, filter=gone(key))
        asked[f"{key}_count"] = Count("pk", filter=gone(key))
    rows = cohort.filter(**{f"{column}__isnull": False}).values_list(column).annotate(**asked)
    return {
        value: (Median(in_days(booked), bookings), Median(in_days(noted), notes))
        for value, booked, bookings, noted, notes in rows
    }


def _declines(cohort: Cohort, who: str, where_now: str) -> tuple[Counter, Counter]:
    """value -> referrals of the cohort it declined, and those of them that are not with it now."""
    rows = (
        _exclusions(cohort)
        .filter(**{f"{who}__isnull": False})
        .order_by()
        .values_list(f"{who}_id", "referral", f"referral__{where_now}")
        .distinct()
    )
    declined, elsewhere = Counter(), Counter()
    for value, _, now_with in rows:
        declined[value] += 1
        elsewhere[value] += now_with != value
    return declined, elsewhere


def _exclusions(cohort: Cohort) -> QuerySet[RoutingExclusion]:
    return RoutingExclusion.objects.filter(referral__in=cohort.referrals().values("pk"))


def declined_by(cohort: Cohort, choice: Choice) -> QuerySet[Referral]:
    """The referrals of the cohort that a receiving provider or office declined, in no order."""
    by_it = _exclusions(cohort).filter(**{_WHO[choice.dimension]: choice.value})
    return cohort.referrals().filter(pk__in=by_it.values("referral"))


def _visits(cohort: Cohort, who: str) -> dict[int, Visits]:
    is_missed = Q(status=_MISSED)
    rows = (
        _visits_of(cohort)
        .filter(status__in=(_MISSED, *_KEPT), **{f"{who}__isnull": False})
        .order_by()
        .values_list(f"{who}_id")
        .annotate(
            missed=Count("pk", filter=is_missed),
            all=Count("pk"),
            referrals=Count("referral", filter=is_missed, distinct=True),
        )
    )
    return {value: Visits(Rate(missed, count), referrals) for value, missed, count, referrals in rows}


def _visits_of(cohort: Cohort) -> QuerySet[Appointment]:
    return Appointment.objects.filter(referral__in=cohort.referrals().values("pk"))


def missed_at(cohort: Cohort, choice: Choice) -> QuerySet[Referral]:
    """The referrals of the cohort with a visit missed at a receiving provider or office, in no order."""
    there = _visits_of(cohort).filter(status=_MISSED, **{_WHO[choice.dimension]: choice.value})
    return cohort.referrals().filter(pk__in=there.values("referral"))
