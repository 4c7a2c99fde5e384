"""Which referrals a report is about, and how its filters are written in an address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from referrals.actions import ending
from referrals.errors import InvalidInput
from referrals.models import Coordinator
from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.breakdown import figures_of, report
from reporting.measures.cohort import Cohort, Filters
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.period import Period
from tests import factories

NOW = factories.NOW
NOVEMBER = Period.month(2026, 11)
pytestmark = pytest.mark.django_db


def test_captured_in_the_period_to_the_instant(world):
    midnight = datetime(2026, 12, 1, 6, tzinfo=UTC)
    for at in (
        NOVEMBER.starts_at - timedelta(microseconds=1),
        NOVEMBER.starts_at,
        midnight - timedelta(microseconds=1),
    ):
        factories.captured(world, now=at)
    factories.captured(world, now=midnight)
    assert Cohort(NOVEMBER).referrals().count() == 2


def test_what_never_should_have_been_here_is_in_no_cohort(world):
    for reason in ("entered_in_error", "duplicate", None):
        referral = factories.referral(world)
        if reason:
            ending.void(referral=referral, actor=factories.SYSTEM, now=NOW, reason=ending.reason_for(reason))
    assert figures_of(Cohort(NOVEMBER), now=NOW, assumptions=Assumptions()).cohort == 1


def test_an_empty_cohort_has_no_referrals_and_no_share(world):
    found = report(Cohort(Period.month(2020, 1)), now=NOW, assumptions=current_assumptions())
    assert found.total.cohort == 0
    assert all(measured.value is None and measured.text == "no referrals" for measured in found.total.measures())
    assert all(parts == () for parts in found.parts.values())


def test_none_closed_yet_has_shares_but_no_days(world):
    factories.referral(world)
    total = figures_of(Cohort(NOVEMBER), now=NOW, assumptions=Assumptions())
    assert total.measured("closed").text == "0.0 %" and total.measured("days_median").text == "none closed"


def test_filters_are_an_address(world):
    query = QueryDict(
        f"direction=outbound&specialty=cardiology,ent&receiving_office={world.outside.npi}&payer=none&payer=aetna-ppo"
        f"&owner={world.coordinator.pk}&page=3"
    )
    filters = Filters.read(query)
    assert [choice.value for choice in filters.of("payer")] == [None, world.aetna.pk]
    assert filters.query() == {
        "direction": "outbound", "specialty": "cardiology,ent", "receiving_office": world.outside.npi,
        "payer": "none,aetna-ppo", "owner": str(world.coordinator.pk),
    }  # fmt: skip
    assert Filters.read(filters.query()) == filters
    assert Filters.read({}) == Filters() and not Filters()


def test_what_nothing_is_called_is_said_by_name():
    with pytest.raises(InvalidInput) as refused:
        Filters.read(
            {"specialty": "cardiologie", "owner": "x,99999999999999999999", "priority": "none", "payer": "none"}
        )
    assert {name for name, _ in refused.value.fields} == {"specialty", "owner", "priority"}


def test_filters_take_what_has_one_of_the_choices_in_each(world):
    other = Coordinator.objects.create(name="Other")
    kept = factories.in_status(world, "routed", payer="")
    for values in ({"payer": "aetna-ppo"}, {"payer": "", "specialty": "ent"}):
        factories.in_status(world, "routed", **values)
    filters = Filters.read({"payer": "none", "specialty": "cardiology"})
    assert list(Cohort(NOVEMBER, filters).referrals()) == [kept]
    assert not Cohort(NOVEMBER, filters.only(DIMENSIONS["owner"].labelled([other.pk])[other.pk])).referrals().exists()


def test_an_office_counts_only_what_it_is_a_party_to(world):
    factories.referral(world)
    factories.referral(world, inbound=True)
    office = world.ours_too.pk  # receives the inbound one
    assert Cohort(NOVEMBER, office=office).referrals().count() == 1
    assert Cohort(NOVEMBER, office=world.stranger.pk).referrals().count() == 0
    assert Cohort(NOVEMBER, office=world.outside.pk).referrals().count() == 2


def test_one_query_for_the_figures_and_one_for_the_names_of_each_table(world, django_assert_num_queries):
    for _ in range(3):
        factories.referral(world)
    with django_assert_num_queries(1 + 6):
        report(Cohort(NOVEMBER), now=NOW, assumptions=Assumptions())
