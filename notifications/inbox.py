"""Mark inbox items read. A user only ever touches their own."""

from collections.abc import Iterable
from datetime import datetime

from notifications.models import InboxItem


def mark_read(*, user, now: datetime, items: Iterable[int] | None = None) -> int:
    """Mark the given items (primary keys), or all, of ``user`` as read; how many changed. Others' are ignored."""
    unread = InboxItem.objects.filter(user=user, read_at=None)
    if items is not None:
        unread = unread.filter(pk__in=list(items))
    return unread.update(read_at=now)


def mark_unread(*, user, items: Iterable[int]) -> int:
    """Put the given items of ``user`` back among the unread; how many changed."""
    return InboxItem.objects.filter(user=user, pk__in=list(items), read_at__isnull=False).update(read_at=None)
