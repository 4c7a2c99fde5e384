"""Random sequences of actions never break an invariant, whatever their order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.errors import IllegalMove, InvalidInput
from referrals.lifecycle import guards
from referrals.lifecycle.states import TABLE
from referrals.models import Referral
from tests import factories
from tests.performing import check_invariants, perform


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    inbound=st.booleans(),
    steps=st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from([1, 5, 30, 80])), min_size=5, max_size=30),
)
def test_random_walk(world, inbound, steps):
    now = factories.NOW
    referral = factories.referral(world, "routed", inbound=inbound)
    for pick, hours in steps:
        now += timedelta(hours=hours)
        allowed = guards.allowed_actions(referral, factories.SYSTEM, now=now)
        actions = allowed if pick % 4 else list(TABLE)  # one in four is whatever, legal or not
        action = actions[pick % len(actions)]
        try:
            referral = perform(action, referral, now=now)
        except (IllegalMove, InvalidInput):
            assert action not in allowed, "what is offered is never refused"
            referral = Referral.objects.get(pk=referral.pk)
        check_invariants(referral)
