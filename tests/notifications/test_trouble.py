"""Permanent errors and long failures are said aloud; nothing is switched off."""

from datetime import timedelta

import pytest

from notifications import endpoints, selectors
from notifications.dispatch.record import FLAG_AFTER_ATTEMPTS
from notifications.dispatch.trouble import TELL_AFTER
from notifications.models import ChannelHealth, Message
from tests.notifications.making import (
    NOW,
    TICK,
    Scripted,
    delivery,
    endpoint,
    failing,
    message,
    recipient,
    refused,
    send_due,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(monkeypatch):
    return Scripted().install(monkeypatch)


@pytest.fixture
def manager():
    manager = recipient("role:manager", kind="role", name="Managers")
    endpoint(manager)
    return manager


def told(topic: str = "endpoint.failing") -> list[Message]:
    return list(Message.objects.filter(topic=topic))


def test_a_permanent_error_ends_it_at_once_flags_and_tells_the_manager(channel, manager):
    made = delivery()
    channel.answers = [refused()]
    assert send_due(batch=1).refused == 1
    made.refresh_from_db()
    made.endpoint.refresh_from_db()
    assert made.status == "dead" and made.attempts == 1
    assert made.endpoint.flagged_at == NOW
    assert made.endpoint.flag_reason == "it answered 410: no longer wanted"
    assert made.endpoint.active, "nothing is switched off"
    (news,) = told()
    assert news.recipient == manager and news.deliveries.count() == 1
    assert made.endpoint.address in str(news.context_full)


def test_the_next_message_is_tried_all_the_same_and_the_manager_told_once(channel, manager):
    address = endpoint()
    delivery(address)
    channel.answers = [refused()]
    send_due(batch=1)
    send_due()  # the news reaches the manager
    delivery(address)
    channel.answers = [refused()]
    send_due()
    assert len(told()) == 1
    delivery(address)
    channel.answers = []
    send_due()
    address.refresh_from_db()
    assert address.flagged_at is None and address.flag_reason == "", "a delivery clears the flag"


def test_a_cleared_flag_is_raised_and_told_again(channel, manager):
    address = endpoint()
    for number in (1, 2):
        delivery(address)
        channel.answers = [refused()]
        send_due(NOW + number * timedelta(hours=1), batch=1)
        endpoints.clear_flag(endpoint=address)
        send_due(NOW + number * timedelta(hours=1))
    assert len(told()) == 2


def test_failing_for_a_while_is_flagged_before_it_is_given_up(channel, manager):
    made, now = delivery(), NOW
    channel.answers = [failing()] * FLAG_AFTER_ATTEMPTS
    for _ in range(FLAG_AFTER_ATTEMPTS):
        assert not told()
        send_due(now, batch=1)
        made.refresh_from_db()
        now = made.next_attempt_at
    made.endpoint.refresh_from_db()
    assert made.status == "waiting_retry"
    assert made.endpoint.flag_reason == "failed 5 times, last: it answered 500"
    assert len(told()) == 1


def test_without_a_manager_the_news_is_on_the_worklist_of_what_reached_nobody(channel):
    delivery()
    channel.answers = [refused()]
    send_due()
    assert [m.topic for m in selectors.unreached()] == ["endpoint.failing"]


def test_the_managers_own_broken_address_does_not_loop(channel, manager):
    message(manager)
    channel.answers = [refused()] * 10
    send_due()
    assert len(told()) == 1 and len(channel.sent) == 2


def test_a_settings_hook_names_who_is_told(channel, settings):
    settings.REFLOOP_TROUBLE_TELLS = ["staff:7", "role:it"]
    delivery()
    channel.answers = [refused()]
    send_due()
    assert {m.recipient.key for m in told()} == {"staff:7", "role:it"}


@pytest.mark.parametrize(("offset", "expected"), [(-TICK, 0), (timedelta(0), 1), (TICK, 1)])
def test_trouble_on_our_side_is_told_after_a_while_and_blames_no_endpoint(channel, manager, offset, expected):
    made = delivery()
    channel.answers = [failing("our mail relay did not answer in time", our_fault=True)]
    send_due()
    assert selectors.queue_state(now=NOW).failing_channels == ("email",)
    delivery(made.endpoint)
    channel.answers = [failing("our mail relay did not answer in time", our_fault=True)] * 2
    send_due(NOW + TELL_AFTER + offset, batch=2)
    assert len(told("channel.failing")) == expected
    made.endpoint.refresh_from_db()
    assert made.endpoint.consecutive_failures == 0 and made.endpoint.flagged_at is None
    send_due(NOW + timedelta(days=1))
    assert ChannelHealth.objects.get().failing_since is None
    assert selectors.queue_state(now=NOW).failing_channels == ()
