"""Send again what was given up, and cancel what need not be sent."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from notifications.errors import CannotResend
from notifications.models import Delivery, Endpoint


def resend(*, delivery: Delivery, now: datetime) -> Delivery:
    """Queue a dead or cancelled delivery again, under the same id, with all its attempts before it.

    Raises CannotResend in any other state, and for an endpoint that is switched off."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery.pk)
        if delivery.status not in Delivery.RESENDABLE:
            raise CannotResend(f"It is {delivery.get_status_display().lower()}; only what was given up is sent again.")
        if not delivery.endpoint.active:
            raise CannotResend("The endpoint is switched off; switch it on first.")
        delivery.status = Delivery.Status.QUEUED
        delivery.attempts = 0
        delivery.next_attempt_at = now
        delivery.save(update_fields=["status", "attempts", "next_attempt_at"])
    return delivery


def given_up(endpoints: QuerySet[Endpoint]) -> list[Endpoint]:
    """Those of ``endpoints`` for which something was given up, each with how much as ``given_up``."""
    dead = Count("deliveries", filter=Q(deliveries__status=Delivery.Status.DEAD))
    return list(endpoints.select_related("recipient").annotate(given_up=dead).filter(given_up__gt=0))


def resend_all(*, endpoint: Endpoint, now: datetime) -> int:
    """Queue everything given up for ``endpoint`` again; how many. Raises CannotResend when it is switched off."""
    if not endpoint.active:
        raise CannotResend("The endpoint is switched off; switch it on first.")
    dead = Delivery.objects.filter(endpoint=endpoint, status=Delivery.Status.DEAD)
    return dead.update(status=Delivery.Status.QUEUED, attempts=0, next_attempt_at=now)


def cancel(*, deliveries: Iterable[Delivery], reason: str) -> int:
    """Cancel those that still wait (what is in flight or over stays as it is); how many."""
    waiting = Delivery.objects.filter(pk__in=[d.pk for d in deliveries], status__in=Delivery.DUE)
    return waiting.update(status=Delivery.Status.CANCELLED, last_error=reason[:200])
