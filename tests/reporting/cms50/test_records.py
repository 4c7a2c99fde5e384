"""CMS50 from referrals brought along by the real services."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from referrals.actions import ending, retracting
from referrals.models import Document, Encounter
from reporting.cms50.records import BY_CLINICIAN, measure
from tests import factories

JUNE = datetime(2026, 6, 3, 15, tzinfo=UTC)


def only(result):
    """The one row; what the whole says of it is what the row says."""
    (row,) = result.rows
    assert (result.met.tolist(), result.is_presumed.tolist()) == ([row.met], [row.visit_presumed])
    return row


def test_a_final_note_meets_the_measure_and_its_absence_does_not(world):
    closed = factories.referral(world, "closed", now=JUNE)
    waiting = factories.referral(world, "seen", now=JUNE)
    result = measure(year=2026)
    assert {row.number: row.met for row in result.rows} == {closed.number: False, waiting.number: False}
    # That note came in the very instant of the order; one that came later counts.
    factories.attach_note(waiting, now=JUNE + timedelta(days=9))
    row = next(row for row in measure(year=2026).rows if row.number == waiting.number)
    assert (row.met, row.registry_code) == (True, "G9969")
    assert row.evidence[-1] == "report received on 2026-06-12"


def test_a_preliminary_or_retracted_note_does_not_count(world):
    referral = factories.referral(world, "seen", now=JUNE)
    factories.attach_note(referral, now=JUNE + timedelta(days=2), status=Document.Status.PRELIMINARY)
    assert not only(measure(year=2026)).met
    final = factories.attach_note(referral, now=JUNE + timedelta(days=3))
    assert only(measure(year=2026)).met
    retracting.retract_note(
        referral=referral, document=final.version.document, reason="another patient's", actor=factories.SYSTEM,
        now=JUNE + timedelta(days=4),
    )  # fmt: skip
    assert not only(measure(year=2026)).met


@pytest.mark.parametrize(
    ("ordered", "counts"),
    [
        (datetime(2026, 11, 1, 4, 59, tzinfo=UTC), True),  # October 31, 23:59 in Chicago
        (datetime(2026, 11, 1, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 1, 1, 5, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 1, 6, 0, tzinfo=UTC), True),
    ],
)
def test_days_are_the_practices(world, ordered, counts):
    factories.referral(world, "routed", now=ordered)
    assert len(measure(year=2026).rows) == counts


def test_a_note_of_the_next_year_is_late(world):
    referral = factories.referral(world, "seen", now=JUNE)
    factories.attach_note(referral, now=datetime(2027, 1, 1, 6, 0, tzinfo=UTC))
    assert not only(measure(year=2026)).met


def test_one_patient_counts_once_or_once_for_each_clinician(world):
    internist, gp = factories.provider(world.ours), factories.provider(world.ours)
    first = factories.captured(world, now=JUNE, referring_provider_id=internist.pk).referral
    same = {"patient_id": first.patient_id, "specialty": "neurology"}
    factories.captured(world, now=JUNE + timedelta(days=1), referring_provider_id=gp.pk, **same)
    assert only(measure(year=2026)).number == first.number
    by_clinician = measure(year=2026, counted_by=BY_CLINICIAN)
    found = [(one.pk, one.name, one.met, one.of) for one in by_clinician.by_clinician()]
    assert found == sorted([(internist.pk, str(internist), 0, 1), (gp.pk, str(gp), 0, 1)], key=lambda one: one[1])
    assert only(by_clinician.of_clinician(gp.pk)).clinician_id == gp.pk
    assert not by_clinician.of_clinician(None).rows


def test_withdrawn_by_the_referrer_the_next_becomes_first(world):
    first = factories.referral(world, "routed", now=JUNE)
    second = factories.captured(
        world, now=JUNE + timedelta(days=1), patient_id=first.patient_id, specialty="neurology"
    ).referral
    ending.cancel(referral=first, comment="not needed", actor=factories.SYSTEM, now=JUNE + timedelta(days=2))
    assert only(measure(year=2026)).number == second.number


def test_a_patient_who_was_lost_stays_in(world):
    lost = factories.referral(world, "lost", now=JUNE)
    row = only(measure(year=2026))
    assert (row.number, row.met) == (lost.number, False)
    assert row.evidence[-1].startswith("no report: lost, ")


def test_only_referrals_our_offices_made_count_unless_asked_otherwise(world):
    inbound = factories.referral(world, "routed", inbound=True, now=JUNE)
    assert measure(year=2026).rate is None
    assert only(measure(year=2026, offices=[world.outside])).number == inbound.number


def test_a_visit_is_presumed_unless_on_record(world):
    referral = factories.referral(world, "routed", now=JUNE)
    assert only(measure(year=2026)).visit_presumed
    assert not measure(year=2026, recorded_visits_only=True).rows
    Encounter.objects.create(
        patient=referral.patient, office=world.ours, occurred_on=date(2026, 6, 3), created_at=JUNE
    )  # fmt: skip
    assert not only(measure(year=2026, recorded_visits_only=True)).visit_presumed


def test_winnable_are_open_loops_then_visits_without_a_note_until_the_year_is_over(world):
    unwritten = factories.referral(world, "closed_without_note", now=JUNE)
    open_still = factories.referral(world, "scheduled", now=JUNE + timedelta(days=1))
    factories.referral(world, "lost", now=JUNE)
    result = measure(year=2026)
    in_december = datetime(2026, 12, 31, 18, tzinfo=UTC)
    assert list(result.winnable(in_december)) == [open_still.pk, unwritten.pk]
    assert not len(result.winnable(datetime(2027, 1, 1, 6, 0, tzinfo=UTC)))


def test_queries_do_not_grow_with_rows(world, django_assert_num_queries):
    for _ in range(3):
        factories.referral(world, "seen", now=JUNE)
    with django_assert_num_queries(3):
        result = measure(year=2026)
    with django_assert_num_queries(2):
        assert len(result.rows) == 3


class TestCommand:
    @pytest.fixture(autouse=True)
    def _today(self):
        with time_machine.travel(factories.NOW, tick=False):
            yield

    def run(self, *arguments) -> str:
        out = StringIO()
        call_command("cms50", *arguments, stdout=out)
        return out.getvalue()

    def test_text_json_and_csv(self, world):
        referral = factories.referral(world, "seen", now=JUNE)
        assert "0 of 1 reports received: 0.0%" in self.run()
        assert json.loads(self.run("--format", "json"))["rows"][0]["referral"] == referral.number
        assert referral.number in self.run("--format", "csv", "--winnable").splitlines()[1]

    def test_an_empty_year_says_so(self, world):
        assert "No referral of 2019 counts yet." in self.run("--year", "2019")

    def test_an_unknown_office_is_named(self, world):
        with pytest.raises(CommandError, match="No office has the NPI 123"):
            self.run("--office", "123")
