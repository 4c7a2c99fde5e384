"""Patients, authors, referrers and recipients of a CDA header."""

from collections.abc import Iterator

from lxml import etree

from referrals.intake.parsers.ccda import elements
from referrals.intake.parsers.numbers import npi_among
from referrals.intake.reading import Found, Name, Party, Patient

_ROLE = "recordTarget/patientRole"
_SEXES = {"M": "male", "F": "female", "MALE": "male", "FEMALE": "female", "UN": "other", "O": "other", "U": "unknown"}
_SERVICE = "documentationOf/serviceEvent"
_PRIMARY_CARE = {"PCP", "PP"}
_SIGNED = 0.8
_PERHAPS = 0.6  # a primary care physician is often, not always, who referred


def patients(root: etree._Element) -> Iterator[Patient]:
    """Every recordTarget; the same person stated twice is one."""
    seen = set()
    for role in root.findall(_ROLE):
        patient = _patient(role)
        if patient not in seen and patient != Patient():
            seen.add(patient)
            yield patient


def _patient(role: etree._Element) -> Patient:
    person = role.find("patient")
    if person is None:
        person = etree.Element("patient")
    return Patient(
        names=tuple(Found(name, f"{_ROLE}/patient/name") for name in elements.names(person.findall("name"))),
        birth_date=elements.found_time(person.find("birthTime"), f"{_ROLE}/patient/birthTime"),
        sex=_sex(person.find("administrativeGenderCode")),
        identifiers=tuple(elements.found_ids(role.findall("id"), f"{_ROLE}/id")),
        phones=tuple(Found(number, f"{_ROLE}/telecom") for number in elements.phones(role.findall("telecom"))),
        addresses=tuple(Found(value, f"{_ROLE}/addr") for e in role.findall("addr") if (value := elements.address(e))),
    )


def _sex(element: etree._Element | None) -> Found[str] | None:
    if element is None:
        return None
    code = elements.code_of(element)[0].upper() or elements.display_of(element).upper()
    flavor = {"UNK": "unknown", "OTH": "" if element.find("translation") is not None else "other"}
    sex = _SEXES.get(code) or flavor.get(element.get("nullFlavor", ""), "")
    return Found(sex, f"{_ROLE}/patient/administrativeGenderCode") if sex else None


def authors(root: etree._Element) -> Iterator[Found[Party]]:
    """Persons before devices before those with a number alone before organizations, in the order of the document; who
    signed it when only a device wrote it."""
    found = []
    for role in root.findall("author/assignedAuthor"):
        party = party_of(role, "assignedPerson", "representedOrganization")
        if party is not None and party not in found:
            found.append(party)
    rank = {"person": 0, "device": 1, "organization": 3}
    for party in sorted(found, key=lambda p: rank[p.kind] if p.name or p.organization else 2):
        yield Found(party, "author/assignedAuthor")
    if not any(party.kind == "person" and party.name for party in found):
        for role in root.findall("legalAuthenticator/assignedEntity"):
            party = party_of(role, "assignedPerson", "representedOrganization")
            if party is not None and party.kind == "person" and party.name:
                yield Found(party, "legalAuthenticator", _SIGNED)


def author_organization(root: etree._Element, authors: tuple[Found[Party], ...]) -> Found[str] | None:
    """The organization of the first author who has one, else the custodian, who keeps the document."""
    for author in authors:
        if author.value.organization:
            return Found(author.value.organization, "author/assignedAuthor/representedOrganization/name")
    custodian = elements.text_of(root.find("custodian/assignedCustodian/representedCustodianOrganization/name"))
    return Found(custodian, "custodian", 0.7) if custodian else None


def referrers(root: etree._Element) -> Iterator[Found[Party]]:
    """Participants of type REF, of the document and of the encounter; of the performers who is called referring, and
    the primary care physician, less surely."""
    seen = set()
    sources = [(e.find("associatedEntity"), "participant (REF)", 1.0) for e in _of_type(root, "participant", {"REF"})]
    path = "componentOf/encompassingEncounter/encounterParticipant"
    sources += [(e.find("assignedEntity"), f"{path} (REF)", 1.0) for e in _of_type(root, path, {"REF"})]
    for performer in root.findall(f"{_SERVICE}/performer"):
        code, _ = elements.code_of(performer.find("functionCode"))
        called = elements.display_of(performer.find("functionCode")).lower()
        if called.startswith("referring"):
            sources.append((performer.find("assignedEntity"), f"{_SERVICE}/performer (referring)", 1.0))
        elif code.upper() in _PRIMARY_CARE:
            sources.append((performer.find("assignedEntity"), f"{_SERVICE}/performer (primary care)", _PERHAPS))
    for role, where, sure in sources:
        party = _any_party(role)
        if party is not None and party not in seen:
            seen.add(party)
            yield Found(party, where, sure)


def recipients(root: etree._Element) -> Iterator[Found[Party]]:
    for role in root.findall("informationRecipient/intendedRecipient"):
        if (party := party_of(role, "informationRecipient", "receivedOrganization")) is not None:
            yield Found(party, "informationRecipient/intendedRecipient")


def _of_type(root: etree._Element, path: str, types: set[str]) -> list[etree._Element]:
    return [e for e in root.findall(path) if e.get("typeCode", "").upper() in types]


def _any_party(role: etree._Element | None) -> Party | None:
    if role is None:
        return None
    person = "associatedPerson" if role.find("associatedPerson") is not None else "assignedPerson"
    organization = "scopingOrganization" if role.find("scopingOrganization") is not None else "representedOrganization"
    return party_of(role, person, organization)


def party_of(role: etree._Element, person: str, organization: str) -> Party | None:
    """A role with its person, device or organization; None when nothing tells who it is."""
    name = next(iter(elements.names(role.findall(f"{person}/name"))), None)
    works_for = next((text for e in role.findall(f"{organization}/name") if (text := elements.text_of(e))), "")
    identifiers = tuple(found.value for found in elements.found_ids(role.findall("id"), ""))
    telephone = tuple(elements.phones(role.findall("telecom")))
    device = role.find("assignedAuthoringDevice")
    if name is None and device is not None:
        label = elements.text_of(device.find("softwareName")) or elements.text_of(device.find("manufacturerModelName"))
        if label:
            return Party(Name(text=label), "", works_for, "device", identifiers, telephone)
    if name is None and not works_for and not identifiers:
        return None
    kind = "organization" if name is None and works_for else "person"
    return Party(name, npi_among(identifiers), works_for, kind, identifiers, telephone)
