"""Every action endpoint: done by who may, refused to who may not, refused where it makes no sense, refused when stale."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from referrals.api.allowed import ADDRESS
from referrals.api.views.actions import VIEWS
from referrals.lifecycle.states import Action as A
from referrals.models import Coordinator, Referral
from tests import factories
from tests.performing import perform
from tests.referrals.api.calling import Caller, fields_of, problem_of

SOON = "2026-11-30T09:00:00-06:00"


@dataclass(frozen=True)
class Try:
    """``action`` from ``status`` with ``body`` leads to ``to``; from ``illegal`` it is a 409."""

    action: A
    status: str
    to: str
    illegal: str
    body: dict[str, Any] | Callable = field(default_factory=dict)
    inbound: bool = False
    outside_may: bool = True  # whether the outside office of the referral may do it

    def __str__(self) -> str:
        return self.action.value


def _note(referral: Referral) -> dict:
    return {"document": referral.documents.get().pk, "reason": "wrong"}


def _elsewhere(referral: Referral) -> dict:
    office = Referral.objects.get(pk=referral.pk).receiving_office
    return {"office": office.npi, "comment": "patient asked"}


TRIES = [
    Try(A.ROUTE, "routed", "routed", "closed", _elsewhere, outside_may=False),
    Try(A.ASSIGN, "routed", "routed", "closed", lambda r: {"owner": Coordinator.objects.first().pk}, outside_may=False),
    Try(A.ACCEPT, "routed", "accepted", "scheduled", {"comment": "gladly"}),
    Try(A.REQUEST_INFORMATION, "routed", "on_hold", "seen", {"question": "ECG?", "until": "2027-01-04T09:00:00-06:00"}),
    Try(A.HOLD, "accepted", "on_hold", "seen", {"reason": "authorization", "until": "2027-01-04T15:00:00Z"}),
    Try(A.RESUME, "on_hold", "routed", "routed", {"comment": "approved"}),
    Try(A.SNOOZE, "routed", "routed", "closed", {"reason": "patient travels", "until": "2026-11-16T09:00:00-06:00"}, outside_may=False),
    Try(A.WAKE, "routed", "routed", "closed", {"comment": "back early"}, outside_may=False),
    Try(A.NUDGE, "seen", "seen", "closed", {"audience": "receiving_office", "comment": "fax?"}, outside_may=False),
    Try(A.LOG_CONTACT, "accepted", "accepted", "closed", {"outcome": "left_message", "channel": "sms"}),
    Try(A.BOOK, "accepted", "scheduled", "closed", {"starts_at": SOON, "instructions": "bring films"}),
    Try(A.RESCHEDULE, "scheduled", "scheduled", "accepted", {"starts_at": SOON, "reason": "ill"}),
    Try(A.CONFIRM_APPOINTMENT, "scheduled", "scheduled", "accepted"),
    Try(A.CANCEL_APPOINTMENT, "scheduled", "accepted", "accepted", {"reason": "ill"}),
    Try(A.NO_SHOW, "scheduled", "accepted", "accepted"),
    Try(A.MARK_SEEN, "scheduled", "seen", "closed", {"seen_on": "2026-11-04", "encounter_id": "V1"}),
    Try(A.TAKE_BACK, "seen", "scheduled", "closed", {"reason": "wrong chart"}),
    Try(A.RETRACT_NOTE, "note_returned", "seen", "seen", _note),
    Try(A.DETACH_NOTE, "note_returned", "seen", "seen", _note, outside_may=False),
    Try(A.RECONCILE, "note_returned", "closed", "seen", outside_may=False),
    Try(A.ACKNOWLEDGE, "note_returned", "note_returned", "seen", {"how": "filed"}, inbound=True),
    Try(A.CANCEL, "accepted", "cancel_requested", "closed", {"comment": "moved away"}, inbound=True),
    Try(A.CONFIRM_CANCEL, "cancel_requested", "cancelled", "accepted", {"reason": "no_longer_needed"}),
    Try(A.WITHDRAW_CANCEL, "cancel_requested", "accepted", "accepted", inbound=True),
    Try(A.MARK_LOST, "accepted", "lost", "seen", {"reason": "unreachable", "comment": "3 calls"}, outside_may=False),
    Try(A.CLOSE_WITHOUT_NOTE, "seen", "closed_without_note", "accepted", {"reason": "verbal_report_only"}, outside_may=False),
    Try(A.VOID, "seen", "cancelled", "closed", {"reason": "duplicate"}, outside_may=False),
    Try(A.REOPEN, "lost", "routed", "routed", {"comment": "found"}, inbound=True),
    Try(A.UPDATE_DETAILS, "accepted", "accepted", "closed", {"priority": "urgent", "needed_by": None}, inbound=True),
    Try(A.COMMENT, "closed", "closed", "", {"text": "thank you"}),
    Try(A.DECLINE, "accepted", "received", "closed", {"reason": "not our field", "whole_office": True}),
]  # fmt: skip
each = pytest.mark.parametrize("tried", TRIES, ids=str)


@pytest.fixture(autouse=True)
def _on_the_day(time_machine_now):
    """The clock stands where the factories' referrals are made."""


@pytest.fixture
def time_machine_now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)


def prepared(world, tried: Try, status: str) -> tuple[Referral, Caller, Caller, dict]:
    """(referral, our office on it, the outside one, the body)."""
    referral = factories.referral(world, status, inbound=tried.inbound)
    if tried.action == A.WAKE and status == tried.status:
        referral = perform(A.SNOOZE, referral, now=factories.NOW)
    if tried.action == A.DECLINE and status != "closed":
        world.our_cardiologist.accepting_new_patients = False  # nobody else is left
        world.our_cardiologist.save()
    sent = tried.body
    if callable(sent):
        source = referral
        if tried.action in (A.RETRACT_NOTE, A.DETACH_NOTE) and not referral.documents.exists():
            factories.attach_note(referral, kind="result", now=factories.NOW)
        sent = sent(source)
    ours = Caller(world.ours_too if tried.inbound else world.ours)
    return referral, ours, Caller(world.outside), sent


@each
def test_done(world, tried):
    referral, ours, outside, sent = prepared(world, tried, tried.status)
    caller = outside if tried.outside_may and tried.action != A.DECLINE else ours
    response = caller.do(referral.number, ADDRESS[tried.action], **sent, expected_version=referral.version)
    assert response.status_code == 200, response.content
    shown = response.json()
    assert shown["status"] == tried.to
    assert shown["version"] > referral.version
    assert Referral.objects.get(pk=referral.pk).status == tried.to


@each
def test_refused_where_it_makes_no_sense_and_told_what_does(world, tried):
    if not tried.illegal:
        pytest.skip("possible everywhere")
    referral, ours, _, sent = prepared(world, tried, tried.illegal)
    problem = problem_of(ours.do(referral.number, ADDRESS[tried.action], **sent), 409, "illegal-move")
    assert problem["status_now"] == tried.illegal
    offered = ours.get(f"referrals/{referral.number}/").json()["allowed_actions"]
    assert problem["allowed_actions"] == offered
    assert tried.action not in {action["action"] for action in offered}


@each
def test_refused_when_somebody_was_faster(world, tried):
    referral, ours, _, sent = prepared(world, tried, tried.status)
    stale = ours.do(referral.number, ADDRESS[tried.action], **sent, expected_version=referral.version - 1)
    assert problem_of(stale, 409, "stale-version")["current_version"] == referral.version
    assert Referral.objects.get(pk=referral.pk).version == referral.version


@each
def test_the_other_office_may_or_may_not(world, tried):
    referral, _, outside, sent = prepared(world, tried, tried.status)
    if not tried.outside_may:
        problem_of(outside.do(referral.number, ADDRESS[tried.action], **sent), 403, "not-permitted")
        offered = outside.get(f"referrals/{referral.number}/").json()["allowed_actions"]
        assert tried.action not in {action["action"] for action in offered}


def test_every_action_is_tried():
    assert {tried.action for tried in TRIES} == set(VIEWS)


def test_a_receiving_office_may_not_do_the_referrers_part_nor_the_other_way(world, ours, outside):
    outbound, inbound = factories.referral(world, "accepted"), factories.referral(world, "accepted", inbound=True)
    for referral, address, sent in (
        (outbound, "cancel", {"comment": "x"}),
        (outbound, "update-details", {"priority": "stat"}),
        (inbound, "appointments", {"starts_at": SOON}),
        (inbound, "mark-seen", {}),
        (inbound, "decline", {"reason": "x"}),
    ):
        problem_of(outside.do(referral.number, address, **sent), 403, "not-permitted")


def test_bodies_are_checked_and_named(world, ours, outside):
    number = factories.referral(world, "accepted").number
    for address, sent, names in (
        ("appointments", {}, {"starts_at"}),
        ("appointments", {"starts_at": "2026-11-30T09:00:00"}, {"starts_at"}),
        ("appointments", {"starts_at": "0001-01-01T00:00:00+14:00"}, {"starts_at"}),
        ("appointments", {"starts_at": "2050-01-01T00:00:00Z"}, {"starts_at"}),
        ("appointments", {"starts_at": SOON, "office": world.stranger.npi}, {"office"}),
        ("mark-seen", {"seen_on": "9999-12-31"}, {"seen_on"}),
        ("hold", {"reason": " ", "until": SOON}, {"reason"}),
        ("contact-attempts", {"outcome": "maybe"}, {"outcome"}),
        ("comment", {"text": ""}, {"text"}),
        ("comment", {"text": "x", "expected_version": "2"}, {"expected_version"}),
        ("comment", {"text": "x", "expected_version": 2**70}, {"expected_version"}),
        ("accept", {"because": "x"}, {"because"}),
    ):
        assert fields_of(outside.do(number, address, **sent)) == names, (address, sent)
    for address, sent, names in (
        ("mark-lost", {"reason": "duplicate"}, {"reason"}),
        ("mark-lost", {"reason": "nope"}, {"reason"}),
        ("void", {"reason": "no_longer_needed"}, {"reason"}),
        ("route", {"office": "1"}, {"office"}),
        ("assign-owner", {"owner": 10**12}, {"owner"}),
        ("update-details", {"payer": "nope", "needed_by": "2020-01-01"}, {"payer", "needed_by"}),
    ):
        assert fields_of(ours.do(number, address, **sent)) == names, (address, sent)


def test_reconciling_with_a_visit_of_another_patient_is_refused(world, ours):
    other = factories.referral(world, "seen")
    other.encounter.external_id = "V-9"
    other.encounter.save()
    number = factories.referral(world, "note_returned").number
    assert fields_of(ours.do(number, "reconcile", encounter_id="V-9")) == {"encounter_id"}
