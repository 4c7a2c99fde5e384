"""Scorecards of receiving and referring offices, providers and coordinators."""

from datetime import timedelta

import pytest

from referrals.actions import answering, contacts, scheduling
from referrals.lifecycle.actor import Actor
from referrals.models import Coordinator, Referral
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import report
from reporting.measures.cohort import Cohort
from reporting.measures.figures import Rate
from reporting.measures.period import Period
from reporting.measures.receivers import Median, Visits, receivers
from reporting.measures.scorecards import coordinators, referrers
from tests import factories

NOW = factories.NOW
pytestmark = pytest.mark.django_db


def november():
    return report(Cohort(Period.month(2026, 11)), now=NOW + timedelta(days=20), assumptions=Assumptions())


def act(action, on, *, days=0, **values) -> Referral:
    return action(referral=on, actor=factories.SYSTEM, now=NOW + timedelta(days=days), **values)


def test_a_receiver_answers_for_its_own_time_only(world):
    on = factories.referral(world)
    on = act(scheduling.book, on, days=4, starts_at=NOW + timedelta(days=6))
    factories.advance(factories.referral(world), "seen")  # booked at once
    card, *others = receivers(november(), "receiving_office")
    assert not others and card.choice.label == "Capitol Heart Center"
    assert card.to_schedule == Median(2, 2) and card.to_note == Median()
    assert card.figures.cohort == 2 and card.declined == Rate(0, 2) and card.visits == Visits(Rate(0, 1))
    factories.attach_note(factories.referral(world, "seen"), now=NOW + timedelta(days=3))
    to_note = receivers(november(), "receiving_office")[0].to_note
    assert to_note.days == pytest.approx(3, abs=0.9) and to_note.count == 1  # from the visit's day


def test_declines_and_missed_visits_are_whose_they_were(world):
    other = factories.office("Second Heart", zip_code="53716")
    second = factories.provider(other, specialty=world.cardiology, payers=[world.aetna])
    on = factories.referral(world)
    first = on.receiving_provider
    on = act(answering.decline, on, days=1, reason="full")
    assert on.receiving_provider != first
    on = act(scheduling.book, on, days=1, starts_at=NOW + timedelta(days=2))
    act(scheduling.no_show, on, days=3)
    cards = {card.choice.value: card for card in receivers(november(), "receiving_provider")}
    assert cards[first.pk].declined == Rate(1, 1) and cards[first.pk].figures.cohort == 0
    assert cards[first.pk].visits == Visits() and Rate().value is None
    now_with = ({second.pk, world.outside_cardiologist.pk} - {first.pk}).pop()
    assert cards[now_with].declined == Rate(0, 1) and cards[now_with].visits == Visits(Rate(1, 1), 1)


def test_who_no_longer_has_the_referral_answers_for_the_visits_there(world):
    colleague = factories.provider(world.outside, specialty=world.cardiology)
    on = factories.referral(world)
    for days, provider in ((1, colleague), (3, colleague), (5, world.outside_cardiologist)):
        on = act(scheduling.book, on, days=days, starts_at=NOW + timedelta(days=days), provider=provider)
        on = act(scheduling.no_show, on, days=days + 1)
    now_with, before = receivers(november(), "receiving_provider")
    assert (now_with.figures.cohort, now_with.visits) == (1, Visits(Rate(1, 1), 1))
    assert before.choice.value == colleague.pk and before.figures.cohort == 0
    assert before.visits == Visits(Rate(2, 2), 1)


def test_a_referring_office_is_asked_back(world):
    on = factories.referral(world)
    for _ in range(2):
        on = act(answering.request_information, on, question="Which drugs?")
    factories.referral(world)
    (card,) = referrers(november())
    assert card.choice.value == world.ours.pk
    assert card.asked_back == Rate(1, 2) and card.declined == Rate(0, 2)


def test_what_a_coordinator_carries(world):
    user = factories.user()
    casey = world.coordinator
    Coordinator.objects.filter(pk=casey.pk).update(user=user)
    on = factories.referral(world, now=NOW - timedelta(days=100))  # open from long ago: load, not cohort
    contacts.log_contact(referral=on, actor=Actor.staff(user), now=NOW, outcome="no_answer")
    factories.referral(world, "closed")
    cards = {card.coordinator.pk: card for card in coordinators(november())}
    card = cards[on.owner_id]
    assert card.coordinator.pk == casey.pk
    assert (card.open_now, card.overdue_now, card.figures.cohort, card.figures.closed) == (1, 1, 1, 1)
    assert card.chase.steps == card.chased == 1 and card.chase.minutes == 6
    desk = next(card for card in cards.values() if card.coordinator.is_fallback)
    assert desk.chase is None and desk.open_now == 0
