"""CMS50 test cases as published: the FHIR R4 resources of one patient, with the expected result in a MeasureReport.

Lets an office check RefLoop's logic against the measure's own test deck: ``manage.py cms50 --check FILE_OR_FOLDER…``."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from reporting.cms50.case_files import Entry, NotACase, Resource, Source, objects
from reporting.cms50.editions import Edition, edition_of
from reporting.cms50.rules import Moment, Order, Outcome, Report, Visit, assess
from reporting.cms50.value_sets import FULFILL, QUALIFYING_PROCEDURES, QUALIFYING_VISITS, Code

POPULATIONS = ("initial-population", "denominator", "numerator")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_MEASURE_NUMBER = re.compile(r"/CMS0*(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """``expected`` and ``found`` hold the populations' counts of one patient: 0 or 1 by population code.

    ``expected`` is empty when no result was published with the case."""

    name: str
    year: int
    outcome: Outcome
    expected: dict[str, int]
    found: dict[str, int]

    @property
    def agrees(self) -> bool:
        return all(self.found[population] == count for population, count in self.expected.items())


def read_case(source: Source, *, zone: tzinfo = UTC, year: int | None = None) -> Case:
    """Assess the patient of one case.

    Contained resources are no facts of their own and do not count. Whose a resource is said to be is not asked:
    published cases name other patients. ``year`` is needed when the case holds no MeasureReport. Raises NotACase, or
    OSError when a file cannot be opened."""
    entries = source.entries()
    report = _measure_report(source.name, entries)
    year = year or _year(report)
    if not year:
        raise NotACase(f"{source.name} has no MeasureReport with a period; say the year with --year.")
    tasks = [entry.resource for entry in entries if entry.kind == "Task"]
    fulfilling = any(FULFILL in _codes(task.get("code")) for task in tasks)
    edition = edition_of(str(report.get("measure") or ""), year=year, fulfilling=fulfilling)
    outcome = assess(
        visits=[visit for entry in entries if (visit := _visit(entry.resource, edition, zone))],
        orders=[_order(entry, zone) for entry in entries if entry.kind == "ServiceRequest"],
        reports=[_report(task, edition, zone) for task in tasks],
        year=year,
    )
    inside = int(outcome.in_denominator)
    found = dict(zip(POPULATIONS, (inside, inside, int(outcome.in_numerator)), strict=True))
    return Case(source.name, year, outcome, _expected(report), found)


def _measure_report(name: str, entries: list[Entry]) -> Resource:
    """The expected result; empty when none was published. Raises NotACase when it is another measure's."""
    reports = [entry.resource for entry in entries if entry.kind == "MeasureReport"]
    numbers = [_MEASURE_NUMBER.search(str(report.get("measure"))) for report in reports]
    ours = [r for r, number in zip(reports, numbers, strict=True) if number is None or number[1] == "50"]
    if reports and not ours:
        raise NotACase(f"{name} is a case of another measure: {reports[0].get('measure')}.")
    return ours[0] if ours else {}


def _year(report: Resource) -> int | None:
    start = str(_object(report.get("period")).get("start") or "")
    return int(start[:4]) if start[:4].isdigit() else None


def _expected(report: Resource) -> dict[str, int]:
    """The published counts; of several groups the first that has a population says its count."""
    counts: dict[str, int] = {}
    for group in objects(report.get("group")):
        for population in objects(group.get("population")):
            called = [code for _, code in _codings(population.get("code"))] or [str(population.get("id"))]
            plain = {_plain(name) for name in called}
            for name in POPULATIONS:
                if _plain(name) in plain:
                    counts.setdefault(name, _count(population))
    return counts


def _count(population: Resource) -> int:
    try:
        return int(population.get("count") or 0)
    except (TypeError, ValueError) as error:
        raise NotACase(f"the MeasureReport's count {population['count']!r} is no number.") from error


def _plain(population: str) -> str:
    """A population's name without what tools spell differently: initial-population, InitialPopulation_1."""
    return re.sub(r"[^a-z]", "", population.lower())


def _object(value: Any) -> Resource:
    return value if isinstance(value, dict) else {}


def _codings(concept: Any) -> list[Code]:
    found = objects(_object(concept).get("coding"))
    return [(str(coding.get("system") or ""), str(coding.get("code") or "")) for coding in found]


def _codes(*concepts: Any) -> frozenset[Code]:
    return frozenset(code for concept in concepts for code in _codings(concept))


def _visit(resource: Resource, edition: Edition, zone: tzinfo) -> Visit | None:
    """An encounter, or a procedure in the editions that ask for one; None for everything else."""
    kind, status = resource.get("resourceType"), resource.get("status")
    if kind == "Encounter":
        counted = QUALIFYING_VISITS | (QUALIFYING_PROCEDURES if edition.psychology_by_visit else frozenset())
        start, end = _period(resource.get("period"), zone)
        return Visit(_codes(*objects(resource.get("type"))), status == "finished", start, end, counted)
    if kind != "Procedure" or edition.psychology_by_visit:
        return None
    if (at := resource.get("performedDateTime")) is not None:
        start = end = _moment(at, zone)
    else:
        start, end = _period(resource.get("performedPeriod"), zone)
    done = status == "completed"
    return Visit(_codes(resource.get("code")), done, start, end, QUALIFYING_PROCEDURES, called="procedure")


def _order(entry: Entry, zone: tzinfo) -> Order:
    resource = entry.resource
    # "Do not refer" is the opposite of a referral.
    status = "revoked" if resource.get("doNotPerform") is True else str(resource.get("status") or "")
    return Order(
        # Published bundles also name a request by its address in the bundle, which may end in another id than its own.
        ids=frozenset(filter(None, (str(resource.get("id") or ""), _id_of(entry.url)))),
        codes=_codes(resource.get("code")),
        status=status,
        intent=str(resource.get("intent") or ""),
        written=_moment(resource.get("authoredOn"), zone),
    )


def _report(resource: Resource, edition: Edition, zone: tzinfo) -> Report:
    codes, references = _codes(resource.get("code")), objects(resource.get("basedOn"))
    if edition.reports_fulfill:
        codes = _codes(resource.get("reasonCode")) if FULFILL in codes else frozenset()
        references.append(_object(resource.get("focus")))
    named = (_id_of(str(reference.get("reference") or "")) for reference in references)
    return Report(
        codes=codes,
        status=str(resource.get("status") or ""),
        order_ids=frozenset(filter(None, named)),
        received=_period(resource.get("executionPeriod"), zone)[1],
    )


def _id_of(reference: str) -> str:
    """The logical id of a reference, relative or absolute, with or without a version."""
    return reference.split("/_history/")[0].rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _period(period: Any, zone: tzinfo) -> tuple[Moment | None, Moment | None]:
    period = _object(period)
    return _moment(period.get("start"), zone), _moment(period.get("end"), zone)


def _moment(text: Any, zone: tzinfo) -> Moment | None:
    """A FHIR dateTime; a time without an offset is taken to be in ``zone``. None when it is no date."""
    text = str(text or "")
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text + "-01" * (2 - text.count("-")))
            return Moment(tuple(int(part) for part in text.split("-")))
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return Moment((at.year, at.month, at.day), at)
