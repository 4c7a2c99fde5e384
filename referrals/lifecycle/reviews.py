"""After a policy or the calendar changed: give the open referrals it concerns their new next look.

A review is a row (models/review.py) and is done in batches, so it survives a crash and any number of workers may share
the work. A batch is one transaction:

1. Lock the oldest unfinished review that nobody else is at.
2. Lock its next referrals by id. A transition or sweep in between waits, or is waited for; either way the later of the
   two computes from what the other wrote.
3. Compute each next look from the policies and the calendar as they are now. What fired stays fired.
4. Note how far it got; commit.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django_q.tasks import async_task

from notifications import many_rows
from referrals.lifecycle.policies import PolicyTable, fired_in_stays, next_look
from referrals.models import DeadlineReview, Referral
from referrals.practice.calendar import one_calendar

logger = logging.getLogger("refloop.referrals")
BATCH = 1_000
AT_ONCE = 500  # so many referrals are done before the person who asked gets the answer; more go to the queue
KEEP = timedelta(days=90)


def ask(*, stages: Sequence[str] = (), because: str, now: datetime, user=None) -> DeadlineReview:
    """Have the deadlines of the open referrals in ``stages`` (empty: in all) computed anew: at once when they are few,
    else in the queue. Call it in the transaction of the change.

    Unfinished reviews of nothing else end here: this one does what they had left."""
    with transaction.atomic():
        _end_those_within(stages, now)
        review = DeadlineReview.objects.create(
            because=because[:200],
            stages=list(stages),
            asked_at=now,
            asked_by=user,
            expected=_open_in(stages).count(),
        )
        if review.expected > AT_ONCE:
            async_task("referrals.tasks.review_deadlines")
        else:
            _next_batch(review, now)
        return review


def carry_on(*, now: datetime, keep_going: Callable[[], bool] = lambda: True) -> int:
    """Work on unfinished reviews, oldest first, until none is left or ``keep_going`` says no; how many deadlines moved."""
    moved = 0
    while keep_going():
        with transaction.atomic():
            locked = unfinished().select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
            review = locked.order_by("pk").first()
            if review is None:
                break
            moved += _next_batch(review, now)
    return moved


def unfinished() -> QuerySet[DeadlineReview]:
    return DeadlineReview.objects.filter(finished_at__isnull=True)


def forget_old(*, now: datetime) -> int:
    """Delete reviews that finished long ago; how many."""
    return DeadlineReview.objects.filter(finished_at__lt=now - KEEP).delete()[0]


def _open_in(stages: Sequence[str]) -> QuerySet[Referral]:
    return Referral.objects.filter(Q(stage__in=stages) if stages else Q(), ended_at__isnull=True)


def _end_those_within(stages: Sequence[str], now: datetime) -> None:
    within = [
        review.pk
        for review in unfinished().select_for_update().order_by("pk")
        if not stages or (review.stages and set(review.stages) <= set(stages))
    ]
    if within:
        DeadlineReview.objects.filter(pk__in=within).update(finished_at=now)


class _Row(NamedTuple):
    """The columns of a referral that decide its next look, and the one it has."""

    pk: int
    number: str
    stage: str
    stage_stay: int
    direction: str
    priority: str
    specialty_id: int
    clock_from: datetime
    snoozed_until: datetime | None
    next_escalation_at: datetime


def _next_batch(review: DeadlineReview, now: datetime) -> int:
    left = _open_in(review.stages).filter(pk__gt=review.reached).order_by("pk").select_for_update()
    rows = [_Row(*row) for row in left.values_list(*_Row._fields)[:BATCH]]
    moved, set_aside = _recompute(rows) if rows else (0, 0)
    review.looked_at += len(rows)
    review.moved += moved
    review.set_aside += set_aside
    review.reached = rows[-1].pk if rows else review.reached
    review.finished_at = now if len(rows) < BATCH else None
    review.save()
    return moved


def _recompute(rows: list[_Row]) -> tuple[int, int]:
    """(moved, set aside). A row that cannot be computed keeps its deadline; the sweep deals with it then."""
    moved, set_aside = [], 0
    with one_calendar():
        table, fired = PolicyTable(), fired_in_stays({row.pk: row.stage_stay for row in rows})
        for row in rows:
            try:
                due = next_look(row, table, fired=fired[row.pk])
            except Exception as error:  # one bad row never stops the rest
                set_aside += 1
                logger.error("deadline not computed", extra={"referral": row.number, "kind": type(error).__name__})
                continue
            if due != row.next_escalation_at:
                moved.append({"id": row.pk, "next_escalation_at": due})
    return many_rows.update(Referral, moved, alike={}), set_aside
