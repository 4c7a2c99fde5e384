"""Tasks, the command, housekeeping and what the health page reads."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from notifications import housekeeping, selectors, tasks
from notifications.dispatch.claim import LEASE, claim
from notifications.models import Attempt, Delivery, DispatchBeat
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
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(monkeypatch):
    return Scripted().install(monkeypatch)


def test_the_task_sends_what_is_due(channel):
    delivery(now=timezone.now())
    assert tasks.dispatch_due() == {"claimed": 1, "delivered": 1, "failed": 0, "refused": 0}
    assert tasks.dispatch_due()["claimed"] == 0


def test_the_task_stops_when_its_time_is_over(channel):
    delivery(now=timezone.now())
    assert tasks.dispatch_due(seconds=0)["claimed"] == 0


def test_the_command_says_what_it_did(channel, capsys):
    delivery(now=timezone.now())
    channel.answers = [failing()]
    call_command("dispatch_messages")
    assert capsys.readouterr().out == "0 delivered, 1 failed, 0 refused.\n"


def test_the_recovery_task():
    delivery(now=timezone.now() - 2 * LEASE)
    assert claim(now=timezone.now() - 2 * LEASE, worker="gone", slots=1, struggling_slots=1)
    assert tasks.recover_leases() == 1


def test_the_state_of_the_queue(channel, django_assert_num_queries):
    message(recipient())
    bad = endpoint()
    delivery(bad)
    channel.answers = [refused()]
    send_due(batch=1)
    delivery(now=NOW - timedelta(minutes=7))
    delivery(now=NOW + timedelta(minutes=7))
    with django_assert_num_queries(8):
        state = selectors.queue_state(now=NOW)
    assert (state.queued, state.in_flight, state.waiting_retry, state.dead) == (2, 0, 0, 1)
    assert (state.nobody_to_tell, state.flagged_endpoints) == (2, 1)  # the news of the flag reached nobody either
    assert (state.oldest_due_seconds, state.last_dispatch) == (7 * 60, NOW)
    assert state.late == 0
    assert selectors.queue_state(now=NOW + timedelta(minutes=3)).late == 1


def test_what_waits_for_an_address_that_fails_does_not_count_as_stuck(channel):
    bad, good = endpoint(), endpoint()
    delivery(bad, now=NOW - timedelta(hours=1))
    delivery(good, now=NOW - timedelta(minutes=2))
    bad.consecutive_failures = 3
    bad.save()
    state = selectors.queue_state(now=NOW)
    assert (state.oldest_due_seconds, state.stuck_seconds) == (3600, 120)


def test_what_was_told_about_something(django_assert_num_queries):
    address = endpoint()
    mine = delivery(address, about="RL-1")
    delivery(address, about="RL-2")
    delivery(address, about="")
    with django_assert_num_queries(2):
        (found,) = selectors.messages_about("RL-1")
        assert found == mine.message and found.recipient.name
        assert [one.endpoint for one in found.deliveries.all()] == [address]
    assert not selectors.messages_about("").exists()


@pytest.mark.parametrize(("offset", "kept"), [(-TICK, 0), (timedelta(0), 1), (TICK, 1)])
def test_old_attempts_go_and_proof_stays(channel, offset, kept):
    made = delivery()
    send_due()
    now = NOW + housekeeping.KEEP_ATTEMPTS
    Attempt.objects.update(at=NOW + offset)
    housekeeping.tidy(now=now)
    assert Attempt.objects.count() == kept
    assert Delivery.objects.get(pk=made.pk).status == "delivered"
    assert not DispatchBeat.objects.exists()


def test_attempts_of_what_still_waits_are_kept(channel):
    made = delivery()
    channel.answers = [failing()]
    send_due()
    housekeeping.tidy(now=NOW + 2 * housekeeping.KEEP_ATTEMPTS)
    assert made.attempt_log.count() == 1
