"""Offices with their tokens."""

import pytest

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
