"""A hold ends in sight: not in the past, and not so far off that nobody looks again."""

from datetime import timedelta

import pytest

from referrals.actions import answering, holding
from referrals.actions.holding import LONGEST_HOLD
from referrals.errors import InvalidInput
from referrals.models import Referral
from tests import factories

NOW = factories.NOW
COMMON = {"actor": factories.SYSTEM, "now": NOW}
SECOND = timedelta(seconds=1)


def hold(referral, until):
    return holding.hold(referral=referral, reason="authorization", until=until, **COMMON)


def ask(referral, until):
    return answering.request_information(referral=referral, question="Last echo?", until=until, **COMMON)


@pytest.mark.parametrize("act", [hold, ask])
@pytest.mark.parametrize("until", [NOW, NOW + LONGEST_HOLD + SECOND])
def test_an_end_out_of_sight_is_refused(world, act, until):
    referral = factories.referral(world, "routed")
    with pytest.raises(InvalidInput) as refused:
        act(referral, until)
    assert [path for path, _ in refused.value.fields] == ["until"]
    assert Referral.objects.get(pk=referral.pk).status == "routed"


@pytest.mark.parametrize("act", [hold, ask])
@pytest.mark.parametrize("until", [NOW + SECOND, NOW + LONGEST_HOLD])
def test_any_end_between_is_taken(world, act, until):
    assert act(factories.referral(world, "routed"), until).hold_until == until


def test_a_refusal_names_everything_wrong_and_the_limit(world):
    with pytest.raises(InvalidInput, match="within 180 days") as refused:
        holding.hold(referral=factories.referral(world, "routed"), reason=" ", until=NOW + 2 * LONGEST_HOLD, **COMMON)
    assert [path for path, _ in refused.value.fields] == ["reason", "until"]
