"""The admin's own inbox: rows in our database, so delivered exactly once."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from notifications.channels.protocol import Outcome, Parcel, Result
from notifications.channels.rendering import subject, text
from notifications.models import InboxItem, Recipient


class InboxChannel:
    local = True
    signs = False
    default_detail = "full"  # shown behind sign-in only

    def clean_address(self, address: str) -> str:
        if address.strip():
            raise ValueError("The inbox has no address; leave it empty.")
        return ""

    def send(self, parcel: Parcel, *, now: datetime) -> Outcome:
        """One item for the recipient's user, or for each active member of its group."""
        users = _users(Recipient.objects.get(pk=parcel.recipient_pk))
        if not users:
            return Outcome(Result.REFUSED, "nobody with an active sign-in reads this inbox")
        title, body = subject(parcel), text(parcel)
        with transaction.atomic():
            InboxItem.objects.bulk_create(
                [
                    InboxItem(
                        user_id=user,
                        delivery_id=parcel.delivery_pk,
                        topic=parcel.topic,
                        about=parcel.about,
                        title=title,
                        body=body,
                        link=str(parcel.context.get("link", ""))[:500],
                        created_at=now,
                    )
                    for user in users
                ],
                ignore_conflicts=True,
            )
        return Outcome(Result.DELIVERED)


def _users(recipient: Recipient) -> Sequence[int]:
    whose = Q(pk=recipient.user_id)
    if recipient.group_id is not None:
        whose |= Q(groups=recipient.group_id)
    return get_user_model().objects.filter(whose, is_active=True).order_by("pk").values_list("pk", flat=True).distinct()
