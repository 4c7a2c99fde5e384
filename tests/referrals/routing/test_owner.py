"""The owner: the best matching coordinator, then the least loaded, absence respected, always somebody."""

from datetime import date, timedelta

import pytest

from referrals.errors import InvalidInput
from referrals.models import Absence, Coordinator, Specialty
from referrals.routing.assign import choose_owner, reassign
from tests import factories

TODAY = date(2026, 11, 4)


def coordinator(name, *, direction="", specialties=(), offices=(), **values) -> Coordinator:
    made = Coordinator.objects.create(name=name, direction=direction, **values)
    made.specialties.set(specialties)
    made.offices.set(offices)
    return made


def owner(world, **values) -> str:
    defaults = {"direction": "outbound", "specialty": world.cardiology, "office": world.ours, "today": TODAY}
    return choose_owner(**defaults | values).owner.name


def away(person, first=0, last=0, cover=None):
    Absence.objects.create(
        coordinator=person,
        starts_on=TODAY + timedelta(days=first),
        ends_on=TODAY + timedelta(days=last),
        cover=cover,
    )


def test_the_most_specific_rule_wins(world):
    coordinator("cardiology", specialties=[world.cardiology])
    coordinator("cardiology at ours", specialties=[world.cardiology], offices=[world.ours])
    coordinator("inbound", direction="inbound", specialties=[world.cardiology], offices=[world.ours])
    assert owner(world) == "cardiology at ours"
    assert owner(world, office=world.ours_too) == "cardiology"
    assert owner(world, direction="inbound") == "inbound"
    assert owner(world, specialty=Specialty.objects.get(code="neurology")) == "Casey Jones"


def test_then_the_least_loaded(world):
    factories.captured(world)
    coordinator("idle")
    assert owner(world) == "idle"


def test_ended_referrals_are_no_load(world):
    factories.referral(world, "cancelled")
    coordinator("idle")
    assert owner(world) == "Casey Jones", "a tie goes to the first"


@pytest.mark.parametrize(("first", "last", "present"), [(-5, -1, True), (-5, 0, False), (0, 5, False), (1, 5, True)])
def test_absence_counts_from_its_first_to_its_last_day(world, first, last, present):
    expert = coordinator("expert", specialties=[world.cardiology])
    away(expert, first, last)
    assert (owner(world) == "expert") is present


def test_the_cover_takes_over_also_along_a_chain(world):
    expert, second, third = (coordinator(n, specialties=[world.cardiology]) for n in ("expert", "second", "third"))
    Coordinator.objects.filter(pk__in=[second.pk, third.pk]).update(direction="inbound")
    away(expert, cover=second)
    assert owner(world) == "second"
    away(second, cover=third)
    assert owner(world) == "third"
    away(third, cover=expert)  # a circle: nobody of them is there
    assert owner(world) == "Casey Jones"


def test_nobody_present_leaves_the_desk(world):
    away(world.coordinator)
    assert owner(world) == "Referral desk"
    Coordinator.objects.filter(is_fallback=True).delete()
    assert owner(world) == "Referral desk", "made again"


def test_reassign_is_an_event_and_wants_an_active_owner(world):
    referral = factories.captured(world).referral
    other = coordinator("other")
    moved = reassign(referral=referral, owner=other, actor=factories.SYSTEM, now=factories.NOW, comment="holiday")
    assert moved.owner == other
    assert moved.events.last().data == {
        "from": "Casey Jones",
        "from_id": referral.owner_id,
        "to": "other",
        "comment": "holiday",
    }
    other.active = False
    other.save()
    with pytest.raises(InvalidInput, match="no longer active"):
        reassign(referral=moved, owner=other, actor=factories.SYSTEM, now=factories.NOW)
