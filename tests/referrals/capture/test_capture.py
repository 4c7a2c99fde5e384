"""Capture: one record, a number, an owner always, a specialist with reasons; repeats and duplicates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referrals.capture.ask import IdentifierData
from referrals.capture.create import capture
from referrals.errors import IdempotencyConflict, InvalidInput, NotPermitted
from referrals.lifecycle.actor import Actor
from referrals.models import CaptureReceipt, Coordinator, Referral
from tests import factories

NOW = factories.NOW


def take(ask, *, actor=factories.SYSTEM, key=""):
    return capture(ask=ask, actor=actor, now=NOW, idempotency_key=key)


def test_a_captured_referral_has_number_owner_specialist_and_two_events(world):
    referral = factories.captured(world).referral
    assert referral.number.startswith("RL-")
    assert referral.owner == world.coordinator
    assert referral.receiving_provider == world.outside_cardiologist
    assert (referral.status, referral.direction, referral.source) == ("routed", "outbound", "api")
    assert [e.kind for e in referral.events.order_by("version")] == ["captured", "routed"]
    decision = referral.routing_decisions.get()
    assert decision.reasons[:3] == ["cardiology", "takes Aetna PPO", decision.reasons[2]]
    assert decision.reasons[2].endswith("miles")


def test_direction_follows_the_offices(world):
    assert factories.captured(world, direction="").referral.direction in ("internal", "outbound")
    assert factories.captured(world, direction="internal").referral.receiving_office == world.ours_too
    inbound = take(factories.inbound_ask(world)).referral
    assert (inbound.direction, inbound.receiving_office) == ("inbound", world.ours_too)


def test_every_problem_is_named_with_its_field(world):
    bad = factories.ask(
        world,
        specialty="heart",
        clinical_question=" ",
        diagnoses=["chest pain"],
        payer="nobody",
        priority="soon",
        needed_by=date(2020, 1, 1),
        patient=factories.patient_data(
            family_name="", birth_date=date(2050, 1, 1), phone="123", zip_code="1", state="Wisconsin", email="x"
        ),
    )
    with pytest.raises(InvalidInput) as refused:
        take(bad)
    assert {path for path, _ in refused.value.fields} == {
        "specialty", "clinical_question", "diagnoses.0", "payer", "priority", "needed_by", "patient.family_name",
        "patient.birth_date", "patient.phone", "patient.zip_code", "patient.state", "patient.email",
    }  # fmt: skip
    assert not Referral.objects.exists()


def test_an_outside_office_cannot_send_past_us(world):
    with pytest.raises(InvalidInput, match="one of our own offices"):
        take(factories.inbound_ask(world, receiving_office_id=world.stranger.pk))


def test_staff_without_the_permission_capture_nothing(world):
    with pytest.raises(NotPermitted):
        take(factories.ask(world), actor=Actor.staff(factories.user("Auditor")))


def test_the_same_key_gives_the_first_answer(world):
    ask = factories.ask(world)
    first, second = take(ask, key="k1"), take(ask, key="k1")
    assert (first.created, second.created) == (True, False)
    assert second.referral == first.referral
    assert Referral.objects.count() == 1


def test_the_same_key_with_other_content_is_a_conflict(world):
    ask = factories.ask(world)
    first = take(ask, key="k1")
    with pytest.raises(IdempotencyConflict, match=first.referral.number):
        take(replace(ask, clinical_question="Something else?"), key="k1")


def test_keys_belong_to_their_sender(world):
    ask = factories.ask(world)
    take(ask, key="k1", actor=Actor.of_office(world.ours))
    assert take(replace(ask), key="k1", actor=Actor.of_office(world.outside)).created


def test_an_external_id_is_once_per_referring_office_whoever_sends_it(world):
    ask = factories.ask(world, external_id="ORD-1")
    first = take(ask, actor=Actor.of_office(world.ours), key="a")
    again = take(ask, actor=Actor.staff(factories.user()), key="b")
    assert again.referral == first.referral
    with pytest.raises(IdempotencyConflict, match="external id"):
        take(replace(ask, priority="urgent"))
    assert CaptureReceipt.objects.filter(kind="key").count() == 2


def test_a_refused_create_leaves_its_key_free(world):
    ask = factories.ask(world)
    with pytest.raises(InvalidInput):
        take(replace(ask, specialty="none"), key="k1")
    assert take(ask, key="k1").created


def test_a_repeat_after_its_date_has_passed_still_gets_the_first_answer(world):
    ask = factories.ask(world, needed_by=NOW.date() + timedelta(days=3))
    first = take(ask, key="k1")
    later = capture(ask=ask, actor=factories.SYSTEM, now=NOW + timedelta(days=30), idempotency_key="k1")
    assert (later.created, later.referral) == (False, first.referral)


def test_a_likely_duplicate_is_warned_of_not_refused(world):
    patient = factories.patient_data()
    first = take(factories.ask(world, patient=patient)).referral
    second = take(factories.ask(world, patient=patient, clinical_question="Again"))
    assert second.created
    assert second.duplicates == [first]
    assert second.referral.events.get(kind="captured").data["likely_duplicates"] == [first.number]


@pytest.mark.parametrize(("days", "warned"), [(89, True), (90, True), (91, False)])
def test_the_window_of_duplicates(world, days, warned):
    patient = factories.patient_data()
    capture(ask=factories.ask(world, patient=patient), actor=factories.SYSTEM, now=NOW - timedelta(days=days))
    assert bool(take(factories.ask(world, patient=patient)).duplicates) is warned


def test_without_any_coordinator_the_desk_owns_it_and_no_match_says_why(world):
    Coordinator.objects.all().delete()
    referral = factories.captured(world, specialty="dermatology").referral
    assert referral.owner.is_fallback
    assert referral.status == "received"
    event = referral.events.get(kind="not_routed")
    assert event.data["because"] == "Nobody fits: no specialist in the directory practises dermatology."


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"phone": "608-555-9999", "street": "9 Elm"}, False),  # name and birth date alone are not enough
        ({"given_name": "Jill"}, False),  # a twin
        ({"birth_date": date(1991, 3, 4)}, False),  # mother and daughter of one name
        ({"sex": "male"}, False),
        ({"phone": "", "street": "1 Oak St.", "zip_code": "53704"}, True),
    ],
)
def test_when_two_asks_are_one_patient(world, other, same):
    data = factories.patient_data(street="1 Oak St")
    first = take(factories.ask(world, patient=data)).referral
    second = take(factories.ask(world, patient=replace(data, **other))).referral
    assert (first.patient_id == second.patient_id) is same


def test_an_mrn_links_only_with_name_and_birth_date(world):
    number = (IdentifierData(value="MRN77"),)
    data = factories.patient_data(phone="", identifiers=number)
    first = take(factories.ask(world, patient=data)).referral
    same = take(factories.ask(world, patient=replace(data, given_name="Janet"))).referral
    assert same.patient_id == first.patient_id
    other = take(factories.ask(world, patient=factories.patient_data(identifiers=number)))
    assert other.referral.patient_id != first.patient_id
    assert "somebody with another name" in other.warnings[0]
    assert "MRN77" not in other.warnings[0]
    # the number stays with its owner
    assert first.patient.identifiers.get().value == "MRN77"
    assert not other.referral.patient.identifiers.exists()


@pytest.mark.parametrize(
    ("kind", "given", "same"),
    [
        ("MB", "Dana", True),
        ("MB", "Dane", False),  # a payer gives twins the number of their family
        ("MB", "Robert", False),
        ("MR", "Dane", True),  # a slip
        ("MR", "Robert", False),  # the chart of one twin was opened for the other
    ],
)
def test_a_number_links_twins_only_with_the_given_name(world, kind, given, same):
    number = (IdentifierData(value="W1234567", type=kind, assigner="urn:payer:1" if kind == "MB" else ""),)
    data = factories.patient_data(given_name="Dana", sex="unknown", phone="", identifiers=number)
    first = take(factories.ask(world, patient=data)).referral
    second = take(factories.ask(world, patient=replace(data, given_name=given))).referral
    assert (second.patient_id == first.patient_id) is same


def test_the_same_mrn_of_two_offices_is_two_patients(world):
    number = (IdentifierData(value="1001"),)
    ours = take(factories.ask(world, patient=factories.patient_data(identifiers=number))).referral
    theirs = take(factories.inbound_ask(world, patient=factories.patient_data(identifiers=number))).referral
    assert ours.patient_id != theirs.patient_id
    assert ours.patient.identifiers.get().assigner != theirs.patient.identifiers.get().assigner
