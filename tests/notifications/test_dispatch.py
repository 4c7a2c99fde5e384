"""Claim, record, retry, give up, send again; with the clock in the test's hand."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from notifications import backoff, endpoints
from notifications.dispatch import resend
from notifications.dispatch.claim import AT_ONCE, LEASE, claim
from notifications.dispatch.record import Tried, record
from notifications.dispatch.recover import recover_leases
from notifications.errors import CannotResend
from notifications.models import Attempt, Delivery, DispatchBeat, Endpoint
from tests.notifications.making import (
    NOW,
    SECOND,
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


def take(now=NOW, worker="w", slots=8, **options) -> list[Delivery]:
    return claim(now=now, worker=worker, slots=slots, struggling_slots=slots // 2, **options)


@pytest.mark.parametrize(("offset", "taken"), [(-TICK, 0), (timedelta(0), 1), (TICK, 1)])
def test_due_from_the_instant_on(offset, taken):
    delivery(now=NOW)
    assert len(take(NOW + offset)) == taken


@pytest.mark.parametrize(("offset", "recovered"), [(-TICK, 0), (timedelta(0), 1), (TICK, 1)])
def test_a_lease_ends_at_its_instant(offset, recovered):
    delivery()
    (taken,) = take()
    assert taken.lease_until == NOW + LEASE
    assert recover_leases(now=NOW + LEASE + offset) == recovered


def test_a_recovered_delivery_counts_its_attempt_and_is_due_at_once():
    made = delivery()
    take()
    later = NOW + LEASE
    recover_leases(now=later)
    made.refresh_from_db()
    assert (made.status, made.attempts, made.next_attempt_at) == ("waiting_retry", 1, later)
    assert made.attempt_log.get().outcome == Attempt.Outcome.LOST
    assert [d.pk for d in take(later)] == [made.pk]


def test_a_message_that_kills_every_dispatcher_is_given_up():
    made, now = delivery(), NOW
    for _ in range(backoff.MAX_ATTEMPTS):
        assert take(now)
        now += LEASE
        recover_leases(now=now)
    made.refresh_from_db()
    assert made.status == "dead"
    assert not take(now + timedelta(days=30))


def test_nothing_is_claimed_twice():
    for _ in range(3):
        delivery()
    assert len(take()) == 3
    assert take() == []


def test_a_claim_brings_all_a_dispatcher_needs(django_assert_num_queries):
    delivery()
    (taken,) = take()
    with django_assert_num_queries(0):
        assert taken.message.recipient.name and taken.endpoint.address and taken.attempts == 1


def test_one_endpoint_gets_no_more_than_its_share():
    busy, quiet = endpoint(), endpoint()
    for _ in range(20):
        delivery(busy)
    mine = delivery(quiet)
    taken = take(slots=8)
    assert mine.pk in {d.pk for d in taken}
    assert sum(d.endpoint_id == busy.pk for d in taken) == AT_ONCE
    assert take(slots=8) == [], "the cap holds over claims, so over processes"


def test_endpoints_take_turns():
    many = [delivery().endpoint_id for _ in range(6)]
    for pk in many:
        delivery(Endpoint.objects.get(pk=pk))
    turns = [d.endpoint_id for n in range(3) for d in take(NOW + n * SECOND, slots=2)]
    assert sorted(turns) == sorted(many)


@pytest.mark.parametrize("record_of", [{"consecutive_failures": 3}, {"last_duration_ms": 3000}])
def test_struggling_endpoints_are_tried_one_at_a_time_and_leave_half_the_slots(record_of):
    bad = [endpoint() for _ in range(10)]
    Endpoint.objects.update(**record_of)
    for one in bad:
        delivery(one), delivery(one)
    good = delivery()
    taken = take(slots=8)
    assert good.pk in {d.pk for d in taken}
    assert len(taken) == 1 + 4
    assert len({d.endpoint_id for d in taken}) == len(taken)


def test_struggling_endpoints_have_their_turn_however_busy_the_others_are():
    bad = delivery()
    Endpoint.objects.update(consecutive_failures=9)
    for healthy in [endpoint() for _ in range(6)]:
        for _ in range(10):
            delivery(healthy)
    claims = [[d.pk for d in take(NOW + n * SECOND, slots=2)] for n in range(4)]
    assert all(len(claim) == 2 for claim in claims)
    assert bad.pk in sum(claims, [])


def test_delivered(channel):
    made = delivery()
    tally = send_due()
    made.refresh_from_db()
    assert (tally.claimed, tally.delivered, tally.failed, tally.refused) == (1, 1, 0, 0)
    assert (made.status, made.delivered_at, made.attempts, made.lease_until) == ("delivered", NOW, 1, None)
    attempt = made.attempt_log.get()
    assert (attempt.outcome, attempt.number, attempt.at) == ("delivered", 1, NOW)
    assert made.endpoint.__class__.objects.get().last_delivered_at == NOW
    assert DispatchBeat.objects.get().delivered == 1


def test_the_whole_way_to_giving_up_and_back(channel):
    made, now, tries = delivery(), NOW, []
    channel.answers = [failing()] * backoff.MAX_ATTEMPTS
    for number in range(1, backoff.MAX_ATTEMPTS + 1):
        send_due(now)
        made.refresh_from_db()
        tries.append(now)
        assert made.attempts == number
        if number < backoff.MAX_ATTEMPTS:
            assert made.status == "waiting_retry"
            assert not send_due(made.next_attempt_at - TICK).claimed
            now = made.next_attempt_at
    assert made.status == "dead" and made.last_error == "it answered 500"
    assert tries[-1] - tries[0] > timedelta(hours=24)
    assert not send_due(now + timedelta(days=30)).claimed

    resend.resend(delivery=made, now=now)
    assert send_due(now).delivered == 1
    assert {parcel.public_id for parcel in channel.sent} == {made.public_id}
    made.refresh_from_db()
    assert made.status == "delivered" and made.attempt_log.count() == backoff.MAX_ATTEMPTS + 1


def test_retry_after_is_honoured(channel):
    made = delivery()
    channel.answers = [failing(retry_after=timedelta(hours=3))]
    send_due()
    made.refresh_from_db()
    assert made.next_attempt_at == NOW + timedelta(hours=3)


def test_an_unexpected_error_is_ours_and_loses_nothing(channel):
    made = delivery()
    channel.answers = [ZeroDivisionError("Jane Public")]
    send_due()
    made.refresh_from_db()
    assert made.status == "waiting_retry"
    assert made.last_error == "RefLoop could not send it: ZeroDivisionError"
    assert made.endpoint.__class__.objects.get().consecutive_failures == 0


def test_who_lost_the_lease_may_not_record_a_failure_but_may_say_that_it_arrived(channel):
    made = delivery()
    (slow,) = take()
    recover_leases(now=NOW + LEASE)
    assert not record([Tried(slow, failing(), at=NOW)], now=NOW)
    made.refresh_from_db()
    assert (made.status, made.next_attempt_at) == ("waiting_retry", NOW + LEASE)
    (second,) = take(NOW + LEASE)
    assert not record([Tried(slow, refused(), at=NOW)], now=NOW)
    made.refresh_from_db()
    assert made.leased_by == second.leased_by
    recover_leases(now=NOW + 2 * LEASE)
    assert record([Tried(slow, channel.send(None, now=NOW), at=NOW)], now=NOW)
    made.refresh_from_db()
    assert made.status == "delivered"


@pytest.mark.parametrize("status", ["queued", "waiting_retry", "delivered"])
def test_only_what_was_given_up_is_sent_again(status):
    made = delivery()
    Delivery.objects.update(status=status, delivered_at=NOW if status == "delivered" else None)
    with pytest.raises(CannotResend):
        resend.resend(delivery=made, now=NOW)


def test_switching_off_cancels_visibly_and_switching_on_allows_sending_again(channel):
    made = delivery()
    endpoints.change(endpoint=made.endpoint, now=NOW, active=False)
    assert not send_due().claimed
    made.refresh_from_db()
    assert (made.status, made.last_error) == ("cancelled", "the endpoint was switched off")
    with pytest.raises(CannotResend):
        resend.resend(delivery=made, now=NOW)
    endpoints.change(endpoint=made.endpoint, now=NOW, active=True)
    resend.resend(delivery=made, now=NOW)
    assert send_due().delivered == 1


def test_all_of_an_endpoint_again_and_nobody_elses():
    mine, other = delivery(), delivery()
    Delivery.objects.update(status="dead", attempts=8)
    assert resend.resend_all(endpoint=mine.endpoint, now=NOW) == 1
    assert Delivery.objects.get(pk=mine.pk).attempts == 0
    assert Delivery.objects.get(pk=other.pk).status == "dead"


def test_cancel_leaves_what_is_under_way():
    first = delivery()
    take()
    second = delivery()
    assert resend.cancel(deliveries=[first, second], reason="no longer true") == 1
    assert Delivery.objects.get(pk=first.pk).status == "in_flight"


def test_a_pass_stops_at_its_batch_and_when_told(channel):
    office = recipient()
    endpoint(office)
    for _ in range(10):
        message(office)
    assert send_due(batch=3).claimed == 3
    assert send_due(keep_going=lambda: False).claimed == 0
    assert send_due().claimed == 7


def test_the_cost_of_a_claim_does_not_grow_with_the_queue(django_assert_max_num_queries):
    office = recipient()
    endpoint(office)
    for _ in range(30):
        message(office)
    with django_assert_max_num_queries(10):
        assert len(take()) == AT_ONCE


def test_the_database_refuses_a_flight_without_end():
    made = delivery()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=made.pk).update(status="in_flight")
