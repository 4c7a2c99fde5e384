"""What attempts to reach a patient amount to, and the next step they lead to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from referrals.actions import contacts
from referrals.errors import InvalidInput
from referrals.lifecycle.next_step import Situation, next_step
from referrals.lifecycle.reaching import reached
from referrals.practice.calendar import practice_calendar
from tests import factories

NOW = datetime(2026, 11, 4, 10, 0, tzinfo=practice_calendar().zone)


@dataclass
class Attempt:
    outcome: str
    at: datetime
    channel: str = "phone"
    party: str = "patient"
    call_back_on: date | None = None


def attempts(*outcomes: str) -> list[Attempt]:
    return [Attempt(what, NOW - timedelta(hours=len(outcomes) - at)) for at, what in enumerate(outcomes)]


def words(*made: Attempt, status: str = "accepted") -> str:
    patient = reached(made, since=NOW - timedelta(days=9))
    return next_step(Situation(status=status, direction="outbound", now=NOW, referrer="Hill GP", patient=patient))


@pytest.mark.parametrize(
    ("outcomes", "tries"),
    [
        ((), 0), (("no_answer",), 1), (("no_answer", "left_message", "wrong_number"), 3),
        (("no_answer", "reached", "no_answer"), 1), (("no_answer", "sent"), 1), (("no_answer", "call_back"), 0),
    ],
)  # fmt: skip
def test_tries_in_a_row(outcomes, tries):
    assert reached(attempts(*outcomes), since=None).tries == tries


def test_only_the_patient_and_only_this_stage_count():
    old, office = Attempt("no_answer", NOW - timedelta(days=10)), Attempt("no_answer", NOW, party="referring_office")
    assert reached([old, office], since=NOW - timedelta(days=9)).tries == 0


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("no_answer",), "Call the patient: 2nd try"),
        (("no_answer", "left_message"), "Call the patient: 3rd try"),
        (("no_answer",) * 3, "Send the patient a letter: 3 tries without an answer"),
        (("wrong_number",), "Get a working number of the patient from Hill GP"),
        (("scheduled",), "Enter the visit the patient agreed to"),
        (("refused",), "The patient does not want the visit: tell Hill GP, then end the referral"),
        (("reached",), "Book the visit with the specialist"),
    ],
)
def test_the_next_step(outcomes, expected):
    assert words(*attempts(*outcomes)) == expected


def test_after_the_letter_it_waits_then_ends():
    letter = Attempt("sent", NOW, channel="letter")
    assert words(*attempts(*("no_answer",) * 3), letter).startswith("Wait for an answer to the letter")


@pytest.mark.parametrize(("days", "expected"), [(-1, "today"), (0, "today"), (1, "on Nov 5")])
def test_a_call_back_is_due_on_its_day(days, expected):
    back = Attempt("call_back", NOW, call_back_on=NOW.date() + timedelta(days=days))
    assert words(back) == f"Call the patient back {expected}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "on"), [("call_back", None), ("no_answer", 1), ("call_back", -1), ("call_back", 91)]
)
def test_a_call_back_needs_a_day_that_makes_sense(world, outcome, on):
    day = None if on is None else practice_calendar().local_date(factories.NOW) + timedelta(days=on)
    with pytest.raises(InvalidInput) as refused:
        contacts.log_contact(
            referral=factories.referral(world), actor=factories.SYSTEM, now=factories.NOW, outcome=outcome,
            call_back_on=day,
        )  # fmt: skip
    assert refused.value.fields[0][0] == "call_back_on"
