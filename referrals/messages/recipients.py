"""The parties of a referral as recipients of messages."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from notifications import endpoints, recipients
from notifications.models import Recipient
from referrals.models import Coordinator, Office
from referrals.roles import MANAGER

MANAGERS = "role:manager"  # the key notifications tells of trouble under, too (NOTIFICATIONS_… in settings)
OFFICE_TOPICS = ("referral.*", "escalation.*", "note.*", "report.*")
STAFF_TOPICS = ("*",)


def office_key(office_id: int) -> str:
    return f"office:{office_id}"


def coordinator_key(coordinator_id: int) -> str:
    return f"coordinator:{coordinator_id}"


def user_key(user_id: int) -> str:
    return f"user:{user_id}"


def of_office(office: Office, *, now: datetime) -> Recipient:
    """The office's recipient, made or brought up to date; a new one with an e-mail address is told there."""
    recipient = recipients.ensure(
        key=office_key(office.pk), kind=Recipient.Kind.OFFICE, name=office.name, default_topics=OFFICE_TOPICS
    )
    return _reachable(recipient, now=now, email=office.email)


def of_coordinator(coordinator: Coordinator, *, now: datetime) -> Recipient:
    """The coordinator's recipient; a shared desk without a sign-in is read by the managers."""
    user = coordinator.user
    recipient = recipients.ensure(
        key=coordinator_key(coordinator.pk),
        kind=Recipient.Kind.ROLE if user is None else Recipient.Kind.STAFF,
        name=coordinator.name,
        user=user,
        group=_managers_group() if user is None else None,
        default_topics=STAFF_TOPICS,
    )
    return _reachable(recipient, now=now, inbox=True, email=user.email if user is not None else "")


def of_user(user, *, now: datetime) -> Recipient:
    """Somebody on staff who owns no referrals, such as a manager."""
    recipient = recipients.ensure(
        key=user_key(user.pk),
        kind=Recipient.Kind.STAFF,
        name=user.get_full_name() or user.get_username(),
        user=user,
        default_topics=STAFF_TOPICS,
    )
    return _reachable(recipient, now=now, inbox=True, email=user.email)


def of_managers(*, now: datetime) -> Recipient:
    recipient = recipients.ensure(
        key=MANAGERS,
        kind=Recipient.Kind.ROLE,
        name="Managers",
        group=_managers_group(),
        default_topics=STAFF_TOPICS,
    )
    return _reachable(recipient, now=now, inbox=True)


def _reachable(recipient: Recipient, *, now: datetime, inbox: bool = False, email: str = "") -> Recipient:
    """Give a recipient that never had an endpoint its default ones. What staff changed is left alone."""
    if not recipient.endpoints.exists():
        if inbox:
            endpoints.add(recipient=recipient, channel="inbox", now=now)
        if email:
            endpoints.add(recipient=recipient, channel="email", address=email, now=now)
    return recipient


def managers() -> QuerySet:
    """The users who are told as managers, in a fixed order."""
    return get_user_model().objects.filter(groups__name=MANAGER, is_active=True).order_by("pk")


def _managers_group() -> Group:
    return Group.objects.get_or_create(name=MANAGER)[0]


class AddressBook:
    """Recipients of many parties: those known already are found in one query, the others made on first use."""

    def __init__(
        self,
        *,
        now: datetime,
        offices: Iterable[int] = (),
        coordinators: Iterable[int] = (),
        users: Iterable[int] = (),
    ):
        keys = [*map(office_key, set(offices)), *map(coordinator_key, set(coordinators)), *map(user_key, set(users))]
        self._now = now
        self._known = recipients.by_keys([*keys, MANAGERS])

    def office(self, office: Office) -> Recipient:
        return self._get(office_key(office.pk), lambda: of_office(office, now=self._now))

    def coordinator(self, coordinator: Coordinator) -> Recipient:
        return self._get(coordinator_key(coordinator.pk), lambda: of_coordinator(coordinator, now=self._now))

    def user(self, user) -> Recipient:
        return self._get(user_key(user.pk), lambda: of_user(user, now=self._now))

    def managers(self) -> Recipient:
        return self._get(MANAGERS, lambda: of_managers(now=self._now))

    def _get(self, key: str, make: Callable[[], Recipient]) -> Recipient:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]
