"""Months of messages cannot be sent when the demo starts: what is older than a day is taken as delivered.

The rest stays in the outbox, so that the queue has something to do and staff find fresh items in their inbox. Mail of
the demo is written to files; nothing leaves this machine.
"""

from datetime import datetime, timedelta

from django.db.models import F

from notifications.models import Delivery

FRESH = timedelta(days=1)
USUAL_TIME = timedelta(seconds=40)  # from outbox to delivered: the dispatcher looks every minute


def take_as_delivered(*, now: datetime) -> int:
    """Mark deliveries older than ``FRESH`` delivered; how many."""
    stale = Delivery.objects.filter(status__in=Delivery.DUE, created_at__lt=now - FRESH)
    return stale.update(status=Delivery.Status.DELIVERED, attempts=1, delivered_at=F("created_at") + USUAL_TIME)
