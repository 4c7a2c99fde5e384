"""Take back what a dead dispatcher was sending."""

from datetime import datetime

from django.db import transaction

from notifications.backoff import MAX_ATTEMPTS
from notifications.models import Attempt, Delivery

LOST = "the dispatcher died while sending; it may have arrived"
BATCH = 500


def recover_leases(*, now: datetime) -> int:
    """Return deliveries whose lease is over (at or before ``now``) to the queue; how many.

    The attempt was counted when it was claimed, so a message that kills its dispatcher is given up in the end. The
    wait was the lease: they are due at once."""
    recovered = 0
    while found := _recover_batch(now):
        recovered += found
    return recovered


def _recover_batch(now: datetime) -> int:
    with transaction.atomic():
        over = list(
            Delivery.objects.filter(status=Delivery.Status.IN_FLIGHT, lease_until__lte=now)
            .order_by("lease_until")
            .select_for_update(skip_locked=True)[:BATCH]
        )
        for status, chosen in (
            (Delivery.Status.WAITING_RETRY, [d for d in over if d.attempts < MAX_ATTEMPTS]),
            (Delivery.Status.DEAD, [d for d in over if d.attempts >= MAX_ATTEMPTS]),
        ):
            Delivery.objects.filter(pk__in=[d.pk for d in chosen]).update(
                status=status, lease_until=None, leased_by="", next_attempt_at=now, last_error=LOST
            )
        Attempt.objects.bulk_create(
            [Attempt(delivery=d, number=d.attempts, at=now, outcome=Attempt.Outcome.LOST, detail=LOST) for d in over]
        )
    return len(over)
