"""Nudges by hand: the message of a rung at once, numbered, on the timeline, no rung, and never a flood."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.models import Message
from referrals.actions import nudging
from referrals.errors import IllegalMove, InvalidInput, NotPermitted, StaleVersion
from referrals.lifecycle import stalls
from referrals.lifecycle.actor import Actor
from referrals.models import Absence, Coordinator, Referral
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
LATER = WEDNESDAY + timedelta(days=5)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def reachable(world):
    world.ours.email, world.outside.email = "ours@example.org", "heart@example.org"
    world.ours.save()
    world.outside.save()
    return world


def nudge(on: Referral, audience: str, *, now: datetime = LATER, comment="", actor=factories.SYSTEM, **values):
    return nudging.nudge(referral=on, actor=actor, now=now, audience=audience, comment=comment, **values)


def sent(on: Referral) -> list[Message]:
    rows = Message.objects.filter(about=on.number).exclude(topic__startswith="referral.").order_by("pk")
    return list(rows.select_related("recipient"))


@pytest.mark.parametrize(
    ("audience", "recipient"),
    [
        ("owner", "Casey Jones"), ("manager", "Managers"), ("referring_office", "Lakeside Clinic"),
        ("receiving_office", "Capitol Heart Center"),
    ],
)  # fmt: skip
def test_each_audience_is_told_at_once_on_the_rungs_topic(reachable, audience, recipient):
    on = factories.referral(reachable, now=WEDNESDAY)
    before = Referral.objects.get(pk=on.pk)
    nudge(on, audience)
    (message,) = sent(on)
    assert (message.topic, message.recipient.name) == ("escalation.unscheduled", recipient)
    assert "has no appointment yet. It has not moved for 2 business days." in message.context_full["text"]
    after = Referral.objects.get(pk=on.pk)
    assert after.version == before.version + 1
    for field in ("status", "stage_since", "stage_stay", "clock_from", "next_escalation_at", "overdue_since"):
        assert getattr(after, field) == getattr(before, field), field
    assert not after.firings.exists()


def test_an_absent_owners_nudge_goes_to_the_cover(reachable):
    on = factories.referral(reachable, now=WEDNESDAY)
    today = LATER.date()
    Absence.objects.create(
        coordinator=on.owner, starts_on=today, ends_on=today, cover=Coordinator.objects.create(name="Robin Cover")
    )
    nudge(on, "owner")
    assert [message.recipient.name for message in sent(on)] == ["Robin Cover"]


def test_note_requests_are_numbered_with_the_rungs(reachable):
    on = factories.referral(reachable, "seen", now=WEDNESDAY)
    assert nudge(on, "receiving_office").note_request == 1
    for day in range(45):
        stalls.sweep(now=WEDNESDAY + timedelta(days=day))
    again = WEDNESDAY + timedelta(days=50)
    assert nudge(on, "receiving_office", now=again).note_request == 4
    requests = [message.context_full["title"] for message in sent(on) if message.topic == "note.request"]
    assert [title.partition(": ")[2].partition(" ")[0] for title in requests] == ["First", "Second", "Third", "Fourth"]
    assert on.events.last().data["note_request"] == 4
    assert nudge(on, "referring_office", now=again).note_request == 0


def test_no_rung_is_used_up(reachable):
    on = factories.captured(reachable, now=WEDNESDAY).referral
    nudge(on, "owner")
    stalls.sweep(now=datetime(2026, 12, 3, 9, 0, tzinfo=CHICAGO))
    assert [firing.audience for firing in on.firings.all()] == ["owner"]


def test_a_sentence_is_sent_where_it_is_safe_and_kept_on_the_timeline(reachable):
    user = factories.user("Coordinator", first_name="Maya", last_name="Lindell")
    on = factories.referral(reachable, now=WEDNESDAY)
    nudge(on, "owner", comment=" Ms Doe calls daily ", actor=Actor.staff(user))
    nudge(on, "receiving_office", comment="Ms Doe calls daily", actor=Actor.staff(user))
    to_owner, to_office = sent(on)
    assert to_owner.context_full["text"].endswith("Maya Lindell asks for it: “Ms Doe calls daily”")
    assert to_office.context_full["text"].endswith("“Ms Doe calls daily”")
    assert "Maya" not in str(to_office.context_full) and "Doe calls" not in str(to_office.context_minimal)
    event = on.events.last()
    assert (event.kind, event.actor_label) == ("nudged", "Maya Lindell")
    assert event.data == {"audience": "receiving_office", "stage": "unscheduled", "comment": "Ms Doe calls daily"}


def test_words_just_after_a_move_and_before_the_clock_starts(reachable):
    fresh = factories.referral(reachable, "accepted", now=WEDNESDAY)
    nudge(fresh, "owner", now=WEDNESDAY + timedelta(minutes=59))
    assert sent(fresh)[0].context_full["text"] == "The referral has no appointment yet. RefLoop asks for it."
    held = factories.referral(reachable, "on_hold", now=WEDNESDAY)
    nudge(held, "owner", now=WEDNESDAY + 2 * HOUR)
    assert sent(held)[0].context_full["text"] == "The referral is on hold. RefLoop asks for it."


def test_the_same_audience_is_nudged_once_an_hour(reachable):
    on = factories.referral(reachable, now=WEDNESDAY)
    nudge(on, "owner", now=LATER)
    for soon in (LATER, LATER + HOUR - SECOND):
        with pytest.raises(InvalidInput, match="nudged them within the last hour; wait until 3:00 PM"):
            nudge(on, "owner", now=soon)
    nudge(on, "manager", now=LATER)
    nudge(on, "owner", now=LATER + HOUR)
    assert len(sent(on)) == 3


def test_a_second_click_is_stale(reachable):
    on = factories.referral(reachable, now=WEDNESDAY)
    nudge(on, "owner", expected_version=on.version)
    with pytest.raises(StaleVersion):
        nudge(on, "manager", expected_version=on.version)
    assert len(sent(on)) == 1


def test_an_office_without_an_address_is_not_silence(world):
    on = factories.referral(world, now=WEDNESDAY)
    done = nudge(on, "referring_office")
    assert done.unreached == "Lakeside Clinic"
    assert [(m.topic, m.recipient.name) for m in sent(on)] == [
        ("escalation.unscheduled", "Lakeside Clinic"), ("escalation.unreached", "Casey Jones"),
    ]  # fmt: skip


def test_what_is_refused_sends_nothing(reachable):
    received = factories.referral(reachable, "received", now=WEDNESDAY)
    with pytest.raises(InvalidInput, match="no receiving office"):
        nudge(received, "receiving_office")
    with pytest.raises(InvalidInput, match="Choose one of"):
        nudge(received, "patient")
    with pytest.raises(IllegalMove):
        nudge(factories.referral(reachable, "lost", now=WEDNESDAY), "owner")
    with pytest.raises(NotPermitted):
        nudge(received, "owner", actor=Actor.staff(factories.user("Auditor")))
    assert not Message.objects.exclude(topic__startswith="referral.").exists()
    assert not received.events.filter(kind="nudged").exists()
