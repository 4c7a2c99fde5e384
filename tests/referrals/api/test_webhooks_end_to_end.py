"""From a call of the API to a verified webhook at a receiver that knows the text of Standard Webhooks and nothing of us.

Everything goes the real way: endpoint and referral over the API, the outbox, a dispatcher, a socket."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.notifications.making import send_due
from tests.notifications.receiver import NotGenuine, Receiver, verify
from tests.referrals.api.calling import body


@pytest.fixture(autouse=True)
def _this_machine_is_allowed(settings):
    settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE = True


def subscribe(caller, receiver: Receiver, **values) -> dict:
    response = caller.post("endpoints/", {"address": receiver.url, "topics": ["referral.*"]} | values)
    assert response.status_code == 201, response.content
    return response.json()


def told(receiver: Receiver, *secrets: str) -> list[dict]:
    """The contents so far, each verified with every one of ``secrets``."""
    for request in receiver.requests:
        for secret in secrets:
            assert verify(request.headers, request.body, secret) == request.id
    return [request.content for request in receiver.requests]


def test_the_referrer_is_told_of_every_step_and_can_verify_each(outside_manager, our_heart):
    with Receiver() as receiver:
        secret = subscribe(outside_manager, receiver)["secret"]
        made = outside_manager.post("referrals/", body(external_id="order-1")).json()
        our_heart.do(made["number"], "accept")
        our_heart.do(made["number"], "appointments", starts_at=(timezone.now() - timedelta(hours=2)).isoformat())
        our_heart.do(made["number"], "mark-seen")
        send_due(timezone.now())
        contents = told(receiver, secret)
    assert sorted(content["type"] for content in contents) == [
        "referral.accepted", "referral.routed", "referral.scheduled", "referral.seen",
    ]  # fmt: skip
    for content in contents:
        assert content["data"]["referral"]["number"] == made["number"]
        assert content["data"]["referral"]["external_id"] == "order-1"
        assert content["data"]["next_step"]
    assert len({request.id for request in receiver.requests}) == 4


def test_after_a_failure_it_comes_again_under_the_same_id(outside_manager, our_heart):
    answers = iter([500, 500, 204])
    with Receiver(answer=lambda request: (next(answers), {})) as receiver:
        endpoint = subscribe(outside_manager, receiver, topics=["referral.accepted"])
        number = outside_manager.post("referrals/", body()).json()["number"]
        our_heart.do(number, "accept")
        for later in (timedelta(0), timedelta(minutes=2), timedelta(hours=1)):
            send_due(timezone.now() + later)
    assert len(receiver.requests) == 3
    assert len({request.id for request in receiver.requests}) == 1
    assert len({request.body for request in receiver.requests}) == 1
    first, _, last = receiver.requests
    assert verify(first.headers, first.body, endpoint["secret"])
    late = int(last.headers["webhook-timestamp"])
    assert verify(last.headers, last.body, endpoint["secret"], at=late)  # signed at the time of its own try
    (delivery,) = outside_manager.get(f"{endpoint['href']}deliveries/").json()["results"]
    assert (delivery["id"], delivery["status"], delivery["referral"]) == (first.id, "delivered", number)
    tries = outside_manager.get(delivery["href"]).json()["tries"]
    assert [(one["outcome"], one["code"]) for one in tries] == [("retry", 500), ("retry", 500), ("delivered", 204)]


def test_while_the_secret_rotates_both_verify_and_afterwards_only_the_new(outside_manager):
    with Receiver() as receiver:
        endpoint = subscribe(outside_manager, receiver)
        rotated = outside_manager.post(f"{endpoint['href']}rotate-secret/").json()
        assert rotated["old_secret_until"]
        outside_manager.post(f"{endpoint['href']}test/")
        send_due(timezone.now())
        told(receiver, endpoint["secret"], rotated["secret"])
        outside_manager.post(f"{endpoint['href']}test/")
        send_due(timezone.now() + timedelta(days=7, seconds=1))
        last = receiver.requests[-1]
        at = int(last.headers["webhook-timestamp"])
        assert verify(last.headers, last.body, rotated["secret"], at=at)
        with pytest.raises(NotGenuine, match="signature"):
            verify(last.headers, last.body, endpoint["secret"], at=at)
        with pytest.raises(NotGenuine, match="timestamp"):
            verify(last.headers, last.body, rotated["secret"])  # a week old by the receiver's own clock


def test_a_leaked_secret_ends_at_once(outside_manager):
    with Receiver() as receiver:
        endpoint = subscribe(outside_manager, receiver)
        outside_manager.post(f"{endpoint['href']}test/")  # queued before, signed when sent
        rotated = outside_manager.post(f"{endpoint['href']}rotate-secret/", {"leaked": True}).json()
        assert rotated["old_secret_until"] is None
        send_due(timezone.now())
        (request,) = receiver.requests
        assert verify(request.headers, request.body, rotated["secret"])
        with pytest.raises(NotGenuine):
            verify(request.headers, request.body, endpoint["secret"])


def test_minimal_names_nobody(outside_manager, our_heart):
    with Receiver() as receiver:
        subscribe(outside_manager, receiver, detail="minimal")
        made = outside_manager.post("referrals/", body(patient={"family_name": "Quixote", "given_name": "Zed"})).json()
        our_heart.do(made["number"], "accept", comment="Quixote is welcome")
        send_due(timezone.now())
    assert receiver.requests
    assert not any(b"Quixote" in request.body for request in receiver.requests)
