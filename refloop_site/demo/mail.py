"""The demo's messages: made for the last two weeks, and those older than a day are taken as delivered.

Months of messages could not be sent when the demo starts. What is left in the outbox gives the queue something to do
and staff fresh items in their inbox. Mail of the demo is written to files; nothing leaves this machine.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from django.db.models import F

from notifications.models import Delivery
from referrals.messages.quiet import quiet

TOLD = timedelta(days=14)
FRESH = timedelta(days=1)
USUAL_TIME = timedelta(seconds=40)  # from outbox to delivered: the dispatcher looks every minute


def told_at(then: datetime, *, now: datetime) -> AbstractContextManager:
    """A context in which what happens at ``then`` makes messages if it is recent enough."""
    return nullcontext() if then > now - TOLD else quiet()


def take_as_delivered(*, now: datetime) -> int:
    """Mark deliveries older than ``FRESH`` delivered; how many."""
    stale = Delivery.objects.filter(status__in=Delivery.DUE, created_at__lt=now - FRESH)
    return stale.update(status=Delivery.Status.DELIVERED, attempts=1, delivered_at=F("created_at") + USUAL_TIME)
