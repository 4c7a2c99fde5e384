"""CMS50 test cases as published: a FHIR R4 bundle of one patient, with the expected result in a MeasureReport.

Lets an office check RefLoop's logic against the measure's own test deck: ``manage.py cms50 --check FILE…``."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from reporting.cms50.rules import Moment, Order, Outcome, Report, Visit, assess
from reporting.cms50.value_sets import Code

POPULATIONS = ("initial-population", "denominator", "numerator")


class NotACase(ValueError):
    """The file is not a FHIR bundle with a measurement period; the text says what is missing."""


@dataclass(frozen=True)
class Case:
    """``expected`` and ``found`` hold the populations' counts of one patient: 0 or 1 by population code."""

    name: str
    year: int
    outcome: Outcome
    expected: dict[str, int]
    found: dict[str, int]

    @property
    def agrees(self) -> bool:
        return all(self.found[population] == count for population, count in self.expected.items())


def read_case(path: Path, *, zone: tzinfo = UTC, year: int | None = None) -> Case:
    """Assess the patient of one bundle file.

    ``year`` is needed when the file holds no MeasureReport. Raises NotACase, or OSError when it cannot be opened."""
    try:
        bundle = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise NotACase(f"{path.name} is not JSON.") from error
    resources = _resources(bundle)
    if not resources:
        raise NotACase(f"{path.name} is not a FHIR bundle with entries.")
    report = next((r for r in resources if r.get("resourceType") == "MeasureReport"), None)
    year = year or _year(report)
    if not year:
        raise NotACase(f"{path.name} has no MeasureReport with a period; say the year with --year.")
    outcome = assess(
        visits=[_visit(r, zone) for r in resources if r.get("resourceType") in ("Encounter", "Procedure")],
        orders=[_order(r, zone) for r in resources if r.get("resourceType") == "ServiceRequest"],
        reports=[_report(r, zone) for r in resources if r.get("resourceType") == "Task"],
        year=year,
    )
    inside = int(outcome.in_denominator)
    found = dict(zip(POPULATIONS, (inside, inside, int(outcome.in_numerator)), strict=True))
    return Case(path.stem, year, outcome, _expected(report), found)


def _resources(bundle: Any) -> list[dict[str, Any]]:
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    found = [entry.get("resource") for entry in entries or [] if isinstance(entry, dict)]
    return [resource for resource in found if isinstance(resource, dict)]


def _year(report: dict[str, Any] | None) -> int | None:
    start = str(((report or {}).get("period") or {}).get("start") or "")
    return int(start[:4]) if start[:4].isdigit() else None


def _expected(report: dict[str, Any] | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    for group in (report or {}).get("group") or []:
        for population in group.get("population") or []:
            for code in _codings(population.get("code")):
                if code[1] in POPULATIONS:
                    counts[code[1]] = int(population.get("count") or 0)
    return counts


def _codings(concept: Any) -> list[Code]:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return [(c.get("system", ""), c.get("code", "")) for c in codings or [] if isinstance(c, dict)]


def _codes(*concepts: Any) -> frozenset[Code]:
    return frozenset(code for concept in concepts for code in _codings(concept))


def _visit(resource: dict[str, Any], zone: tzinfo) -> Visit:
    if resource["resourceType"] == "Encounter":
        start, end = _period(resource.get("period"), zone)
        return Visit(_codes(*(resource.get("type") or [])), resource.get("status") == "finished", start, end)
    if (at := resource.get("performedDateTime")) is not None:
        start = end = _moment(at, zone)
    else:
        start, end = _period(resource.get("performedPeriod"), zone)
    return Visit(
        _codes(resource.get("code")), resource.get("status") == "completed", start, end, True, called="procedure"
    )


def _order(resource: dict[str, Any], zone: tzinfo) -> Order:
    # "Do not refer" is the opposite of a referral.
    status = "revoked" if resource.get("doNotPerform") is True else str(resource.get("status") or "")
    return Order(
        id=str(resource.get("id") or ""),
        codes=_codes(resource.get("code")),
        status=status,
        intent=str(resource.get("intent") or ""),
        written=_moment(resource.get("authoredOn"), zone),
    )


def _report(resource: dict[str, Any], zone: tzinfo) -> Report:
    references = [str(ref.get("reference") or "") for ref in resource.get("basedOn") or [] if isinstance(ref, dict)]
    return Report(
        codes=_codes(resource.get("code")),
        status=str(resource.get("status") or ""),
        order_ids=frozenset(_id_of(reference) for reference in references),
        received=_period(resource.get("executionPeriod"), zone)[1],
    )


def _id_of(reference: str) -> str:
    """The logical id of a reference, relative or absolute, with or without a version."""
    return reference.split("/_history/")[0].rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _period(period: Any, zone: tzinfo) -> tuple[Moment | None, Moment | None]:
    period = period if isinstance(period, dict) else {}
    return _moment(period.get("start"), zone), _moment(period.get("end"), zone)


def _moment(text: Any, zone: tzinfo) -> Moment | None:
    """A FHIR dateTime. A month or a year alone does not say the day: None."""
    text = str(text or "")
    try:
        if "T" not in text:
            return Moment(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return Moment(at.astimezone(zone).date(), at)
