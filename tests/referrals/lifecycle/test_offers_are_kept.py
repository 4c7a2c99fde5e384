"""What ``allowed_actions`` offers is possible: each offer is taken up, in every status, for every side."""

from datetime import timedelta

import pytest
from django.db import transaction

from referrals.actions import scheduling
from referrals.lifecycle import guards
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status
from referrals.models import Referral
from tests import factories
from tests.performing import perform

NOW = factories.NOW


class _TakeBack(Exception):
    pass


def try_each_offer(referral: Referral, actor: Actor, *, now) -> set[str]:
    """Do what is offered, one at a time, taking each back again. Whatever a service raises fails the test."""
    offers = guards.allowed_actions(referral, actor, now=now)
    for action in offers:
        try:
            with transaction.atomic():
                perform(action, Referral.objects.get(pk=referral.pk), actor=actor, now=now)
                raise _TakeBack
        except _TakeBack:
            pass
    return set(offers)


@pytest.mark.parametrize("inbound", [False, True], ids=["outbound", "inbound"])
@pytest.mark.parametrize("status", Status.values)
def test_in_every_status_for_every_side(world, status, inbound):
    referral = factories.referral(world, status, inbound=inbound)
    sides = [Actor.of_office(office) for office in (referral.referring_office, referral.receiving_office) if office]
    for actor in (factories.SYSTEM, *sides):
        assert try_each_offer(referral, actor, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(("ahead", "offered"), [(timedelta(seconds=1), False), (timedelta(0), True)])
def test_a_no_show_is_offered_once_the_visit_has_begun(world, ahead, offered):
    referral = factories.referral(world, "accepted")
    booked = scheduling.book(referral=referral, actor=factories.SYSTEM, now=NOW, starts_at=NOW + timedelta(days=1))
    now = booked.appointment.starts_at - ahead
    assert (Action.NO_SHOW in try_each_offer(booked, factories.SYSTEM, now=now)) is offered


def test_a_second_follow_up_is_not_offered(world):
    seen = factories.referral(world, "seen")
    assert Action.BOOK in try_each_offer(seen, factories.SYSTEM, now=NOW)
    booked = scheduling.book(referral=seen, actor=factories.SYSTEM, now=NOW, starts_at=NOW + timedelta(days=9))
    offers = try_each_offer(booked, factories.SYSTEM, now=NOW)
    assert Action.BOOK not in offers and Action.RESCHEDULE in offers
