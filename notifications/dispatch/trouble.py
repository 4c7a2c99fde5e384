"""Say so when an endpoint, or our side of a channel, keeps failing. Nothing is switched off."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from notifications import recipients
from notifications.models import ChannelHealth, Endpoint, Recipient
from notifications.outbox import Outgoing, enqueue_many

TELL_AFTER = timedelta(minutes=15)  # of trouble on our side; a relay that restarts is no news


def flag_endpoint(endpoint: Endpoint, *, reason: str, now: datetime) -> bool:
    """Flag it and tell the managers, once until the flag is cleared (by a delivery or by staff)."""
    first = Endpoint.objects.filter(pk=endpoint.pk, flagged_at=None).update(flagged_at=now, flag_reason=reason[:200])
    if not first:
        return False
    context = {
        "title": f"Messages do not reach {endpoint.recipient.name}",
        "text": "RefLoop goes on trying with each new message. What was given up is kept and can be sent again.",
        "facts": [["Recipient", endpoint.recipient.name], ["By", str(endpoint)], ["Problem", reason]],
        "next_step": "Correct the address or ask the recipient, then send again what was given up.",
        "endpoint": endpoint.pk,
    }
    _tell_managers("endpoint.failing", f"endpoint.failing:{endpoint.pk}:{now.isoformat()}", context, now)
    return True


def note_channels(*, ok: set[str], failing: Mapping[str, str], now: datetime) -> None:
    """Note which channels work from our side and which do not; tell the managers of one that stays down."""
    recovered = ok - failing.keys()
    if recovered:
        ChannelHealth.objects.filter(channel__in=recovered, failing_since__isnull=False).update(
            failing_since=None, told_at=None, reason=""
        )
    for channel, reason in sorted(failing.items()):
        ChannelHealth.objects.get_or_create(channel=channel)
        trouble = ChannelHealth.objects.select_for_update().get(channel=channel)
        trouble.failing_since = trouble.failing_since or now
        trouble.reason = reason[:200]
        if trouble.told_at is None and now - trouble.failing_since >= TELL_AFTER:
            trouble.told_at = now
            context = {
                "title": f"RefLoop cannot send by {channel}",
                "text": "Messages are kept and retried. Those that are given up can be sent again.",
                "facts": [["Failing since", f"{trouble.failing_since:%Y-%m-%d %H:%M} UTC"], ["Problem", reason]],
                "next_step": "Check the settings and the server messages are sent through.",
            }
            key = f"channel.failing:{channel}:{trouble.failing_since.isoformat()}"
            _tell_managers("channel.failing", key, context, now)
        trouble.save()


def _tell_managers(topic: str, key: str, context: dict, now: datetime) -> None:
    """To the recipients named by REFLOOP_TROUBLE_TELLS; one that does not exist yet is made, so that the message is
    at least on the worklist of what reached nobody."""
    with transaction.atomic():
        found = recipients.by_keys(settings.REFLOOP_TROUBLE_TELLS)
        for name in settings.REFLOOP_TROUBLE_TELLS:
            if name not in found:
                found[name] = recipients.ensure(key=name, kind=Recipient.Kind.ROLE, name=name)
        enqueue_many(
            [
                Outgoing(topic, recipient, f"{key}:{recipient.key}", now, context, context)
                for recipient in found.values()
            ],
            now=now,
        )
