"""A coordinator goes away: who stands in is checked when the days are saved, and the list is handed over in two clicks."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Absence, Coordinator, Referral
from referrals.practice.absence import uncovered_days
from referrals.practice.calendar import practice_calendar
from tests import factories
from tests.referrals.admin.conftest import as_role

MONDAY = date(2026, 11, 9)
FRIDAY = MONDAY + timedelta(days=4)


def page(person: Coordinator) -> str:
    return reverse("admin:referrals_coordinator_change", args=(person.pk,))


def hand_over(person: Coordinator) -> str:
    return reverse("admin:referrals_coordinator_hand_over", kwargs={"pk": person.pk})


@pytest.fixture
def rosa(world) -> Coordinator:
    return Coordinator.objects.create(name="Rosa Vance")


@pytest.fixture
def maya(world) -> Coordinator:
    return Coordinator.objects.create(name="Maya Lindell")


def away(person, first=MONDAY, last=FRIDAY, cover=None) -> Absence:
    return Absence.objects.create(coordinator=person, starts_on=first, ends_on=last, cover=cover)


def uncovered(*absences, today=MONDAY) -> dict[str, int]:
    return {name: len(days) for name, days in uncovered_days(absences, today=today).items()}


def test_a_cover_who_is_here_is_enough(rosa, maya):
    assert uncovered(away(rosa, cover=maya)) == {}


def test_no_cover_or_one_who_left(rosa, maya):
    assert uncovered(away(rosa)) == {"Rosa Vance": 4}  # Veterans Day is no business day
    Absence.objects.all().delete()
    maya.active = False
    maya.save()
    assert uncovered(away(rosa, cover=maya)) == {"Rosa Vance": 4}


def test_a_cover_who_is_away_on_some_of_the_days(rosa, maya):
    mine = away(rosa, cover=maya)
    theirs = away(maya, FRIDAY, FRIDAY + timedelta(days=7))
    assert uncovered(mine) == {"Rosa Vance": 1, "Maya Lindell": 1}
    assert uncovered(theirs)["Rosa Vance"] == 1  # saving the cover's days tells whom they leave alone
    Absence.objects.filter(pk=theirs.pk).update(cover=Coordinator.objects.get(name="Casey Jones"))
    assert uncovered(mine) == {}  # the cover's cover stands in


def test_two_who_cover_each_other_and_days_gone_by(rosa, maya):
    mine = away(rosa, cover=maya)
    away(maya, cover=rosa)
    assert uncovered(mine) == {"Rosa Vance": 4, "Maya Lindell": 4}
    assert uncovered(mine, today=FRIDAY) == {"Rosa Vance": 1, "Maya Lindell": 1}
    assert uncovered(mine, today=FRIDAY + timedelta(days=1)) == {}


def test_saving_days_without_a_cover_says_so_and_saves(rosa):
    start = practice_calendar().local_date(timezone.now()) + timedelta(days=7)
    data = {
        "name": rosa.name, "active": "on", "direction": "", "absences-TOTAL_FORMS": 1, "absences-INITIAL_FORMS": 0,
        "absences-0-starts_on": start.isoformat(), "absences-0-ends_on": (start + timedelta(days=6)).isoformat(),
        "absences-0-cover": "", "absences-0-coordinator": rosa.pk, "absences-0-id": "",
    }  # fmt: skip
    answer = as_role("Manager").post(page(rosa), data, follow=True)
    told = " ".join(map(str, answer.context["messages"]))
    assert "Nobody stands in for Rosa Vance" in told and "Name a cover who is here" in told
    assert rosa.absences.count() == 1


def test_the_whole_list_goes_over_in_one_step(world, rosa, maya):
    for _ in range(3):
        on = factories.referral(world, "accepted")
        Referral.objects.filter(pk=on.pk).update(owner=rosa)
    ended = factories.referral(world, "closed")
    Referral.objects.filter(pk=ended.pk).update(owner=rosa)
    manager = as_role("Manager")
    assert hand_over(rosa) in manager.get(page(rosa)).content.decode()
    assert "All 3 open referrals" in manager.get(hand_over(rosa)).content.decode()
    answer = manager.post(hand_over(rosa), {"to": maya.pk, "comment": "parental leave"}, follow=True)
    assert "3 referrals of Rosa Vance are on Maya Lindell" in " ".join(map(str, answer.context["messages"]))
    assert Referral.objects.filter(owner=maya).count() == 3
    assert Referral.objects.get(owner=rosa) == ended
    event = Referral.objects.filter(owner=maya).first().events.order_by("-version").first()
    assert event.kind == "assigned" and event.data["comment"] == "parental leave"


def test_it_goes_to_somebody_who_works_here(world, rosa, maya):
    Coordinator.objects.filter(pk=maya.pk).update(active=False)
    on = factories.referral(world, "accepted")
    Referral.objects.filter(pk=on.pk).update(owner=rosa)
    for to in (maya.pk, rosa.pk, "", "x", 99999):
        assert as_role("Manager").post(hand_over(rosa), {"to": to}).status_code == 200
    assert Referral.objects.get(pk=on.pk).owner == rosa


@pytest.mark.parametrize("role", ["Auditor", "Directory editor", "Privacy officer", ""])
def test_whose_role_does_not_work_referrals_hands_nothing_over(role, world, rosa, maya):
    on = factories.referral(world, "accepted")
    Referral.objects.filter(pk=on.pk).update(owner=rosa)
    client = as_role(role)
    assert client.get(hand_over(rosa)).status_code == client.post(hand_over(rosa), {"to": maya.pk}).status_code == 403
    assert Referral.objects.get(pk=on.pk).owner == rosa


def test_the_page_costs_the_same_however_long_the_list(world, rosa, django_assert_max_num_queries):
    for _ in range(5):
        Referral.objects.filter(pk=factories.referral(world, "accepted").pk).update(owner=rosa)
    manager = as_role("Manager")
    manager.get(hand_over(rosa))
    with django_assert_max_num_queries(12):
        manager.get(hand_over(rosa))
