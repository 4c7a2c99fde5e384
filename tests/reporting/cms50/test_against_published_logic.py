"""Ours and the published logic give the same result for thousands of small patients, in every edition."""

from random import Random
from types import SimpleNamespace

import pytest

from reporting.cms50.case_files import Entry
from reporting.cms50.cases import POPULATIONS, read_case
from reporting.cms50.editions import EDITIONS
from reporting.cms50.value_sets import CPT, FULFILL, LOINC, SNOMED, Code
from tests.reporting.cms50.published_logic import populations

YEAR, PATIENTS = 2026, 1000
VISIT, PSYCHOLOGY, EMERGENCY = (CPT, "99213"), (CPT, "96136"), (SNOMED, "4525004")
REFERRAL, CONSULT, OTHER_NOTE = (SNOMED, "103696004"), (LOINC, "34099-2"), (LOINC, "1-8")
# What decides lies at the edges: of the year, of October, of an instant, of a zone, of what is known.
NEW_YEAR = (
    "2025-12-31", "2026-01-01", "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z", "2025-12-31T23:30:00-05:00",
    "2026-01-01T01:00:00+02:00", "2026-01", "2026",
)  # fmt: skip
NOVEMBER = (
    "2026-10-31", "2026-11-01", "2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z", "2026-10-31T20:30:00-04:00", "2026-10",
)  # fmt: skip
YEARS_END = (
    "2026-12-31", "2027-01-01", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2026-12-31T19:30:00-05:00", "2026-12",
)  # fmt: skip
JUNE = (
    "2026-06-06T08:00:00Z", "2026-06-06T04:00:00-04:00", "2026-06-06T08:00:00.001Z", "2026-06-06", "2026-06-07", "2026-06",
)  # fmt: skip
JULY = ("2026-07-01T08:00:00Z",)


def patient(random: Random, kind_of_task: Code) -> list[dict]:
    """Mostly what counts, with something amiss here and there."""

    def mostly(usual, *others):
        return random.choice(others) if random.random() < 0.06 else usual

    def concept(usual, *others):
        system, code = mostly(usual, *others)
        return {"coding": [{"system": system, "code": code}]}

    def moment(usual, edges):
        return random.choice(usual if random.random() < 0.8 else edges)

    def period(usual, edges):
        both = {"start": moment(usual, NEW_YEAR), "end": moment(usual, edges)}
        return {side: at for side, at in both.items() if random.random() < 0.97}

    def references(field, request):
        named = {
            "reference": mostly(f"ServiceRequest/{request}", f"https://ehr.example/fhir/CarePlan/{request}", "x/r9")
        }
        return {field: [named] if field == "basedOn" else named}

    requests = [
        {"resourceType": "ServiceRequest", "id": id, "code": concept(REFERRAL, EMERGENCY), "intent": mostly("order", "plan"),
         "status": mostly(random.choice(("active", "completed")), "draft", "revoked"),
         "authoredOn": moment(JUNE, NEW_YEAR + NOVEMBER)}
        for id in random.sample(("r1", "r2"), random.choice((1, 2)))
    ]  # fmt: skip
    visits = [
        {"resourceType": "Encounter", "status": mostly("finished", "arrived"), "period": period(JUNE, YEARS_END),
         "type": [concept(random.choice((VISIT, PSYCHOLOGY)), EMERGENCY)]}
        for _ in range(random.choice((0, 1, 1, 1, 2)))
    ]  # fmt: skip
    for _ in range(random.choice((0, 1))):
        both = period(JULY, YEARS_END)
        performed = random.choice(({"performedDateTime": moment(JUNE, YEARS_END)}, {"performedPeriod": both}, {}))
        visits.append(
            {"resourceType": "Procedure", "status": mostly("completed", "in-progress"), "code": concept(PSYCHOLOGY, VISIT),
             **performed}
        )  # fmt: skip
    tasks = [
        {"resourceType": "Task", "status": mostly("completed", "failed", "accepted"),
         "code": concept(kind_of_task, CONSULT, FULFILL, OTHER_NOTE), "reasonCode": concept(CONSULT, OTHER_NOTE),
         "executionPeriod": period(JULY + JUNE[:3], YEARS_END + JUNE),
         **references(mostly("basedOn", "focus"), request)}
        for request in random.choices(("r1", "r2"), k=random.choice((0, 1, 2, 2)))
    ]  # fmt: skip
    return requests + visits + tasks


@pytest.mark.parametrize("edition", EDITIONS)
def test_any_small_patient_gets_the_published_result(edition):
    kind_of_task = FULFILL if EDITIONS[edition].reports_fulfill else CONSULT
    report = {"resourceType": "MeasureReport", "measure": f"https://example.org/Measure/{edition}|1"}
    random, results = Random(edition), []
    for _ in range(PATIENTS):
        resources = patient(random, kind_of_task)
        case = SimpleNamespace(name="any", entries=lambda: [Entry(r) for r in (*resources, report)])
        found = tuple(read_case(case, year=YEAR).found[name] for name in POPULATIONS)
        assert found in populations(resources, edition=edition, year=YEAR), resources
        results.append(found)
    assert min(map(results.count, ((0, 0, 0), (1, 1, 0), (1, 1, 1)))) > PATIENTS / 20, "too few of a kind"
