"""Readings beside a folder of published sample files whose facts were gathered independently (truth.json).

Each comparison gives (file, field, expected, found); found is None when the parser says nothing."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.intake.parsers.nested import read_document
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.registry import parser_for
from referrals.intake.reading import Found, Identifier, Moment, Name, Party, Patient, Reading
from referrals.intake.sniffing import sniff

FOLDER = Path(os.environ.get("REFLOOP_SAMPLES", Path(__file__).resolve().parents[4].parent / "shared" / "samples"))
REFUSED = {"reject", "not-a-referral-document"}


@dataclass(frozen=True)
class Compared:
    file: str
    field: str
    expected: Any
    found: Any

    @property
    def verdict(self) -> str:
        if self.expected == self.found:
            return "right"
        if self.expected in (None, (), frozenset()):
            return "invented"
        return "missing" if self.found in (None, (), frozenset()) else "wrong"


def truth() -> dict[str, Any]:
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))["files"]


def readings_of(path: str) -> list[Reading] | str:
    """The readings of a sample, or why it is refused."""
    content = (FOLDER / path).read_bytes()
    try:
        kind = sniff(content)
        return read_document(content) if kind == "application/zip" else parser_for(kind).read(content)
    except Unreadable as reason:
        return str(reason)


def compare(path: str, sample: dict[str, Any]) -> Iterator[Compared]:
    family = path.split("/")[0]
    readings = readings_of(path)
    accepted = sample["expect"] not in REFUSED and sample.get("message_count") != 0
    yield Compared(path, "accepted", accepted, not isinstance(readings, str))
    if isinstance(readings, str) or not accepted:
        return
    if family == "v2":
        yield Compared(path, "messages", sample["message_count"], len(readings))
        for message, reading in zip(sample["messages"], readings, strict=False):
            yield from _pairs(path, _v2(message, reading))
    else:
        rules: dict[str, Callable[..., dict[str, tuple[Any, Any]]]] = {"ccda": _ccda, "fhir": _fhir}
        yield from _pairs(path, rules[family](sample["facts"], readings))


def _pairs(path: str, pairs: dict[str, tuple[Any, Any]]) -> Iterator[Compared]:
    for field, (expected, found) in pairs.items():
        yield Compared(path, field, expected, found)


def _iso(found: Found[Moment] | None) -> str | None:
    return (found.value.iso or None) if found else None


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _patient(reading: Reading) -> Patient:
    return reading.patients[0] if reading.patients else Patient()


def _day(patient: Patient) -> str | None:
    """The birth date to the day; a time beside it is kept by the parser and left out by the truth."""
    born = patient.birth_date.value if patient.birth_date else None
    return None if born is None else born.day.isoformat() if born.day else born.iso or None


def _first_name(patient: Patient) -> Name:
    return patient.names[0].value if patient.names else Name()


def _spoken(name: Name | None) -> str | None:
    """A name as the truth file writes it: given names and family name."""
    if name is None:
        return None
    return name.text or " ".join(part for part in (*name.given, name.family) if part)


def _ii(ids: Any) -> frozenset[tuple[str, str]]:
    """CDA identifiers as (extension or root, root of an extension)."""
    return frozenset(
        (i.get("extension") or i["root"], i["root"] if i.get("extension") else "")
        for i in ids or ()
        if i and (i.get("extension") or i.get("root")) and not i.get("nullFlavor")
    )


def _ids(found: Any) -> frozenset[tuple[str, str]]:
    values: list[Identifier] = [f.value if isinstance(f, Found) else f for f in found]
    return frozenset((i.value, i.assigner) for i in values)


def _ccda(facts: dict[str, Any], readings: list[Reading]) -> dict[str, tuple[Any, Any]]:
    (reading,) = readings
    patient, name = _patient(reading), _first_name(_patient(reading))
    theirs = facts["patient"]
    author = reading.authors[0].value if reading.authors else Party()
    author_name = _spoken(author.name) if author.name else author.organization or None
    return {
        "family": (theirs["family"], name.family or None),
        "given": (tuple(theirs["given"] or ()), name.given),
        "birth date": (theirs["birth_date"], _day(patient)),
        "sex": ({"M": "male", "F": "female", "UN": "other"}.get(theirs["sex"]), _value(patient.sex)),
        "patient ids": (_ii(theirs["ids"]), _ids(patient.identifiers)),
        "document id": (_ii([facts["document_id"]]), _ids([reading.document_id] if reading.document_id else [])),
        "set id": (_ii([facts["set_id"]]), _ids([reading.set_id] if reading.set_id else [])),
        "version": (facts["version"], _value(reading.version)),
        "type": (facts["document_type"]["code"], reading.type_code.value.value if reading.type_code else None),
        "title": (facts["title"], _value(reading.title)),
        "document date": (facts["document_date"], _iso(reading.written_at)),
        "visit": (facts["encounter_date"], _iso(reading.visit_at)),
        "visit ids": (_ii(facts["encounter_ids"]), _ids(reading.visit_ids)),
        "author": (facts["author"], author_name),
        "author kind": (facts["author_kind"], author.kind if reading.authors and author_name else None),
        "orders": (_ii(facts["in_fulfillment_of"]), _ids(reading.order_ids)),
        "relations": (
            frozenset((r["type"], i) for r in facts["related_documents"] for i in _ii(r["ids"])),
            frozenset((_RELATION[r.value.kind], *_ids([r.value.target])) for r in reading.relations),
        ),
        "recipients": (
            frozenset(facts["information_recipients"]),
            frozenset(_spoken(r.value.name) or r.value.organization for r in reading.recipients),
        ),
        "referrers": (
            frozenset(r["name"] for r in facts["referring_or_primary_provider"]),
            frozenset(_spoken(r.value.name) or r.value.organization for r in reading.referrers),
        ),
        "body": (facts["body"] == "structuredBody", not _has_file_as_body(reading)),
    }


def _has_file_as_body(reading: Reading) -> bool:
    return any(e.label == "nonXMLBody" for e in reading.embedded) or any("link" in w for w in reading.warnings)


_RELATION = {"replaces": "RPLC", "appends": "APND", "transforms": "XFRM"}


def _v2(facts: dict[str, Any], reading: Reading) -> dict[str, tuple[Any, Any]]:
    patient, name = _patient(reading), _first_name(_patient(reading))
    theirs = facts["patient"] or {}
    document, order, visit = (facts.get(key) or {} for key in ("document", "order", "visit"))
    given = tuple(part for part in (theirs.get("given"), theirs.get("middle")) if part)
    start = _iso(reading.visit_at)
    candidates = {
        t for times in ((facts.get("appointment") or {}).get("start_candidates") or {}).values() for t in times
    }
    expected_start = start if start in candidates else facts["encounter_or_service_date"]
    placers = {order["placer"]["id"]} if order.get("placer") else set()
    numbers = {o.value.value for o in reading.order_ids}
    return {
        "family": (theirs.get("family"), name.family or None),
        "given": (given, name.given),
        "birth date": (theirs.get("birth_date"), _day(patient)),
        "sex": ({"M": "male", "F": "female"}.get(theirs.get("sex")), _value(patient.sex)),
        "patient ids": (
            frozenset((i["id"], i["type"] or "") for i in theirs.get("ids", ())),
            frozenset((i.value.value, i.value.type) for i in patient.identifiers if i.where != "PID-19"),
        ),
        "patients": (theirs.get("patients_in_message", 0) if theirs.get("ids") else 0, len(reading.patients)),
        "document date": (facts["document_date"], _iso(reading.written_at)),
        "type": (facts["document_type_code"], reading.type_code.value.value if reading.type_code else None),
        "visit": (expected_start, start),
        "visit number": (visit.get("visit_number"), next((i.value.value for i in reading.visit_ids if i.where == "PV1-19"), None)),
        "author": (_person(facts.get("author")), _person_found(reading, facts.get("author"))),
        "document id": (document.get("unique_id"), _entity(reading.document_id) if document else None),
        "placer": (frozenset(placers), frozenset(placers & numbers)),
    }  # fmt: skip


def _entity(found: Found[Identifier] | None) -> str | None:
    return found.value.value if found else None


def _person(author: dict[str, Any] | None) -> Any:
    return author and (author.get("id") or author.get("family"))


def _person_found(reading: Reading, author: dict[str, Any] | None) -> Any:
    """The truth names who ordered as author of a result and of an order; a reading calls that person a referrer."""
    parties = [p.value for p in (*reading.authors, *reading.referrers)]
    keys = {
        key for p in parties for key in (*(i.value for i in p.identifiers), p.name and (p.name.text or p.name.family))
    }
    if author is None:
        return next(iter(_spoken(p.value.name) for p in reading.authors), None)
    return _person(author) if _person(author) in keys else None


def _fhir(facts: dict[str, Any], readings: list[Reading]) -> dict[str, tuple[Any, Any]]:
    reading = readings[0]
    patient, name = _patient(reading), _first_name(_patient(reading))
    theirs = facts["patient"] or {}
    resolved = bool(theirs) or not all(f.where == "subject.display" for f in patient.names)
    references = facts.get("document_references") or [{}]
    requests = {(i["value"], i["system"]) for r in facts.get("service_requests") or () for i in r["ids"]}
    return {
        "family": (theirs.get("family"), (name.family or None) if resolved else None),
        "given": (tuple(theirs.get("given") or ()), name.given if resolved else ()),
        "birth date": (theirs.get("birth_date"), _day(patient)),
        "sex": (theirs.get("sex"), _value(patient.sex)),
        "patient ids": (
            frozenset((i["value"], i["system"].removeprefix("urn:oid:")) for i in theirs.get("ids") or ()),
            frozenset((i.value.value, i.value.assigner) for i in patient.identifiers if i.where != "subject.identifier"),
        ),
        "document date": (facts["document_date"], _iso(reading.written_at) if references != [{}] else None),
        "type": (facts["document_type_code"], reading.type_code.value.value if references != [{}] and reading.type_code else None),
        "visit": (facts["encounter_or_service_date"], _iso(reading.visit_at)),
        "author": (
            references[0].get("author"),
            next((i.value for a in reading.authors for i in a.value.identifiers if "/" in i.value), None),
        ),
        "orders": (frozenset(requests), _ids(reading.order_ids)),
    }  # fmt: skip
