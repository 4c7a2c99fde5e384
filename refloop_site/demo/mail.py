"""The demo's messages: made for the last two weeks, and those older than a day are taken as delivered.

Months of messages could not be sent when the demo starts. One office's mailbox refused some days' mail, so that there are
deliveries given up to look into and send again. What is left in the outbox gives the queue something to do
and staff fresh items in their inbox. Mail of the demo is written to files; nothing leaves this machine.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from django.db.models import F

from notifications.channels.protocol import Outcome, Result
from notifications.dispatch.record import Tried, record
from notifications.models import Delivery, Recipient
from referrals.messages.quiet import quiet

TOLD = timedelta(days=14)
FRESH = timedelta(days=1)
USUAL_TIME = timedelta(seconds=2)  # from outbox to delivered
REFUSED_FOR = timedelta(days=2)  # until FRESH: the next message arrives and clears the warning


def told_at(then: datetime, *, now: datetime) -> AbstractContextManager:
    """A context in which what happens at ``then`` makes messages if it is recent enough."""
    return nullcontext() if then > now - TOLD else quiet()


def refuse_some(*, now: datetime) -> int:
    """Record that one office's mailbox refused what came to it for a few days; how many deliveries."""
    stale = Delivery.objects.filter(
        status__in=Delivery.DUE,
        created_at__range=(now - FRESH - REFUSED_FOR, now - FRESH),
        endpoint__channel="email",
        endpoint__recipient__kind=Recipient.Kind.OFFICE,
    ).order_by("created_at", "pk")
    last = stale.last()
    if last is None:
        return 0
    refused = list(stale.filter(endpoint=last.endpoint).select_related("message", "endpoint__recipient"))
    outcome = Outcome(Result.REFUSED, "the mail server refused the address (550)", 550)
    for delivery in refused:
        delivery.status, delivery.attempts = Delivery.Status.IN_FLIGHT, 1
        delivery.leased_by, delivery.lease_until = "demo", delivery.created_at + USUAL_TIME
        delivery.save(update_fields=["status", "attempts", "leased_by", "lease_until"])
    return len(record([Tried(one, outcome, one.lease_until) for one in refused], now=now))


def take_as_delivered(*, now: datetime) -> int:
    """Mark deliveries older than ``FRESH`` delivered; how many."""
    stale = Delivery.objects.filter(status__in=Delivery.DUE, created_at__lt=now - FRESH)
    return stale.update(status=Delivery.Status.DELIVERED, attempts=1, delivered_at=F("created_at") + USUAL_TIME)
