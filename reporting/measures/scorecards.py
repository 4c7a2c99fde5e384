"""Scorecards: how referring offices refer, and what coordinators carry. Those of specialists are receivers.py."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from referrals.models import Coordinator, Referral, ReferralEvent
from reporting.measures.aging import open_referrals, overdue_referrals
from reporting.measures.breakdown import Report
from reporting.measures.chase import Chase, chase_by_user, chased_by_user
from reporting.measures.cohort import Cohort
from reporting.measures.dimensions import Choice
from reporting.measures.figures import Figures, Rate

ASKED_BACK, DECLINED = "information_requested", "declined"  # kinds of events


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
    what they did themselves in the period (None: no sign-in), on ``chased`` referrals."""

    coordinator: Coordinator
    figures: Figures
    open_now: int
    overdue_now: int
    chase: Chase | None
    chased: int


def referrers(report: Report) -> list[ReferrerCard]:
    """The referring offices of the report, in its order. Two queries."""
    asked_back = _by_office(report.cohort, ASKED_BACK)
    declined = _by_office(report.cohort, DECLINED)
    return [
        ReferrerCard(
            part.choice,
            part.figures,
            Rate(asked_back[part.choice.value], part.figures.cohort),
            Rate(declined[part.choice.value], part.figures.cohort),
        )
        for part in report.parts["referring_office"]
    ]


def _by_office(cohort: Cohort, kind: str) -> Counter:
    """referring office -> how many of its referrals had such an event."""
    rows = (
        _events(cohort, kind)
        .order_by()
        .values_list("referral__referring_office")
        .annotate(count=Count("referral", distinct=True))
    )
    return Counter(dict(rows))


def with_event(cohort: Cohort, kind: str) -> QuerySet[Referral]:
    """The referrals of the cohort that had an event of that kind, in no order."""
    return cohort.referrals().filter(pk__in=_events(cohort, kind).values("referral"))


def _events(cohort: Cohort, kind: str) -> QuerySet[ReferralEvent]:
    return ReferralEvent.objects.filter(kind=kind, referral__in=cohort.referrals().values("pk"))


def coordinators(report: Report) -> list[CoordinatorCard]:
    """Everybody active, and whoever owns a referral of the report's cohort, by name. Five queries."""
    parts = {part.choice.value: part.figures for part in report.parts["owner"]}
    people = Coordinator.objects.filter(Q(active=True) | Q(pk__in=parts)).order_by("name", "pk")
    open_now = _by_owner(open_referrals(report.cohort.filters))
    overdue_now = _by_owner(overdue_referrals(report.cohort.filters, now=report.at))
    chase, chased = chase_by_user(report.cohort, assumptions=report.assumptions), chased_by_user(report.cohort)
    none = Figures(assumptions=report.assumptions)
    return [
        CoordinatorCard(
            person,
            parts.get(person.pk, none),
            open_now[person.pk],
            overdue_now[person.pk],
            None if person.user_id is None else chase.get(person.user_id, Chase({}, report.assumptions)),
            0 if person.user_id is None else chased.get(person.user_id, 0),
        )
        for person in people
    ]


def _by_owner(referrals: QuerySet[Referral]) -> Counter:
    return Counter(dict(referrals.values_list("owner").annotate(count=Count("pk"))))
