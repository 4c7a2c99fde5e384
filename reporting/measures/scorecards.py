"""Scorecards: how specialists and their offices answer, how referring offices refer, what coordinators carry."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from referrals.models import Appointment, Coordinator, Referral, ReferralEvent, RoutingExclusion
from referrals.selectors import overdue
from reporting.measures.breakdown import Part, Report
from reporting.measures.chase import Chase, chase_by_user
from reporting.measures.cohort import Cohort
from reporting.measures.dimensions import DIMENSIONS, Choice
from reporting.measures.durations import DAY
from reporting.measures.elapsed import Seconds
from reporting.measures.figures import Figures
from reporting.measures.percentile import Percentile

_MISSED, _KEPT = Appointment.Status.NOSHOW, (Appointment.Status.FULFILLED, Appointment.Status.ARRIVED)


@dataclass(frozen=True)
class Rate:
    """``value`` is None when nothing was counted."""

    numerator: int = 0
    denominator: int = 0

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class ReceiverCard:
    """A receiving provider or office in the cohort. ``figures`` are of the referrals that are with it now.

    ``days_to_schedule`` is the median from being sent there to the first booking, ``days_to_note`` from the visit to the
    note; ``declined`` of all that were sent there, those there now and those it declined; ``missed`` visits of all that
    were kept or missed there."""

    choice: Choice
    figures: Figures
    days_to_schedule: float | None
    days_to_note: float | None
    declined: Rate
    missed: Rate


@dataclass(frozen=True)
class ReferrerCard:
    """A referring office in the cohort. ``asked_back`` are its referrals for which the specialist had to request
    information, ``declined`` those a specialist declined."""

    choice: Choice
    figures: Figures
    asked_back: Rate
    declined: Rate


@dataclass(frozen=True)
class CoordinatorCard:
    """``figures`` are of the cohort's referrals they own; ``open_now`` and ``overdue_now`` of all they own; ``chase`` is
    what they did themselves in the period (None: no sign-in)."""

    coordinator: Coordinator
    figures: Figures
    open_now: int
    overdue_now: int
    chase: Chase | None


def receivers(report: Report, dimension: str) -> list[ReceiverCard]:
    """``dimension`` is ``receiving_provider`` or ``receiving_office``, and among those of the report. In its order, less
    the referrals without one; then those who only declined. Four queries."""
    column = {"receiving_provider": "provider", "receiving_office": "office"}[dimension]
    cohort = report.cohort.referrals()
    days = _days_of_receivers(cohort, DIMENSIONS[dimension].column)
    declined, elsewhere = _declines(report.cohort, column, DIMENSIONS[dimension].column)
    visits = _visits(report.cohort, column)
    parts = [part for part in report.parts[dimension] if part.choice.value is not None]
    there = {part.choice.value for part in parts}
    gone = DIMENSIONS[dimension].labelled(set(declined) - there)
    parts += [Part(choice, Figures(assumptions=report.assumptions)) for choice in gone.values()]
    return [
        ReceiverCard(
            part.choice,
            part.figures,
            *days.get(part.choice.value, (None, None)),
            Rate(declined[part.choice.value], part.figures.cohort + elsewhere[part.choice.value]),
            visits.get(part.choice.value, Rate()),
        )
        for part in parts
    ]


def _days_of_receivers(cohort: QuerySet[Referral], column: str) -> dict[int, tuple[float | None, float | None]]:
    booked = Q(first_scheduled_at__gte=F("routed_at"))  # not one of an earlier specialist
    noted = Q(note_at__gte=F("seen_at"))
    rows = (
        cohort.filter(**{f"{column}__isnull": False})
        .values_list(column)
        .annotate(
            booked=Percentile(Seconds(F("first_scheduled_at"), F("routed_at")), 0.5, filter=booked),
            noted=Percentile(Seconds(F("note_at"), F("seen_at")), 0.5, filter=noted),
        )
    )
    return {value: (_days(first), _days(second)) for value, first, second in rows}


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / DAY


def _declines(cohort: Cohort, who: str, where_now: str) -> tuple[Counter, Counter]:
    """value -> referrals of the cohort it declined, and those of them that are not with it now."""
    rows = (
        RoutingExclusion.objects.filter(referral__in=cohort.referrals().values("pk"), **{f"{who}__isnull": False})
        .order_by()
        .values_list(f"{who}_id", "referral", f"referral__{where_now}")
        .distinct()
    )
    declined, elsewhere = Counter(), Counter()
    for value, _, now_with in rows:
        declined[value] += 1
        elsewhere[value] += now_with != value
    return declined, elsewhere


def _visits(cohort: Cohort, who: str) -> dict[int, Rate]:
    rows = (
        Appointment.objects.filter(
            referral__in=cohort.referrals().values("pk"), status__in=(_MISSED, *_KEPT), **{f"{who}__isnull": False}
        )
        .order_by()
        .values_list(f"{who}_id")
        .annotate(missed=Count("pk", filter=Q(status=_MISSED)), all=Count("pk"))
    )
    return {value: Rate(missed, count) for value, missed, count in rows}


def referrers(report: Report) -> list[ReferrerCard]:
    """The referring offices of the report, in its order. Two queries."""
    asked_back = _with_event(report.cohort, "information_requested")
    declined = _with_event(report.cohort, "declined")
    return [
        ReferrerCard(
            part.choice,
            part.figures,
            Rate(asked_back[part.choice.value], part.figures.cohort),
            Rate(declined[part.choice.value], part.figures.cohort),
        )
        for part in report.parts["referring_office"]
    ]


def _with_event(cohort: Cohort, kind: str) -> Counter:
    """referring office -> how many of its referrals had such an event."""
    rows = (
        ReferralEvent.objects.filter(kind=kind, referral__in=cohort.referrals().values("pk"))
        .order_by()
        .values_list("referral__referring_office")
        .annotate(count=Count("referral", distinct=True))
    )
    return Counter(dict(rows))


def coordinators(report: Report) -> list[CoordinatorCard]:
    """Everybody active, and whoever owns a referral of the report's cohort, by name. Four queries."""
    parts = {part.choice.value: part.figures for part in report.parts["owner"]}
    people = Coordinator.objects.filter(Q(active=True) | Q(pk__in=parts)).order_by("name", "pk")
    mine = Referral.objects.filter(report.cohort.condition(), ended_at__isnull=True).order_by()
    open_now = _by_owner(mine)
    overdue_now = _by_owner(overdue(mine, now=report.at))
    chased = chase_by_user(report.cohort, assumptions=report.assumptions)
    none = Figures(assumptions=report.assumptions)
    return [
        CoordinatorCard(
            person,
            parts.get(person.pk, none),
            open_now[person.pk],
            overdue_now[person.pk],
            None if person.user_id is None else chased.get(person.user_id, Chase({}, report.assumptions)),
        )
        for person in people
    ]


def _by_owner(referrals: QuerySet[Referral]) -> Counter:
    return Counter(dict(referrals.values_list("owner").annotate(count=Count("pk"))))
