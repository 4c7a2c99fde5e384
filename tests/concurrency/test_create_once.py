"""The same create from many processes at one instant is one referral and one answer."""

import pytest

from referrals.models import Referral
from tests import factories
from tests.concurrency.processes import run
from tests.referrals.api.calling import body

PROCESSES, EACH = 10, 5  # ten processes of five threads
SENDERS = 6


def jobs(bodies: list[dict], *, key: str) -> list[dict]:
    token = factories.token(factories.make_world().ours)
    return [{"task": "create", "body": sent, "token": token, "key": key} for sent in bodies]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("key", "external_id"), [("k-1", ""), ("", "order-1")])
def test_fifty_at_once_are_one_referral_and_one_answer(key, external_id):
    sent = body(external_id=external_id)
    batches = run([job | {"times": EACH} for job in jobs([sent] * PROCESSES, key=key)])
    answers = [answer for batch in batches for answer in batch]
    assert len(answers) == 50
    assert sorted(answer["status"] for answer in answers) == [200] * 49 + [201]
    assert all(answer["body"] == answers[0]["body"] for answer in answers)
    assert Referral.objects.get().number == answers[0]["body"]["number"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_other_content_under_the_same_key_is_refused():
    batches = run([job | {"times": 1} for job in jobs([body() for _ in range(SENDERS)], key="k-1")])
    answers = [answer for batch in batches for answer in batch]
    assert sorted(answer["status"] for answer in answers) == [201] + [409] * (SENDERS - 1)
    assert Referral.objects.count() == 1
