"""Offices hear of every meaningful change: what happened, when, with whom, what comes next; never twice, never echoed."""

from datetime import date, timedelta

import pytest

from notifications.models import Message
from referrals.actions import answering, scheduling
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Stage
from referrals.lifecycle.transition import EVENT_KIND
from referrals.messages import wording
from tests import factories

NOW = factories.NOW


def told(referral, office) -> list[str]:
    rows = Message.objects.filter(about=referral.number, recipient__key=f"office:{office.pk}").order_by("pk")
    return list(rows.values_list("topic", flat=True))


def test_the_referring_office_hears_the_whole_loop(world):
    referral = factories.referral(world, "closed")
    assert told(referral, world.ours) == [
        "referral.captured", "referral.routed", "referral.accepted", "referral.scheduled", "referral.seen",
        "referral.note_returned", "referral.closed",
    ]  # fmt: skip


def test_the_receiving_office_hears_what_concerns_it(world):
    referral = factories.referral(world, "cancel_requested")
    assert told(referral, world.outside) == ["referral.routed", "referral.cancel_requested"]


def test_an_office_is_not_told_what_it_did_itself(world):
    referral = factories.referral(world)
    before = len(told(referral, world.outside))
    answering.accept(referral=referral, actor=Actor.of_office(world.outside), now=NOW)
    assert told(referral, world.ours)[-1] == "referral.accepted"
    assert len(told(referral, world.outside)) == before


def test_a_booking_says_when_and_with_whom(world):
    referral = factories.referral(world, "accepted")
    scheduling.book(referral=referral, actor=factories.SYSTEM, now=NOW, starts_at=NOW + timedelta(days=1, minutes=30))
    message = Message.objects.get(about=referral.number, topic="referral.scheduled")
    assert message.context_full["text"] == (
        f"The visit is booked for Thu Nov 5, 2026 at 10:30 AM with {world.outside_cardiologist} at Capitol Heart Center."
    )
    assert message.context_full["next_step"] == "After the visit the consult note follows."


def test_the_birth_date_is_written_as_people_write_it(world):
    referral = factories.captured(world, patient=factories.patient_data(birth_date=date(1961, 3, 4))).referral
    message = Message.objects.filter(about=referral.number, topic="referral.routed").first()
    assert ["Patient", f"{referral.patient.full_name}, born 03/04/1961"] in message.context_full["facts"]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage])
def test_who_looks_after_it_reads_in_the_subject_what_stands_still(stage):
    titles = {
        wording.escalation(stage=stage, stalled_for="1 day", reader=wording.STAFF).title,
        wording.nudge(stage=stage, stalled_for="", ahead=False, reader=wording.STAFF).title,
        wording.nudge(stage=stage, stalled_for="", ahead=True, reader=wording.STAFF).title,
    }
    assert not any("_" in title or stage.value in title for title in titles)


def test_a_minimal_message_holds_nothing_of_the_patient_but_initials(world):
    referral = factories.referral(world)
    answering.decline(
        referral=referral, actor=factories.SYSTEM, now=NOW, reason=f"{referral.patient.family_name} was rude"
    )
    for message in Message.objects.filter(about=referral.number):
        text = str(message.context_minimal)
        assert referral.patient.initials in text
        for secret in (referral.patient.family_name, referral.patient.phone, referral.clinical_question, "1961"):
            assert secret not in text


@pytest.mark.parametrize(
    "kind", sorted(k for k in {*EVENT_KIND.values(), "closed", "note_returned"} if wording.topic_of(k))
)
def test_every_kind_makes_a_sentence_even_without_its_values(kind):
    words = wording.update(kind, {})
    assert words.text.endswith(".")
    assert "{" not in words.text
    assert words.next_step
