"""The messages on a referral's page: how each fared, and sending again by those who may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications import endpoints, outbox
from notifications.models import Delivery, Message
from referrals.actions import contacts, nudging
from referrals.admin.referral.told import MOST_SHOWN
from referrals.messages.recipients import of_office
from referrals.models import Referral
from tests import factories
from tests.referrals.admin.conftest import as_role, page_url


@pytest.fixture
def on(world) -> Referral:
    """A referral with one message of each fate, newest first: nobody to tell, given up, waiting, delivered."""
    now = timezone.now()
    made = factories.referral(world, "seen", now=now - timedelta(days=2))
    office = of_office(world.outside, now=now)
    endpoints.add(recipient=office, channel="email", address="heart@example.org", now=now)
    for hours in (30, 20, 10):
        at = now - timedelta(hours=hours)
        nudging.nudge(referral=made, actor=factories.SYSTEM, now=at, audience="receiving_office")
    nudging.nudge(referral=made, actor=factories.SYSTEM, now=now, audience="referring_office")
    delivered, waiting, dead = Delivery.objects.filter(endpoint__channel="email").order_by("pk")
    mark(delivered, status="delivered", delivered_at=now - timedelta(hours=29), attempts=1)
    mark(
        waiting,
        status="waiting_retry",
        next_attempt_at=now + timedelta(hours=1),
        last_error="Mailbox full.",
        attempts=2,
    )
    mark(dead, status="dead", last_error="No such mailbox.", attempts=8)
    return made


def mark(delivery: Delivery, **values) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(**values)


def dead_of(on: Referral) -> Delivery:
    return Delivery.objects.get(message__about=on.number, status="dead")


def unheard_of(on: Referral) -> Message:
    return Message.objects.get(about=on.number, nobody_to_tell=True, topic__startswith="escalation")


def resend_url(on: Referral, what: str, key: int) -> str:
    return reverse("admin:referrals_referral_resend", kwargs={"pk": on.pk, "what": what, "key": key})


def shown(client, on: Referral) -> dict:
    context = client.get(page_url(on)).context
    return {"rows": [row for entry in context["stream"] for row in entry["messages"]], "bad": context["undelivered"]}


def test_each_message_says_how_it_fared(on, coordinator):
    page = shown(coordinator, on)
    by_title = {row["title"]: row for row in page["rows"]}
    first, second, third = (by_title[f"{which} request for the consult note"] for which in ("First", "Second", "Third"))
    assert first["deliveries"][0]["state"].startswith("Delivered ") and not first["trouble"]
    assert second["deliveries"][0]["state"].startswith("Tries again ")
    assert second["deliveries"][0]["error"] == "Mailbox full."
    assert third["deliveries"][0]["state"] == "Given up after 8 tries"
    assert third["deliveries"][0]["error"] == "No such mailbox."
    assert third["deliveries"][0]["again"] == resend_url(on, "delivery", dead_of(on).pk)
    assert by_title["Please look at this referral"]["nobody"]
    body = coordinator.get(page_url(on)).content.decode()
    assert "No such mailbox." in body and "Nobody to tell" in body


def test_what_is_in_trouble_is_said_at_the_top(on, coordinator):
    page = shown(coordinator, on)
    assert page["bad"] >= 3
    assert "messages not delivered" in coordinator.get(page_url(on)).content.decode()


def test_sending_again(on, coordinator):
    dead = dead_of(on)
    answer = coordinator.post(resend_url(on, "delivery", dead.pk))
    assert answer["Location"] == f"{page_url(on)}?show=messages#stream"
    dead.refresh_from_db()
    assert (dead.status, dead.attempts) == ("queued", 0)
    again = coordinator.post(resend_url(on, "delivery", dead.pk), follow=True)
    assert "only what was given up is sent again" in again.content.decode()


def test_telling_once_there_is_an_address(world, on, coordinator):
    message = unheard_of(on)
    refused = coordinator.post(resend_url(on, "message", message.pk), follow=True)
    assert "still has no address" in refused.content.decode()
    endpoints.add(recipient=message.recipient, channel="email", address="us@example.org", now=timezone.now())
    coordinator.post(resend_url(on, "message", message.pk))
    message.refresh_from_db()
    assert not message.nobody_to_tell
    assert message.deliveries.get().endpoint.address == "us@example.org"


def test_what_was_told_another_way_is_no_trouble(on, coordinator):
    outbox.settle(messages=Message.objects.filter(pk=unheard_of(on).pk), user=factories.user(), now=timezone.now())
    row = next(row for row in shown(coordinator, on)["rows"] if row["nobody"])
    assert row["settled"] and not row["trouble"] and not row["tell"]
    assert "Told another way" in coordinator.get(page_url(on)).content.decode()


@pytest.mark.parametrize("role", ["Auditor", "Directory editor", ""])
def test_who_may_only_look_sends_nothing(on, role):
    client = as_role(role)
    for what, key in (("delivery", dead_of(on).pk), ("message", unheard_of(on).pk)):
        assert client.post(resend_url(on, what, key)).status_code == 403
    assert dead_of(on).attempts == 8
    if role == "Auditor":
        assert "send again" not in client.get(page_url(on)).content.decode()


def test_only_messages_of_this_referral_and_only_by_post(world, on, coordinator):
    other = factories.referral(world, now=timezone.now())
    assert coordinator.post(resend_url(other, "delivery", dead_of(on).pk)).status_code == 404
    assert coordinator.post(resend_url(other, "message", unheard_of(on).pk)).status_code == 404
    assert coordinator.post(resend_url(on, "parcel", 1)).status_code == 404
    assert coordinator.get(resend_url(on, "delivery", dead_of(on).pk)).status_code == 405
    checked = as_role("Coordinator", enforce_csrf_checks=True)
    assert checked.post(resend_url(on, "delivery", dead_of(on).pk)).status_code == 403
    assert dead_of(on).attempts == 8


def test_the_page_costs_the_same_whatever_was_sent(on, coordinator):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert coordinator.get(page_url(on)).status_code == 200
        return len(captured)

    cost()
    before = cost()
    now = timezone.now()
    for hours in range(MOST_SHOWN + 3):
        nudging.nudge(referral=on, actor=factories.SYSTEM, now=now + timedelta(hours=2 + hours), audience="manager")
    assert min(cost(), cost()) == before  # now and then a page looks at the clockwork as well
    page = shown(coordinator, on)
    assert len(page["rows"]) == MOST_SHOWN
    assert "All messages about this referral" in coordinator.get(page_url(on)).content.decode()


def test_an_ended_referral_shows_its_messages_and_no_forecast(world, on, coordinator):
    contacts.comment_on(referral=on, actor=factories.SYSTEM, now=timezone.now(), text="so be it")
    ended = factories.referral(world, "closed", now=timezone.now())
    body = coordinator.get(page_url(ended)).content.decode()
    assert "If nothing moves" not in body and 'id="stream"' in body
