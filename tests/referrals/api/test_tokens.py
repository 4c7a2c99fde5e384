"""Who gets in: a live token of an active office, nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from referrals import tokens
from referrals.models import OfficeToken
from tests import factories
from tests.referrals.api.calling import Caller, problem_of

LIST = "/api/v1/referrals/"


def refused(response, code: str) -> str:
    problem_of(response, 401, code)
    return response["WWW-Authenticate"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Token rlk_abc"])
def test_without_a_bearer_token(world, header):
    headers = {} if header is None else {"Authorization": header}
    assert refused(Client().get(LIST, headers=headers), "not-authenticated") == 'Bearer realm="RefLoop"'


@pytest.mark.parametrize("text", ["rlk_abc", "rlk_" + "0" * 12 + "_" + "x" * 32, "é", "a b"])
def test_an_unknown_token(world, text):
    challenge = refused(Caller(world.ours, token=text).get("referrals/"), "invalid-token")
    assert challenge.endswith('error="invalid_token"')


def test_a_wrong_secret_of_a_real_prefix(world, ours):
    refused(
        Caller(world.ours, token=ours.token[:-1] + ("A" if ours.token[-1] != "A" else "B")).get("referrals/"),
        "invalid-token",
    )


def test_revoked_expired_and_of_an_inactive_office(world):
    now = timezone.now()
    revoked = tokens.issue(office=world.ours, name="a", now=now)
    tokens.revoke(token=revoked.token, now=now)
    expired = tokens.issue(office=world.ours, name="b", now=now, expires_at=now + timedelta(seconds=1))
    OfficeToken.objects.filter(pk=expired.token.pk).update(expires_at=now - timedelta(seconds=1))
    closed = tokens.issue(office=world.stranger, name="c", now=now)
    world.stranger.active = False
    world.stranger.save()
    for issued in (revoked, expired, closed):
        refused(Caller(world.ours, token=issued.text).get("referrals/"), "invalid-token")


def test_the_scheme_is_read_whatever_its_case(ours):
    response = Client().get(LIST, headers={"Authorization": f"bearer {ours.token}"})
    assert response.status_code == 200


def test_both_tokens_work_while_rotating(world):
    now = timezone.now()
    old = tokens.issue(office=world.ours, name="a", now=now)
    new = tokens.rotate(token=old.token, now=now)
    for issued in (old, new):
        assert Caller(world.ours, token=issued.text).get("referrals/").status_code == 200


def test_a_request_costs_one_query_for_the_token(world, ours, django_assert_num_queries):
    ours.get("specialties/")  # notes the day of use
    with django_assert_num_queries(2):
        ours.get("specialties/")


def test_a_session_of_the_admin_is_no_token(world):
    client = Client()
    client.force_login(factories.user("Manager"), backend="django.contrib.auth.backends.ModelBackend")
    refused(client.get(LIST), "not-authenticated")
