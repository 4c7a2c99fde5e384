"""Keep the book of recipients in step with whoever owns the parties."""

import re
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Group
from django.db import transaction

from notifications.models import Recipient

KEY = re.compile(r"[a-z_]+:[A-Za-z0-9_.-]{1,60}", re.ASCII)  # such as office:12, role:manager


def ensure(
    *,
    key: str,
    kind: str,
    name: str,
    user=None,
    group: Group | None = None,
    default_topics: Sequence[str] = (),
) -> Recipient:
    """The recipient called ``key``, made or brought up to date. Endpoints are left alone. Safe to repeat.

    Raises ValueError for a key that is not of the form ``office:12``."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not the key of a recipient: {key!r}")
    wanted = {
        "kind": kind,
        "name": name[:160],
        "user": user,
        "group": group,
        "default_topics": list(default_topics),
    }
    with transaction.atomic():
        recipient, _ = Recipient.objects.get_or_create(key=key, defaults=wanted)
        changed = [field for field, value in wanted.items() if getattr(recipient, field) != value]
        for field in changed:
            setattr(recipient, field, wanted[field])
        if changed:
            recipient.save(update_fields=changed)
    return recipient


def by_keys(keys: Iterable[str]) -> dict[str, Recipient]:
    """The recipients that exist among ``keys``, in one query."""
    return {recipient.key: recipient for recipient in Recipient.objects.filter(key__in=set(keys))}
