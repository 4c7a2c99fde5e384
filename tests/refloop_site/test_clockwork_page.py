"""The banner, the bell, the sidebar's numbers and the page "Clockwork": who sees them, and what they cost."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications.models import Delivery, InboxItem, Message
from referrals.intake.arrivals import Sender, take_in
from referrals.models import SweepFailure
from tests import factories
from tests.factories import note_bytes
from tests.notifications.making import delivery, endpoint, message, recipient, send_due
from tests.referrals.admin.conftest import as_role, signed_in
from tests.refloop_site.test_health import beat_all

pytestmark = pytest.mark.django_db
PAGE = "/admin/clockwork/"
HOME = "/admin/"
LIST = reverse("admin:referrals_referral_changelist")
BANNER = "The clock stands still"


@pytest.fixture(autouse=True)
def _no_reading_kept():
    cache.clear()


@pytest.mark.parametrize("role", ["Coordinator", "Manager", "Auditor", "Directory editor", ""])
def test_everybody_on_staff_is_told_that_the_clock_stands_still(role):
    client = as_role(role)
    beat_all(timezone.now() - timedelta(minutes=6))
    body = client.get(HOME).content.decode()
    assert BANNER in body and "manage.py serve" in body and "No message goes out" in body
    assert (f'href="{PAGE}"' in body.split(BANNER)[1].split("</p>")[0]) is (role in {"Manager", "Auditor"})


@pytest.mark.parametrize(
    "address", [HOME, LIST, reverse("admin:referrals_referral_add"), PAGE, "/admin/password_change/"]
)
def test_it_is_told_on_every_page_and_only_while_it_is_so(world, address):
    client = as_role("Manager")
    body = client.get(address).content.decode()
    assert body.count(BANNER) == 1 and body.count("bell.js") == 1
    beat_all(timezone.now())
    cache.clear()
    body = client.get(address).content.decode()
    assert BANNER not in body and 'role="alert"' not in body


def test_nobody_is_told_before_signing_in(client):
    body = client.get("/admin/login/").content.decode()
    assert BANNER not in body and "data-bell" not in body


def test_banner_bell_and_numbers_cost_one_query_a_page(world):
    client = as_role("Manager")
    beat_all(timezone.now())
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        body = client.get(LIST).content.decode()
    assert "data-bell" in body
    ours = [q["sql"] for q in queries if "heartbeat" in q["sql"] or "notifications_" in q["sql"]]
    assert len(ours) == 1 and "inboxitem" in ours[0]


@pytest.mark.parametrize(("role", "status"), [("Manager", 200), ("Auditor", 200), ("Coordinator", 403), ("", 403)])
def test_who_opens_the_page(role, status):
    assert as_role(role).get(PAGE).status_code == status


def test_strangers_are_sent_to_sign_in(client):
    for address in (PAGE, "/admin/unread/"):
        assert client.get(address).status_code == 302


def test_the_page_shows_what_needs_somebody(world):
    beat_all(timezone.now())
    on = factories.referral(world, now=timezone.now())
    Message.objects.update(nobody_to_tell=False)
    message(recipient())
    delivery()
    Delivery.objects.update(status="dead")
    flagged = endpoint()
    flagged.flagged_at = timezone.now()
    flagged.save()
    SweepFailure.objects.create(referral=on, error="ValueError", first_at=factories.NOW, last_at=factories.NOW)
    client = as_role("Manager")
    page = client.get(PAGE)
    assert {one["label"]: one["count"] for one in page.context["troubles"]} == {
        "Given up": "1", "Reached nobody": "1", "Failing addresses": "1", "Set aside by the sweep": "1",
    }  # fmt: skip
    assert "The clock runs." in page.content.decode()
    for trouble in page.context["troubles"]:
        listing = client.get(trouble["href"])
        assert listing.status_code == 200
        assert listing.context["cl"].result_count == 1, trouble["label"]
    (attention,) = [group for group in page.context["sidebar_navigation"] if group["title"] == "Needs attention"]
    assert [item["badge"] for item in attention["items"]] == ["1", "1", "1", "1"]


def test_the_page_shows_documents_and_the_inbox_folder(world, settings):
    beat_all(timezone.now())
    take_in(note_bytes(), filename="a.txt", sender=Sender("folder", "folder:fax", "fax"), now=timezone.now())
    client = as_role("Manager")
    page = client.get(PAGE)
    assert ("Documents waiting to be read", "1") in [row[:2] for row in page.context["waiting"]]
    assert [part["name"] for part in page.context["parts"]] == ["Queue", "Sweep", "Messages", "Documents"]
    assert all(part["runs"] for part in page.context["parts"])
    settings.REFLOOP_INBOX_FOLDER = "/srv/fax"
    assert client.get(PAGE).context["parts"][-1]["name"] == "Inbox folder"


def test_nothing_wrong_has_no_badges(world):
    beat_all(timezone.now())
    page = as_role("Manager").get(HOME)
    (attention,) = [group for group in page.context["sidebar_navigation"] if group["title"] == "Needs attention"]
    assert len(attention["items"]) == 4 and not [item for item in attention["items"] if item.get("badge")]


@pytest.mark.parametrize(
    ("unread", "words"), [(0, "nothing unread"), (1, "1 unread"), (99, "99 unread"), (100, "99+ unread")]
)
def test_the_bell_counts_ones_own_unread(unread, words):
    user, other = factories.user(), factories.user()
    for who in (user, other):
        delivery(endpoint(recipient(kind="staff", user=who), "inbox"))
    send_due(batch=2)
    first = user.inbox_items.get()
    user.inbox_items.all().delete()
    for _ in range(unread):
        InboxItem.objects.create(user=user, delivery=delivery(), topic="t", title="x", created_at=first.created_at)
    client = signed_in(user)
    assert f'aria-label="My inbox, {words}"' in client.get(HOME).content.decode()
    assert client.get("/admin/unread/").json() == {
        "count": min(unread, 100),
        "words": words.split()[0] if unread else "0",
    }
