"""The channels there are. A new one is a file here, a line below and its test.

Classes are imported when first used: a web process that only enqueues never loads them.
"""

from functools import cache

from django.utils.module_loading import import_string

from notifications.channels.protocol import Channel

# name -> (label, class)
CHANNELS: dict[str, tuple[str, str]] = {
    "email": ("Email", "notifications.channels.email.EmailChannel"),
    "webhook": ("Webhook", "notifications.channels.webhook.WebhookChannel"),
    "inbox": ("Inbox", "notifications.channels.inbox.InboxChannel"),
}


def choices() -> list[tuple[str, str]]:
    """For the model field; a function, so that a new channel needs no migration."""
    return [(name, label) for name, (label, _) in CHANNELS.items()]


@cache
def channel(name: str) -> Channel:
    """The channel called ``name``. Raises KeyError when there is none."""
    return import_string(CHANNELS[name][1])()
