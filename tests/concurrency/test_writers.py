"""Many processes write one referral: one wins each version, no event is lost or doubled."""

import pytest

from referrals.models import Referral
from tests import factories
from tests.concurrency.processes import run
from tests.performing import check_invariants

WRITERS = 20
WINS_EACH = 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_writers_one_referral():
    referral = factories.referral(factories.make_world(), "accepted")
    first = referral.version
    answers = run([{"task": "log_contacts", "referral": referral.pk, "wins": WINS_EACH} for _ in range(WRITERS)])
    won = sorted(version for answer in answers for version in answer["won"])
    assert won == list(range(first + 1, first + WRITERS * WINS_EACH + 1))
    assert sum(answer["stale"] for answer in answers) > 0, "the writers never met: the test shows nothing"
    assert Referral.objects.get(pk=referral.pk).version == won[-1]
    check_invariants(referral)
    assert referral.contact_attempts.count() == WRITERS * WINS_EACH
