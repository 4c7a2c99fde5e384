"""Many keys in one parameter, on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.among import among
from referrals.models import Office
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_with_these_keys_and_no_others():
    some = [factories.office().pk for _ in range(4)]
    found = Office.objects.filter(pk__in=among(pk for pk in some[:3]))
    assert set(found.values_list("pk", flat=True)) == set(some[:3])
    assert not Office.objects.filter(pk__in=among([])).exists()


def test_thousands_are_one_parameter():
    with CaptureQueriesContext(connection) as asked:
        assert not Office.objects.filter(pk__in=among(range(10**9, 10**9 + 40_000))).exists()
    assert len(asked) == 1
