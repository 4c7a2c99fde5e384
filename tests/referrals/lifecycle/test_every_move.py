"""Every action from every status: the legal ones work and keep the invariants, the others are refused by name."""

from datetime import timedelta

import pytest

from referrals.errors import IllegalMove
from referrals.lifecycle import guards
from referrals.lifecycle.states import TABLE, Action, Status, legal_actions, targets
from referrals.models import Referral, ReferralEvent
from referrals.selectors import QUEUES, queue
from tests import factories
from tests.performing import check_invariants, perform

LATER = factories.NOW + timedelta(hours=3)
PAIRS = [(action, status) for action in TABLE for status in Status]


@pytest.mark.parametrize("inbound", [False, True], ids=["outbound", "inbound"])
@pytest.mark.parametrize("status", Status.values)
def test_every_status_is_reachable(world, status, inbound):
    referral = factories.referral(world, status, inbound=inbound)
    assert referral.status == status
    check_invariants(referral)


@pytest.mark.parametrize(("action", "status"), PAIRS)
def test_every_action_from_every_status(world, action, status):
    referral = factories.referral(world, status, inbound=action == Action.ACKNOWLEDGE)
    before = (referral.version, ReferralEvent.objects.count())
    possible = targets(action, status)
    if not possible or guards.missing(referral, action, now=LATER):
        with pytest.raises(IllegalMove) as refused:
            perform(action, referral, now=LATER)
        assert refused.value.allowed == guards.allowed_actions(referral, factories.SYSTEM, now=LATER)
        assert set(refused.value.allowed) <= set(legal_actions(status))
        assert (Referral.objects.get(pk=referral.pk).version, ReferralEvent.objects.count()) == before
        return
    moved = perform(action, referral, now=LATER)
    assert moved.version > before[0]
    event = moved.events.get(version=before[0] + 1)
    assert event.from_status == status
    assert event.to_status in possible
    check_invariants(moved)


@pytest.mark.parametrize("status", Status.values)
def test_every_open_referral_is_in_exactly_one_queue(world, status):
    referral = factories.referral(world, status)
    queues = [name for name in QUEUES if queue(name).filter(pk=referral.pk).exists()]
    assert len(queues) == (1 if referral.is_open else 0), queues


def test_every_status_has_a_way_out_and_an_end():
    for status in Status:
        reachable, frontier = {status}, [status]
        while frontier:
            for action in legal_actions(frontier.pop()):
                for source in list(reachable):
                    for target in targets(action, source):
                        if target not in reachable:
                            reachable.add(target)
                            frontier.append(target)
        assert Status.CLOSED in reachable, f"{status} can never be closed"
