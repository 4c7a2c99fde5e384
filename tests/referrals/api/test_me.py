"""Who am I: what a token is, may do, and how often."""

from datetime import timedelta

from django.utils import timezone

from referrals import tokens
from tests.referrals.api.calling import Caller


def test_it_says_whose_token_it_is_and_what_it_may(world, ours, outside_manager, django_assert_num_queries):
    outside_manager.get("me/")
    with django_assert_num_queries(1):
        mine = outside_manager.get("me/").json()
    assert mine["office"] == {"npi": world.outside.npi, "name": "Capitol Heart Center"}
    assert (mine["is_group"], mine["capabilities"]) == (False, ["referrals", "manage_endpoints"])
    assert mine["token"]["name"] == "test" and mine["token"]["expires_at"] is None
    assert outside_manager.token.startswith(mine["token"]["starts_with"])
    assert mine["rate_limit"] == {"requests": 600, "seconds": 60}
    assert mine["endpoint_rate_limit"] == {"requests": 20, "seconds": 60}
    assert mine["time_zone"] == "America/Chicago"
    group = ours.get("me/").json()
    assert (group["is_group"], group["capabilities"]) == (True, ["referrals"])


def test_a_rotated_token_keeps_its_rights(world):
    now = timezone.now()
    old = tokens.issue(
        office=world.outside, name="a", now=now, expires_at=now + timedelta(days=9), manages_endpoints=True
    )
    new = tokens.rotate(token=old.token, now=now)
    mine = Caller(world.outside, token=new.text).get("me/").json()
    assert "manage_endpoints" in mine["capabilities"]
    assert mine["token"]["expires_at"].endswith("Z")
