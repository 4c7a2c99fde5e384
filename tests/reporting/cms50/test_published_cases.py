"""Every published test case gives its published result; cases of our own show each edition, and the command at work."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reporting.cms50.case_files import NotACase, Source, sources
from reporting.cms50.cases import read_case
from reporting.cms50.editions import FROM_1_0, OF_2026, TO_2025
from reporting.cms50.value_sets import CPT, FULFILL, LOINC
from tests.referrals.intake.parsers.truth import FOLDER as SAMPLES
from tests.reporting.cms50.of_our_own import bundle, coded, written

FOLDER = SAMPLES / "fhir" / "cms50-closing-the-referral-loop"
PUBLISHED = sources(FOLDER) if FOLDER.is_dir() else []


@pytest.mark.parametrize("source", PUBLISHED or [None], ids=lambda source: source.name if source else "none")
def test_published_case(source):
    if source is None:
        pytest.skip(f"no published CMS50 cases in {SAMPLES}")
    case = read_case(source)
    assert case.expected.keys() == case.found.keys()
    assert case.agrees, case.outcome.why


def found(tmp_path, content, *, year=None) -> tuple[int, int]:
    """Denominator and numerator of a case of our own."""
    case = read_case(Source("case", (written(tmp_path, content),)), year=year)
    return case.found["denominator"], case.found["numerator"]


@pytest.mark.parametrize(("measure", "inside"), [(TO_2025, 1), (f"{OF_2026}|0.4.000", 0), (FROM_1_0, 0)])
def test_a_psychological_visit_qualifies_up_to_2025(tmp_path, measure, inside):
    case = bundle(measure=measure, Encounter={"type": [coded(CPT, "96116")]})
    assert found(tmp_path, case) == (inside, inside)


@pytest.mark.parametrize(("measure", "inside"), [(TO_2025, 0), (f"{OF_2026}|0.4.000", 1), (FROM_1_0, 1)])
def test_a_psychological_procedure_qualifies_from_2026_on(tmp_path, measure, inside):
    at = {"performedDateTime": "2026-05-27T08:00:00Z"}
    case = bundle(measure=measure, Encounter={"status": "cancelled"})
    case["entry"].insert(
        0, {"resource": {"resourceType": "Procedure", "status": "completed", "code": coded(CPT, "96116"), **at}}
    )
    assert found(tmp_path, case)[0] == inside


@pytest.mark.parametrize(
    ("task", "met"),
    [
        ({"code": coded(*FULFILL), "reasonCode": coded(LOINC, "34099-2")}, 1),
        ({"code": coded(*FULFILL), "reasonCode": coded(LOINC, "34099-2"), "basedOn": None}, 0),
        (
            {"code": coded(*FULFILL), "reasonCode": coded(LOINC, "34099-2"), "basedOn": None}
            | {"focus": {"reference": "ServiceRequest/r1"}},
            1,
        ),
        ({"code": coded(*FULFILL)}, 0),
        ({"reasonCode": coded(LOINC, "34099-2")}, 0),
    ],
)
def test_from_1_0_on_a_report_fulfills_the_referral_and_its_reason_is_the_kind_of_report(tmp_path, task, met):
    assert found(tmp_path, bundle(measure=FROM_1_0, Task=task)) == (1, met)


def test_the_year_and_the_tasks_tell_the_edition_of_a_case_whose_measure_is_not_known(tmp_path):
    psychological = bundle(Encounter={"type": [coded(CPT, "96116")]}, MeasureReport=None)
    assert found(tmp_path, psychological, year=2026) == (0, 0)
    assert found(tmp_path, json.dumps(psychological).replace("2026-", "2025-"), year=2025) == (1, 1)
    fulfilling = {"code": coded(*FULFILL), "reasonCode": coded(LOINC, "34099-2")}
    assert found(tmp_path, bundle(measure="Receipt", Task=fulfilling)) == (1, 1)


def test_a_request_is_also_named_by_its_address_in_the_bundle(tmp_path):
    case = bundle(ServiceRequest={"id": "5f0d"})
    request = next(entry for entry in case["entry"] if entry["resource"]["resourceType"] == "ServiceRequest")
    assert found(tmp_path, case) == (1, 0)
    for url in ("https://ehr.example/fhir/ServiceRequest/r1", "urn:uuid:r1"):
        request["fullUrl"] = url
        assert found(tmp_path, case) == (1, 1)


def test_a_contained_request_is_no_referral(tmp_path):
    (request,) = (e["resource"] for e in bundle()["entry"] if e["resource"]["resourceType"] == "ServiceRequest")
    case = bundle(ServiceRequest=None, Task={"basedOn": [{"reference": "#r1"}], "contained": [request]})
    assert found(tmp_path, case) == (0, 0)


def test_whose_a_resource_is_said_to_be_is_not_asked(tmp_path):
    other = {"reference": "Patient/somebody-else"}
    assert found(tmp_path, bundle(ServiceRequest={"subject": other}, Task={"for": other})) == (1, 1)


def test_a_referral_that_was_not_to_be_made_does_not_count(tmp_path):
    assert found(tmp_path, bundle(ServiceRequest={"doNotPerform": True})) == (0, 0)


@pytest.mark.parametrize("written_on", ["2026-10", "2026", "2026-02-31", "2026-13", "soon", None])
def test_a_date_that_does_not_tell_the_day_or_is_none_does_not_count(tmp_path, written_on):
    assert found(tmp_path, bundle(ServiceRequest={"authoredOn": written_on})) == (0, 0)


def test_populations_are_known_in_other_spellings_and_other_groups_passed_over(tmp_path):
    case = bundle()
    populations = [{"id": "InitialPopulation_1", "count": "1"}, {"code": coded("", "Denominator"), "count": 1},
                   {"code": coded("", "denominator-exclusion"), "count": 0}]  # fmt: skip
    groups = [{"population": [{"code": coded("", "supplement"), "count": 9}]}, {"population": populations},
              {"population": [{"code": coded("", "denominator"), "count": 5}]}]  # fmt: skip
    case["entry"][-1]["resource"]["group"] = groups
    read = read_case(Source("case", (written(tmp_path, case),)))
    assert (read.expected, read.agrees) == ({"initial-population": 1, "denominator": 1}, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"MeasureReport": None}, "--year"),
        ({"measure": "CMS22FHIRPCSBPScreeningFollowUp"}, "another measure"),
        ({"numerator": "all"}, "no number"),
    ],
)
def test_what_cannot_be_checked_says_why(tmp_path, change, says):
    with pytest.raises(NotACase, match=says):
        found(tmp_path, bundle(**change))


def check(*paths, **options) -> str:
    out = StringIO()
    try:
        call_command("cms50", "--check", *map(str, paths), stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


def test_the_command_says_which_cases_agree_and_goes_on_after_what_it_cannot_read(tmp_path):
    good = written(tmp_path, bundle(), "good.json")
    late = written(tmp_path, bundle(Task={"executionPeriod": {"end": "2027-01-01T00:00:00Z"}}), "late.json")
    bad = written(tmp_path, "<xml/>", "bad.json")
    assert check(good).startswith("agrees  good: ")
    said = check(bad, late, good, tmp_path / "none.json")
    assert "NO CASE bad: bad.json is not JSON." in said
    assert "NO CASE none: No such file" in said
    assert "outside 2026" in said
    assert said.endswith("1 of 2 cases differ from their published result, 2 could not be read.")
    assert check(tmp_path).count("agrees") == 1


def test_a_case_without_a_published_result_shows_what_was_found(tmp_path):
    said = check(written(tmp_path, bundle(MeasureReport=None)), year=2026)
    assert said.startswith("found   case: ")
    assert "report received on 2026-07-06" in said


def test_an_empty_folder_is_no_case(tmp_path):
    assert "holds no FHIR test case" in check(tmp_path)
