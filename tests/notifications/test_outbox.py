"""What enqueueing writes, and when."""

import pytest
from django.db import IntegrityError, connection, transaction

from notifications import endpoints, outbox, selectors
from notifications.errors import OutsideTransaction
from notifications.models import Delivery, Message
from notifications.outbox import Outgoing
from tests.notifications.making import NOW, SECOND, endpoint, message, recipient

pytestmark = pytest.mark.django_db


def test_one_message_and_a_delivery_for_each_endpoint_that_wants_it():
    office = recipient()
    mail, hook_all = endpoint(office), endpoint(office, topics=["referral.*"])
    endpoint(office, topics=["note.request"])
    endpoint()  # somebody else's
    endpoints.change(endpoint=endpoint(office), now=NOW, active=False)
    told = message(office)
    assert {d.endpoint for d in told.deliveries.all()} == {mail, hook_all}
    for delivery in told.deliveries.all():
        assert (delivery.status, delivery.attempts, delivery.next_attempt_at) == ("queued", 0, NOW)
        assert delivery.public_id.startswith("msg_") and len(delivery.public_id) == 36


def test_the_same_cause_twice_is_one_message_with_its_first_content():
    office = endpoint().recipient
    first = message(office, dedupe_key="event:1")
    again = message(office, dedupe_key="event:1", context_full={"title": "other"}, now=NOW + SECOND)
    assert again.pk == first.pk and again.context_full == first.context_full
    assert Message.objects.count() == Delivery.objects.count() == 1


def test_recipient_defaults_hold_for_endpoints_without_a_list():
    office = recipient(default_topics=["referral.*"])
    mail = endpoint(office)
    assert message(office, "referral.seen").deliveries.get().endpoint == mail
    assert message(office, "digest.daily").nobody_to_tell


def test_nobody_to_tell_is_kept_and_shown_until_an_address_is_added():
    office = recipient()
    told = message(office)
    assert told.nobody_to_tell
    assert list(selectors.unreached()) == [told]
    assert outbox.tell_now(message=told, now=NOW) == 0
    assert list(selectors.unreached()) == [told]
    mail = endpoint(office)
    assert outbox.tell_now(message=told, now=NOW) == 1
    assert outbox.tell_now(message=told, now=NOW) == 0
    assert told.deliveries.get().endpoint == mail
    assert not selectors.unreached().exists()


def test_many_in_few_queries(django_assert_num_queries):
    offices = [recipient() for _ in range(40)]
    for office in offices:
        endpoint(office), endpoint(office)
    batch = [Outgoing("note.request", offices[n % 40], f"k{n}", NOW, {"n": n}, {}) for n in range(500)]
    inserts_on_sqlite = 40  # it takes few parameters a statement
    at_most = 5 if connection.vendor == "postgresql" else 4 + inserts_on_sqlite
    with django_assert_num_queries(at_most, exact=False):
        messages = outbox.enqueue_many(batch, now=NOW)
    assert [m.context_full["n"] for m in messages] == list(range(500))
    assert Delivery.objects.count() == 1000
    with django_assert_num_queries(1):
        again = outbox.enqueue_many(batch, now=NOW)
    assert [m.pk for m in again] == [m.pk for m in messages]


def test_a_key_twice_in_one_batch_is_one_message():
    office = endpoint().recipient
    twice = [Outgoing("a", office, "same", NOW, {"n": n}) for n in (1, 2)]
    one, two = outbox.enqueue_many(twice, now=NOW)
    assert one.pk == two.pk and one.context_full == {"n": 1}
    assert Delivery.objects.count() == 1


def test_more_than_one_chunk():
    office = endpoint().recipient
    messages = outbox.enqueue_many((Outgoing("a", office, f"k{n}", NOW) for n in range(outbox.CHUNK + 1)), now=NOW)
    assert len({m.pk for m in messages}) == Delivery.objects.count() == outbox.CHUNK + 1


@pytest.mark.parametrize("topic", ["", "Referral.seen", "../../etc/passwd", "a.*"])
def test_a_malformed_topic_is_refused(topic):
    with pytest.raises(ValueError, match="not a topic"):
        message(recipient(), topic)


def test_the_database_refuses_a_second_delivery_to_an_endpoint():
    told = message(endpoint().recipient)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            message=told, endpoint=told.deliveries.get().endpoint, next_attempt_at=NOW, created_at=NOW
        )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_rollback_leaves_nothing():
    office = endpoint().recipient
    with pytest.raises(RuntimeError), transaction.atomic():
        message(office)
        raise RuntimeError("the cause failed")
    assert not Message.objects.exists() and not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_outside_a_transaction_is_refused():
    with pytest.raises(OutsideTransaction):
        outbox.enqueue_many([Outgoing("a", recipient(), "k", NOW)], now=NOW)
