"""The measure's logic at its edges."""

from datetime import UTC, datetime, timedelta

import pytest

from reporting.cms50.rules import Moment, Order, Report, Visit, assess
from reporting.cms50.value_sets import CPT, LOINC, QUALIFYING_PROCEDURES, SNOMED

REFERRAL = frozenset([(SNOMED, "103696004")])
CONSULT = frozenset([(LOINC, "11488-4")])
OFFICE_VISIT = frozenset([(CPT, "99213")])
JUNE = datetime(2026, 6, 6, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def at(instant: datetime) -> Moment:
    return Moment((instant.year, instant.month, instant.day), instant)


def visit(start=JUNE, end=None, *, codes=OFFICE_VISIT, done=True, **counted) -> Visit:
    return Visit(codes, done, at(start), at(end or start), **counted)


def order(written=JUNE, *, id="r1", status="active", intent="order", codes=REFERRAL) -> Order:
    return Order(frozenset([id]), codes, status, intent, at(written))


def report(received=JUNE + timedelta(days=30), *, of="r1", status="completed", codes=CONSULT) -> Report:
    return Report(codes, status, frozenset([of]), at(received))


def outcome(*, visits=None, orders=None, reports=(), year=2026):
    return assess(
        visits=[visit()] if visits is None else visits,
        orders=[order()] if orders is None else orders,
        reports=list(reports),
        year=year,
    )


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC) - TICK, False),
        (datetime(2026, 1, 1, tzinfo=UTC), True),
        (datetime(2026, 11, 1, tzinfo=UTC) - TICK, True),
        (datetime(2026, 11, 1, tzinfo=UTC), False),
    ],
)
def test_orders_from_january_first_to_october_thirty_first_count(written, inside):
    assert outcome(orders=[order(written)]).in_denominator is inside


@pytest.mark.parametrize(
    ("received", "met"),
    [
        (JUNE - TICK, False),
        (JUNE, False),
        (JUNE + TICK, True),
        (datetime(2027, 1, 1, tzinfo=UTC) - TICK, True),
        (datetime(2027, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_report_counts_after_the_order_and_within_the_year(received, met):
    assert outcome(reports=[report(received)]).in_numerator is met


def test_only_the_first_order_counts_and_a_revoked_one_gives_way():
    second = order(JUNE + timedelta(days=1), id="r2")
    of_second = [report(of="r2")]
    assert not outcome(orders=[second, order()], reports=of_second).in_numerator
    assert outcome(orders=[second, order(status="revoked")], reports=of_second).in_numerator


@pytest.mark.parametrize(
    "other",
    [{"status": "draft"}, {"status": "entered-in-error"}, {"intent": "plan"}, {"codes": frozenset([(SNOMED, "1")])}],
)
def test_what_is_no_order_leaves_nobody_in_the_denominator(other):
    assert not outcome(orders=[order(**other)]).in_denominator


@pytest.mark.parametrize("other", [{"of": "r9"}, {"status": "failed"}, {"codes": frozenset([(LOINC, "18842-5")])}])
def test_what_does_not_answer_the_order_does_not_meet_it(other):
    assert not outcome(reports=[report(**other)]).in_numerator


def test_the_visit_must_lie_wholly_in_the_year_and_be_done():
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    assert outcome(visits=[visit(new_year - timedelta(hours=1), new_year - TICK)]).in_denominator
    assert not outcome(visits=[visit(new_year - timedelta(hours=1), new_year)]).in_denominator
    assert not outcome(visits=[visit(done=False)]).in_denominator
    assert not outcome(visits=[Visit(OFFICE_VISIT, True, at(JUNE), None)]).in_denominator


def test_a_procedure_qualifies_by_its_own_codes():
    psych = frozenset([(CPT, "96136")])
    assert outcome(visits=[visit(codes=psych, counted=QUALIFYING_PROCEDURES)]).in_denominator
    assert not outcome(visits=[visit(codes=OFFICE_VISIT, counted=QUALIFYING_PROCEDURES)]).in_denominator


def test_without_a_visit_a_report_does_not_count_in_the_numerator():
    assert not outcome(visits=[], reports=[report()]).in_numerator


def test_a_day_without_a_time_is_later_only_from_the_next_day_on():
    day = Moment((2026, 6, 6))
    assert not day.is_after(at(JUNE))
    assert not at(JUNE).is_after(day)
    assert Moment((2026, 6, 7)).is_after(at(JUNE))


def test_a_month_decides_only_what_holds_for_all_its_days():
    june, october = Moment((2026, 6)), Moment((2026, 10))
    assert outcome(orders=[Order(frozenset(["r1"]), REFERRAL, "active", "order", june)]).in_denominator
    assert not outcome(orders=[Order(frozenset(["r1"]), REFERRAL, "active", "order", october)]).in_denominator
    assert october.is_after(at(JUNE))
    assert not june.is_after(at(JUNE))
    assert str(june) == "2026-06"


def test_the_outcome_says_why():
    assert outcome(reports=[report(status="failed")]).why == (
        "qualifying visit on 2026-06-06",
        "first referral ordered on 2026-06-06",
        "report does not count: it is failed, not completed",
    )
