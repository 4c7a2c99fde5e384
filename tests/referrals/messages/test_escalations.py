"""Rungs as messages: to the right people, numbered note requests, covers, and offices without an address."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.models import Message
from referrals.lifecycle import stalls, sweep_rows
from referrals.models import Absence, Coordinator, Referral
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
FIFTH, EIGHTH, TWELFTH = (datetime(2026, 12, day, 9, 0, tzinfo=CHICAGO) for day in (3, 8, 14))


@pytest.fixture
def reachable(world):
    world.ours.email = "ours@example.org"
    world.ours.save()
    world.outside.email = "heart@example.org"
    world.outside.save()
    return world


def escalated(about: Referral) -> list[tuple[str, str]]:
    rows = Message.objects.filter(about=about.number).exclude(topic__startswith="referral.").order_by("pk")
    return list(rows.values_list("topic", "recipient__name"))


def test_the_founding_scenario_as_messages(reachable):
    referral = factories.captured(reachable, now=WEDNESDAY).referral
    for moment in (FIFTH - timedelta(seconds=1), FIFTH, EIGHTH, TWELFTH):
        stalls.sweep(now=moment)
    assert escalated(referral) == [
        ("escalation.unscheduled", "Casey Jones"),
        ("escalation.unscheduled", "Lakeside Clinic"),
        ("escalation.unscheduled", "Managers"),
    ]
    alert = Message.objects.get(
        about=referral.number, recipient__name="Lakeside Clinic", topic__startswith="escalation"
    )
    assert alert.context_full["patient"]["family_name"] == referral.patient.family_name
    assert "has not moved for 8 business days" in alert.context_full["text"]
    assert ["Question", referral.clinical_question] in alert.context_full["facts"]
    assert referral.patient.family_name not in str(alert.context_minimal)
    assert referral.patient.birth_date.isoformat() not in str(alert.context_minimal)
    assert not alert.nobody_to_tell


def test_note_requests_are_numbered(reachable):
    referral = factories.referral(reachable, "seen", now=WEDNESDAY)
    for day in range(45):
        stalls.sweep(now=WEDNESDAY + timedelta(days=day))
    titles = [
        message.context_full["title"].partition(": ")[2]
        for message in Message.objects.filter(about=referral.number, topic="note.request").order_by("pk")
    ]
    assert titles == ["First request for the consult note", "Second request for the consult note"]


def test_an_absent_owners_nudge_goes_to_the_cover(reachable):
    referral = factories.captured(reachable, now=WEDNESDAY).referral
    cover = Coordinator.objects.create(name="Robin Cover")
    Absence.objects.create(
        coordinator=referral.owner, starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 3), cover=cover
    )
    stalls.sweep(now=FIFTH)
    assert escalated(referral) == [("escalation.unscheduled", "Robin Cover")]


def test_an_owner_who_cannot_sign_in_any_more_is_not_nudged_into_the_void(reachable):
    reachable.coordinator.user = factories.user()
    reachable.coordinator.save()
    referral = factories.captured(reachable, now=WEDNESDAY).referral
    reachable.coordinator.user.is_active = False
    reachable.coordinator.user.save()
    stalls.sweep(now=FIFTH)
    assert escalated(referral) == [("escalation.unscheduled", "Managers")]


def test_an_office_without_an_address_is_not_silence(world):
    referral = factories.captured(world, now=WEDNESDAY).referral
    stalls.sweep(now=FIFTH)
    stalls.sweep(now=EIGHTH)
    assert escalated(referral)[1:] == [
        ("escalation.unscheduled", "Lakeside Clinic"),
        ("escalation.unreached", "Casey Jones"),
    ]


def test_a_crash_before_the_commit_leaves_neither_rung_nor_message(reachable, monkeypatch):
    referral = factories.captured(reachable, now=WEDNESDAY).referral
    before = Message.objects.count()

    class Killed(BaseException):
        pass

    def killed(*args):
        raise Killed

    monkeypatch.setattr(sweep_rows, "_firings", killed)
    with pytest.raises(Killed):
        stalls.sweep(now=FIFTH)
    assert Message.objects.count() == before
    assert not referral.firings.exists()
    monkeypatch.undo()
    stalls.sweep(now=FIFTH)
    assert escalated(referral) == [("escalation.unscheduled", "Casey Jones")]


def test_hours_in_words(reachable):
    stat = factories.captured(reachable, now=datetime(2026, 11, 4, 16, 0, tzinfo=UTC), priority="stat").referral
    stalls.sweep(now=stat.captured_at + timedelta(hours=4))
    message = Message.objects.get(about=stat.number, topic="escalation.unscheduled")
    assert "has not moved for 4 hours" in message.context_full["text"]
