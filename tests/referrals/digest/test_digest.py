"""The daily digest: once a day and person, at the start of business, complete in numbers, and never a name by mail."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.channels.protocol import Parcel
from notifications.channels.rendering import render
from notifications.models import Message
from referrals import tasks
from referrals.clockwork import beat
from referrals.digest.send import send_digests
from referrals.lifecycle import stalls
from referrals.models import Absence, Closure, Coordinator, Referral, SweepFailure
from tests import factories

CHICAGO = ZoneInfo("America/Chicago")
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
THURSDAY = datetime(2026, 12, 3, 9, 0, tzinfo=CHICAGO)  # five business days later: Thanksgiving is none
FRIDAY = THURSDAY + timedelta(days=1)
SECOND = timedelta(seconds=1)


def sign_in(person: Coordinator, role: str = "Coordinator", **values) -> Coordinator:
    person.user = factories.user(role, **values)
    person.save()
    return person


@pytest.fixture
def casey(world) -> Coordinator:
    return sign_in(world.coordinator, email="casey@lakeside.example")


@pytest.fixture
def due_thursday(world, casey) -> Referral:
    return factories.captured(world, now=WEDNESDAY).referral


def digests(**of) -> list[Message]:
    return list(Message.objects.filter(topic="digest.daily", **of).order_by("pk"))


def only(**of) -> Message:
    (message,) = digests(**of)
    return message


def sections(message: Message) -> dict[str, tuple[int, list[str]]]:
    return {
        part["title"]: (part["count"], [item["number"] for item in part["items"]])
        for part in message.context_full["sections"]
    }


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (THURSDAY.replace(hour=0, minute=0), 0),
        (THURSDAY - SECOND, 0),
        (THURSDAY, 1),
        (THURSDAY.replace(hour=23, minute=59), 1),
        (THURSDAY + timedelta(days=2, hours=1), 0),  # Saturday
        (datetime(2026, 12, 25, 10, 0, tzinfo=CHICAGO), 0),
    ],
)
def test_from_the_start_of_business_on_business_days(due_thursday, at, count):
    assert send_digests(now=at) == count


def test_not_on_a_day_the_practice_is_closed(due_thursday):
    Closure.objects.create(name="Training", starts_on=THURSDAY.date(), ends_on=THURSDAY.date())
    assert send_digests(now=THURSDAY) == 0
    assert send_digests(now=FRIDAY) == 1


def test_once_a_day_however_often_it_runs(due_thursday):
    assert [send_digests(now=THURSDAY + timedelta(minutes=5 * n)) for n in range(4)] == [1, 0, 0, 0]
    assert send_digests(now=FRIDAY) == 1
    assert [message.dedupe_key for message in digests()] == [
        f"digest:2026-12-{day}:coordinator:{due_thursday.owner_id}" for day in ("03", "04")
    ]


def test_two_that_meet_write_it_once(due_thursday):
    send_digests(now=THURSDAY)
    beat("digest", now=WEDNESDAY)  # as the other saw it before the first committed
    send_digests(now=THURSDAY + SECOND)
    assert len(digests()) == 1


def test_after_an_outage_todays_and_never_yesterdays(due_thursday):
    assert send_digests(now=FRIDAY.replace(hour=15)) == 1
    assert only().context_full["day"] == "Friday, December 4"


def test_due_today_is_not_yet_overdue_whatever_ran_first(due_thursday):
    stalls.sweep(now=THURSDAY)
    send_digests(now=THURSDAY + timedelta(minutes=3))
    message = only()
    assert sections(message) == {"Due today": (1, [due_thursday.number])}
    assert message.context_full["title"] == "Your day: 1 due today"
    send_digests(now=FRIDAY)
    assert sections(digests()[-1]) == {"Overdue": (1, [due_thursday.number])}
    assert digests()[-1].context_full["sections"][0]["items"][0]["due"] == "1 business day overdue"


def test_waiting_on_others_and_an_all_clear(world, casey):
    factories.referral(world, "routed", now=WEDNESDAY)
    factories.referral(world, "seen", now=WEDNESDAY)
    factories.referral(world, "accepted", now=WEDNESDAY)  # ours: book it
    send_digests(now=FRIDAY - timedelta(days=2))
    message = only()
    assert message.context_full["title"] == "Your day: nothing overdue or due today"
    assert message.context_full["facts"] == [
        ["Open in all", "3"], ["Waiting for the specialist's answer", "1"], ["Waiting for the consult note", "1"],
    ]  # fmt: skip


def test_somebody_without_open_referrals_gets_none(world, casey):
    assert send_digests(now=THURSDAY) == 0


def test_a_snoozed_one_is_left_out_until_it_wakes(due_thursday):
    stalls.sweep(now=THURSDAY)
    wakes = FRIDAY + timedelta(days=10)
    Referral.objects.filter(pk=due_thursday.pk).update(
        snoozed_until=wakes, snooze_reason="patient travels", next_escalation_at=wakes
    )
    send_digests(now=FRIDAY)
    assert sections(only()) == {}


def test_the_cover_reads_what_the_absent_owns(world, due_thursday):
    robin = sign_in(Coordinator.objects.create(name="Robin Cover"))
    Absence.objects.create(
        coordinator=due_thursday.owner, starts_on=THURSDAY.date(), ends_on=THURSDAY.date(), cover=robin
    )
    send_digests(now=THURSDAY)
    message = only()
    assert message.recipient.name == "Robin Cover"
    assert message.context_full["covers"] == "Casey Jones"
    assert sections(message) == {"Due today": (1, [due_thursday.number])}
    send_digests(now=FRIDAY)
    assert digests()[-1].recipient.name == "Casey Jones", "back the next day"


def test_managers_read_the_team_and_who_has_no_reader(world, due_thursday):
    boss = factories.user("Manager", first_name="Mo", last_name="Ban", email="mo@lakeside.example")
    Absence.objects.create(coordinator=due_thursday.owner, starts_on=THURSDAY.date(), ends_on=date(2026, 12, 9))
    factories.referral(world, "received", now=WEDNESDAY)
    send_digests(now=THURSDAY)
    message = only()
    assert message.recipient.user == boss
    team = message.context_full["team"]
    assert ["Open in all", "2"] in team["facts"] and ["To route by hand", "1"] in team["facts"]
    assert team["unread"] == ["Casey Jones (2 open)"]
    assert message.context_full["title"] == "The team: 2 due today"
    assert message.deliveries.count() == 2, "inbox and mail"


def test_a_manager_who_owns_referrals_gets_one_message(world, due_thursday):
    casey = due_thursday.owner
    casey.user.groups.add(Group.objects.get(name="Manager"))
    send_digests(now=THURSDAY)
    message = only()
    assert message.recipient.key == f"coordinator:{casey.pk}"
    assert sections(message) and message.context_full["team"]["owners"] == [
        {"name": "Casey Jones", "words": "1 due today", "open": "1"}
    ]


def test_an_absent_manager_gets_none(world, due_thursday):
    casey = due_thursday.owner
    casey.user.groups.add(Group.objects.get(name="Manager"))
    Absence.objects.create(coordinator=casey, starts_on=THURSDAY.date(), ends_on=THURSDAY.date())
    assert send_digests(now=THURSDAY) == 0


@pytest.mark.parametrize("field", ["is_active"])
def test_who_left_gets_none(due_thursday, field):
    user = due_thursday.owner.user
    setattr(user, field, False)
    user.save()
    assert send_digests(now=THURSDAY) == 0


def test_the_first_ten_and_the_number_of_the_rest(world, casey):
    made = [factories.captured(world, now=WEDNESDAY + timedelta(minutes=n)).referral for n in range(13)]
    send_digests(now=THURSDAY)
    (section,) = only().context_full["sections"]
    assert (section["count"], section["more"]) == (13, 3)
    assert [item["number"] for item in section["items"]] == [one.number for one in made[:10]]


def _rendered(message: Message, detail: str):
    return render(
        Parcel(
            delivery_pk=1, public_id="msg_1", recipient_pk=1, recipient_name="Casey", topic=message.topic, about="",
            detail=detail, context=getattr(message, f"context_{detail}"), occurred_at=THURSDAY, address="",
        )
    )  # fmt: skip


def test_by_mail_nothing_of_a_patient_but_initials(due_thursday):
    send_digests(now=THURSDAY)
    message, patient = only(), due_thursday.patient
    mail = _rendered(message, "minimal")
    for text in (mail.subject, mail.text, mail.html, str(message.context_minimal)):
        for secret in (patient.family_name, patient.given_name, patient.phone, "1961", due_thursday.clinical_question):
            assert secret not in text
        assert "Cardiology" not in text
    assert f"- {due_thursday.number} {patient.initials}: overdue today (Routed)" in mail.text
    inbox = _rendered(message, "full")
    assert f"{patient.full_name}, Cardiology" in inbox.text and f"{patient.full_name}, Cardiology" in inbox.html
    assert "?queue=mine" in inbox.text


def test_the_managers_mail_in_words(world, due_thursday):
    factories.user("Manager")
    send_digests(now=THURSDAY)
    text = _rendered(only(recipient__key__startswith="user:"), "minimal").text
    assert "The team" in text and "- Casey Jones: 1 due today (1 open)" in text
    assert due_thursday.patient.family_name not in text


def test_queries_do_not_grow_with_the_referrals(world, casey):
    def queries(rows: int, day: datetime) -> int:
        for _ in range(rows):
            factories.captured(world, now=WEDNESDAY)
        with CaptureQueriesContext(connection) as captured:
            assert send_digests(now=day) == 1
        return len(captured)

    queries(1, THURSDAY)  # makes the recipient
    assert queries(1, FRIDAY) == queries(20, FRIDAY + timedelta(days=3)) <= 20


def test_the_task_of_the_schedule(world):
    assert tasks.daily_digest() == 0


def test_what_ended_is_not_set_aside_any_more(world, due_thursday):
    manager = factories.user("Manager", email="mia@lakeside.example")
    for status in ("routed", "cancelled"):
        SweepFailure.objects.create(
            referral=factories.referral(world, status), error="ValueError", first_at=WEDNESDAY, last_at=WEDNESDAY
        )
    send_digests(now=THURSDAY)
    message = Message.objects.get(topic="digest.daily", recipient__user=manager)
    assert ["Set aside by the sweep", "1"] in message.context_full["team"]["facts"]
