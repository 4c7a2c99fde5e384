"""A test case of our own: a patient with a visit, a referral, its report and the expected result."""

import json
from pathlib import Path

from reporting.cms50.value_sets import LOINC, SNOMED


def coded(system: str, code: str) -> dict:
    return {"coding": [{"system": system, "code": code}]}


def bundle(*, measure="CMS50FHIRCRLReceiptofSpecialistReport", numerator=1, **changes) -> dict:
    """The bundle; ``changes`` update the resource of that type, None leaves it out."""
    counts = (("initial-population", 1), ("denominator", 1), ("numerator", numerator))
    resources = [
        {"resourceType": "Patient", "id": "p"},
        {"resourceType": "Encounter", "status": "finished", "type": [coded(SNOMED, "185349003")],
         "period": {"start": "2026-05-27T08:00:00-05:00", "end": "2026-05-27T09:00:00-05:00"}},
        {"resourceType": "ServiceRequest", "id": "r1", "status": "active", "intent": "order",
         "code": coded(SNOMED, "308471005"), "authoredOn": "2026-05-27"},
        {"resourceType": "Task", "status": "completed", "code": coded(LOINC, "34099-2"),
         "basedOn": [{"reference": "https://example.org/fhir/ServiceRequest/r1/_history/2"}],
         "executionPeriod": {"end": "2026-07-06T08:10:00Z"}},
        {"resourceType": "MeasureReport", "measure": f"https://example.org/Measure/{measure}",
         "period": {"start": "2026-01-01", "end": "2026-12-31"},
         "group": [{"population": [{"code": coded("", code), "count": count} for code, count in counts]}]},
    ]  # fmt: skip
    kept = [r for r in resources if changes.get(r["resourceType"], {}) is not None]
    return {"resourceType": "Bundle", "entry": [{"resource": r | changes.get(r["resourceType"], {})} for r in kept]}


def written(folder: Path, content, name: str = "case.json") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path
