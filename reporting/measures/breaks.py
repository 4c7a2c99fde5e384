"""Where loops break: how far the leaked referrals came, and why they ended."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from referrals.models import EndingReason, Referral
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import behind
from reporting.measures.cohort import Cohort
from reporting.measures.conditions import step_reached
from reporting.measures.figures import Step

STANDS_STILL = "Open, nothing moved for longer than the leakage window"


@dataclass(frozen=True)
class Break:
    """``count`` leaked referrals that came as far as ``step``. ``reason`` is the id of the EndingReason they ended for,
    None when they are open and stand still; ``why`` says it."""

    step: Step
    reason: int | None
    why: str
    count: int


def breaks(cohort: Cohort, *, now: datetime, assumptions: Assumptions) -> list[Break]:
    """The leaked of the cohort by how far they came, earliest first, and in each step the most frequent reason first.
    The counts sum to ``leaked``. Two queries."""
    rows = (
        _leaked(cohort, now, assumptions)
        .annotate(step=step_reached())
        .values_list("step", "ending_reason")
        .annotate(count=Count("pk"))
    )
    labels = {reason.pk: reason.label for reason in EndingReason.objects.all()}
    found = [Break(Step(step), reason, labels.get(reason, STANDS_STILL), count) for step, reason, count in rows]
    return sorted(found, key=lambda one: (one.step, -one.count, one.why))


def broken_at(cohort: Cohort, one: Break, *, now: datetime, assumptions: Assumptions) -> QuerySet[Referral]:
    """The referrals that ``one`` counts, in no order."""
    why = {"ending_reason": one.reason} if one.reason is not None else {"ending_reason__isnull": True}
    return broken_after(cohort, one.step, now=now, assumptions=assumptions).filter(**why)


def broken_after(cohort: Cohort, step: Step, *, now: datetime, assumptions: Assumptions) -> QuerySet[Referral]:
    """The leaked referrals that came as far as ``step`` and no further, in no order."""
    return _leaked(cohort, now, assumptions).annotate(step=step_reached()).filter(step=step)


def _leaked(cohort: Cohort, now: datetime, assumptions: Assumptions) -> QuerySet[Referral]:
    return behind("leaked", cohort, now=now, assumptions=assumptions)
