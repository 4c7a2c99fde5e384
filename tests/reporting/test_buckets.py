"""A referral of a cohort is in exactly one bucket, by the rule and by its twin in the database."""

from datetime import timedelta

import pytest

from referrals.lifecycle.movement import MOVES, STANDS_STILL
from referrals.lifecycle.states import OPEN, Status
from referrals.lifecycle.transition import EVENT_KIND
from referrals.models import EndingReason, Referral
from reporting.measures.buckets import Bucket, bucket_of, in_bucket
from tests import factories

NOW, WINDOW = factories.NOW, timedelta(days=30)
TICK = timedelta(microseconds=1)


def rule(status: str, *, leaks: bool = False, quiet_for: timedelta = timedelta()) -> Bucket:
    return bucket_of(status=status, counts_as_leakage=leaks, quiet_since=NOW - quiet_for, now=NOW, window=WINDOW)


def test_endings():
    assert rule("closed") == Bucket.CLOSED
    assert rule("lost") == rule("closed_without_note") == Bucket.LEAKED_KNOWN
    assert rule("cancelled", leaks=True) == Bucket.LEAKED_KNOWN
    assert rule("cancelled") == Bucket.CANCELLED_NOT_LEAKED
    assert rule("cancelled", quiet_for=timedelta(days=900)) == Bucket.CANCELLED_NOT_LEAKED


@pytest.mark.parametrize("status", OPEN)
def test_an_open_one_leaks_once_it_stands_still_for_longer_than_the_window(status):
    assert rule(status, quiet_for=WINDOW - TICK) == Bucket.IN_PROGRESS
    assert rule(status, quiet_for=WINDOW) == Bucket.IN_PROGRESS
    assert rule(status, quiet_for=WINDOW + TICK) == Bucket.LEAKED_ESTIMATED


@pytest.mark.parametrize("status", Status)
def test_the_database_says_the_same(world, status):
    referral = factories.referral(world, status)
    reasons = EndingReason.objects.filter(ends_as=status) or [None]
    for reason in reasons:
        for quiet_for in (timedelta(), WINDOW, WINDOW + timedelta(milliseconds=1), -timedelta(days=5)):
            Referral.objects.filter(pk=referral.pk).update(ending_reason=reason, quiet_since=NOW - quiet_for)
            expected = rule(status, leaks=bool(reason and reason.counts_as_leakage), quiet_for=quiet_for)
            found = [b for b in Bucket if Referral.objects.filter(in_bucket(b, now=NOW, window=WINDOW)).exists()]
            assert found == [expected]


def test_every_kind_of_event_either_moves_a_referral_or_does_not():
    assert not MOVES & STANDS_STILL
    chosen_by_services = {
        "closed",
        "note_returned",
        "note_amended",
        "document_removed",
        "not_routed",
        "cancelled",
        "no_show_undone",
        "acceptance_undone",
        "match_undone",
        "contact_undone",
        "settling_undone",
        "retraction_undone",
    }
    assert {*EVENT_KIND.values(), *chosen_by_services} == MOVES | STANDS_STILL
