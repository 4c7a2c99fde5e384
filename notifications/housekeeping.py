"""Forget what nobody needs any more. Messages and deliveries, the proof of what was told, are kept."""

from datetime import datetime, timedelta

from notifications.models import Attempt, Delivery, DispatchBeat, InboxItem

KEEP_ATTEMPTS = timedelta(days=365)
KEEP_READ_ITEMS = timedelta(days=180)
KEEP_BEATS = timedelta(days=7)
BATCH = 1000  # rows a statement, so that no dispatcher waits long


def tidy(*, now: datetime) -> int:
    """Delete single tries of deliveries that are over, inbox items read long ago and beats of dispatchers that are
    gone; how many rows."""
    over = (Delivery.Status.DELIVERED, Delivery.Status.DEAD, Delivery.Status.CANCELLED)
    old = (
        Attempt.objects.filter(at__lt=now - KEEP_ATTEMPTS, delivery__status__in=over),
        InboxItem.objects.filter(read_at__lt=now - KEEP_READ_ITEMS),
        DispatchBeat.objects.filter(at__lt=now - KEEP_BEATS),
    )
    return sum(_delete(rows) for rows in old)


def _delete(rows) -> int:
    deleted = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        deleted += rows.model.objects.filter(pk__in=batch).delete()[0]
    return deleted
