"""Tell that somebody changed where an office is told: a stolen token must not move patient data unnoticed."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from notifications.models import Endpoint
from notifications.outbox import Outgoing, enqueue, enqueue_to
from referrals.messages.recipients import of_managers

TOPIC = "endpoint.changed"  # sent whatever an endpoint subscribed to


def tell(*, endpoint: Endpoint, what: str, facts: Sequence[tuple[str, str]], by: str, now: datetime) -> None:
    """To the managers, and to every other active endpoint of the office, in the transaction that changed ``endpoint``.

    ``what`` completes "An endpoint of the office was …"; ``facts`` are (label, value), without patient data."""
    office = endpoint.recipient
    key = f"{TOPIC}:{endpoint.pk}:{secrets.token_hex(8)}"
    context: dict[str, Any] = {
        "title": f"{office.name}: an endpoint was {what}",
        "text": f"Where {office.name} is told about its referrals was changed through the API.",
        "facts": [["Office", office.name], ["Endpoint", shown(endpoint)], *map(list, facts), ["By", by]],
        "endpoint": endpoint.pk,
    }
    link = urljoin(settings.REFLOOP_BASE_URL, reverse("admin:notifications_endpoint_change", args=[endpoint.pk]))
    for_managers = context | {
        "next_step": "If the office does not know of it, revoke the token and switch the endpoint off.",
        "link": link,
    }
    enqueue(
        topic=TOPIC,
        recipient=of_managers(now=now),
        dedupe_key=f"{key}:managers",
        context_full=for_managers,
        context_minimal=for_managers,
        occurred_at=now,
        now=now,
    )
    for_office = context | {"next_step": "If this was not you, call us at once: the token must be revoked."}
    for other in office.endpoints.filter(active=True).exclude(pk=endpoint.pk):
        outgoing = Outgoing(TOPIC, office, f"{key}:{other.pk}", now, for_office, for_office)
        enqueue_to(other, outgoing, now=now)


def shown(endpoint: Endpoint) -> str:
    return f"{endpoint.get_channel_display()}: {without_query(endpoint.address)}"


def without_query(address: str) -> str:
    """The query of a webhook's address may hold a password."""
    return address.partition("?")[0]
