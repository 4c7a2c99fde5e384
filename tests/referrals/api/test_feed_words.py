"""The feed says what webhooks say, ends for an office the referral left, and its cursors tell nothing."""

import base64
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from referrals.actions import answering
from referrals.lifecycle.transition import EVENT_KIND
from referrals.messages.event_words import words_of
from referrals.models import ReferralEvent
from tests import factories
from tests.referrals.api.calling import Caller, body, fields_of, problem_of
from tests.referrals.api.test_events import drain


def feed_of(caller, number: str) -> list[dict]:
    return [e for e in drain(caller, limit=50)[0] if e["referral"] == number]


def test_the_poller_reads_what_the_webhook_is_told(world, outside, our_heart):
    made = outside.post("referrals/", body(external_id="order-7")).json()
    number = made["number"]
    our_heart.do(number, "accept")
    our_heart.do(number, "appointments", starts_at=(timezone.now() - timedelta(hours=2)).isoformat())
    our_heart.do(number, "mark-seen")
    pushed = {m.topic: m.context_full for m in Message.objects.filter(recipient__key=f"office:{world.outside.pk}")}
    told = [e for e in feed_of(outside, number) if e["topic"] in pushed]
    assert {e["topic"] for e in told} == set(pushed)
    for event in told:
        push = pushed[event["topic"]]
        assert (event["text"], event["next_step"]) == (push["text"], push["next_step"])
        shared = ("kind", "version", "at", "from_status", "to_status", "data")
        assert {name: event[name] for name in shared} == push["event"]
        assert (event["external_id"], push["referral"]["external_id"]) == ("order-7", "order-7")
    assert f"{world.our_cardiologist} at Lakeside Heart accepted" in next(
        e["text"] for e in told if e["kind"] == "accepted"
    )


def test_a_specialist_is_named_as_of_then(world, ours):
    referral = factories.referral(world, "accepted")
    second = factories.office("Second Heart", zip_code="53716")
    factories.provider(second, specialty=world.cardiology, payers=[world.aetna], capacity=20)
    ours.do(referral.number, "route", office=second.npi, comment="nearer")
    accepted = next(e for e in feed_of(ours, referral.number) if e["kind"] == "accepted")
    assert "Capitol Heart Center accepted" in accepted["text"]


def test_every_kind_is_a_sentence_without_its_values():
    for kind in EVENT_KIND.values():
        words = words_of(kind, {})
        assert words.text.endswith(".") and "{" not in words.text and words.title


def test_times_inside_data_are_as_all_others(world, ours, outside):
    number = factories.referral(world, "accepted").number
    outside.do(number, "appointments", starts_at="2026-12-30T09:30:00-06:00")
    outside.do(number, "reschedule", starts_at="2026-12-31T09:30:00-06:00")
    outside.do(number, "hold", reason="authorization", until="2027-01-02T00:00:00Z")
    data = {e["kind"]: e["data"] for e in feed_of(ours, number)}
    assert data["scheduled"]["starts_at"] == data["rescheduled"]["was"] == "2026-12-30T15:30:00.000Z"
    assert data["held"]["until"] == "2027-01-02T00:00:00.000Z"


def test_declining_ends_the_feed_with_left(world, ours, outside):
    number = factories.referral(world, "accepted").number
    _, after = drain(outside, limit=50)
    outside.do(number, "decline", reason="too far", whole_office=True)
    (last,) = drain(outside, limit=50, after=after)[0]
    assert (last["kind"], last["referral"], last["data"], last["topic"]) == ("left", number, {}, "referral.left")
    ours.do(number, "comment", text="after")
    assert [e["kind"] for e in feed_of(outside, number)] == ["left"]
    problem_of(outside.get(last["href"]), 404, "not-found")
    assert "declined" in [e["kind"] for e in feed_of(ours, number)]  # the referrer reads it as it was


def test_one_sent_elsewhere_is_told_and_not_where(world, ours, outside):
    referral = factories.referral(world, "accepted")
    second = factories.office("Second Heart", zip_code="53716")
    factories.provider(second, specialty=world.cardiology, payers=[world.aetna], capacity=20)
    ours.do(referral.number, "route", office=second.npi, comment="patient asked for it")
    (last,) = feed_of(outside, referral.number)
    assert last["kind"] == "left" and "Second" not in json.dumps(last)
    message = Message.objects.get(topic="referral.left")
    assert message.recipient.key == f"office:{world.outside.pk}"
    assert "Second" not in str(message.context_full)
    assert referral.patient.family_name not in str(message.context_full)
    assert [e["kind"] for e in feed_of(Caller(second), referral.number)] == ["routed"]


def test_sent_back_it_begins_anew_after_left(world, ours, outside):
    referral = factories.referral(world)
    declined = answering.decline(referral=referral, actor=factories.SYSTEM, now=factories.NOW, reason="full")
    ours.do(declined.number, "route", office=world.outside.npi, comment="another clinician there")
    assert [e["kind"] for e in feed_of(outside, declined.number)] == ["left", "routed"]


def test_an_outside_referrer_is_told_of_the_patient_as_it_sent_them(world, ours, outside, our_heart):
    known = {
        "family_name": "Curie",
        "given_name": "Marie",
        "birth_date": "1967-11-07",
        "street": "1 Rue Pierre",
        "zip_code": "53703",
    }
    ours.post("referrals/", body(patient=known | {"phone": "608-555-0199", "middle_name": "Salomea"}))
    number = outside.post("referrals/", body(patient=known | {"phone": "608-555-0111"})).json()["number"]
    our_heart.do(number, "accept")
    contexts = str(
        list(Message.objects.filter(recipient__key=f"office:{world.outside.pk}").values_list("context_full"))
    )
    assert "608-555-0111" in contexts
    assert "0199" not in contexts and "Salomea" not in contexts


def test_cursors_tell_nothing_and_belong_to_one_office(world, ours, outside):
    factories.referral(world, "accepted")
    _, mine = drain(ours, limit=50)
    assert drain(ours, limit=50)[1] == mine
    assert fields_of(outside.get("events/", after=mine)) == {"after"}
    newest = ReferralEvent.objects.order_by("xact_id", "pk").last()
    assert f"{newest.xact_id}-{newest.pk}".encode() not in base64.urlsafe_b64decode(mine + "=" * (-len(mine) % 4))
    for factor in range(0, len(mine), 7):  # a change anywhere is noticed
        changed = mine[:factor] + ("A" if mine[factor] != "A" else "B") + mine[factor + 1 :]
        assert fields_of(ours.get("events/", after=changed)) == {"after"}


@pytest.mark.parametrize("old", [True, False])
def test_a_cursor_survives_a_changed_key_while_the_old_one_counts(world, ours, settings, old):
    factories.referral(world, "accepted")
    _, mine = drain(ours, limit=50)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if old else []
    settings.SECRET_KEY = "another key of more than fifty characters, as it should be, truly"
    assert (ours.get("events/", after=mine).status_code == 200) is old
