"""The same create twice is one referral and one answer."""

import pytest

from referrals.models import CaptureReceipt, Referral
from tests.referrals.api.calling import body, fields_of, problem_of


def test_the_same_key_and_content_get_the_same_answer(ours, outside):
    sent = body(direction="outbound")
    first = ours.post("referrals/", sent, Idempotency_Key="k-1")
    outside.do(first.json()["number"], "accept")  # the world moves on; the answer does not
    again = ours.post("referrals/", sent, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert again["Location"] == first["Location"]
    assert Referral.objects.count() == 1


def test_the_same_key_with_other_content(ours):
    first = ours.post("referrals/", body(), Idempotency_Key="k-1").json()
    problem = problem_of(ours.post("referrals/", body(), Idempotency_Key="k-1"), 409, "idempotency-conflict")
    assert first["number"] in problem["detail"]


def test_an_external_id_is_a_key_of_its_own(outside):
    sent = body(external_id="order 7")
    first = outside.post("referrals/", sent, Idempotency_Key="k-1").json()
    again = outside.post("referrals/", sent, Idempotency_Key="k-2")
    assert (again.status_code, again.json()) == (200, first)
    problem_of(outside.post("referrals/", body(external_id="order 7")), 409, "idempotency-conflict")


def test_keys_of_two_offices_are_two_keys(ours, outside):
    assert ours.post("referrals/", body(external_id="e"), Idempotency_Key="k").status_code == 201
    assert outside.post("referrals/", body(external_id="e"), Idempotency_Key="k").status_code == 201


def test_without_a_key_nothing_is_remembered(ours):
    sent = body()
    assert ours.post("referrals/", sent).json()["number"] != ours.post("referrals/", sent).json()["number"]
    assert not CaptureReceipt.objects.exists()


def test_an_answer_made_for_our_office_is_not_repeated_to_the_sender(world, our_heart, outside):
    """Our desk typed in the fax; then the sender's EHR sends the same order: one referral, each sees its own side."""
    sent = body(external_id="o-1", receiving_office=world.ours_too.npi)
    typed = our_heart.post("referrals/", sent | {"referring_office": world.outside.npi}).json()
    assert typed["owner"] and typed["routing"]
    same = outside.post("referrals/", sent)
    assert (same.status_code, same.json()["number"]) == (200, typed["number"])
    assert (same.json()["owner"], same.json()["routing"]) == (None, None)


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a b", "é"])
def test_bad_keys(ours, key):
    assert fields_of(ours.post("referrals/", body(), Idempotency_Key=key)) == {"Idempotency-Key"}
