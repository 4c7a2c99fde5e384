"""FHIR documents as many servers send them, made from facts: a second, independent account of where each fact belongs.

Every document differs in how its parts refer to each other (absolute, relative, versioned, urn, contained, by identifier,
by search), in what it is (DocumentReference, DiagnosticReport, Composition) and in being JSON or XML."""

import json
import random
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from tests.referrals.intake.parsers.made import NPI

Node = dict[str, Any]
SERVER = "https://ehr.example.org/fhir"
CODE = {
    "coding": [
        {"system": "http://snomed.info/sct", "code": "371530004"},
        {"system": "http://loinc.org", "code": "11488-4"},
    ]
}
STYLES = ("relative", "absolute", "versioned", "urn", "unplaced", "contained", "logical", "search")
STATUSES = {"final": "final", "preliminary": "preliminary", "amended": "amended", "entered-in-error": "retracted"}


class Sender:
    """Keeps what is sent beside the document, and says how to refer to it."""

    def __init__(self, style: str):
        self.style, self.entries, self.contained = style, [], []

    def refer(self, resource: Node) -> Node:
        kind, name = (
            resource["resourceType"],
            f"{resource['resourceType'].lower()}-{len(self.entries) + len(self.contained)}",
        )
        if self.style == "contained":
            self.contained.append(resource | {"id": name})
            return {"reference": f"#{name}"}
        url = {"urn": f"urn:uuid:{name}", "unplaced": ""}.get(self.style, f"{SERVER}/{kind}/{name}")
        self.entries.append(({"fullUrl": url} if url else {}) | {"resource": resource | {"id": name}})
        number = resource["identifier"][0]
        return {
            "logical": {"type": kind, "identifier": number},
            "search": {"reference": f"{kind}?identifier={number['system']}|{number['value']}"},
            "absolute": {"reference": url}, "urn": {"reference": url},
            "versioned": {"reference": f"{kind}/{name}/_history/3"},
        }.get(self.style, {"reference": f"{kind}/{name}"})  # fmt: skip


def documents(seed: int, count: int) -> Iterator[tuple[str, bytes, Node]]:
    """(json or xml, the file, its facts)"""
    rng = random.Random(seed)
    for _ in range(count):
        yield _document(rng)


def _person(kind: str, family: str, given: str, system: str, value: str, **more: Any) -> Node:
    return {"resourceType": kind, "identifier": [{"system": system, "value": value}],
            "name": [{"use": "official", "family": family, "given": [given]}], **more}  # fmt: skip


def _document(rng: random.Random) -> tuple[str, bytes, Node]:
    sender = Sender(rng.choice(STYLES))
    kind, status = rng.choice(["DocumentReference", "DiagnosticReport", "Composition"]), rng.choice(list(STATUSES))
    facts: Node = {"family": "Delgado", "given": ("Rosa",), "born": "1961-03-04", "ids": {("4411", "1.2.3.9")},
                   "author": ("Osei", NPI), "status": STATUSES[status], "document": "DOC-7", "relation": None,
                   "visit": None, "visits": set(), "orders": set(), "referrers": set()}  # fmt: skip
    patient = sender.refer(_person("Patient", "Delgado", "Rosa", "urn:oid:1.2.3.9", "4411", birthDate="1961-03-04"))
    author = sender.refer(_person("Practitioner", "Osei", "Ama", "http://hl7.org/fhir/sid/us-npi", NPI))
    requests, visit = _requests(rng, sender, facts), None
    behind_visit = rng.random() < 0.3
    if behind_visit or rng.random() < 0.5:
        start = facts["visit"] = _time(rng)
        facts["visits"] = {"V-5"}
        visit = sender.refer(
            {"resourceType": "Encounter", "identifier": [{"system": "urn:v", "value": "V-5"}],
             "period": {"start": start, "end": start}} | ({"basedOn": requests} if behind_visit and requests else {})
        )  # fmt: skip
    facts["written"] = written = _time(rng, with_clock=kind == "DiagnosticReport")
    node: Node = {"resourceType": kind, "id": "doc", "subject": patient}
    number = {"system": "urn:docs", "value": "DOC-7"}
    if kind == "DiagnosticReport":
        node |= {"status": status, "code": CODE, "issued": written, "identifier": [number], "performer": [author]}
        if rng.random() < 0.5:
            facts["visit"] = _time(rng)
            node |= rng.choice([{"effectiveDateTime": facts["visit"]}, {"effectivePeriod": {"start": facts["visit"]}}])
    else:
        node |= {"type": CODE, "date": written, "author": [author]}
        node |= {"docStatus": status, "status": "current"} if kind == "DocumentReference" else {"status": status}
        node["identifier"] = [number] if kind == "DocumentReference" else number
        if rng.random() < 0.5:
            code, old = rng.choice(["replaces", "appends"]), {"system": "urn:docs", "value": "DOC-6"}
            target = {"target": {"identifier": old}} if kind == "DocumentReference" else {"targetIdentifier": old}
            node["relatesTo"], facts["relation"] = [{"code": code} | target], (code, "DOC-6")
    _link(node, kind, visit, [] if behind_visit else requests)
    if kind == "DocumentReference" and rng.random() < 0.3:
        facts["visit"] = _time(rng)
        node.setdefault("context", {})["period"] = {"start": facts["visit"], "end": facts["visit"]}
    if sender.contained:
        node["contained"] = sender.contained
    rng.shuffle(sender.entries)
    others = [{"fullUrl": f"{SERVER}/{kind}/doc", "resource": node}, *sender.entries]
    whole = {"resourceType": "Bundle", "type": rng.choice(["collection", "searchset", "transaction"]), "entry": others}
    written_as = rng.choice(["json", "xml"])
    return written_as, (json.dumps(whole) if written_as == "json" else _xml(whole, True)).encode(), facts


def _requests(rng: random.Random, sender: Sender, facts: Node) -> list[Node]:
    found = []
    for number in range(rng.randint(0, 2)):
        value = f"REF-{number}"
        if rng.random() < 0.3:  # not sent along
            found.append({"type": "ServiceRequest", "identifier": {"system": "urn:hub", "value": value}})
        else:
            requester = sender.refer(_person("Practitioner", f"Gray{number}", "Leo", "urn:d", f"D{number}"))
            found.append(sender.refer({"resourceType": "ServiceRequest", "requester": requester,
                                       "identifier": [{"system": "urn:hub", "value": value}]}))  # fmt: skip
            facts["referrers"].add(f"Gray{number}")
        facts["orders"].add(value)
    return found


def _link(node: Node, kind: str, visit: Node | None, requests: list[Node]) -> None:
    if kind == "DocumentReference":
        node["context"] = ({"encounter": [visit]} if visit else {}) | ({"related": requests} if requests else {})
        return
    if visit:
        node["encounter"] = visit
    if kind == "DiagnosticReport":
        node["basedOn"] = requests
    else:  # the extension of C-CDA on FHIR
        node["extension"] = [{"url": "urn:order", "valueReference": request} for request in requests]


def _time(rng: random.Random, with_clock: bool = False) -> str:
    day = f"2026-11-{rng.randint(1, 28):02}"
    return (
        day if not with_clock and rng.random() < 0.4 else f"{day}T09:30:00{rng.choice(['Z', '-06:00', '.250+01:00'])}"
    )


def _xml(resource: Node, is_root: bool = False) -> str:
    kind = resource["resourceType"]
    inner = "".join(_element(name, value) for name, value in resource.items() if name != "resourceType")
    return f"<{kind}{' xmlns=' + quoteattr('http://hl7.org/fhir') if is_root else ''}>{inner}</{kind}>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if not isinstance(value, dict):
        return f"<{name} value={quoteattr(str(value))}/>"
    inner = _xml(value) if "resourceType" in value else "".join(_element(part, item) for part, item in value.items())
    return f"<{name}>{inner}</{name}>"
