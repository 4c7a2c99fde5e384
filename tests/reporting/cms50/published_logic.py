"""The measure's published logic once more, clause by clause over plain FHIR, with its three-valued comparisons.

Slow and literal on purpose: what ``rules.py`` and ``cases.py`` say in their own words is held against it."""

from datetime import UTC, datetime

from reporting.cms50.value_sets import (
    CONSULTANT_REPORTS,
    FULFILL,
    QUALIFYING_PROCEDURES,
    QUALIFYING_VISITS,
    REFERRALS,
)

DAY = 3  # year, month and day are compared


def populations(resources: list[dict], *, edition: str, year: int) -> set[tuple[int, int, int]]:
    """Initial population, denominator and numerator: each result that a possible first referral gives.

    More than one only when it is not known which of two referrals was written first."""
    of = {kind: [r for r in resources if r["resourceType"] == kind] for kind in ("Encounter", "Procedure", "Task")}
    period = (year, 1, 1), (year, 12, 31)
    if edition == "CRLReceiptofSpecialistReportFHIR":
        codes = QUALIFYING_VISITS | QUALIFYING_PROCEDURES
        qualifies = any(_encounter(e, codes, period) is True for e in of["Encounter"])
    else:
        qualifies = any(_encounter(e, QUALIFYING_VISITS, period) is True for e in of["Encounter"])
        qualifies = qualifies or any(_intervention(p, period) is True for p in of["Procedure"])
    firsts = _first_referrals([r for r in resources if r["resourceType"] == "ServiceRequest"], year)
    if not qualifies or not firsts:
        return {(0, 0, 0)}
    closes = _fulfills if edition == "CMS50FHIRReceiptofSpecialistReport" else _is_consultant_report
    return {(1, 1, int(any(_closed(t, r, period, closes) is True for t in of["Task"]))) for r in firsts}


def _encounter(encounter, codes, measurement_period):
    return _all(
        any(_codes(concept) & codes for concept in encounter.get("type", [])),
        encounter["status"] == "finished",
        _during_day(encounter.get("period", {}), measurement_period),
    )


def _intervention(procedure, measurement_period):
    at = procedure.get("performedDateTime")
    performed = {"start": at, "end": at} if at else procedure.get("performedPeriod", {})
    return _all(
        bool(_codes(procedure["code"]) & QUALIFYING_PROCEDURES),
        procedure["status"] == "completed",
        _during_day(performed, measurement_period),
    )


def _first_referrals(requests, year):
    window = (year, 1, 1), (year, 10, 31)
    counted = [
        r
        for r in requests
        if _codes(r["code"]) & REFERRALS
        and r["status"] in {"active", "completed"}
        and r["intent"] == "order"
        and _in_day(r.get("authoredOn"), window) is True
    ]
    return [r for r in counted if not any(_before(o["authoredOn"], r["authoredOn"]) is True for o in counted)]


def _closed(task, referral, measurement_period, closes):
    end = task.get("executionPeriod", {}).get("end")
    return _all(
        closes(task, referral["id"]),
        end and _before(referral["authoredOn"], end),
        _in_day(end, measurement_period),
        task["status"] == "completed",
    )


def _is_consultant_report(task, id):
    return bool(_codes(task["code"]) & CONSULTANT_REPORTS) and id in [_tail(r) for r in task.get("basedOn", [])]


def _fulfills(task, id):
    return (
        FULFILL in _codes(task["code"])
        and (id == _tail(task.get("focus", {})) or id in [_tail(r) for r in task.get("basedOn", [])])
        and bool(_codes(task.get("reasonCode", {})) & CONSULTANT_REPORTS)
    )


def _codes(concept):
    return {(c["system"], c["code"]) for c in concept.get("coding", [])}


def _tail(reference):
    return reference.get("reference", "").split("/")[-1]


def _during_day(period, window):
    return _all(_in_day(period.get("start"), window), _in_day(period.get("end"), window))


def _in_day(text, window):
    """None, unknown, for a missing date: the end of what goes on is in no period."""
    if not text:
        return None
    low, high = (_compared(_parts(text), bound, DAY) for bound in window)
    return _all(None if low is None else low >= 0, None if high is None else high <= 0)


def _before(one, other):
    compared = _compared(_parts(one), _parts(other))
    return None if compared is None else compared < 0


def _compared(one, other, precision=6):
    """-1, 0 or 1 by the first part that differs; None when one is not known so far."""
    for place in range(precision):
        if place >= len(one) and place >= len(other):
            return 0
        if place >= len(one) or place >= len(other):
            return None
        if one[place] != other[place]:
            return -1 if one[place] < other[place] else 1
    return 0


def _parts(text):
    if "T" not in text:
        return tuple(map(int, text.split("-")))
    at = datetime.fromisoformat(text).astimezone(UTC)
    return (*at.timetuple()[:5], at.second * 1_000_000 + at.microsecond)


def _all(*values):
    if any(value is False for value in values):
        return False
    return True if all(values) else None
