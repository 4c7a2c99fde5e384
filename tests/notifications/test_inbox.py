"""The admin's own inbox."""

import pytest
from django.contrib.auth.models import Group, User

from notifications import inbox, selectors
from notifications.models import InboxItem
from tests.notifications.making import FULL, NOW, SECOND, delivery, endpoint, recipient, send_due

pytestmark = pytest.mark.django_db


def user(name: str, **values) -> User:
    return User.objects.create_user(name, is_staff=True, **values)


def test_a_users_item():
    ana = user("ana")
    made = delivery(endpoint(recipient(kind="staff", user=ana), "inbox"), context_full=FULL | {"link": "/x"})
    assert send_due().delivered == 1
    (item,) = selectors.inbox_of(ana)
    assert (item.title, item.link, item.about) == ("Jane Public is scheduled", "/x", "RL-7K3M-9QXC")
    assert "born 4 March 1961" in item.body
    made.refresh_from_db()
    assert made.status == "delivered"


def test_each_active_member_of_a_role_has_an_item_of_their_own():
    managers = Group.objects.create(name="Managers")
    ana, bo, gone, other = user("ana"), user("bo"), user("gone", is_active=False), user("other")
    for member in (ana, bo, gone):
        member.groups.add(managers)
    delivery(endpoint(recipient("role:manager", kind="role", group=managers), "inbox"))
    send_due()
    assert [selectors.unread_count(u) for u in (ana, bo, gone, other)] == [1, 1, 0, 0]
    assert inbox.mark_read(user=ana, now=NOW) == 1
    assert [selectors.unread_count(u) for u in (ana, bo)] == [0, 1]


def test_nobody_reads_it():
    made = delivery(endpoint(recipient(kind="staff", user=user("gone", is_active=False)), "inbox"))
    assert send_due(batch=1).refused == 1
    made.endpoint.refresh_from_db()
    assert made.endpoint.flag_reason == "nobody with an active sign-in reads this inbox"


def test_only_ones_own_is_marked():
    ana, eve = user("ana"), user("eve")
    delivery(endpoint(recipient(kind="staff", user=ana), "inbox"))
    send_due()
    item = InboxItem.objects.get()
    assert inbox.mark_read(user=eve, items=[item.pk], now=NOW) == 0
    assert inbox.mark_read(user=ana, items=[item.pk], now=NOW) == 1
    assert inbox.mark_read(user=ana, items=[item.pk], now=NOW + SECOND) == 0, "the first reading stays"
    item.refresh_from_db()
    assert item.read_at == NOW
    assert inbox.mark_unread(user=eve, items=[item.pk]) == 0
    assert inbox.mark_unread(user=ana, items=[item.pk]) == 1
    assert selectors.unread_count(ana) == 1
