"""Manage the addresses of a recipient: add, change, rotate the secret, switch off and on, clear a flag, test."""

import base64
import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from notifications.channels import registry
from notifications.errors import InvalidEndpoint
from notifications.models import Delivery, Endpoint, Recipient
from notifications.outbox import Outgoing, enqueue_to

ROTATION_OVERLAP = timedelta(days=7)  # both secrets sign meanwhile, so the receiver can change over when it likes
DEACTIVATED = "the endpoint was switched off"


@dataclass(frozen=True)
class Added:
    """``secret`` is the only time it is shown; empty for channels that do not sign."""

    endpoint: Endpoint
    secret: str


def new_secret() -> str:
    """``whsec_`` and 256 random bits in base64, as Standard Webhooks asks."""
    return f"whsec_{base64.b64encode(random.token_bytes(32)).decode()}"


def checked_address(*, channel: str, address: str) -> str:
    """``address`` as it will be stored. A webhook's name is looked up, so call this outside of any transaction.

    Raises InvalidEndpoint for an unknown channel or an address that it refuses."""
    if channel not in registry.CHANNELS:
        raise InvalidEndpoint([("channel", f"Choose one of: {', '.join(registry.CHANNELS)}.")])
    try:
        return registry.channel(channel).clean_address(address)
    except ValueError as error:
        raise InvalidEndpoint([("address", str(error))]) from None


def add(
    *,
    recipient: Recipient,
    channel: str,
    address: str = "",
    topics: Sequence[str] = (),
    detail: str = "",
    now: datetime,
    is_checked: bool = False,
) -> Added:
    """A new endpoint. ``detail`` empty: the channel's own default (minimal for email). ``is_checked``: the address is
    what ``checked_address`` gave.

    Raises InvalidEndpoint for an unknown channel, a refused address, a malformed topic, or one that is there already."""
    if not is_checked:
        address = checked_address(channel=channel, address=address)
    kind = registry.channel(channel)
    endpoint = Endpoint(
        recipient=recipient,
        channel=channel,
        address=address,
        topics=list(topics),
        detail=detail or kind.default_detail,
        secret=new_secret() if kind.signs else "",
        created_at=now,
    )
    _save(endpoint)
    return Added(endpoint, endpoint.secret)


def change(
    *,
    endpoint: Endpoint,
    now: datetime,
    address: str | None = None,
    topics: Sequence[str] | None = None,
    detail: str | None = None,
    active: bool | None = None,
    is_checked: bool = False,
) -> Endpoint:
    """Change what is given. A new address starts with a clean record; switching off cancels what is waiting (visibly,
    and it can be sent again). ``is_checked``: the address is what ``checked_address`` gave. Raises InvalidEndpoint."""
    if address is not None and address != endpoint.address and not is_checked:
        address = checked_address(channel=endpoint.channel, address=address)
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        if address is not None and address != endpoint.address:
            endpoint.address = address
            _clean_record(endpoint)
        if topics is not None:
            endpoint.topics = list(topics)
        if detail is not None:
            endpoint.detail = detail
        if active is not None:
            endpoint.active = active
        _save(endpoint)
        if active is False:
            cancel_waiting(endpoint)
    return endpoint


def rotate_secret(*, endpoint: Endpoint, now: datetime, overlap: timedelta = ROTATION_OVERLAP) -> str:
    """A new secret; the present one signs as well for ``overlap`` (none when it leaked). Returned once, not shown again.

    Raises InvalidEndpoint for a channel that does not sign."""
    if not registry.channel(endpoint.channel).signs:
        raise InvalidEndpoint([("channel", "Only webhooks have a secret.")])
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        keep = overlap > timedelta(0)
        endpoint.previous_secret = endpoint.secret if keep else ""
        endpoint.previous_secret_until = now + overlap if keep else None
        endpoint.secret = new_secret()
        endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
    return endpoint.secret


def clear_flag(*, endpoint: Endpoint) -> None:
    """Somebody has seen to it: forget the failures, so that the next one is told again."""
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        _clean_record(endpoint)
        endpoint.save(update_fields=_RECORD)


def send_test(*, endpoint: Endpoint, now: datetime) -> Delivery:
    """Enqueue an ``endpoint.test`` message for this endpoint alone. Raises InvalidEndpoint when it is switched off."""
    if not endpoint.active:
        raise InvalidEndpoint([("active", "The endpoint is switched off; switch it on first.")])
    context = {
        "title": "Test message",
        "text": "This is a test. If you can read it, messages from RefLoop reach you here.",
    }
    with transaction.atomic():
        return enqueue_to(
            endpoint,
            Outgoing(
                topic="endpoint.test",
                recipient=endpoint.recipient,
                dedupe_key=f"endpoint.test:{endpoint.pk}:{random.token_hex(8)}",
                occurred_at=now,
                context_full=context,
                context_minimal=context,
            ),
            now=now,
        )


def cancel_waiting(endpoint: Endpoint) -> int:
    """Cancel what waits for an endpoint that was switched off. How many."""
    return Delivery.objects.filter(endpoint=endpoint, status__in=Delivery.DUE).update(
        status=Delivery.Status.CANCELLED, last_error=DEACTIVATED
    )


_RECORD = ("consecutive_failures", "last_error", "last_duration_ms", "flagged_at", "flag_reason")


def _clean_record(endpoint: Endpoint) -> None:
    endpoint.consecutive_failures = endpoint.last_duration_ms = 0
    endpoint.last_error = endpoint.flag_reason = ""
    endpoint.flagged_at = None


def _save(endpoint: Endpoint) -> None:
    try:
        endpoint.clean_fields()
        with transaction.atomic():
            endpoint.save()
    except ValidationError as error:
        raise InvalidEndpoint(
            (field, message) for field, messages in error.message_dict.items() for message in messages
        ) from None
    except IntegrityError:
        raise InvalidEndpoint([("address", "This address is there already.")]) from None
