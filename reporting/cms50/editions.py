"""The published editions of the measure, as far as they differ in where they look in FHIR.

What counts is the same in all from 0.2.000 on: the codes, the days, the statuses (``rules.py``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """``psychology_by_visit``: a psychological service is an encounter of that type, otherwise a procedure.

    ``reports_fulfill``: a report is a task to fulfill a request, with the kind of report as its reason, and names the
    request as its focus or its basis; otherwise the kind of report is the task's code, and only its basis names it."""

    psychology_by_visit: bool = False
    reports_fulfill: bool = False


# By the measure's name, the end of the address a MeasureReport gives.
TO_2025 = "CRLReceiptofSpecialistReportFHIR"  # 0.2.000 and 0.3.000
OF_2026 = "CMS50FHIRCRLReceiptofSpecialistReport"  # 0.4.000
FROM_1_0 = "CMS50FHIRReceiptofSpecialistReport"  # 1.0.000 and 1.1.000, for 2026 too
EDITIONS = {
    TO_2025: Edition(psychology_by_visit=True),
    OF_2026: Edition(),
    FROM_1_0: Edition(reports_fulfill=True),
}


def edition_of(measure: str, *, year: int, fulfilling: bool) -> Edition:
    """The edition of a measure's address (``…/Measure/NAME|VERSION``).

    Of an unknown or missing one what the case looks like: its year, and whether its tasks are ``fulfilling``."""
    name = measure.split("|")[0].rsplit("/", 1)[-1]
    alike = TO_2025 if year < 2026 else FROM_1_0 if fulfilling else OF_2026
    return EDITIONS.get(name, EDITIONS[alike])
