"""The next step in words, for every status and the facts that change it."""

from datetime import datetime, timedelta

import pytest

from referrals.lifecycle.next_step import Situation, next_step
from referrals.lifecycle.states import ENDED, OPEN
from referrals.practice.calendar import practice_calendar

NOW = datetime(2026, 11, 4, 10, 0, tzinfo=practice_calendar().zone)


def step(status: str, direction: str = "outbound", **values) -> str:
    return next_step(Situation(status=status, direction=direction, now=NOW, **values))


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("direction", ["outbound", "inbound", "internal"])
def test_every_open_referral_has_a_next_step(status, direction):
    assert step(status, direction)


@pytest.mark.parametrize("status", ENDED)
def test_an_ended_one_has_none(status):
    assert step(status) == ""


@pytest.mark.parametrize(
    ("status", "facts", "words"),
    [
        ("received", {}, "Choose a specialist"),
        ("received", {"declined_by": "Dr. Osei"}, "Choose another specialist: Dr. Osei declined"),
        ("routed", {"specialist": "Dr. Osei"}, "Get an answer from Dr. Osei"),
        ("accepted", {"specialist": "Dr. Osei"}, "Book the visit with Dr. Osei"),
        ("accepted", {"last_visit": "noshow"}, "Book again: the patient missed the visit"),
        ("accepted", {"last_visit": "cancelled"}, "Book again: the visit was cancelled"),
        ("scheduled", {"visit_at": NOW + timedelta(days=2)}, "Wait for the visit on Nov 6"),
        ("scheduled", {"visit_at": NOW - timedelta(hours=1)}, "Find out whether the patient was seen on Nov 4"),
        ("scheduled", {"visit_at": NOW}, "Find out whether the patient was seen on Nov 4"),
        ("seen", {"specialist": "Dr. Osei"}, "Ask Dr. Osei for the consult note"),
        ("seen", {"specialist": "Dr. Osei", "note_requests": 1}, "Ask Dr. Osei for the consult note, 2nd request"),
        ("seen", {"direction": "inbound"}, "Attach our consult note"),
        ("seen", {"note": "preliminary"}, "Get the signed note: only an unsigned one is here"),
        ("seen", {"note": "retracted"}, "Get a new note: the last one was retracted"),
        ("note_returned", {}, "Reconcile the note to the visit"),
        ("note_returned", {"reconciled": True, "referrer": "Hill GP"}, "Make sure Hill GP has the note"),
        ("on_hold", {"hold_reason": "the MRI.", "hold_until": NOW + timedelta(days=1)}, "Wait: the MRI"),
        ("on_hold", {"hold_reason": "the MRI", "hold_until": NOW}, "Resume or extend the hold: the MRI"),
        ("seen", {"asleep_because": "patient travels."}, "Wait: patient travels"),
        ("cancel_requested", {"specialist": "Dr. Osei"}, "Settle the cancellation with Dr. Osei"),
    ],
)
def test_words(status, facts, words):
    assert step(status, **facts) == words
