"""Which policy governs a referral: of those that fit, the one that names most of its case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from referrals.lifecycle.deadlines import Fired, Rung, Unit, earliest_unfired
from referrals.models import EscalationFiring, EscalationPolicy, EscalationRung, Referral
from referrals.practice.calendar import practice_calendar
from referrals.prepared import Prepared

# What watches a stage nobody wrote a policy for: the owner, every business day. Nothing stalls silently.
FALLBACK_KEY = 0
FALLBACK = (Rung(key=FALLBACK_KEY, after=1, unit=Unit.BUSINESS_DAYS, audience="owner", repeat_every=1),)


@dataclass(frozen=True)
class Case:
    """What policies distinguish."""

    stage: str
    direction: str
    priority: str
    specialty_id: int | None

    @classmethod
    def of(cls, referral: "Watched") -> "Case":
        return cls(referral.stage, referral.direction, referral.priority, referral.specialty_id)


class Watched(Protocol):
    """What of a referral says when it is looked at; Referral has it all."""

    stage: str
    direction: str
    priority: str
    specialty_id: int
    clock_from: datetime
    snoozed_until: datetime | None


_COLUMNS = (
    "policy", "policy__stage", "policy__direction", "policy__priority", "policy__specialty",
    "pk", "after", "unit", "audience", "repeat_every",
)  # fmt: skip


def _rungs(**of: str) -> QuerySet:
    return EscalationRung.objects.filter(**of).order_by("after", "pk").values_list(*_COLUMNS)


_RUNGS_OF = Prepared(lambda: _rungs(policy__stage=""))


class PolicyTable:
    """The policies of some or all stages as they are now, read in one query."""

    def __init__(self, stage: str | None = None):
        self._policies: dict[int, EscalationPolicy] = {}
        self._rungs: dict[int, list[Rung]] = defaultdict(list)
        self._ladders: dict[Case, tuple[Rung, ...]] = {}
        for pk, *case, key, after, unit, audience, repeat_every in _rungs() if stage is None else _RUNGS_OF(str(stage)):
            self._policies[pk] = EscalationPolicy(pk, *case)
            self._rungs[pk].append(Rung(key, after, Unit(unit), audience, repeat_every))

    def ladder(self, case: Case) -> tuple[Rung, ...]:
        """The rungs that govern ``case``; FALLBACK when no policy fits."""
        if case not in self._ladders:
            self._ladders[case] = self.rungs_of(next(iter(self.fitting(case)), None))
        return self._ladders[case]

    def fitting(self, case: Case) -> list[EscalationPolicy]:
        """The policies that fit ``case``, the one that governs it first. One without rungs governs nothing."""
        found = [policy for policy in self._policies.values() if _fits(policy, case)]
        return sorted(found, key=lambda policy: policy.specificity, reverse=True)

    def rungs_of(self, policy: EscalationPolicy | None) -> tuple[Rung, ...]:
        return tuple(self._rungs[policy.pk]) if policy else FALLBACK

    def without(self, policy: EscalationPolicy) -> EscalationPolicy | None:
        """What governs the case ``policy`` is written for when it is not there; None: FALLBACK."""
        case = Case(policy.stage, policy.direction, policy.priority, policy.specialty_id)
        return next((other for other in self.fitting(case) if other.pk != policy.pk), None)


def _fits(policy: EscalationPolicy, case: Case) -> bool:
    return (
        policy.stage == case.stage
        and policy.direction in ("", case.direction)
        and policy.priority in ("", case.priority)
        and policy.specialty_id in (None, case.specialty_id)
    )


def next_look(referral: Watched, table: PolicyTable, *, fired: Iterable[Fired]) -> datetime:
    """When the first rung not done by ``fired`` in the referral's stay is due, or its snooze ends if that is later."""
    due = earliest_unfired(
        table.ladder(Case.of(referral)),
        clock_from=referral.clock_from,
        fired=fired,
        calendar=practice_calendar(),
    )
    return max(due, referral.snoozed_until) if referral.snoozed_until else due


def fired_in_stay(referral: Referral) -> list[Fired]:
    """Every rung that fired or was missed in the referral's present stay."""
    return fired_in_stays({referral.pk: referral.stage_stay})[referral.pk]


def fired_in_stays(stays: Mapping[int, int]) -> dict[int, list[Fired]]:
    """What fired in the stay of each referral (``stays``: referral -> stay), per referral, in one query."""
    fired: dict[int, list[Fired]] = defaultdict(list)
    rows = EscalationFiring.objects.filter(referral__in=list(stays), stay__in=set(stays.values())).order_by()
    for pk, stay, *done in rows.values_list("referral_id", "stay", "rung_key", "repetition", "due_at"):
        if stay == stays[pk]:
            fired[pk].append(Fired(*done))
    return fired
