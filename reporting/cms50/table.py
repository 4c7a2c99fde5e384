"""CMS50 rows as lines of a table: for files, the API and the page."""

from typing import Any

from reporting.cms50.evidence import Row

HEAD = (
    "referral", "patient", "birth date", "clinician", "office", "specialty", "ordered", "report received", "result",
    "code", "visit", "status", "evidence",
)  # fmt: skip


def as_line(row: Row) -> tuple[Any, ...]:
    """The cells under HEAD."""
    return (
        row.number, row.patient, row.birth_date, row.clinician, row.office, row.specialty, row.ordered_at,
        row.received_at, "met" if row.met else "not met", row.registry_code,
        "presumed" if row.visit_presumed else "on record", row.status, " · ".join(row.evidence),
    )  # fmt: skip


def as_dict(row: Row) -> dict[str, Any]:
    """The same by name, JSON values; evidence as a list."""

    def text(value) -> str | None:
        return value.isoformat() if value is not None else None

    return {
        "referral": row.number,
        "patient": row.patient,
        "birth_date": text(row.birth_date),
        "clinician": row.clinician,
        "office": row.office,
        "specialty": row.specialty,
        "ordered_at": text(row.ordered_at),
        "received_at": text(row.received_at),
        "met": row.met,
        "code": row.registry_code,
        "visit_presumed": row.visit_presumed,
        "status": row.status,
        "evidence": list(row.evidence),
    }
