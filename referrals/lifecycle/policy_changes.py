"""After a policy was edited: give the open referrals it governs their new next look, and show what a policy means."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.lifecycle.deadlines import rung_due
from referrals.lifecycle.policies import Case, PolicyTable, fired_in_stays, next_look
from referrals.models import Referral
from referrals.practice.calendar import practice_calendar

BATCH = 1_000


def recompute(*, stage: str) -> int:
    """Compute ``next_escalation_at`` of every open referral in ``stage`` anew; how many changed.

    What fired stays fired. Rows are locked a batch at a time, so a transition or sweep in between is not overwritten."""
    changed, last = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                Referral.objects.select_for_update()
                .filter(stage=stage, ended_at__isnull=True, pk__gt=last)
                .order_by("pk")[:BATCH]
            )
            if not rows:
                return changed
            last = rows[-1].pk
            changed += _recompute(rows, stage)


def _recompute(rows: list[Referral], stage: str) -> int:
    table, fired = PolicyTable(stage), fired_in_stays({row.pk: row.stage_stay for row in rows})
    by_next: dict[datetime, list[int]] = defaultdict(list)
    for referral in rows:
        due = next_look(referral, table, fired=fired[referral.pk])
        if due != referral.next_escalation_at:
            by_next[due].append(referral.pk)
    for due, pks in by_next.items():
        Referral.objects.filter(pk__in=pks).update(next_escalation_at=due)
    return sum(map(len, by_next.values()))


@dataclass(frozen=True)
class Forecast:
    audience: str
    at: datetime


def forecast(case: Case, *, clock_from: datetime) -> list[Forecast]:
    """Who is told when, for a referral of ``case`` whose clock starts at ``clock_from``: each rung's first time."""
    calendar = practice_calendar()
    ladder = PolicyTable(case.stage).ladder(case)
    found = [Forecast(rung.audience, rung_due(rung, clock_from, calendar)) for rung in ladder]
    return sorted(found, key=lambda row: row.at)
