"""Offices with their tokens."""

import pytest

from referrals import feed
from tests import factories
from tests.referrals.api.calling import Caller


@pytest.fixture
def ours(world) -> Caller:
    return Caller(world.ours)


@pytest.fixture
def our_heart(world) -> Caller:
    """Our office that receives inbound cardiology."""
    return Caller(world.ours_too)


@pytest.fixture
def outside(world) -> Caller:
    return Caller(world.outside)


@pytest.fixture
def stranger(world) -> Caller:
    return Caller(world.stranger)


@pytest.fixture
def outside_manager(world) -> Caller:
    """The outside office with a token that may manage endpoints."""
    return Caller(world.outside, token=factories.token(world.outside, manages_endpoints=True))


@pytest.fixture(autouse=True)
def _feed_reads_the_tests_own_transaction(monkeypatch):
    """A test runs inside one transaction, before which the feed rightly stops on PostgreSQL (tests/concurrency)."""
    monkeypatch.setattr(feed, "_oldest_running_transaction", lambda: feed.LARGEST)
