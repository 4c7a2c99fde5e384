"""What chasing costs: steps people of ours took in a period, times the minutes each takes.

Counted from the events staff caused, when they were logged; what an office or RefLoop itself did costs no coordinator
anything. Unlike the other figures this is about work done in the period, whenever the referral was captured."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from referrals.models import ContactAttempt, EscalationRung, Referral, ReferralEvent
from referrals.models.event import CHASE_KINDS
from reporting.measures.assumptions import Assumptions
from reporting.measures.cohort import Cohort
from reporting.measures.definitions import MEASURES
from reporting.measures.figures import Measured
from reporting.measures.period import Period
from reporting.models import ChaseMinutes

Action = ChaseMinutes.Action
_OFFICES = (EscalationRung.Audience.REFERRING, EscalationRung.Audience.RECEIVING)
_CALLED_PATIENT = Q(kind="contact_logged", data__party=ContactAttempt.Party.PATIENT)
STEPS: tuple[tuple[Action, Q], ...] = (
    (Action.CONTACT, _CALLED_PATIENT),
    # Asking an office where things stand: a call to it, or a nudge sent to it by hand.
    (Action.STATUS_CHECK, Q(kind="contact_logged") & ~_CALLED_PATIENT),
    (Action.STATUS_CHECK, Q(kind="nudged", data__audience__in=_OFFICES)),
    (Action.MATCH, Q(kind__in=("note_attached", "note_returned", "note_amended"))),
)


@dataclass(frozen=True)
class Chase:
    """``counts`` is steps by action. Minutes and hours are exact decimals."""

    counts: Mapping[str, int]
    assumptions: Assumptions

    @property
    def steps(self) -> int:
        return sum(self.counts.values())

    @property
    def minutes(self) -> Decimal:
        return sum((self.assumptions.minutes_of(action) * n for action, n in self.counts.items()), Decimal(0))

    @property
    def hours(self) -> Decimal:
        return self.minutes / 60

    def hours_per_week(self, period: Period) -> float:
        """``period`` holds no days ahead: nobody has chased on those (Period.until)."""
        return float(self.hours) / period.weeks

    def measured(self, period: Period) -> Measured:
        """Hours a week of the period, as above; numerator are the steps, denominator the days of the period."""
        measure = MEASURES["chase_hours_per_week"]
        target = self.assumptions.targets.get(measure.key, measure.target)
        return Measured(measure, self.hours_per_week(period), self.steps, period.days, target)


def chase(cohort: Cohort, *, assumptions: Assumptions) -> Chase:
    """The chasing done in the period on referrals that pass the filters. One query."""
    rows = chase_steps(cohort).values_list("step").annotate(count=Count("pk"))
    return Chase(Counter(dict(rows)), assumptions)


def chase_by_user(cohort: Cohort, *, assumptions: Assumptions) -> dict[int, Chase]:
    """The same by who did it: the id of the user. One query."""
    counts: dict[int, Counter[str]] = {}
    for user, step, count in chase_steps(cohort).values_list("actor_user", "step").annotate(count=Count("pk")):
        counts.setdefault(user, Counter())[step] += count
    return {user: Chase(steps, assumptions) for user, steps in counts.items()}


def chased_by_user(cohort: Cohort) -> dict[int, int]:
    """On how many referrals each user did such steps. One query."""
    rows = chase_steps(cohort).values_list("actor_user").annotate(count=Count("referral", distinct=True))
    return dict(rows)


def chased(cohort: Cohort, user: int | None = None) -> QuerySet[Referral]:
    """The referrals on which steps were done in the period, by anybody or by one user, in no order."""
    steps = chase_steps(cohort) if user is None else chase_steps(cohort).filter(actor_user=user)
    return Referral.objects.filter(pk__in=steps.values("referral")).order_by()


def chase_steps(cohort: Cohort) -> QuerySet[ReferralEvent]:
    """The events counted, each with its ``step`` (an Action), in no order."""
    is_step = Q()
    for _, condition in STEPS:
        is_step |= condition
    return (
        ReferralEvent.objects.filter(
            is_step,
            cohort.condition("referral__"),
            kind__in=CHASE_KINDS,
            actor_kind=ReferralEvent.ActorKind.STAFF,
            at__gte=cohort.period.starts_at,
            at__lt=cohort.period.ends_at,
        )
        .annotate(
            step=Case(
                *(When(condition, then=Value(action.value)) for action, condition in STEPS), output_field=CharField()
            )
        )
        .order_by()
    )
