"""A prepared query finds what the queryset it was built from finds, as it is now."""

import pytest

from referrals.models import Office, Referral
from referrals.prepared import Prepared
from tests import factories

pytestmark = pytest.mark.django_db
OFFICE = Prepared(lambda: Office.objects.filter(pk=0, active=True).order_by())
OWNERS = Prepared(lambda: Referral.objects.filter(status="").order_by("pk").values_list("owner", "pk"))
REFERRAL = Prepared(lambda: Referral.objects.filter(pk=0).order_by())


def test_an_instance_equals_the_one_of_the_queryset_in_every_column(world):
    referral = factories.referral(world, "closed")
    found, expected = REFERRAL.first(referral.pk), Referral.objects.get(pk=referral.pk)
    columns = [field.attname for field in Referral._meta.concrete_fields]
    assert {name: found.__dict__[name] for name in columns} == {name: expected.__dict__[name] for name in columns}
    assert not found._state.adding and found._state.db == expected._state.db


def test_values_come_as_rows_and_as_sets(world):
    seen = [factories.referral(world, "seen") for _ in range(2)]
    assert [pk for _, pk in OWNERS("seen")] == [referral.pk for referral in seen]
    assert OWNERS.sets("seen")[seen[0].owner_id] == {
        referral.pk for referral in seen if referral.owner == seen[0].owner
    }
    assert OWNERS.sets("seen")[0] == set()


def test_what_was_found_is_never_kept(world):
    assert OFFICE.first(world.ours.pk) == world.ours
    Office.objects.filter(pk=world.ours.pk).update(active=False)
    assert OFFICE.first(world.ours.pk) is None


@pytest.mark.parametrize("pk", [2**63, -(2**63) - 1, 10**30])
def test_a_number_no_row_can_have_finds_nothing(pk):
    assert OFFICE.first(pk) is None


def test_parameters_are_counted():
    with pytest.raises(TypeError, match="takes 1"):
        OFFICE.first(1, 2)


def test_one_query_each_time(world, django_assert_num_queries):
    OFFICE.first(world.ours.pk)
    with django_assert_num_queries(1):
        OFFICE.first(world.ours.pk)
