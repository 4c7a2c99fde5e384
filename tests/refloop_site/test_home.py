"""The home page: each count opens the list that holds exactly what it counts; a lead sees the team; it stays cheap."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import InboxItem
from referrals.actions import snoozing
from referrals.models import Absence, Coordinator, Referral
from referrals.practice.calendar import practice_calendar
from refloop_site import loop_health
from tests import factories
from tests.notifications.making import FULL, delivery, endpoint, recipient
from tests.referrals.admin.conftest import as_role, signed_in
from tests.referrals.admin.test_every_page_opens import unbounded_counts


@pytest.fixture(autouse=True)
def _fresh():
    cache.delete("refloop-loop-health")


@pytest.fixture
def busy(world):
    """Two desks with something in every count, one away and covered by the other."""
    now = timezone.now()
    user = factories.user("Coordinator", first_name="Maya")
    me, away = (
        Coordinator.objects.create(name=name, user=who) for name, who in (("Maya L", user), ("Terrence O", None))
    )
    Absence.objects.create(
        coordinator=away, starts_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=3), cover=me
    )
    made = [
        factories.referral(world, status, now=now - timedelta(days=days))
        for status, days in (
            ("routed", 30), ("accepted", 30), ("received", 1), ("seen", 1), ("seen", 40), ("routed", 0), ("on_hold", 0),
            ("note_returned", 0), ("routed", 50),
        )
    ]  # fmt: skip
    for index, row in enumerate(made):
        Referral.objects.filter(pk=row.pk).update(owner=(me, away, world.coordinator)[index % 3])
    soon = made[5]
    Referral.objects.filter(pk=soon.pk).update(
        owner=me, overdue_since=None, next_escalation_at=timezone.now() + timedelta(seconds=20)
    )
    asleep = made[8]
    Referral.objects.filter(pk=asleep.pk).update(owner=me)
    asleep.refresh_from_db()
    snoozing.snooze(referral=asleep, actor=factories.SYSTEM, now=now, until=now + timedelta(days=2), reason="travels")
    box = endpoint(recipient(kind="staff", user=user), "inbox")
    for index in range(2):
        item = delivery(box, context_full=FULL, now=now - timedelta(seconds=index))
        InboxItem.objects.create(delivery=item, user=user, title="Look", body="x", created_at=now)
    return user


def home(client):
    return client.get("/admin/").context


@pytest.mark.parametrize("role", ["Coordinator", "Manager"])
def test_each_count_opens_the_list_it_counts(role, busy, world):
    user = busy if role == "Coordinator" else factories.user(role)
    client = signed_in(user)
    tiles = {tile["key"]: tile for tile in home(client)["tiles"]}
    keys = {"my_overdue", "my_today", "my_waiting"} if role == "Coordinator" else {"overdue", "today"}
    assert set(tiles) == keys | {"unrouted", "documents", "unread"}
    for tile in tiles.values():
        assert tile["count"] == str(client.get(tile["href"]).context["cl"].result_count), tile["key"]
    if role == "Coordinator":
        assert tiles["my_overdue"]["count"] > "0" and tiles["my_waiting"]["count"] > "0"
        assert tiles["unread"]["count"] == "2"


def test_each_bar_opens_the_list_it_counts(busy):
    client = signed_in(busy)
    health = home(client)["health"]
    assert health["open"] == Referral.objects.filter(ended_at=None).count() > 0
    for bar in health["bars"]:
        assert bar["count"] == client.get(bar["href"]).context["cl"].result_count, bar["label"]
        assert bar["count"] == sum(part["count"] for part in bar["parts"])


def test_a_lead_sees_the_team_first_and_each_number_opens_its_list(busy, world):
    client = as_role("Manager")
    context = home(client)
    loads = {load.person.name: load for load in context["loads"]}
    assert "Maya L covers" in loads["Terrence O"].away and loads["Maya L"].away == ""
    for load in loads.values():
        for cell in load.counts:
            rows = client.get(f"/admin/referrals/referral/?{cell['query']}").context["cl"].result_count
            assert cell["words"] == str(rows), (load.person, cell)
    body = client.get("/admin/").content.decode()
    assert body.index("Team today") < body.index("data-tile")
    assert "Team today" not in signed_in(busy).get("/admin/").content.decode()


def test_an_absence_nobody_covers_is_told(busy):
    Absence.objects.update(cover=None)
    loads = {load.person.name: load for load in home(as_role("Manager"))["loads"]}
    assert loads["Terrence O"].uncovered and "nobody covers" in loads["Terrence O"].away


def test_next_is_what_is_late_longest_awake_and_mine_with_its_one_click(busy, world):
    body = signed_in(busy).get("/admin/")
    rows = [row["referral"] for row in body.context["next"]]
    mine = Referral.objects.filter(owner__name__in=("Maya L", "Terrence O"), ended_at=None, snoozed_until=None)
    assert (
        rows
        == sorted(
            mine,
            key=lambda r: (
                r.overdue_since is None,
                r.overdue_since or r.next_escalation_at,
                r.next_escalation_at,
                r.pk,
            ),
        )[:5]
    )
    assert all(row["acts"][0]["href"] in body.content.decode() for row in body.context["next"])
    auditor = as_role("Auditor").get("/admin/")
    assert "/act/" not in auditor.content.decode()


def test_for_whom_one_stands_in_and_until_when(busy):
    covers = home(signed_in(busy))["covers"]
    assert [(cover["name"], cover["until"]) for cover in covers] == [
        ("Terrence O", timezone.localdate() + timedelta(days=3))
    ]


def test_empty_it_teaches(world):
    user = factories.user("Coordinator")
    Coordinator.objects.create(name="New", user=user)
    body = signed_in(user).get("/admin/").content.decode()
    assert "Nothing waits for you." in body and "Nothing right now" in body


def test_it_costs_under_twenty_queries_and_counts_no_table(busy, world):
    for client in (signed_in(busy), as_role("Manager")):
        client.get("/admin/")  # warms what pages share
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/admin/").status_code == 200
        assert len(captured) < 20, [query["sql"][:120] for query in captured]
        assert not unbounded_counts(captured.captured_queries)


@pytest.mark.parametrize("back", range(8))  # among these some edge of an age always falls on closed days
def test_ages_count_business_days_as_the_rows_do(back, world):
    now = timezone.now() - timedelta(days=back)
    for days in range(40):
        factories.referral(world, "seen", now=now - timedelta(days=days))
    bars = {bar.key: bar for bar in loop_health.read(now).bars}
    ages = [
        practice_calendar().business_days_between(row.stage_since, now)
        for row in Referral.objects.filter(stage="note_pending")
    ]
    expected = [sum(low < age <= high for age in ages) for low, high in ((-1, 5), (5, 10), (10, 20), (20, 999))]
    assert list(bars["note_pending"].ages) == expected
