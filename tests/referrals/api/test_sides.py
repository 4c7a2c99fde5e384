"""One referral seen by its referrer, its receiver and the group: the same facts, each side's share."""

import pytest

from referrals.actions import answering, contacts
from referrals.lifecycle.actor import Actor
from tests import factories
from tests.referrals.api.calling import Caller, body

NOW = factories.NOW


def read(caller, number: str) -> dict:
    response = caller.get(f"referrals/{number}/")
    assert response.status_code == 200, response.content
    return response.json()


def test_roles_and_what_only_the_group_sees(world, ours, outside, our_heart):
    outbound, inbound = factories.referral(world), factories.referral(world, inbound=True)
    assert read(ours, outbound.number)["your_roles"] == ["group", "referring"]
    assert read(outside, outbound.number)["your_roles"] == ["receiving"]
    assert read(outside, inbound.number)["your_roles"] == ["referring"]
    assert read(our_heart, inbound.number)["your_roles"] == ["group", "receiving"]
    for caller, sees in ((ours, True), (outside, False)):
        shown = read(caller, outbound.number)
        assert (shown["owner"] == "Casey Jones") is sees
        assert (shown["routing"] is not None) is sees


def test_allowed_actions_differ_by_side(world, ours, outside):
    referral = factories.referral(world, "routed")
    mine = {a["action"] for a in read(ours, referral.number)["allowed_actions"]}
    theirs = {a["action"] for a in read(outside, referral.number)["allowed_actions"]}
    assert {"route", "assign", "void", "mark_lost", "cancel"} <= mine
    assert {"accept", "decline", "book", "comment"} <= theirs
    assert not theirs & {"route", "assign", "void", "mark_lost", "cancel", "reconcile"}


def test_a_receiving_office_sees_numbers_it_needs_and_no_others(world, ours, outside):
    numbers = [
        {"value": "L-1"}, {"value": "E-1", "assigner": f"npi:{world.stranger.npi}"},
        {"value": "C-1", "assigner": f"npi:{world.outside.npi}"},
        {"value": "W-1", "type": "MB", "assigner": "aetna"}, {"value": "O-1", "type": "XX", "assigner": "urn:x"},
    ]  # fmt: skip
    made = ours.post("referrals/", body(direction="outbound", patient={"identifiers": numbers})).json()

    def values(shown):
        return {number["value"] for number in shown["patient"]["identifiers"]}

    assert values(made) == {"L-1", "E-1", "C-1", "W-1", "O-1"}
    assert values(read(outside, made["number"])) == {"L-1", "C-1", "W-1"}


def test_a_later_specialist_sees_nothing_from_before_its_turn(world, ours):
    first, second = world.outside, factories.office("Second Heart", zip_code="53716")
    factories.provider(second, specialty=world.cardiology, payers=[world.aetna], capacity=20)
    made = ours.post("referrals/", body(direction="outbound", receiving_office=first.npi)).json()
    number = made["number"]
    one = Caller(first)
    one.do(number, "contact-attempts", outcome="no_answer", comment="before")
    one.do(number, "appointments", starts_at="2026-11-25T09:00:00-06:00")
    one.do(number, "decline", reason="too far")
    shown = read(Caller(second), number)
    assert [event["kind"] for event in shown["timeline"]] == ["routed"]
    assert (shown["appointments"], shown["contact_attempts"]) == ([], [])
    whole = read(ours, number)
    assert [a["status"] for a in whole["appointments"]] == ["cancelled"]
    assert [a["comment"] for a in whole["contact_attempts"]] == ["before"]


def test_staff_are_named_to_the_group_only(world, ours, outside):
    referral = factories.referral(world)
    staff = factories.user(first_name="Robin", last_name="Reyes")
    contacts.log_contact(referral=referral, actor=Actor.staff(staff), now=NOW, outcome="reached")
    for caller, name in ((ours, "Robin Reyes"), (outside, "Care coordination")):
        shown = read(caller, referral.number)
        assert shown["timeline"][-1]["actor"] == {"kind": "staff", "label": name}
        assert shown["contact_attempts"][0]["made_by"] == name


def test_internal_keys_and_row_ids_stay_inside(world, ours, outside):
    for status, inbound in (("closed", False), ("closed", True), ("on_hold", False)):
        referral = factories.referral(world, status, inbound=inbound)
        for event in read(outside, referral.number)["timeline"]:
            assert not set(event["data"]) & {
                "owner", "owner_because", "likely_duplicates", "warnings", "reasons", "evidence", "office_id",
                "encounter", "attempt",
            }, event  # fmt: skip


def test_why_another_specialist_was_chosen_stays_in_the_group(world, ours, outside):
    number = factories.referral(world).number
    ours.do(number, "route", office=world.outside.npi, comment="patient dislikes Dr. Suggested")
    assert read(ours, number)["timeline"][-1]["data"]["comment"]
    assert "Suggested" not in outside.get(f"referrals/{number}/").content.decode()
    assert "Suggested" not in outside.get("events/").content.decode()


def test_a_document_taken_off_again_is_gone(world, ours):
    referral = factories.referral(world, "note_returned")
    note = read(ours, referral.number)["documents"][0]
    assert ours.do(referral.number, "detach-note", document=note["id"], reason="other patient").status_code == 200
    assert read(ours, referral.number)["documents"] == []
    assert ours.get(note["content"]).status_code == 404


def test_a_number_is_forgiven_its_typing(world, ours):
    number = factories.referral(world).number
    for typed in (number.lower(), number.replace("-", ""), number[3:], number.replace("0", "o")):
        assert read(ours, typed)["number"] == number
    assert ours.get("referrals/RL-0000-0001/").status_code == 404


@pytest.mark.parametrize("status", ["routed", "closed"])
def test_a_detail_costs_a_fixed_number_of_queries(world, ours, outside, status, django_assert_max_num_queries):
    referral = factories.referral(world, status)
    answering_office = Actor.of_office(world.outside)
    if status == "routed":
        for _ in range(10):
            contacts.log_contact(referral=referral, actor=answering_office, now=NOW, outcome="no_answer")
        answering.accept(referral=referral, actor=answering_office, now=NOW)
    for caller in (ours, outside):
        caller.get("payers/")
        with django_assert_max_num_queries(13):
            read(caller, referral.number)
