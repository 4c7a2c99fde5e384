"""Snooze, wake and nudge by API: for the group alone, also what is read of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from referrals.actions import nudging, snoozing
from referrals.lifecycle.stalls import sweep
from tests import factories
from tests.referrals.api.calling import fields_of


@pytest.fixture
def asleep(world):
    now = timezone.now()
    on = factories.referral(world, now=now - timedelta(days=30))
    sweep(now=now)
    return snoozing.snooze(
        referral=on, actor=factories.SYSTEM, now=now, until=now + timedelta(days=3), reason="unpaid bill"
    )


def test_only_the_group_reads_why(asleep, ours, outside):
    nudging.nudge(referral=asleep, actor=factories.SYSTEM, now=timezone.now(), audience="owner", comment="unpaid bill")
    address = f"referrals/{asleep.number}/"
    shown = ours.get(address).json()["snooze"]
    assert (shown["reason"], shown["by"]) == ("unpaid bill", "RefLoop")
    theirs = outside.get(address)
    assert theirs.json()["snooze"] is None
    assert b"unpaid" not in theirs.content + outside.get("events/").content
    kinds = {event["kind"] for event in theirs.json()["timeline"]}
    assert not kinds & {"snoozed", "woken", "nudged"}
    assert not {"snooze", "wake", "nudge"} & {action["action"] for action in theirs.json()["allowed_actions"]}


def test_what_is_over_is_not_shown(asleep, ours):
    type(asleep).objects.filter(pk=asleep.pk).update(snoozed_until=timezone.now())
    shown = ours.get(f"referrals/{asleep.number}/").json()
    assert shown["snooze"] is None
    assert "wake" not in {action["action"] for action in shown["allowed_actions"]}


def test_overdue_and_its_opposite_are_all_there_is(asleep, ours, world):
    late = factories.referral(world, now=timezone.now() - timedelta(days=30))
    sweep(now=timezone.now())
    ended = factories.referral(world, "lost", now=timezone.now())

    def numbers(flag: str) -> set[str]:
        return {row["number"] for row in ours.get("referrals/", overdue=flag).json()["results"]}

    assert numbers("true") == {late.number}
    assert numbers("false") == {asleep.number, ended.number}


def test_a_flood_is_refused_by_name_and_sends_nothing(world, ours):
    number = factories.referral(world, now=timezone.now()).number
    assert ours.do(number, "nudge", audience="manager").status_code == 200
    assert fields_of(ours.do(number, "nudge", audience="manager")) == {"audience"}
    assert Message.objects.filter(about=number, topic__startswith="escalation").count() == 1


def test_bodies_are_checked(world, ours):
    number = factories.referral(world, now=timezone.now()).number
    soon, past = (timezone.now() + timedelta(days=days) for days in (1, -1))
    for address, sent, names in (
        ("snooze", {"until": soon.isoformat()}, {"reason"}),
        ("snooze", {"until": past.isoformat(), "reason": "x"}, {"until"}),
        ("snooze", {"until": (soon + timedelta(days=90)).isoformat(), "reason": "x"}, {"until"}),
        ("nudge", {"audience": "patient"}, {"audience"}),
        ("nudge", {"audience": "cover"}, {"audience"}),
        ("nudge", {"audience": "owner", "comment": "x" * 301}, {"comment"}),
    ):
        assert fields_of(ours.do(number, address, **sent)) == names, (address, sent)
