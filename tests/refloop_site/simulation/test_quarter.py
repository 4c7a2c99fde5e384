"""A small quarter through the real services."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.models import ContactAttempt, MatchDecision, Referral, ReferralEvent
from refloop_site.simulation.assumptions import Assumptions, with_value
from refloop_site.simulation.outcome import read
from refloop_site.simulation.quarter import Plan, run
from reporting.measures.period import Period

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Chicago")
START, END = datetime(2025, 3, 3, tzinfo=ZONE), datetime(2025, 3, 22, tzinfo=ZONE)
PERIOD = Period(START.date(), END.date() - timedelta(days=1))


def simulate(*, tracked: bool, count: int = 14, seed: int = 5, **changed: float):
    assumed = Assumptions()
    for name, value in changed.items():
        assumed = with_value(assumed, name.replace("__", "."), value)
    read_at = END + timedelta(days=40)
    refused = run(Plan(tracked, START, END, read_at, count, seed, assumed))
    assert refused == []
    return read(period=PERIOD, now=read_at, refused=0)


def test_people_who_never_act_by_themselves_act_when_they_are_reminded():
    outcome = simulate(tracked=True, answers__by_itself=0.0, answers__reminded=1.0, remembered=0.0)
    first = ReferralEvent.objects.filter(kind__in=("accepted", "declined")).order_by("at").first()
    assert outcome.nudges and first is not None
    told = ReferralEvent.objects.filter(kind="escalated", referral=first.referral).order_by("at").first()
    assert told.at < first.at
    assert ContactAttempt.objects.filter(comment="Reminded: answers").exists()


def test_reminders_that_move_nobody_leave_what_people_do_by_themselves():
    outcome = simulate(tracked=True, answers__by_itself=0.0, remembered=0.0, nudge_effect=0.0)
    assert outcome.nudges
    assert not ReferralEvent.objects.filter(kind__in=("accepted", "declined")).exists()
    assert not ContactAttempt.objects.exists()
    assert outcome.leaked == 1.0


def test_without_tracking_nobody_is_reminded_and_notes_are_filed_by_hand():
    outcome = simulate(tracked=False, sends_note__by_itself=1.0, files_note__by_itself=1.0)
    assert (outcome.nudges, outcome.matched_by_itself) == (0, 0.0)
    assert Referral.objects.filter(status="closed").exists()
    assert ContactAttempt.objects.filter(comment__startswith="Status check").exists()


def test_with_tracking_clear_notes_file_themselves():
    simulate(
        tracked=True, note_unclear=0.0, note_carries_number=1.0, sends_note__by_itself=1.0, misses=0.0, refuses=0.0
    )
    assert MatchDecision.objects.filter(automatic=True).exists()
    assert not MatchDecision.objects.filter(automatic=False).exists()
