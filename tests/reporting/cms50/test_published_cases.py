"""Every published test case gives its published result; a case of our own shows the command at work without them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reporting.cms50.bundles import NotACase, read_case
from tests.referrals.intake.parsers.truth import FOLDER as SAMPLES

PUBLISHED = sorted((SAMPLES / "fhir" / "cms50-closing-the-referral-loop").glob("*.json"))


@pytest.mark.parametrize("path", PUBLISHED or [None], ids=lambda path: path.stem if path else "none")
def test_published_case(path):
    if path is None:
        pytest.skip(f"no published CMS50 cases in {SAMPLES}")
    case = read_case(path)
    assert case.expected.keys() == case.found.keys()
    assert case.agrees, case.outcome.why


def bundle(*, received="2026-07-06T08:10:00Z", numerator=1, **report) -> dict:
    def coded(system, code):
        return {"coding": [{"system": system, "code": code}]}

    snomed, loinc = "http://snomed.info/sct", "http://loinc.org"
    populations = [
        {"code": {"coding": [{"code": code}]}, "count": count}
        for code, count in (("initial-population", 1), ("denominator", 1), ("numerator", numerator))
    ]
    resources = [
        {"resourceType": "Patient", "id": "p"},
        {"resourceType": "Encounter", "status": "finished", "type": [coded(snomed, "185349003")],
         "period": {"start": "2026-05-27T08:00:00-05:00", "end": "2026-05-27T09:00:00-05:00"}},
        {"resourceType": "ServiceRequest", "id": "r1", "status": "active", "intent": "order",
         "code": coded(snomed, "308471005"), "authoredOn": "2026-05-27"},
        {"resourceType": "Task", "status": "completed", "code": coded(loinc, "34099-2"),
         "basedOn": [{"reference": "https://example.org/fhir/ServiceRequest/r1/_history/2"}],
         "executionPeriod": {"end": received}, **report},
        {"resourceType": "MeasureReport", "period": {"start": "2026-01-01", "end": "2026-12-31"},
         "group": [{"population": populations}]},
    ]  # fmt: skip
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]}


@pytest.fixture
def written(tmp_path):
    def write(content, name="case.json") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_the_command_says_which_cases_agree(written):
    out = StringIO()
    call_command("cms50", "--check", str(written(bundle())), stdout=out)
    assert "agrees  case" in out.getvalue()


def test_the_command_fails_on_a_case_that_differs(written):
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 cases differ"):
        call_command("cms50", "--check", str(written(bundle(received="2027-01-01T00:00:00Z"))), stdout=out)
    assert "outside 2026" in out.getvalue()


def test_a_referral_that_was_not_to_be_made_does_not_count(written):
    case = bundle()
    case["entry"][2]["resource"]["doNotPerform"] = True
    assert read_case(written(case)).found["denominator"] == 0


@pytest.mark.parametrize(
    ("content", "says"), [("<xml/>", "not JSON"), ("[1]", "not a FHIR bundle"), ("{}", "not a FHIR bundle")]
)
def test_a_file_that_is_no_case_says_so(written, content, says):
    with pytest.raises(NotACase, match=says):
        read_case(written(content))


def test_a_bundle_without_a_period_asks_for_the_year(written):
    case = bundle()
    case["entry"].pop()
    path = written(case)
    with pytest.raises(NotACase, match="--year"):
        read_case(path)
    assert read_case(path, year=2026).found["numerator"] == 1
