"""Patients and parties of FHIR resources."""

from urllib.parse import unquote

from referrals.intake.parsers.fhir.bundle import Sent, pointer_of
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text, texts
from referrals.intake.parsers.moments import moment
from referrals.intake.parsers.numbers import npi_among
from referrals.intake.reading import Address, Found, Identifier, Moment, Name, Party, Patient

_NAME_USES = {"official": "official", "nickname": "nickname", "old": "former", "maiden": "former",
              "temp": "alias", "anonymous": "alias"}  # fmt: skip
_SEXES = {"male", "female", "other", "unknown"}
_TYPES = {"http://hl7.org/fhir/sid/us-ssn": "SS", "http://hl7.org/fhir/sid/us-mbi": "MC", "http://hl7.org/fhir/sid/us-medicare": "MC"}  # fmt: skip


def found_time(node: Node, name: str, where: str) -> Found[Moment] | None:
    raw = text(node, name)
    return Found(moment(raw), where) if raw else None


def identifiers(node: Node, name: str = "identifier") -> list[Identifier]:
    found = [identifier_of(item) for item in nodes(node, name)]
    return list(dict.fromkeys(identifier for identifier in found if identifier))


def identifier_of(node: Node) -> Identifier | None:
    """``urn:oid:`` and ``urn:uuid:`` values under the URI system are the identifier without that prefix."""
    value, system = text(node, "value"), text(node, "system")
    if not value or text(node, "use") == "old":
        return None
    if system == "urn:ietf:rfc:3986":
        return Identifier(value.removeprefix("urn:oid:").removeprefix("urn:uuid:"))
    kind = _TYPES.get(system, "") or text(node, "type", "coding", "code")
    return Identifier(value, system.removeprefix("urn:oid:") or text(node, "assigner", "display"), kind)


def stated(reference: Node) -> list[Identifier]:
    """What a reference itself says of its target's numbers: ``identifier``, or the one it searches for."""
    _, _, searched = unquote(pointer_of(reference)).partition("?identifier=")
    system, _, value = searched.rpartition("|")
    found = identifiers(reference)
    return found or ([Identifier(value, system.removeprefix("urn:oid:"), _TYPES.get(system, ""))] if value else [])


def kind_meant(reference: Node) -> str:
    """The type of resource a reference says it means, also by where it points; empty when it does not say."""
    parts = pointer_of(reference).partition("?")[0].split("/")
    return text(reference, "type") or (parts[-1] if "?" in pointer_of(reference) else parts[-2] if parts[1:] else "")


def patient_of(resource: Node) -> Patient:
    sex = text(resource, "gender").lower()
    return Patient(
        names=tuple(Found(name, "Patient.name") for name in names(resource)),
        birth_date=found_time(resource, "birthDate", "Patient.birthDate"),
        sex=Found(sex, "Patient.gender") if sex in _SEXES else None,
        identifiers=tuple(Found(i, "Patient.identifier") for i in identifiers(resource)),
        phones=tuple(Found(number, "Patient.telecom") for number in phones(resource)),
        addresses=tuple(Found(a, "Patient.address") for n in nodes(resource, "address") if (a := _address(n))),
    )


def subject(sent: Sent, holder: Node, *fields: str) -> tuple[Patient, ...]:
    """The patients a resource is about: resolved, else what the reference itself says of them."""
    found = []
    for field in fields:
        for reference in nodes(holder, field):
            target = sent.resolve(reference, holder)
            if target is not None and kind_of(target) == "Patient":
                found.append(patient_of(target))
            elif target is None:
                found.append(_as_referred(reference))
    return tuple(dict.fromkeys(patient for patient in found if patient != Patient()))


def _as_referred(reference: Node) -> Patient:
    """A logical reference: an identifier, and perhaps the name in ``display``."""
    if kind_meant(reference) not in ("", "Patient"):
        return Patient()
    display = text(reference, "display")
    return Patient(
        names=(Found(Name(text=display), "subject.display", 0.8),) if display else (),
        identifiers=tuple(Found(i, "subject.identifier") for i in stated(reference)),
    )


def names(resource: Node) -> list[Name]:
    found = []
    for node in nodes(resource, "name"):
        family = " ".join(texts(node, "family"))  # a list in DSTU2
        given = tuple(texts(node, "given"))
        suffix, prefix = (" ".join(texts(node, part)) for part in ("suffix", "prefix"))
        use = _NAME_USES.get(text(node, "use"), "")
        if not use and text(node, "period", "end"):
            use = "former"
        written = "" if family or given else text(node, "text")
        if family or given or written:
            found.append(Name(family, given, suffix, prefix, use, written))
    found.sort(key=lambda name: {"official": 0, "": 1}.get(name.use, 2))
    return list(dict.fromkeys(found))


def phones(resource: Node) -> list[str]:
    found = [text(n, "value") for n in nodes(resource, "telecom") if text(n, "system") in ("phone", "sms", "")]
    return list(dict.fromkeys(n.removeprefix("tel:") for n in found if any(c.isdigit() for c in n) and "@" not in n))


def _address(node: Node) -> Address | None:
    lines = tuple(texts(node, "line"))
    city, state, code = text(node, "city"), text(node, "state"), text(node, "postalCode")
    return Address(lines, city, state, code) if lines or city or code else None


def parties(sent: Sent, holder: Node, field: str, where: str) -> tuple[Found[Party], ...]:
    """In STU3 the performers of a report stand as ``actor`` beside their role, a requester as ``agent``."""
    references = [
        inner for ref in nodes(holder, field) for inner in (nodes(ref, "actor") or nodes(ref, "agent") or [ref])
    ]
    found = [party for ref in references if (party := party_of(sent, ref, holder))]
    return tuple(Found(party, where) for party in dict.fromkeys(found))


def party_of(sent: Sent, reference: Node, holder: Node) -> Party | None:
    """Who a reference means; when it was not sent along, what the reference says: identifier, display, target."""
    target = sent.resolve(reference, holder)
    if target is None:
        display, pointer = text(reference, "display"), text(reference, "reference")
        ids = tuple(stated(reference)) or ((Identifier(pointer),) if pointer else ())
        if not display and not ids:
            return None
        if kind_meant(reference) == "Organization":
            return Party(None, npi_among(ids), display, "organization", ids)
        return Party(Name(text=display) if display else None, npi_among(ids), "", "person", ids)
    return _party_of(sent, target)


def _party_of(sent: Sent, target: Node) -> Party | None:
    kind = kind_of(target)
    ids = tuple(identifiers(target))
    numbers = tuple(phones(target))
    if kind == "PractitionerRole":
        return _role(sent, target, ids, numbers)
    if kind == "Organization":
        return Party(None, npi_among(ids), text(target, "name"), "organization", ids, numbers)
    if kind == "Device":
        label = text(target, "deviceName", "name") or text(target, "displayName") or text(target, "modelNumber")
        return Party(Name(text=label) if label else None, "", text(target, "manufacturer"), "device", ids)
    name = next(iter(names(target)), None)
    return Party(name, npi_among(ids), "", "person", ids, numbers) if name or ids else None


def _role(sent: Sent, role: Node, ids: tuple[Identifier, ...], numbers: tuple[str, ...]) -> Party | None:
    """The practitioner of a role with its organization."""
    person = next((p for r in nodes(role, "practitioner") if (p := party_of(sent, r, role))), None)
    works_for = next((p for r in nodes(role, "organization") if (p := party_of(sent, r, role))), None)
    organization = works_for.organization if works_for else ""
    if person is None:
        return works_for
    both = tuple(dict.fromkeys(person.identifiers + ids))
    return Party(person.name, person.npi or npi_among(ids), organization, "person", both, person.phones or numbers)
