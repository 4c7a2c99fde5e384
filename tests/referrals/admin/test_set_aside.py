"""Referrals the sweep set aside: listed while open, tried again by who may."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.lifecycle import retry
from referrals.models import Referral, SweepFailure
from tests import factories
from tests.referrals.admin.conftest import as_role

LIST = reverse("admin:referrals_sweepfailure_changelist")


@pytest.fixture
def failure(world) -> SweepFailure:
    on = factories.referral(world, now=timezone.now())
    return SweepFailure.objects.create(referral=on, error="ValueError", first_at=factories.NOW, last_at=factories.NOW)


@pytest.mark.parametrize(("role", "done"), [("Coordinator", True), ("Manager", True), ("Auditor", False)])
def test_trying_again_now(failure, role, done):
    before = failure.referral.next_escalation_at
    as_role(role).post(LIST, {"action": "try_now", "_selected_action": [failure.pk]})
    after = Referral.objects.get().next_escalation_at
    assert (after <= timezone.now()) is done
    assert (after == before) is not done


def test_one_that_ended_is_no_longer_listed_nor_tried(failure, world):
    client = as_role("Manager")
    assert client.get(LIST).context["cl"].result_count == 1
    closed = factories.referral(world, "closed")
    SweepFailure.objects.update(referral=closed)
    assert client.get(LIST).context["cl"].result_count == 0
    assert retry.retry_now(failures=SweepFailure.objects.all(), now=timezone.now()) == 0
    closed.refresh_from_db()
    assert closed.next_escalation_at is None
