"""The inbox in the workspace: unread first, opened and marked by POST, never somebody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import InboxItem
from tests.notifications.making import FULL, NOW, SECOND, delivery, endpoint, recipient, send_due
from tests.notifications.test_admin import staff

pytestmark = pytest.mark.django_db
LIST = reverse("admin:notifications_inboxitem_changelist")
ALL = reverse("admin:notifications_inboxitem_read_all")


def opened(item: InboxItem) -> str:
    return reverse("admin:notifications_inboxitem_open", args=(item.pk,))


@pytest.fixture
def ana():
    return staff()


@pytest.fixture
def make(ana):
    inbox = endpoint(recipient(kind="staff", user=ana), "inbox")

    def made(link: str = "/admin/referrals/referral/7/", seconds: int = 0, about: str = "RL-7K3M-9QXF") -> InboxItem:
        now = NOW + seconds * SECOND
        delivery(inbox, context_full=FULL | {"link": link}, about=about, now=now)
        send_due(now)
        return InboxItem.objects.latest("pk")

    return made


@pytest.fixture
def hers(client, ana):
    client.force_login(ana)
    return client


def test_unread_comes_first_and_each_newest_first(hers, make):
    first, second, third = (make(seconds=n) for n in range(3))
    hers.post(opened(third))
    assert list(hers.get(LIST).context["cl"].result_list) == [second, first, third]


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("/admin/referrals/referral/7/", "/admin/referrals/referral/7/"),
        ("https://refloop.test/admin/x/?a=1", "/admin/x/?a=1"),
        ("https://evil.test/admin/x/", ""),
        ("//evil.test/x", ""),
        ("https://refloop.test//evil.test/x", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_opening_marks_it_read_and_leads_to_the_referral_and_nowhere_else(hers, make, settings, link, leads_to):
    settings.REFLOOP_BASE_URL = "https://refloop.test"
    item = make(link)
    answer = hers.post(opened(item))
    assert answer.url == (leads_to or reverse("admin:notifications_inboxitem_change", args=(item.pk,)))
    item.refresh_from_db()
    assert item.read_at is not None


def test_what_is_about_nothing_single_is_read_first(hers, make):
    item = make(about="")
    itself = reverse("admin:notifications_inboxitem_change", args=(item.pk,))
    assert hers.post(opened(item)).url == itself
    page = hers.get(itself).content.decode()
    assert 'href="/admin/referrals/referral/7/"' in page and "Open the list" in page
    assert "<p>" in page


def test_looking_changes_nothing(hers, make):
    item = make()
    for address in (opened(item), ALL):
        assert hers.get(address).status_code == 405
    assert hers.get(LIST).status_code == 200
    assert InboxItem.objects.get().read_at is None


def test_a_forged_post_is_refused(ana, make):
    item = make()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    for address in (opened(item), ALL):
        assert client.post(address).status_code == 403
    assert InboxItem.objects.get().read_at is None


def test_all_of_ones_own_are_marked(client, ana, make):
    item = make()
    eve = staff()
    client.force_login(eve)
    assert client.post(opened(item)).status_code == 404
    client.post(ALL)
    assert InboxItem.objects.get().read_at is None
    client.force_login(ana)
    assert b"Mark all as read" in client.get(LIST).content
    client.post(ALL)
    assert InboxItem.objects.get().read_at is not None
    assert b"Mark all as read" not in client.get(LIST).content


def test_an_empty_inbox_says_what_arrives_here(hers):
    assert b"Your inbox is empty" in hers.get(LIST).content
