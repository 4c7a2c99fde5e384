"""The feed: every event of my referrals once, in order."""

import pytest

from tests import factories
from tests.referrals.api.calling import fields_of


def drain(caller, *, limit: int, after: str = "") -> tuple[list[dict], str]:
    events, more = [], True
    while more:
        page = caller.get("events/", limit=limit, **({"after": after} if after else {})).json()
        events += page["events"]
        after, more = page["next_cursor"], page["more"]
        assert len(page["events"]) <= limit
    return events, after


def test_each_event_once_in_order_and_then_only_new_ones(world, ours, outside):
    referrals = [factories.referral(world, status) for status in ("closed", "scheduled", "lost")]
    events, after = drain(ours, limit=4)
    for referral in referrals:
        versions = [e["version"] for e in events if e["referral"] == referral.number]
        assert versions == list(range(1, referral.version + 1))
    assert drain(ours, limit=4, after=after) == ([], after)
    outside.do(referrals[1].number, "comment", text="hello")
    fresh, _ = drain(ours, limit=4, after=after)
    assert [(e["kind"], e["data"]["text"], e["actor"]["label"]) for e in fresh] == [
        ("commented", "hello", "Capitol Heart Center")
    ]


def test_the_shape_of_an_event(world, ours):
    factories.referral(world, "accepted")
    event = ours.get("events/").json()["events"][-1]
    assert set(event) == {
        "referral", "href", "external_id", "version", "kind", "topic", "text", "next_step", "at", "actor", "from_status",
        "to_status", "data",
    }  # fmt: skip
    assert (event["from_status"], event["to_status"], event["at"]) == ("routed", "accepted", "2026-11-04T16:00:00.000Z")
    first = ours.get("events/", limit=1).json()["events"][0]
    assert (first["kind"], first["from_status"]) == ("captured", None)


def test_a_receiver_reads_from_its_turn_on(world, outside):
    factories.referral(world, "accepted")
    assert [e["kind"] for e in outside.get("events/").json()["events"]] == ["routed", "accepted"]


@pytest.mark.parametrize("after", ["x", "0-0", "1", "A" * 38, "A" * 9999, "٣-١"])
def test_a_bad_cursor_is_named(ours, after):
    assert fields_of(ours.get("events/", after=after)) == {"after"}


@pytest.mark.parametrize("count", [1, 12])
def test_a_page_costs_the_same_whatever_it_shows(world, ours, count, django_assert_max_num_queries):
    for _ in range(count):
        factories.referral(world, "accepted")
    ours.get("payers/")
    with django_assert_max_num_queries(5):
        ours.get("events/")
