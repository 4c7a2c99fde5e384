"""Office tokens: shown once, stored hashed, expiring, revocable, rotated with overlap."""

from datetime import timedelta

import pytest

from referrals import tokens
from referrals.errors import InvalidInput
from referrals.models import OfficeToken
from tests import factories

NOW = factories.NOW


def test_a_token_opens_its_office_in_one_query(world, django_assert_num_queries):
    text = factories.token(world.ours)
    tokens.authenticate(text, now=NOW)
    with django_assert_num_queries(1):
        assert tokens.authenticate(text, now=NOW).office == world.ours


def test_nothing_stored_contains_the_secret(world):
    issued = tokens.issue(office=world.ours, name="Epic", now=NOW)
    secret = issued.text.split("_", 2)[2]
    row = OfficeToken.objects.values().get()
    assert secret not in str(row)
    assert issued.text.startswith(f"rlk_{row['prefix']}_")


@pytest.mark.parametrize(("after", "live"), [(-1, True), (0, False), (1, False)])
def test_expiry_is_to_the_second(world, after, live):
    issued = tokens.issue(office=world.ours, name="x", now=NOW, expires_at=NOW + timedelta(hours=1))
    at = NOW + timedelta(hours=1, seconds=after)
    assert (tokens.authenticate(issued.text, now=at) is not None) is live


def test_rotation_overlaps_and_keeps_the_lifetime(world):
    old = tokens.issue(office=world.ours, name="x", now=NOW, expires_at=NOW + timedelta(days=90))
    later = NOW + timedelta(days=80)
    new = tokens.rotate(token=old.token, now=later, overlap=timedelta(days=2))
    assert new.token.expires_at == later + timedelta(days=90)
    for at, old_live in ((later + timedelta(days=2, seconds=-1), True), (later + timedelta(days=2), False)):
        assert (tokens.authenticate(old.text, now=at) is not None) is old_live
        assert tokens.authenticate(new.text, now=at)
    with pytest.raises(InvalidInput, match="successor"):
        tokens.rotate(token=old.token, now=later)


def test_revoking_is_at_once_and_final(world):
    issued = tokens.issue(office=world.ours, name="x", now=NOW)
    tokens.revoke(token=issued.token, now=NOW)
    assert tokens.authenticate(issued.text, now=NOW) is None
    with pytest.raises(InvalidInput, match="revoked"):
        tokens.rotate(token=issued.token, now=NOW)


def test_a_closed_office_has_no_tokens_that_work(world):
    text = factories.token(world.ours)
    world.ours.active = False
    world.ours.save()
    assert tokens.authenticate(text, now=NOW) is None


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "!", lambda t: t[:-1], lambda t: t + "x", lambda t: "", str.upper]
)
def test_anything_else_opens_nothing(world, change):
    assert tokens.authenticate(change(factories.token(world.ours)), now=NOW) is None


def test_a_token_needs_a_name_and_a_future(world):
    for values in ({"name": " "}, {"name": "x", "expires_at": NOW}):
        with pytest.raises(InvalidInput):
            tokens.issue(office=world.ours, now=NOW, **values)
