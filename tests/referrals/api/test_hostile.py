"""A hostile office: addresses that point inwards, odd values, borrowed keys and cursors. Refused, and never a 5xx."""

import json

import pytest

from notifications.models import Endpoint, Message
from referrals.models import Referral
from tests import factories
from tests.referrals.api.calling import Caller, body, fields_of, problem_of


@pytest.fixture
def hostile(world) -> Caller:
    return Caller(world.stranger, token=factories.token(world.stranger, manages_endpoints=True))


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://localhost/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25eth0]/", "https://[64:ff9b::7f00:1]/",
        "https://169.254.169.254/latest/meta-data/", "https://user:password@127.0.0.1/", "https://0/", "https://",
        "https:///x", "https://127.0.0.1:99999/", "https://127.0.0.1:0/", "file:///etc/passwd", "gopher://127.0.0.1/",
        "https://127.0.0.1\r\nHost: x/", "https://127.0.0.1\x00/", "https://\u2460\u2461\u2466.0.0.1/", "https://" + "a" * 300 + "/",
        "https://" + "a" * 5000, "\u202ehttps://x", "😀", 7, None, ["https://127.0.0.1/"], {"a": 1}, True,
    ],
)  # fmt: skip
def test_addresses_that_point_inwards_or_nowhere(hostile, address):
    assert fields_of(hostile.post("endpoints/", {"address": address})) == {"address"}
    assert not Endpoint.objects.exists() and not Message.objects.filter(topic="endpoint.changed").exists()


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a@example.org\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "<a@example.org>",
        "a" * 400 + "@example.org",
    ],
)
def test_mail_addresses_that_are_more_than_one(hostile, address):
    assert fields_of(hostile.post("endpoints/", {"address": address, "channel": "email"})) == {"address"}


@pytest.mark.parametrize(
    "sent",
    [
        {"topics": ["referral.*"] * 5000}, {"topics": [["referral.*"]]}, {"topics": [{}]}, {"topics": ["x" * 10**5]},
        {"detail": []}, {"detail": {}}, {"active": 1}, {"active": "false"}, {"recipient": 1}, {"channel": "inbox"}, [], "x",
    ],
)  # fmt: skip
def test_odd_changes(world, hostile, sent):
    mine = hostile.post("endpoints/", {"address": "desk@example.org", "channel": "email"}).json()
    problem_of(hostile.patch(mine["href"], sent), 400, "invalid")
    assert Endpoint.objects.get(pk=mine["id"]).active


def test_a_key_of_another_office_opens_nothing(world, outside, hostile):
    first = outside.post("referrals/", body(external_id="o-1"), Idempotency_Key="shared-key").json()
    theirs = hostile.post("referrals/", body(external_id="o-1"), Idempotency_Key="shared-key")
    assert theirs.status_code == 201 and theirs.json()["number"] != first["number"]
    assert "Idempotent-Replayed" not in theirs
    assert Referral.objects.count() == 2


def test_cursors_of_lists_are_of_one_office_and_one_list(world, ours, hostile):
    for _ in range(2):
        factories.referral(world)
        hostile.post("referrals/", body())
    cursor = ours.get("referrals/", limit=1).json()["next"].rpartition("cursor=")[2].partition("&")[0]
    assert fields_of(hostile.get("referrals/", cursor=cursor)) == {"cursor"}
    one = hostile.post("endpoints/", {"address": "desk@example.org", "channel": "email"}).json()
    own = hostile.get("referrals/", limit=1).json()["next"].rpartition("cursor=")[2].partition("&")[0]
    assert fields_of(hostile.get(f"{one['href']}deliveries/", cursor=own)) == {"cursor"}


def test_nothing_of_others_in_what_a_stranger_can_list(world, hostile):
    secret = factories.referral(world, "closed")
    inbound = factories.referral(world, "accepted", inbound=True)
    hostile.post("endpoints/", {"address": "desk@example.org", "channel": "email"})
    for address in ("referrals/", "events/", "endpoints/", "me/", "offices/", "providers/"):
        text = json.dumps(hostile.get(address).json())
        for referral in (secret, inbound):
            assert referral.number not in text and referral.patient.family_name not in text


@pytest.mark.parametrize("method", ["put", "delete", "options", "trace", "post"])
def test_methods_nobody_offers(hostile, method):
    one = hostile.post("endpoints/", {"address": "desk@example.org", "channel": "email"}).json()
    problem_of(hostile._call(method.upper(), one["href"]), 405, "method-not-allowed")
    assert Endpoint.objects.filter(pk=one["id"], active=True).exists()
