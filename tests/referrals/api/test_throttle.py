"""How often: per token, and per address for refused attempts."""

import pytest
from django.test import Client

from tests import factories
from tests.referrals.api.calling import Caller, problem_of


@pytest.fixture
def tight(settings):
    rates = {"token": "3/min", "refused": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}


def test_each_token_has_its_own_allowance(world, tight):
    busy, other = Caller(world.ours), Caller(world.ours, token=factories.token(world.ours))
    assert [busy.get("payers/").status_code for _ in range(4)] == [200, 200, 200, 429]
    throttled = busy.get("payers/")
    problem_of(throttled, 429, "throttled")
    assert 1 <= int(throttled["Retry-After"]) <= 60
    assert other.get("payers/").status_code == 200


def test_refused_attempts_are_counted_by_address_and_good_tokens_are_not(world, tight, ours):
    guesses = [Caller(world.ours, token="rlk_guess").get("payers/") for _ in range(3)]
    assert [g.status_code for g in guesses] == [401, 401, 429]
    assert "Retry-After" in guesses[-1]
    assert ours.get("payers/").status_code == 200


def test_a_made_up_forwarding_header_is_not_another_address(world, tight):
    codes = [Client().get("/api/v1/payers/", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(3)]
    assert codes == [401, 401, 429]


def test_the_docs_are_not_counted(world, tight):
    assert {Client().get("/api/schema/").status_code for _ in range(6)} == {200}
