"""Lists: what is mine, filtered, ordered and paged without losing or repeating a row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from referrals.api.filters import (
    OFFICE_PARAMETERS,
    PROVIDER_PARAMETERS,
    REFERRAL_PARAMETERS,
    OfficeFilters,
    ProviderFilters,
    ReferralFilters,
)
from referrals.lifecycle.states import Status
from tests import factories
from tests.referrals.api.calling import body, fields_of

NOW = factories.NOW


def numbers(caller, **query) -> list[str]:
    response = caller.get("referrals/", **query)
    assert response.status_code == 200, response.content
    return [row["number"] for row in response.json()["results"]]


def all_pages(caller, **query) -> list[str]:
    found, address = [], "referrals/"
    while address:
        page = caller.get(address, **query).json()
        found += [row["number"] for row in page["results"]]
        address, query = page["next"], {}
    return found


@pytest.fixture
def every_status(world) -> dict[str, str]:
    """status -> number, outbound from our clinic, captured an hour apart."""
    return {
        status: factories.referral(world, status, now=NOW + timedelta(hours=n)).number
        for n, status in enumerate(Status.values)
    }


def test_newest_first_and_only_mine(world, ours, outside, every_status):
    inbound = factories.referral(world, inbound=True, now=NOW - timedelta(days=1)).number
    assert numbers(ours) == list(every_status.values())[::-1]
    assert inbound not in numbers(ours)
    assert inbound in numbers(outside)
    assert every_status["received"] not in numbers(outside)  # everybody there declined


@pytest.mark.parametrize("query", [{"status": ["seen", "closed"]}, {"status": "seen,closed"}])
def test_several_statuses(ours, every_status, query):
    assert set(numbers(ours, **query)) == {every_status["seen"], every_status["closed"]}


def test_each_filter_alone(world, ours, every_status):
    every = set(every_status.values())
    ended = {every_status[s] for s in ("closed", "closed_without_note", "cancelled", "lost")}
    npi = world.outside_cardiologist.npi
    for query, expected in [
        ({"stage": "on_hold"}, {every_status["on_hold"]}),
        ({"stage": "unreconciled,cancelling"}, {every_status["note_returned"], every_status["cancel_requested"]}),
        ({"direction": "outbound"}, every - {every_status["received"]}),  # ours were tried last
        ({"direction": "inbound"}, set()),
        ({"priority": "routine,urgent"}, every),
        ({"priority": "stat"}, set()),
        ({"specialty": "Cardiology"}, every),
        ({"specialty": "dermatology"}, set()),
        ({"provider": npi}, every - {every_status["received"]}),
        ({"role": "referring"}, every),
        ({"role": "receiving"}, set()),
        ({"open": "true"}, every - ended),
        ({"open": "false"}, ended),
        ({"external_id": "nope"}, set()),
    ]:
        assert set(numbers(ours, **query)) == expected, query


def test_overdue_and_not(ours, every_status):
    late = set(numbers(ours, overdue="true"))
    assert late and every_status["closed"] not in late
    assert set(numbers(ours, overdue="false")) == set(every_status.values()) - late


def test_ranges_include_their_start_and_exclude_their_end(ours, every_status):
    third, fourth = list(every_status.values())[2:4]
    after, before = (NOW + timedelta(hours=n) for n in (2, 4))
    for query in (
        {"captured_after": after.isoformat(), "captured_before": before.isoformat()},
        {"captured_after": "2026-11-04T12:00:00-06:00", "captured_before": before.strftime("%Y-%m-%dT%H:%M:%SZ")},
    ):
        assert set(numbers(ours, **query)) == {third, fourth}
    assert numbers(ours, changed_before="2026-11-04T16:00:00Z") == []
    # A day begins at midnight in the practice's zone: 16:00 UTC on the 4th is before 06:00 UTC on the 5th.
    assert len(numbers(ours, captured_after="2026-11-04", captured_before="2026-11-05")) == 12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "open"), ("stage", "x"), ("direction", "up"), ("priority", "soon"), ("specialty", "heart"),
        ("provider", "123"), ("role", "owner"), ("open", "yes"), ("overdue", "1"), ("captured_after", "yesterday"),
        ("captured_before", "2026-11-04T10:00:00"), ("changed_after", "0001-01-01"), ("limit", "0"),
        ("changed_before", "9999-12-31T23:59:59-12:00"), ("limit", "201"), ("limit", "x"), ("cursor", "x"),
        ("ordering", "number"), ("external_id", "x" * 81), ("statuss", "seen"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named(ours, name, value):
    assert fields_of(ours.get("referrals/", **{name: value})) == {name}


@pytest.mark.parametrize("ordering", ["captured_at", "changed_at", "next_escalation_at"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_have_every_row_once_in_order(world, ours, every_status, ordering, sign):
    for _ in range(4):  # four of the same instant
        factories.referral(world, "routed", now=NOW)
    whole = numbers(ours, ordering=sign + ordering)
    assert all_pages(ours, ordering=sign + ordering, limit=3) == whole
    rows = ours.get("referrals/", ordering=sign + ordering).json()["results"]
    values = [row[ordering] for row in rows]
    assert values == sorted(values, reverse=bool(sign))
    assert len(whole) == (12 if ordering == "next_escalation_at" else 16)  # ended ones have no next escalation


def test_a_cursor_belongs_to_its_ordering(world, ours, every_status):
    following = ours.get("referrals/", limit=1).json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    assert fields_of(ours.get("referrals/", ordering="changed_at", cursor=cursor)) == {"cursor"}


def test_a_new_row_does_not_shift_the_pages(world, ours, every_status):
    page = ours.get("referrals/", limit=5).json()
    factories.referral(world, "routed", now=timezone.now())
    rest = all_pages_from(ours, page["next"])
    assert [r["number"] for r in page["results"]] + rest == list(every_status.values())[::-1]


def all_pages_from(caller, address):
    found = []
    while address:
        page = caller.get(address).json()
        found += [row["number"] for row in page["results"]]
        address = page["next"]
    return found


def test_searching(world, ours, outside):
    patient = {"family_name": "O'Hara-Núñez", "given_name": "Ana", "phone": "(608) 555-0199"}
    made = ours.post("referrals/", body(direction="outbound", external_id="ord-5", patient=patient)).json()
    number = made["number"]
    for text in (number, number.lower().replace("-", " "), "oharan", "o'hara-nunez, a", "6085550199", "ord-5"):
        assert numbers(ours, search=text) == [number], text
        assert numbers(outside, search=text) == [number], text
    assert numbers(ours, search="hara") == []


@pytest.mark.parametrize("count", [1, 50])
def test_a_page_costs_the_same_queries_whatever_it_shows(world, ours, count, django_assert_num_queries):
    world.outside_cardiologist.capacity = None
    world.outside_cardiologist.save()
    for _ in range(count):
        factories.referral(world, "scheduled")
    ours.get("payers/")  # notes the day of the token's use
    with django_assert_num_queries(3) as counted:  # the last writes the reading log
        assert len(numbers(ours)) == count
    assert not any("COUNT(" in query["sql"] for query in counted.captured_queries)


@pytest.mark.parametrize(
    ("filters", "described"),
    [
        (ReferralFilters, REFERRAL_PARAMETERS),
        (ProviderFilters, PROVIDER_PARAMETERS),
        (OfficeFilters, OFFICE_PARAMETERS),
    ],
)
def test_every_filter_is_described_and_nothing_else(filters, described):
    assert set(filters.base_filters) == {parameter.name for parameter in described}
