"""Where an office is told, managed by the office itself. Staff do the same in the admin.

Nothing is deleted: an endpoint that is not wanted is switched off, and what waited for it is cancelled where everybody
sees it. Every change is told to the managers and to the office's other endpoints."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from notifications import endpoints, selectors
from notifications.dispatch import resend as resending
from notifications.errors import CannotResend, InvalidEndpoint
from notifications.models import Delivery, Endpoint, Recipient
from referrals.errors import Conflict, InvalidInput, NotFound
from referrals.messages import endpoint_notices
from referrals.messages.endpoint_notices import without_query
from referrals.messages.recipients import of_office, office_key
from referrals.messages.topics import TOPICS, covers_nothing
from referrals.models import Office

MOST = 20  # endpoints of an office, those switched off too
CHANNELS = ("webhook", "email")
EMAIL, FULL = "email", Endpoint.Detail.FULL


def endpoints_of(office: Office) -> QuerySet[Endpoint]:
    """All of the office, and of no other."""
    return (
        Endpoint.objects.filter(recipient__key=office_key(office.pk), channel__in=CHANNELS)
        .select_related("recipient")
        .order_by("pk")
    )


def endpoint_of(office: Office, pk: int) -> Endpoint:
    """Raises NotFound, also for another office's."""
    found = endpoints_of(office).filter(pk=pk).first()
    if found is None:
        raise NotFound("Your office has no such endpoint.")
    return found


def delivery_of(endpoint: Endpoint, public_id: str) -> Delivery:
    """Raises NotFound, also for another endpoint's."""
    found = selectors.deliveries_to(endpoint).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("This endpoint has no such delivery.")
    return found


def add(
    *, office: Office, channel: str, address: str, topics: Sequence[str] = (), detail: str = "", by: str, now: datetime
) -> endpoints.Added:
    """A new endpoint with its secret, which is shown only now. ``by`` names the token. Raises InvalidInput."""
    _refuse_bad_wishes(channel, topics, detail)
    address = _asked(endpoints.checked_address, channel=channel, address=address)
    with transaction.atomic():
        recipient = Recipient.objects.select_for_update(no_key=True).get(pk=of_office(office, now=now).pk)
        if recipient.endpoints.count() >= MOST:
            raise InvalidInput([("address", f"An office may have {MOST} endpoints; change one that is switched off.")])
        added = _asked(
            endpoints.add,
            recipient=recipient, channel=channel, address=address, topics=topics, detail=detail, now=now,
            is_checked=True,
        )  # fmt: skip
        endpoint_notices.tell(
            endpoint=added.endpoint, what="added", facts=[("Detail", added.endpoint.detail)], by=by, now=now
        )
    return added


def change(
    *,
    endpoint: Endpoint,
    address: str | None = None,
    topics: Sequence[str] | None = None,
    detail: str | None = None,
    active: bool | None = None,
    by: str,
    now: datetime,
) -> Endpoint:
    """Change what is given. What waits for the endpoint goes to its new address; by e-mail a new address gets minimal
    messages until staff allow more. Raises InvalidInput."""
    _refuse_bad_wishes(endpoint.channel, topics or (), detail if detail != endpoint.detail else "")
    if address not in (None, endpoint.address):
        address = _asked(endpoints.checked_address, channel=endpoint.channel, address=address)
        if endpoint.channel == EMAIL:
            detail = Endpoint.Detail.MINIMAL
    with transaction.atomic():
        before = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        changed = _asked(
            endpoints.change,
            endpoint=before, address=address, topics=topics, detail=detail, active=active, now=now, is_checked=True,
        )  # fmt: skip
        if facts := _differences(before, changed):
            changed.recipient = endpoint.recipient
            endpoint_notices.tell(endpoint=changed, what="changed", facts=facts, by=by, now=now)
    return changed


def rotate_secret(*, endpoint: Endpoint, leaked: bool, by: str, now: datetime) -> str:
    """A new secret, shown only now. The present one signs as well for a week, or no more when it ``leaked``.

    Raises InvalidInput for an endpoint without one."""
    overlap = timedelta(0) if leaked else endpoints.ROTATION_OVERLAP
    with transaction.atomic():
        secret = _asked(endpoints.rotate_secret, endpoint=endpoint, now=now, overlap=overlap)
        until = "ends at once: it leaked" if leaked else f"signs until {(now + overlap):%Y-%m-%d %H:%M} UTC"
        endpoint_notices.tell(
            endpoint=endpoint, what="given a new secret", facts=[("Old secret", until)], by=by, now=now
        )
    return secret


def send_test(*, endpoint: Endpoint, now: datetime) -> Delivery:
    """Queue a test message for this endpoint alone. Raises Conflict when it is switched off."""
    try:
        return endpoints.send_test(endpoint=endpoint, now=now)
    except InvalidEndpoint as error:
        raise Conflict(str(error)) from None


def resend(*, delivery: Delivery, now: datetime) -> Delivery:
    """Queue what was given up or cancelled again, under the same id. Raises Conflict."""
    try:
        return resending.resend(delivery=delivery, now=now)
    except CannotResend as error:
        raise Conflict(str(error)) from None


def resend_all(*, endpoint: Endpoint, now: datetime) -> int:
    """Queue everything given up again; how many. Raises Conflict when the endpoint is switched off."""
    try:
        return resending.resend_all(endpoint=endpoint, now=now)
    except CannotResend as error:
        raise Conflict(str(error)) from None


def _refuse_bad_wishes(channel: str, topics: Sequence[str], detail: str | None) -> None:
    problems = []
    if channel not in CHANNELS:
        problems.append(("channel", f"Choose one of: {', '.join(CHANNELS)}."))
    problems += [
        (f"topics.{index}", f"There is no such topic. There are: {', '.join(TOPICS)}; or a beginning, as referral.*")
        for index, pattern in enumerate(topics)
        if covers_nothing(pattern)
    ]
    if channel == EMAIL and detail == FULL:
        problems.append(("detail", "Plain e-mail carries no patient data: choose minimal, or use a webhook."))
    if problems:
        raise InvalidInput(problems)


def _differences(before: Endpoint, after: Endpoint) -> list[tuple[str, str]]:
    """(what, "old → new") of each change."""
    found = []
    if before.address != after.address:
        found.append(("Address was", without_query(before.address)))
    if before.detail != after.detail:
        found.append(("Detail", f"{before.detail} → {after.detail}"))
    if before.topics != after.topics:
        named = [", ".join(topics) or "the usual" for topics in (before.topics, after.topics)]
        found.append(("Topics", " → ".join(named)))
    if before.active != after.active:
        found.append(("Switched", "on" if after.active else "off"))
    return found


def _asked(service: Callable[..., Any], **values: Any) -> Any:
    try:
        return service(**values)
    except InvalidEndpoint as error:
        raise InvalidInput(error.fields) from None
