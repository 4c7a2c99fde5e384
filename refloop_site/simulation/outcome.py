"""What a simulated quarter came to, by the same figures as every report."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Count, Q

from referrals.models import ContactAttempt, Document, MatchDecision, ReferralEvent
from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.chase import Chase
from reporting.measures.cohort import Cohort
from reporting.measures.period import Period
from reporting.models import ChaseMinutes


@dataclass(frozen=True)
class Outcome:
    """Shares are 0 to 1, days calendar days, hours those of coordinators a week over the quarter."""

    referrals: int
    closed: float
    closed_within_14: float
    scheduled: float
    leaked: float
    in_progress: float
    days_median: float | None
    days_mean: float | None
    hours_per_week: float
    matched_by_itself: float | None
    nudges: int
    leaked_count: int
    at_risk: int
    refused: int = 0

    def to_json(self) -> dict:
        return asdict(self)


def read(*, period: Period, now: datetime, refused: int) -> Outcome:
    """The figures of what is in the database, all of it captured in ``period``, as they stand at ``now``.

    Raises ValueError when nothing was captured."""
    assumptions = current_assumptions()
    figures = figures_of(Cohort(period), now=now, assumptions=assumptions)
    if not figures.cohort:
        raise ValueError("No referral was captured: nothing to simulate.")
    notes = Document.objects.filter(kind__in=Document.NOTE_KINDS).count()
    by_itself = MatchDecision.objects.filter(automatic=True, undone_at__isnull=True).count()
    return Outcome(
        referrals=figures.cohort,
        closed=figures.closed / figures.cohort,
        closed_within_14=figures.closed_within_14 / figures.cohort,
        scheduled=figures.scheduled / figures.cohort,
        leaked=figures.leaked / figures.cohort,
        in_progress=figures.in_progress / figures.cohort,
        days_median=figures.days.median,
        days_mean=figures.days.mean,
        hours_per_week=_chase(assumptions, by_hand=notes - by_itself).hours_per_week(period),
        matched_by_itself=by_itself / notes if notes else None,
        nudges=ReferralEvent.objects.filter(kind="escalated").count(),
        leaked_count=figures.leaked,
        at_risk=int(figures.at_risk),
        refused=refused,
    )


def _chase(assumptions: Assumptions, *, by_hand: int) -> Chase:
    """All chasing about the quarter's referrals, also after the quarter."""
    with_patient = Count("pk", filter=Q(party=ContactAttempt.Party.PATIENT))
    calls = ContactAttempt.objects.aggregate(patient=with_patient, all=Count("pk"))
    steps = {
        ChaseMinutes.Action.CONTACT: calls["patient"],
        ChaseMinutes.Action.STATUS_CHECK: calls["all"] - calls["patient"],
        ChaseMinutes.Action.MATCH: by_hand,
    }
    return Chase(steps, assumptions)
