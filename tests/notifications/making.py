"""Recipients, endpoints and messages to test with, and an outbox pass with a clock of its own."""

import itertools
from datetime import UTC, datetime, timedelta

from django.db import transaction

from notifications import endpoints, outbox, recipients
from notifications.channels import registry
from notifications.channels.protocol import Outcome, Result
from notifications.dispatch.run import Tally, dispatch
from notifications.models import Delivery, Endpoint, Message, Recipient

NOW = datetime(2026, 11, 4, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
FULL = {"title": "Jane Public is scheduled", "facts": [["Patient", "Jane Public, born 4 March 1961"]]}
MINIMAL = {"title": "RL-7K3M-9QXC is scheduled", "facts": [["Patient", "J. P."]]}
_count = itertools.count(1)


def recipient(key: str = "", **values) -> Recipient:
    number = next(_count)
    values.setdefault("kind", Recipient.Kind.OFFICE)
    values.setdefault("name", f"Office {number}")
    return recipients.ensure(key=key or f"office:{number}", **values)


def endpoint(of: Recipient | None = None, channel: str = "email", address: str = "", **values) -> Endpoint:
    if channel == "email" and not address:
        address = f"desk{next(_count)}@example.org"
    values.setdefault("now", NOW)
    return endpoints.add(recipient=of or recipient(), channel=channel, address=address, **values).endpoint


def message(to: Recipient, topic: str = "referral.scheduled", **values) -> Message:
    values = {
        "dedupe_key": f"event:{next(_count)}",
        "context_full": FULL,
        "context_minimal": MINIMAL,
        "occurred_at": NOW,
        "now": NOW,
        "about": "RL-7K3M-9QXC",
    } | values
    with transaction.atomic():
        return outbox.enqueue(topic=topic, recipient=to, **values)


def delivery(to: Endpoint | None = None, **values) -> Delivery:
    to = to or endpoint()
    return message(to.recipient, **values).deliveries.get(endpoint=to)


def send_due(now: datetime = NOW, **options) -> Tally:
    return dispatch(now_fn=lambda: now, worker="test", **options)


class Scripted:
    """A channel that answers as told and keeps what it was given. It is called in the test's own thread, so that it
    works inside the test's transaction."""

    local = True
    signs = False
    default_detail = "minimal"

    def __init__(self):
        self.answers: list[Outcome | Exception] = []
        self.sent = []

    def clean_address(self, address: str) -> str:
        return address

    def send(self, parcel, *, now):
        self.sent.append(parcel)
        answer = self.answers.pop(0) if self.answers else Outcome(Result.DELIVERED)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def install(self, monkeypatch) -> "Scripted":
        """Stand in for every channel."""
        monkeypatch.setattr(registry, "channel", lambda name: self)
        return self


def failing(detail: str = "it answered 500", **values) -> Outcome:
    return Outcome(Result.RETRY, detail, **values)


def refused(detail: str = "it answered 410: no longer wanted", **values) -> Outcome:
    return Outcome(Result.REFUSED, detail, **values)
