"""While history is filled in, nobody is told."""

from datetime import timedelta

import pytest

from notifications.models import Message
from referrals.lifecycle.stalls import sweep
from referrals.messages.quiet import quiet
from referrals.models import ReferralEvent
from tests import factories

pytestmark = pytest.mark.django_db
LATER = timedelta(days=60)


def test_a_change_inside_makes_its_event_and_no_message(world):
    with quiet():
        made = factories.referral(world, "seen")
    assert ReferralEvent.objects.filter(referral=made).count() == made.version
    assert not Message.objects.exists()


def test_a_sweep_inside_escalates_and_tells_nobody(world):
    with quiet():
        made = factories.referral(world, "routed")
        swept = sweep(now=factories.NOW + LATER)
    assert swept.escalated == 1
    assert ReferralEvent.objects.filter(referral=made, kind="escalated").exists()
    assert not Message.objects.exists()


def test_it_ends_with_its_block_also_after_an_error(world):
    with pytest.raises(RuntimeError), quiet():
        raise RuntimeError
    factories.referral(world, "routed")
    assert Message.objects.exists()
