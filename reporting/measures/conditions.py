"""The conditions the figures count by, once for the counting statement and for the list behind a figure."""

from datetime import datetime, timedelta

from django.db.models import Case, F, IntegerField, Q, Value, When

from referrals.lifecycle.states import Status
from reporting.measures.buckets import Bucket, in_bucket
from reporting.measures.definitions import WITHIN_DAYS
from reporting.measures.figures import Step

SCHEDULED = Q(first_scheduled_at__isnull=False)
CLOSED_WITHIN_14 = Q(status=Status.CLOSED, ended_at__lte=F("captured_at") + timedelta(days=WITHIN_DAYS))
# Furthest first: the first that holds is the step a referral came to.
STEPS: tuple[tuple[Step, Q], ...] = (
    (Step.CLOSED, Q(status=Status.CLOSED)),
    (Step.NOTE_RETURNED, Q(note_at__isnull=False)),
    (Step.SEEN, Q(seen_at__isnull=False)),
    (Step.SCHEDULED, SCHEDULED),
    (Step.ACCEPTED, Q(accepted_at__isnull=False)),
    (Step.ROUTED, Q(receiving_office__isnull=False)),
)


def step_reached() -> Case:
    """The furthest Step of a referral, as its number."""
    return Case(
        *(When(condition, then=Value(int(step))) for step, condition in STEPS),
        default=Value(int(Step.CAPTURED)),
        output_field=IntegerField(),
    )


def reached(step: Step) -> Q:
    """Came at least to ``step``."""
    found = Q(captured_at__isnull=False) if step == Step.CAPTURED else Q()
    for other, condition in STEPS:
        if other >= step:
            found |= condition
    return found


def condition_of(figure: str, *, now: datetime, window: timedelta) -> Q:
    """Of the referrals that the count called ``figure`` counts: an attribute of Figures, or ``reached_`` and the name of
    a Step in lower case. Raises KeyError for another name."""
    if figure.startswith("reached_"):
        return reached(Step[figure.removeprefix("reached_").upper()])
    buckets = {bucket: in_bucket(bucket, now=now, window=window) for bucket in Bucket}
    return {
        **{bucket.value: condition for bucket, condition in buckets.items()},
        "cohort": Q(),
        "scheduled": SCHEDULED,
        "closed_within_14": CLOSED_WITHIN_14,
        "leaked": buckets[Bucket.LEAKED_KNOWN] | buckets[Bucket.LEAKED_ESTIMATED],
        "open": buckets[Bucket.LEAKED_ESTIMATED] | buckets[Bucket.IN_PROGRESS],
    }[figure]
