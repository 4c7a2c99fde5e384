"""An office manages where it is told: with the right token, its own endpoints alone, and never unnoticed."""

import pytest
from django.utils import timezone

from notifications.channels import web_address
from notifications.models import Delivery, Endpoint, Message
from referrals import office_endpoints
from tests import factories
from tests.notifications import making
from tests.referrals.api.calling import Caller, fields_of, problem_of

HOOK = "https://hooks.example.org/refloop?key=s3cret"


@pytest.fixture(autouse=True)
def _names_resolve(monkeypatch):
    known = {
        "hooks.example.org": "93.184.216.34",
        "inside.example.org": "10.0.0.7",
        "metadata.example.org": "169.254.169.254",
    }

    def resolve(host, port):
        if host not in known:
            raise web_address.NameUnknown(f"The name {host} is not known.")
        return [known[host]]

    monkeypatch.setattr(web_address, "resolve", resolve)


def added(caller, **values) -> dict:
    response = caller.post("endpoints/", {"address": HOOK} | values)
    assert response.status_code == 201, response.content
    return response.json()


def test_add_read_change_switch_off(outside_manager):
    made = outside_manager.post("endpoints/", {"address": HOOK, "topics": ["referral.*"]})
    one = made.json()
    assert made["Location"] == one["href"] and made["Cache-Control"] == "no-store"
    assert one["secret"].startswith("whsec_")
    assert (one["channel"], one["detail"], one["state"], one["active"]) == ("webhook", "full", "unused", True)
    read = outside_manager.get(one["href"])
    assert "secret" not in read.json() and one["secret"] not in outside_manager.get("endpoints/").content.decode()
    changed = outside_manager.patch(one["href"], {"topics": ["note.request"], "detail": "minimal"}).json()
    assert (changed["topics"], changed["detail"], changed["address"]) == (["note.request"], "minimal", HOOK)
    off = outside_manager.patch(one["href"], {"active": False}).json()
    assert (off["state"], off["active"]) == ("off", False)


def test_only_a_token_that_may_manage_changes_anything(world, outside, outside_manager):
    one = added(outside_manager)
    assert outside.get("endpoints/").json()["results"][0]["id"] == one["id"]
    assert outside.get(f"{one['href']}deliveries/").status_code == 200
    problem_of(outside.post("endpoints/", {"address": HOOK}), 403, "not-permitted")
    problem_of(outside.patch(one["href"], {"active": False}), 403, "not-permitted")
    for action in ("rotate-secret", "test", "resend", "deliveries/msg_x/resend"):
        problem_of(outside.post(f"{one['href']}{action}/"), 403, "not-permitted")
    assert Endpoint.objects.get(pk=one["id"]).active


def test_another_office_finds_nothing(world, outside_manager):
    one = added(outside_manager)
    delivery = outside_manager.post(f"{one['href']}test/").json()
    other = Caller(world.stranger, token=factories.token(world.stranger, manages_endpoints=True))
    own = added(other)
    assert [e["id"] for e in other.get("endpoints/").json()["results"]] == [own["id"]]
    for call in (
        other.get(one["href"]),
        other.patch(one["href"], {"active": False}),
        other.post(f"{one['href']}rotate-secret/"),
        other.post(f"{one['href']}test/"),
        other.post(f"{one['href']}resend/"),
        other.get(f"{one['href']}deliveries/"),
        other.get(delivery["href"]),
        other.post(f"{delivery['href']}resend/"),
        other.get(f"{own['href']}deliveries/{delivery['id']}/"),  # somebody else's delivery below one's own endpoint
        other.post(f"{own['href']}deliveries/{delivery['id']}/resend/"),
        other.get(f"endpoints/{10**30}/"),
    ):
        problem_of(call, 404, "not-found")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"address": "http://hooks.example.org/x"}, "address"),
        ({"address": "https://inside.example.org/"}, "address"),
        ({"address": "https://metadata.example.org/latest"}, "address"),
        ({"address": "https://10.0.0.7/"}, "address"),
        ({"address": "https://nowhere.example.org/"}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": ""}, "address"),
        ({"address": HOOK, "topics": ["referral.sceduled"]}, "topics.0"),
        ({"address": HOOK, "topics": ["referral.*", "*.*"]}, "topics.1"),
        ({"address": HOOK, "topics": "referral.*"}, "topics"),
        ({"address": HOOK, "detail": "everything"}, "detail"),
        ({"address": HOOK, "channel": "inbox"}, "channel"),
        ({"address": "nobody", "channel": "email"}, "address"),
        ({"address": "a@example.org", "channel": "email", "detail": "full"}, "detail"),
        ({"address": HOOK, "secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_cannot_be_accepted_is_named(outside_manager, sent, field):
    assert fields_of(outside_manager.post("endpoints/", sent)) == {field}
    assert not Endpoint.objects.exists()


def test_a_change_is_checked_like_an_addition(outside_manager):
    one = added(outside_manager)
    for sent, field in (
        ({"address": "https://inside.example.org/"}, "address"),
        ({}, ""),
        ({"topics": ["x"]}, "topics.0"),
    ):
        assert fields_of(outside_manager.patch(one["href"], sent)) == {field}
    assert fields_of(outside_manager.post("endpoints/", {"address": HOOK})) == {"address"}  # there already


def test_one_whose_name_is_gone_can_be_switched_off(outside_manager, monkeypatch):
    one = added(outside_manager)

    def gone(host, port):
        raise web_address.NameUnknown("gone")

    monkeypatch.setattr(web_address, "resolve", gone)
    assert outside_manager.patch(one["href"], {"active": False, "address": HOOK}).json()["state"] == "off"


def test_there_is_an_end_to_how_many(outside_manager, monkeypatch):
    monkeypatch.setattr(office_endpoints, "MOST", 2)
    for n in range(2):
        added(outside_manager, address=f"{HOOK}{n}")
    assert fields_of(outside_manager.post("endpoints/", {"address": HOOK})) == {"address"}


def test_email_starts_from_the_directory_and_stays_minimal(world, outside_manager):
    world.outside.email = "desk@heart.example.org"
    world.outside.save()
    added(outside_manager)
    email, hook = outside_manager.get("endpoints/").json()["results"]
    assert (email["channel"], email["address"], email["detail"]) == ("email", "desk@heart.example.org", "minimal")
    Endpoint.objects.filter(pk=email["id"]).update(detail="full")  # staff may
    kept = outside_manager.patch(email["href"], {"detail": "full", "topics": ["note.*"]})
    assert kept.json()["detail"] == "full"
    moved = outside_manager.patch(email["href"], {"address": "other@heart.example.org"}).json()
    assert (moved["address"], moved["detail"]) == ("other@heart.example.org", "minimal")
    assert fields_of(outside_manager.post(f"{email['href']}rotate-secret/")) == {"channel"}


def test_managers_and_the_other_endpoints_are_told_of_each_change(world, outside_manager):
    world.outside.email = "desk@heart.example.org"
    world.outside.save()
    one = added(outside_manager)
    outside_manager.patch(one["href"], {"address": "https://hooks.example.org/new"})
    outside_manager.patch(one["href"], {"address": "https://hooks.example.org/new"})  # nothing new
    outside_manager.post(f"{one['href']}rotate-secret/", {"leaked": True})
    for recipient in ("role:manager", f"office:{world.outside.pk}"):
        told = Message.objects.filter(topic="endpoint.changed", recipient__key=recipient).order_by("pk")
        assert [m.context_full["title"].rpartition("was ")[2] for m in told] == [
            "added",
            "changed",
            "given a new secret",
        ]
        assert ["Address was", "https://hooks.example.org/refloop"] in told[1].context_full["facts"]
        assert "s3cret" not in str([m.context_full for m in told])
        by = dict(told[0].context_full["facts"])["By"]
        assert by.startswith("the token test (rlk_") and outside_manager.token not in by
    emailed = Delivery.objects.filter(message__topic="endpoint.changed", endpoint__channel="email")
    assert emailed.count() == 3


def test_deliveries_are_listed_and_sent_again(outside_manager, monkeypatch):
    channel = making.Scripted().install(monkeypatch)
    one = added(outside_manager)
    channel.answers = [making.refused()] * 9  # the managers are told of the new endpoint as well
    sent = outside_manager.post(f"{one['href']}test/").json()
    assert (sent["topic"], sent["status"]) == ("endpoint.test", "queued")
    problem_of(outside_manager.post(f"{sent['href']}resend/"), 409, "conflict")
    making.send_due(Delivery.objects.get(public_id=sent["id"]).next_attempt_at)
    state = outside_manager.get(one["href"]).json()
    assert (state["state"], state["given_up"], state["waiting"]) == ("failing", 1, 0)
    assert state["problem"] == "it answered 410: no longer wanted"
    (listed,) = outside_manager.get(f"{one['href']}deliveries/", status="dead").json()["results"]
    assert listed["id"] == sent["id"]
    (tried,) = outside_manager.get(sent["href"]).json()["tries"]
    assert (tried["outcome"], tried["detail"]) == ("refused", "it answered 410: no longer wanted")
    assert outside_manager.post(f"{sent['href']}resend/").json()["status"] == "queued"
    Delivery.objects.filter(public_id=sent["id"]).update(status="dead")
    assert outside_manager.post(f"{one['href']}resend/").json() == {"queued": 1}
    assert fields_of(outside_manager.get(f"{one['href']}deliveries/", status="lost")) == {"status"}


def test_switched_off_nothing_is_sent_and_what_waited_is_seen(outside_manager):
    one = added(outside_manager)
    waiting = outside_manager.post(f"{one['href']}test/").json()
    outside_manager.patch(one["href"], {"active": False})
    assert outside_manager.get(waiting["href"]).json()["status"] == "cancelled"
    problem_of(outside_manager.post(f"{one['href']}test/"), 409, "conflict")
    problem_of(outside_manager.post(f"{waiting['href']}resend/"), 409, "conflict")
    problem_of(outside_manager.post(f"{one['href']}resend/"), 409, "conflict")
    outside_manager.patch(one["href"], {"active": True})
    assert outside_manager.post(f"{waiting['href']}resend/").json()["status"] == "queued"


def test_changes_and_tests_are_throttled_per_office_and_reading_is_not(world, outside_manager, settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"endpoints": "3/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    one = added(outside_manager)
    second_token = Caller(world.outside, token=factories.token(world.outside, manages_endpoints=True))
    codes = [caller.post(f"{one['href']}test/").status_code for caller in (outside_manager, second_token, second_token)]
    assert codes == [201, 201, 429]
    assert outside_manager.get("endpoints/").status_code == 200


@pytest.mark.parametrize("count", [1, 9])
def test_the_list_costs_the_same_however_many(outside_manager, count, django_assert_max_num_queries):
    for n in range(count):
        added(outside_manager, address=f"{HOOK}{n}")
    with django_assert_max_num_queries(3):
        outside_manager.get("endpoints/")


@pytest.mark.parametrize(
    ("failures", "state", "problem"), [(0, "works", ""), (1, "works", "timed out"), (3, "struggling", "timed out")]
)
def test_a_problem_is_of_the_last_try(world, outside_manager, failures, state, problem):
    one = outside_manager.post("endpoints/", {"address": HOOK}).json()
    Endpoint.objects.filter(pk=one["id"]).update(
        consecutive_failures=failures, last_error="timed out", last_delivered_at=timezone.now()
    )
    shown = outside_manager.get(one["href"]).json()
    assert (shown["state"], shown["problem"]) == (state, problem)
