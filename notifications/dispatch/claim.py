"""Take due deliveries by lease, fairly among endpoints.

An endpoint is claimed from by one dispatcher at a time (its row is locked for the moment of the claim and skipped by
the others), so the limits below hold across processes. Endpoints take turns, the longest unserved first. Struggling
ones (slow, or failing again and again) are tried one at a time and share at most half of the sending slots: whatever
they do, the others keep the other half.
"""

import secrets
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Subquery

from notifications.models import Delivery, Endpoint

LEASE = timedelta(minutes=3)  # longer than any try can take: SMTP may use its ten seconds at each of several steps
AT_ONCE = 4  # deliveries to one endpoint in flight


def claim(*, now: datetime, worker: str, slots: int, struggling_slots: int, lease: timedelta = LEASE) -> list[Delivery]:
    """Up to ``slots`` due deliveries, in flight and leased until ``now + lease``, with message, recipient and endpoint.

    1. Lock the next endpoints in turn that have something due; skip those another dispatcher is claiming from.
    2. Of each, pick the oldest due, no more than it has room for, one endpoint after the other.
    3. Mark them in flight under a name of this claim's own, and count the attempt now: a try that kills the process
       must count as well.
    4. Commit. Sending happens outside."""
    leased_by = f"{worker[:60]}:{secrets.token_hex(6)}"
    with transaction.atomic():
        endpoints = _next_endpoints(now, slots, struggling_slots)
        if not endpoints:
            return []
        picked, served = _pick(endpoints, now, slots)
        Endpoint.objects.filter(pk__in=served).update(last_claimed_at=now)
        Delivery.objects.filter(pk__in=picked, status__in=Delivery.DUE).update(
            status=Delivery.Status.IN_FLIGHT,
            leased_by=leased_by,
            lease_until=now + lease,
            attempts=F("attempts") + 1,
        )
    return list(
        Delivery.objects.filter(pk__in=picked, leased_by=leased_by)
        .select_related("message__recipient", "endpoint__recipient")
        .order_by("next_attempt_at", "pk")
    )


def due(now: datetime):
    """Deliveries to be sent at ``now``."""
    return Delivery.objects.filter(status__in=Delivery.DUE, next_attempt_at__lte=now)


def _next_endpoints(now: datetime, slots: int, struggling_slots: int) -> list[Endpoint]:
    """Those that waited longest for their turn, healthy and struggling alike; of the latter at most
    ``struggling_slots``."""
    waiting = (
        Endpoint.objects.filter(Exists(due(now).filter(endpoint=OuterRef("pk"))), active=True)
        .order_by(F("last_claimed_at").asc(nulls_first=True), "pk")
        .select_for_update(skip_locked=True, no_key=True)  # no_key: enqueueing may go on referring to them
    )
    healthy = list(waiting.exclude(Endpoint.STRUGGLING)[:slots])
    struggling = waiting.filter(Endpoint.STRUGGLING)[:struggling_slots] if struggling_slots > 0 else []
    return sorted(
        [*healthy, *struggling], key=lambda e: (e.last_claimed_at is not None, e.last_claimed_at or now, e.pk)
    )


def _pick(endpoints: list[Endpoint], now: datetime, slots: int) -> tuple[list[int], list[int]]:
    """Primary keys of what to claim (the first of every endpoint, then the second of every endpoint, and so on), and of
    the endpoints that had their turn: those whose first did not fit in keep their place in the line.

    One query finds the oldest few of each by its index; no row lock is needed, because only claims take due deliveries
    and the endpoint's lock keeps other claims out (the update looks at the status again, for a cancellation)."""
    pks = [endpoint.pk for endpoint in endpoints]
    in_flight = dict(
        Delivery.objects.filter(endpoint__in=pks, status=Delivery.Status.IN_FLIGHT)
        .order_by()
        .values_list("endpoint")
        .annotate(Count("pk"))
    )
    oldest = due(now).filter(endpoint=OuterRef("pk")).order_by("next_attempt_at", "pk").values("pk")
    places = [Subquery(oldest[n : n + 1]) for n in range(AT_ONCE)]
    found = {pk: queue for pk, *queue in Endpoint.objects.filter(pk__in=pks).order_by().values_list("pk", *places)}
    queues = []
    for endpoint in endpoints:
        room = (1 if endpoint.is_struggling else AT_ONCE) - in_flight.get(endpoint.pk, 0)
        queues.append(found[endpoint.pk][: max(room, 0)])
    turns = chain.from_iterable(zip_longest(*queues))
    picked = [pk for pk in turns if pk is not None][:slots]
    served = [pk for pk, queue in zip(pks, queues, strict=True) if not queue or queue[0] in picked]
    return picked, served
