"""Status, version, relations, visit and orders of a CDA header."""

from collections.abc import Iterator

from lxml import etree

from referrals.intake.parsers.ccda import elements
from referrals.intake.reading import Found, Identifier, Moment, Patient, Relation

ENCOUNTER = "componentOf/encompassingEncounter"
_SERVICE = "documentationOf/serviceEvent/effectiveTime"
_RELATIONS = {"RPLC": "replaces", "APND": "appends", "XFRM": "transforms"}
# ActStatus in sdtc:statusCode.
_STATUSES = {
    "completed": "final", "active": "preliminary", "new": "preliminary", "held": "preliminary",
    "suspended": "preliminary", "aborted": "retracted", "cancelled": "retracted", "nullified": "retracted",
    "obsolete": "retracted",
}  # fmt: skip


def status(root: etree._Element, relations: tuple[Found[Relation], ...]) -> Found[str] | None:
    """A stated status, else final by signature: a CDA with a legal authenticator has been signed.

    Without either the document does not say; many signed notes and all generated summaries come like that."""
    stated = root.find("statusCode")
    if stated is not None and (value := _STATUSES.get(stated.get("code", "").lower())):
        return Found(_newer(value, relations), "sdtc:statusCode")
    for tag, sure in (("legalAuthenticator", 1.0), ("authenticator", 0.8)):
        for element in root.findall(tag):
            signature = element.find("signatureCode")
            code = signature.get("code", "").upper() if signature is not None else ""
            if code in {"I", "X"}:  # signature intended or required: not there yet
                return Found("preliminary", f"{tag}/signatureCode")
            who = element.find("assignedEntity")
            if not element.get("nullFlavor") and who is not None and not who.get("nullFlavor"):
                return Found(_newer("final", relations), tag, sure if code == "S" else 0.8)
    return None


def _newer(value: str, relations: tuple[Found[Relation], ...]) -> str:
    replaces = any(relation.value.kind == "replaces" for relation in relations)
    return "amended" if value == "final" and replaces else value


def version(root: etree._Element) -> Found[str] | None:
    element = root.find("versionNumber")
    value = element.get("value", "").strip() if element is not None else ""
    return Found(value, "ClinicalDocument/versionNumber") if value else None


def relations(root: etree._Element) -> Iterator[Found[Relation]]:
    for related in root.findall("relatedDocument"):
        kind = _RELATIONS.get(related.get("typeCode", "").upper())
        parent = related.find("parentDocument")
        if not kind or parent is None:
            continue
        for element in parent.findall("id"):
            if target := elements.identifier(element, of_document=True):
                yield Found(Relation(kind, target), "relatedDocument/parentDocument/id")


def visit_at(root: etree._Element, patients: tuple[Patient, ...], *, is_of_visit: bool) -> Found[Moment] | None:
    """When the patient was seen: the encounter, else in the note of a visit (``is_of_visit``) a service of one day.

    Summaries and letters give the span of care as service; a span from birth is no visit."""
    born = {p.birth_date.value.day for p in patients if p.birth_date} - {None}
    encounter = root.find(f"{ENCOUNTER}/effectiveTime")
    found = elements.found_time(encounter, f"{ENCOUNTER}/effectiveTime")
    if found and found.value.day not in born:
        return found
    service = root.find(_SERVICE)
    if service is None or not is_of_visit:
        return None
    low = elements.found_time(service, _SERVICE)
    if low is None or low.value.day is None or low.value.day in born:
        return None
    ends = service.find("high")
    end = elements.time_of(ends)
    if end is not None and end.day != low.value.day:
        return None
    return Found(low.value, _SERVICE, 0.9 if end else 0.7)


def order_ids(root: etree._Element) -> tuple[Found[Identifier], ...]:
    return tuple(elements.found_ids(root.findall("inFulfillmentOf/order/id"), "inFulfillmentOf/order/id"))
