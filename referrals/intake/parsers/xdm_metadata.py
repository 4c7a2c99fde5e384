"""METADATA.XML of an XDM package: ebRIM as IHE ITI vol. 3, 4.2 fills it."""

import posixpath
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

from lxml import etree

from referrals.intake.parsers import document_types
from referrals.intake.parsers.moments import moment
from referrals.intake.parsers.numbers import referral_numbers
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.v2.people import clinician, identifier_of, patients
from referrals.intake.parsers.v2.tokens import Delimiters, Message, Segment, Value
from referrals.intake.parsers.xml_source import parse_xml
from referrals.intake.reading import Embedded, Found, Identifier, Moment, Party, Patient, Reading, Relation

_AUTHOR = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
_TYPE_CODE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
_CLASS_CODE = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
_RELATIONS = {"RPLC": "replaces", "APND": "appends", "XFRM": "transforms", "SIGNS": "signs"}
_ORDER_TYPES = ("urn:ihe:iti:xds:2013:order", "urn:ihe:iti:xds:2013:referral", "urn:ihe:iti:xds:2013:accession")
_MOST_ENTRIES = 1_000
_HL7 = Delimiters()


@dataclass(frozen=True)
class Described:
    """One document entry: where it lies, what it is said to be, and the facts as a reading without content."""

    uri: str
    content_type: str
    facts: Reading
    entry: etree._Element = field(repr=False)

    def reading(self, embedded: tuple[Embedded, ...]) -> Reading:
        return replace(self.facts, embedded=embedded)

    def alone(self) -> bytes:
        """The metadata without the other documents, which may be of other patients; of those it relates to their id stays."""
        root = deepcopy(self.entry.getroottree().getroot())
        mine = self.entry.get("id", "")
        associations = list(root.iter("Association"))
        named = {a.get("targetObject", "") for a in associations if a.get("sourceObject") == mine}
        for entry in list(root.iter("ExtrinsicObject")):
            if entry.get("id", "") == mine and next(iter(_slot(entry, "URI")), "") == self.uri:
                for slot in [s for s in entry.findall("Slot") if s.get("name") == "URI"]:
                    slot.find(".//Value").text = posixpath.basename(self.uri)
            elif entry.get("id", "") in named:
                _keep(entry, lambda child: child.get("identificationScheme") == _UNIQUE_ID)
            else:
                entry.getparent().remove(entry)
        for association in associations:
            if association.get("sourceObject") != mine:
                association.getparent().remove(association)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def described_documents(content: bytes) -> list[Described]:
    """Empty when the metadata cannot be read: the documents speak for themselves."""
    try:
        root = parse_xml(content).root
    except Unreadable:
        return []
    entries = list(root.iter("ExtrinsicObject"))[:_MOST_ENTRIES]
    associations = list(root.iter("Association"))[:_MOST_ENTRIES]
    ids = {entry.get("id", ""): _unique_id(entry) for entry in entries}
    recipients = _recipients(root)
    return [
        Described(
            uri, entry.get("mimeType", ""), replace(_facts(entry, associations, ids), recipients=recipients), entry
        )
        for entry in entries
        if (uri := next(iter(_slot(entry, "URI")), ""))
    ]


def _keep(element: etree._Element, wanted: Callable[[etree._Element], bool]) -> None:
    for child in [child for child in element if not wanted(child)]:
        element.remove(child)


def _facts(entry: etree._Element, associations: list[etree._Element], ids: dict[str, str]) -> Reading:
    title = _label(entry.find("Name"))
    authors = tuple(dict.fromkeys(_authors(entry)))
    code, system, name = _classified(entry, _TYPE_CODE)
    class_code, class_system, class_name = _classified(entry, _CLASS_CODE)
    kind = (
        document_types.kind_of_code(code, system, "typeCode")
        or document_types.kind_of_code(class_code, class_system, "classCode")
        or document_types.kind_of_name(f"{name} {class_name} {title}", "typeCode")
    )
    unique = _unique_id(entry)
    orders = tuple(_orders(entry))
    organization = next((a.value.organization for a in authors if a.value.organization), "")
    deprecated = "Deprecated" in entry.get("status", "")
    return Reading(
        format="XDM",
        patients=_patients(entry),
        kind=kind,
        status=Found("final", "legalAuthenticator") if _slot(entry, "legalAuthenticator") else None,
        type_code=document_types.type_code(code, system, "typeCode"),
        title=Found(title, "DocumentEntry title") if title else None,
        document_id=Found(_document_id(unique), "DocumentEntry.uniqueId") if unique else None,
        relations=tuple(_relations(entry, associations, ids)),
        written_at=_time(entry, "creationTime"),
        visit_at=_service_start(entry),
        authors=authors,
        author_organization=Found(organization, "authorInstitution") if organization else None,
        referral_numbers=tuple(n for o in orders for n in referral_numbers(o.value.value, o.where)),
        order_ids=orders,
        warnings=("The package says that a newer version of this document exists.",) if deprecated else (),
    )


def _patients(entry: etree._Element) -> tuple[Patient, ...]:
    """sourcePatientInfo is PID fields one by one; sourcePatientId is the sender's number of the patient."""
    segment = Segment("PID", [""] * 40, _HL7)
    for value in _slot(entry, "sourcePatientInfo"):
        field, _, content = value.partition("|")
        number = field.removeprefix("PID-")
        if number.isdecimal() and int(number) < 40:
            segment.fields[int(number)] = content
    source = [value for value in _slot(entry, "sourcePatientId") if value not in segment.fields[3]]
    segment.fields[3] = "~".join(part for part in (segment.fields[3], *source) if part)
    message = Message([Segment("MSH", ["MSH", "|"], _HL7), segment])
    return tuple(_relabelled(patient) for patient in patients(message))


def _relabelled(patient: Patient) -> Patient:
    def said(found: Found) -> Found:
        return replace(found, where=f"sourcePatientInfo {found.where}")

    return Patient(
        names=tuple(map(said, patient.names)),
        birth_date=said(patient.birth_date) if patient.birth_date else None,
        sex=said(patient.sex) if patient.sex else None,
        identifiers=tuple(map(said, patient.identifiers)),
        phones=tuple(map(said, patient.phones)),
        addresses=tuple(map(said, patient.addresses)),
    )


def _authors(entry: etree._Element) -> Iterator[Found[Party]]:
    for classification in entry.findall("Classification"):
        if classification.get("classificationScheme") != _AUTHOR:
            continue
        organization = next((Value(v, _HL7).part(1) for v in _slot(classification, "authorInstitution")), "")
        for person in _slot(classification, "authorPerson"):
            if party := clinician(Value(person, _HL7)):
                yield Found(replace(party, organization=organization), "authorPerson")


def _recipients(root: etree._Element) -> tuple[Found[Party], ...]:
    """intendedRecipient is organization|person|telecom."""
    found = []
    for value in _slot(next(root.iter("RegistryPackage"), root), "intendedRecipient"):
        organization, person = (value.split("|") + [""])[:2]
        name, party = Value(organization, _HL7).part(1), clinician(Value(person, _HL7))
        if party:
            found.append(Found(replace(party, organization=name), "intendedRecipient"))
        elif name:
            found.append(Found(Party(organization=name, kind="organization"), "intendedRecipient"))
    return tuple(dict.fromkeys(found))


def _relations(
    entry: etree._Element, associations: list[etree._Element], ids: dict[str, str]
) -> Iterator[Found[Relation]]:
    for association in associations:
        kind = _RELATIONS.get(association.get("associationType", "").rpartition(":")[2].upper())
        if kind and association.get("sourceObject") == entry.get("id"):
            target = association.get("targetObject", "")
            yield Found(Relation(kind, _document_id(ids.get(target) or target)), "Association")


def _orders(entry: etree._Element) -> Iterator[Found[Identifier]]:
    """referenceIdList: CXi whose fifth component says what it refers to."""
    for value in _slot(entry, "urn:ihe:iti:xds:2013:referenceIdList"):
        identifier = identifier_of(Value(value, _HL7))
        if identifier and identifier.type in _ORDER_TYPES:
            yield Found(replace(identifier, type=""), "referenceIdList")


def _document_id(unique: str) -> Identifier:
    """``root^extension``, or the OID or UUID alone."""
    root, _, extension = unique.removeprefix("urn:uuid:").partition("^")
    return Identifier(extension, root) if extension else Identifier(root)


def _unique_id(entry: etree._Element) -> str:
    for external in entry.findall("ExternalIdentifier"):
        if external.get("identificationScheme") == _UNIQUE_ID:
            return external.get("value", "").strip()
    return ""


def _classified(entry: etree._Element, scheme: str) -> tuple[str, str, str]:
    """(code, code system, display name)."""
    for classification in entry.findall("Classification"):
        if classification.get("classificationScheme") == scheme:
            system = next(iter(_slot(classification, "codingScheme")), "")
            return classification.get("nodeRepresentation", ""), system, _label(classification.find("Name"))
    return "", "", ""


def _service_start(entry: etree._Element) -> Found[Moment] | None:
    """A span of days is the span of care, not a visit."""
    start, stop = _time(entry, "serviceStartTime"), _time(entry, "serviceStopTime")
    if start is None or (stop is not None and stop.value.day != start.value.day):
        return None
    return start


def _time(entry: etree._Element, name: str) -> Found[Moment] | None:
    return next((Found(moment(value), name) for value in _slot(entry, name)), None)


def _label(name: etree._Element | None) -> str:
    texts = [e.get("value", "").strip() for e in name.iter("LocalizedString")] if name is not None else []
    return next((text for text in texts if text), "")


def _slot(element: etree._Element, name: str) -> list[str]:
    for slot in element.findall("Slot"):
        if slot.get("name") == name:
            return [text for value in slot.iter("Value") if (text := (value.text or "").strip())]
    return []
