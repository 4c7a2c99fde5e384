"""Sweepers and dispatchers as processes that can be killed (forking.py), and what they work on.

Sweepers live in a time of their own, in which an hour passes in a fraction of a second: ``base`` (ISO) was at
``began`` (Unix seconds), the same for all of them."""

import os
import random
import time
from datetime import datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_q.tasks import async_task  # noqa: E402

from notifications import backoff, endpoints  # noqa: E402
from notifications.models import Delivery, Message  # noqa: E402
from referrals.lifecycle import reviews, stalls, sweep_rows  # noqa: E402
from referrals.messages.quiet import quiet  # noqa: E402
from referrals.messages.recipients import of_office  # noqa: E402
from referrals.models import EscalationPolicy, EscalationRung, Referral  # noqa: E402
from tests import factories  # noqa: E402
from tests.concurrency.forking import serve  # noqa: E402
from tests.notifications.dispatcher import work as dispatch_on  # noqa: E402

HOURS_A_SECOND = 1
BATCH = 2  # small, so that the sweepers are always at work
Audience = EscalationRung.Audience


def simulated(job: dict) -> datetime:
    hours = (time.time() - job["began"]) * HOURS_A_SECOND
    return datetime.fromisoformat(job["base"]) + timedelta(hours=hours)


def migrate(job: dict) -> None:
    call_command("migrate", verbosity=0)


def prepare(job: dict) -> None:
    """``referrals`` captured at ``base`` for an office with a webhook at ``url``; the ladder is the rungs (hours after,
    audience, repeat)."""
    world = factories.make_world()
    factories.user("Manager")  # reads the inbox of the owner's desk
    office = of_office(world.ours, now=timezone.now())
    endpoints.add(recipient=office, channel="webhook", address=job["url"], now=timezone.now())
    EscalationPolicy.objects.filter(stage="unscheduled").delete()
    policy = EscalationPolicy.objects.create(stage="unscheduled")
    for after, audience, repeat in job["rungs"]:
        policy.rungs.create(after=after, unit="hours", audience=audience, repeat_every=repeat)
    with quiet():
        for _ in range(job["referrals"]):
            factories.captured(world, now=datetime.fromisoformat(job["base"]))


def spread(job: dict) -> None:
    """Start the clocks anew, so that the rungs of one hour come due one referral after the other for ``seconds``."""
    pks = list(Referral.objects.order_by("pk").values_list("pk", flat=True))
    for place, pk in enumerate(pks):
        due = timezone.now() + timedelta(seconds=job["seconds"] * place / len(pks))
        Referral.objects.filter(pk=pk).update(clock_from=due - timedelta(hours=1))
    reviews.ask(because="clocks moved", now=timezone.now())


def sweep_on(job: dict) -> None:
    """Sweep in small batches, noting the begin and the end of each write in the file ``marks``."""
    parent, write = os.getppid(), sweep_rows.write
    marks = os.open(job["marks"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    random.seed()

    def noted(steps, *, now):
        os.write(marks, b"begin ")
        write(steps, now=now)
        time.sleep(random.uniform(0.02, 0.15))  # a kill between the writing and the commit is what hurts
        os.write(marks, b"end ")

    sweep_rows.write = noted
    while os.getppid() == parent:
        if not stalls.sweep(now=simulated(job), batch=BATCH, most=1).looked_at:
            time.sleep(0.01)


def finish(job: dict) -> int:
    """One last sweep at ``at``; how many escalated."""
    return stalls.sweep(now=datetime.fromisoformat(job["at"])).escalated


def poke(job: dict) -> None:
    """Queue a sweep and a dispatch."""
    async_task("referrals.tasks.sweep")
    async_task("notifications.tasks.dispatch_due")


@transaction.atomic  # on SQLite one moment of a database that others write to
def state(job: dict) -> dict:
    """What happened so far. ``told`` has for each referral and audience how often it was told, and how often missed."""
    told: dict[str, list[int]] = {}
    keys = set()
    for referral in Referral.objects.prefetch_related("events", "firings"):
        versions = [event.version for event in referral.events.all()]
        assert versions == list(range(1, referral.version + 1)), "one event per version"
        for event in referral.events.all():
            if event.kind == "escalated":
                for audience in event.data["told"]:
                    told.setdefault(f"{referral.pk} {audience}", [0, 0])[0] += 1
                for missed in event.data["missed"]:
                    told.setdefault(f"{referral.pk} {missed['audience']}", [0, 0])[1] += missed.get("times", 1)
        sent = [firing for firing in referral.firings.all() if firing.outcome == "sent"]
        assert len(sent) == sum(told.get(f"{referral.pk} {audience}", [0])[0] for audience in Audience)
        for firing in sent:
            office = firing.audience == Audience.REFERRING
            who = f"office:{referral.referring_office_id}" if office else f"coordinator:{referral.owner_id}"
            keys.add(f"event:{firing.event_id}:escalation.unscheduled:{who}")
    written = set(Message.objects.filter(topic__startswith="escalation.").values_list("dedupe_key", flat=True))
    assert keys == written, f"a message for each rung, and no other: {keys ^ written}"
    webhooks = Delivery.objects.filter(endpoint__channel="webhook")
    return {
        "told": told,
        "statuses": dict(Delivery.objects.order_by().values_list("status").annotate(Count("pk"))),
        "ids": dict(webhooks.order_by().values_list("public_id", "message__about")),
        "given_up": list(Delivery.objects.filter(status="dead").values_list("endpoint__channel", "last_error")),
        "due": sweep_rows.due(timezone.now()).count(),
    }


def main() -> None:
    backoff.WAITS = (timedelta(seconds=0.2),) * len(backoff.WAITS)
    commands = {
        "migrate": migrate,
        "prepare": prepare,
        "spread": spread,
        "finish": finish,
        "poke": poke,
        "state": state,
    }
    serve(commands, {"sweep": sweep_on, "dispatch": dispatch_on})


if __name__ == "__main__":
    main()
