"""A FHIR resource or bundle -> readings: its documents, else what it says of patient, request and visit."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import Protocol

from referrals.intake.parsers.fhir import parts, people, same
from referrals.intake.parsers.fhir.bundle import Place, Sent
from referrals.intake.parsers.fhir.documents import READERS
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text
from referrals.intake.parsers.numbers import referral_numbers
from referrals.intake.parsers.protocol import Unreadable, refuse_too_large, refuse_too_many
from referrals.intake.reading import Embedded, Found, Identifier, Moment, Patient, Reading

# What makes a file without a document worth a look: it names a patient's referral or visit.
_TELLING = ("Patient", "ServiceRequest", "Appointment")


class Source(Protocol):
    """The file a resource was read from, to cut documents out of it."""

    def cut(self, wanted: list[Place]) -> bytes:
        """A bundle of the resources at these places, the document first."""
        ...

    def document(self, place: Place) -> bytes:
        """The document bundle at a place."""
        ...


def read_resource(root: Node, source: Source) -> list[Reading]:
    """Raises Unreadable for an error of a server and for resources that are no document of a patient's care."""
    kind = kind_of(root)
    if kind == "OperationOutcome":
        raise Unreadable("This is an error message of a FHIR server (OperationOutcome), not a document.")
    sent = Sent(root)
    found = _documents(sent)
    refuse_too_many(len(found) + len(sent.documents))
    alone = [[node] for node in (*found, *(bundle for _, bundle in sent.documents))]
    if len(alone) > 1:
        deque(_pieces(sent, source, alone), maxlen=0)  # refuses what is too large before it is read
    read = [(document, READERS[kind_of(document)](sent, document)) for document in found]
    read += [(bundle, _of_document_bundle(Sent(bundle))) for _, bundle in sent.documents]
    groups = same.together(sent, read)
    if parts.is_part(sent.root):
        groups = [group for group in groups if 0 in group]
    readings = [reduce(same.joined, [read[number][1] for number in group]) for group in groups]
    if len(groups) > 1:
        return _with_parts(readings, _pieces(sent, source, [[read[number][0] for number in group] for group in groups]))
    if readings:
        return readings
    if not sent.of(*_TELLING):
        if sent.of("OperationOutcome"):
            raise Unreadable("This bundle holds an error of a FHIR server (OperationOutcome), not a document.")
        held = f"a FHIR {kind}" if kind != "Bundle" else "a FHIR bundle without a document"
        raise Unreadable(f"This is {held}; RefLoop reads DocumentReference, DiagnosticReport and Composition.")
    return [_no_document(sent)]


def _documents(sent: Sent) -> list[Node]:
    """Of a document bundle its Composition, which speaks for the rest; else every document in it."""
    if text(sent.root, "type") == "document" and (compositions := sent.of("Composition")):
        return compositions[:1]
    found = same.each_once(sent, sent.of(*READERS))
    if parts.is_part(sent.root):
        return found
    inside = _in_sections(sent)
    return [document for document in found if id(document) not in inside]


def _in_sections(sent: Sent) -> set[int]:
    """What the sections of a Composition list belongs to it, as converted C-CDAs have their results."""
    inside = set()
    for composition in sent.of("Composition"):
        waiting = nodes(composition, "section")
        while waiting:
            section = waiting.pop()
            waiting += nodes(section, "section")
            targets = (sent.resolve(reference, composition) for reference in nodes(section, "entry"))
            inside.update(id(target) for target in targets if target is not None and target is not composition)
    return inside


def _of_document_bundle(sent: Sent) -> Reading:
    documents = _documents(sent)
    return READERS[kind_of(documents[0])](sent, documents[0]) if documents else _no_document(sent)


def _pieces(sent: Sent, source: Source, groups: list[list[Node]]) -> Iterator[bytes]:
    """The bytes of each document, which count for themselves: what they share is in each."""
    bundles = {id(bundle): place for place, bundle in sent.documents}
    size = 0
    for first, *more in groups:
        if id(first) in bundles:
            piece = source.document(bundles[id(first)])
        else:
            piece = source.cut(parts.places(sent, [first, *more], tuple(READERS)))
        size += len(piece)
        refuse_too_large(size)
        yield piece


def _with_parts(readings: list[Reading], pieces: Iterator[bytes]) -> list[Reading]:
    numbered = enumerate(zip(readings, pieces, strict=True), 1)
    return [replace(reading, part=Embedded(piece, f"document {number}")) for number, (reading, piece) in numbered]


def _no_document(sent: Sent) -> Reading:
    kind = kind_of(sent.root)
    requests, appointments = sent.of("ServiceRequest"), sent.of("Appointment")
    ids = [Found(i, "ServiceRequest.identifier") for r in requests for i in people.identifiers(r)]
    ids += [Found(i, "ServiceRequest.requisition") for r in requests for i in people.identifiers(r, "requisition")]
    request = requests[0] if len(requests) == 1 else {}
    return Reading(
        format=f"FHIR {kind}" if kind != "Bundle" else "FHIR Bundle without a document",
        patients=_patients(sent, requests, appointments),
        written_at=people.found_time(request, "authoredOn", "ServiceRequest.authoredOn"),
        visit_at=_visit_at(sent),
        visit_ids=_visit_ids(sent),
        referrers=tuple(dict.fromkeys(
            party for r in requests for party in people.parties(sent, r, "requester", "ServiceRequest.requester")
        )),
        recipients=tuple(dict.fromkeys(
            party for r in requests for party in people.parties(sent, r, "performer", "ServiceRequest.performer")
        )),
        referral_numbers=tuple(n for i in ids for n in referral_numbers(i.value.value, i.where)),
        order_ids=tuple(dict.fromkeys(ids)),
    )  # fmt: skip


def _patients(sent: Sent, requests: list[Node], appointments: list[Node]) -> tuple[Patient, ...]:
    """Those sent; without any, those the requests and appointments name."""
    found = [people.patient_of(resource) for resource in sent.of("Patient")]
    if not found:
        for request in requests:
            found += people.subject(sent, request, "subject")
        for participant in (p for a in appointments for p in nodes(a, "participant")):
            actor = text(participant, "actor", "reference")
            if "Patient/" in actor or text(participant, "actor", "type") == "Patient":
                found += people.subject(sent, participant, "actor")
    return tuple(dict.fromkeys(patient for patient in found if patient != Patient()))


def _visit_at(sent: Sent) -> Found[Moment] | None:
    """The one appointment's or encounter's start; of several none is meant for sure."""
    appointments, encounters = sent.of("Appointment"), sent.of("Encounter")
    if len(appointments) == 1:
        return people.found_time(appointments[0], "start", "Appointment.start")
    if len(encounters) == 1:
        for period in nodes(encounters[0], "period"):
            return people.found_time(period, "start", "Encounter.period.start")
    return None


def _visit_ids(sent: Sent) -> tuple[Found[Identifier], ...]:
    encounters = sent.of("Encounter")
    ids = people.identifiers(encounters[0]) if len(encounters) == 1 else []
    return tuple(Found(i, "Encounter.identifier") for i in ids)
