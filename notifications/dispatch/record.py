"""Record how tries ended: delivery, attempt, endpoint, and who must be told of trouble."""

import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from notifications.backoff import wait_after
from notifications.channels.protocol import Outcome, Result
from notifications.dispatch import trouble
from notifications.models import Attempt, Delivery, Endpoint

Status = Delivery.Status
FLAG_AFTER_ATTEMPTS = 5  # of one delivery: about an hour and a half of failure


@dataclass(frozen=True)
class Tried:
    """A claimed delivery, how its try ended, when, and how long it took."""

    delivery: Delivery
    outcome: Outcome
    at: datetime
    duration_ms: int = 0


def record(tried: Sequence[Tried], *, now: datetime) -> list[Tried]:
    """Write the outcomes in one transaction; returns those that counted (the lease was still held, or it arrived).

    1. Each delivery by its claim's name: who lost the lease meanwhile may not overwrite what the next one does. Only
       that it arrived is always true, so a late success still ends the retries.
    2. The attempts, whether they counted or not.
    3. The endpoints, in the order of their keys (two recorders wait for each other instead of deadlocking).
    4. Flag and tell about endpoints and channels in trouble."""
    arrived = [one for one in tried if one.outcome.result == Result.DELIVERED]
    with transaction.atomic():
        if _write_arrived_at_once(arrived, now):
            counted = arrived + [one for one in tried if one not in arrived and _write_delivery(one, now)]
        else:
            counted = [one for one in tried if _write_delivery(one, now)]
        Attempt.objects.bulk_create([_attempt(one) for one in tried])
        for one in sorted(counted, key=lambda one: (one.delivery.endpoint_id, one.at)):
            _write_endpoint(one, now)
        trouble.note_channels(
            ok={one.delivery.endpoint.channel for one in tried if not one.outcome.our_fault},
            failing={one.delivery.endpoint.channel: one.outcome.detail for one in tried if one.outcome.our_fault},
            now=now,
        )
    return counted


def _write_arrived_at_once(arrived: Sequence[Tried], now: datetime) -> bool:
    """The usual case in one statement: all arrived and no lease was lost. False, with nothing written, otherwise."""
    if len(arrived) < 2:
        return False
    held = Delivery.objects.filter(
        pk__in=[one.delivery.pk for one in arrived],
        leased_by__in={one.delivery.leased_by for one in arrived},
        status=Status.IN_FLIGHT,
    )
    with contextlib.suppress(_Differs), transaction.atomic():
        if held.update(**_ARRIVED, delivered_at=now) != len(arrived):
            raise _Differs
        return True
    return False


class _Differs(Exception):
    """Fewer rows than expected: take that statement back."""


_ARRIVED = {"status": Status.DELIVERED, "lease_until": None, "leased_by": "", "last_error": ""}


def _write_delivery(one: Tried, now: datetime) -> bool:
    held = Delivery.objects.filter(pk=one.delivery.pk, status=Status.IN_FLIGHT, leased_by=one.delivery.leased_by)
    if one.outcome.result == Result.DELIVERED:
        late = Delivery.objects.filter(pk=one.delivery.pk, status__in=(*Delivery.DUE, Status.DEAD))
        return bool(held.update(**_ARRIVED, delivered_at=now) or late.update(**_ARRIVED, delivered_at=now))
    over = {"lease_until": None, "leased_by": "", "last_error": one.outcome.detail[:200]}
    wait = None
    if one.outcome.result == Result.RETRY:
        wait = wait_after(one.delivery.attempts, chance=random.random(), retry_after=one.outcome.retry_after)
    if wait is None:
        return bool(held.update(**over, status=Status.DEAD))
    return bool(held.update(**over, status=Status.WAITING_RETRY, next_attempt_at=now + wait))


def _attempt(one: Tried) -> Attempt:
    return Attempt(
        delivery=one.delivery,
        number=one.delivery.attempts,
        at=one.at,
        outcome=one.outcome.result,
        code=one.outcome.code,
        detail=one.outcome.detail[:200],
        duration_ms=one.duration_ms,
    )


def _write_endpoint(one: Tried, now: datetime) -> None:
    if one.outcome.our_fault:
        return
    endpoint = Endpoint.objects.filter(pk=one.delivery.endpoint_id)
    if one.outcome.result == Result.DELIVERED:
        endpoint.update(
            consecutive_failures=0,
            last_duration_ms=one.duration_ms,
            last_delivered_at=one.at,
            flagged_at=None,
            flag_reason="",
        )
        return
    endpoint.update(
        consecutive_failures=F("consecutive_failures") + 1,
        last_duration_ms=one.duration_ms,
        last_error=one.outcome.detail[:200],
    )
    if reason := _reason_to_flag(one):
        trouble.flag_endpoint(one.delivery.endpoint, reason=reason, now=now)


def _reason_to_flag(one: Tried) -> str:
    if one.outcome.result == Result.REFUSED:
        return one.outcome.detail
    if one.outcome.result == Result.RETRY and one.delivery.attempts >= FLAG_AFTER_ATTEMPTS:
        return f"failed {one.delivery.attempts} times, last: {one.outcome.detail}"
    return ""
