"""Dispatchers as real processes that can be killed (tests/concurrency/forking.py)."""

import os
import random
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from notifications import backoff, endpoints, outbox, recipients  # noqa: E402
from notifications.dispatch.run import dispatch  # noqa: E402
from notifications.models import Attempt, Delivery, Endpoint, Recipient  # noqa: E402
from tests.concurrency.forking import serve  # noqa: E402

LEASE = timedelta(seconds=1.5)


def migrate(job: dict) -> None:
    call_command("migrate", verbosity=0)


def prepare(job: dict) -> dict:
    """Endpoints for every url; their secrets by url."""
    office = recipients.ensure(key="office:1", kind=Recipient.Kind.OFFICE, name="Office")
    return {
        url: endpoints.add(recipient=office, channel="webhook", address=url, now=timezone.now()).secret
        for url in job["urls"]
    }


def enqueue(job: dict) -> None:
    """Messages numbered ``first`` … ``first + count``, each in a transaction of its own; one in ten rolls back."""
    office = Recipient.objects.get(key="office:1")
    for number in range(job["first"], job["first"] + job["count"]):
        try:
            with transaction.atomic():
                outbox.enqueue(
                    topic="referral.seen", recipient=office, dedupe_key=f"event:{number}", about=str(number),
                    context_full={"number": number}, context_minimal={}, occurred_at=timezone.now(),
                    now=timezone.now(),
                )  # fmt: skip
                if number % 10 == 9:
                    raise RuntimeError
        except RuntimeError:
            pass


def state(job: dict) -> dict:
    """Deliveries by status; id -> message number; attempts by outcome."""
    return {
        "statuses": dict(Delivery.objects.order_by().values_list("status").annotate(Count("pk"))),
        "ids": dict(Delivery.objects.order_by().values_list("public_id", "message__about")),
        "outcomes": dict(Attempt.objects.order_by().values_list("outcome").annotate(Count("pk"))),
        "failures": max(Endpoint.objects.values_list("consecutive_failures", flat=True), default=0),
    }


def work(job: dict) -> None:
    parent = os.getppid()
    random.seed()
    while os.getppid() == parent:
        dispatch(now_fn=timezone.now, threads=6, lease=LEASE, keep_going=lambda: os.getppid() == parent)


def main() -> None:
    backoff.WAITS = (timedelta(seconds=0.2),) * len(backoff.WAITS)
    serve({"migrate": migrate, "prepare": prepare, "enqueue": enqueue, "state": state}, {"dispatch": work})


if __name__ == "__main__":
    main()
