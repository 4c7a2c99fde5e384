"""The packet as a party office downloads it."""

import pytest

from referrals.models import Patient
from tests import factories
from tests.referrals.api.calling import problem_of
from tests.referrals.packet.rendering import texts


@pytest.fixture
def inbound(world):
    return factories.referral(world, inbound=True)


def test_both_parties_get_a_pdf_that_no_cache_keeps(world, inbound, outside, our_heart):
    for caller in (outside, our_heart):
        response = caller.get(f"referrals/{inbound.number}/packet/")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{inbound.number}.pdf"'
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert inbound.number in texts(response.content)[0]


def test_each_side_sees_the_patient_as_everywhere_else(inbound, outside, our_heart):
    Patient.objects.filter(pk=inbound.patient_id).update(family_name="Renamed")
    address = f"referrals/{inbound.number}/packet/"
    assert "Renamed" not in texts(outside.get(address).content)[0]
    assert "Renamed" in texts(our_heart.get(address).content)[0]


def test_it_is_read_only_and_only_for_parties(inbound, outside, stranger):
    problem_of(stranger.get(f"referrals/{inbound.number}/packet/"), 404, "not-found")
    assert outside.post(f"referrals/{inbound.number}/packet/").status_code == 405


def test_reading_it_changes_nothing_and_takes_few_queries(inbound, outside, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        outside.get(f"referrals/{inbound.number}/packet/")
    version = inbound.version
    inbound.refresh_from_db()
    assert inbound.version == version
