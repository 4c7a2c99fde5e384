"""A FHIR resource or bundle -> readings: its documents, else what it says of patient, request and visit."""

from referrals.intake.parsers.fhir import people
from referrals.intake.parsers.fhir.bundle import Sent
from referrals.intake.parsers.fhir.documents import READERS
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text
from referrals.intake.parsers.numbers import referral_numbers
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Found, Identifier, Moment, Patient, Reading

_MOST_DOCUMENTS = 200
# What makes a file without a document worth a look: it names a patient's referral or visit.
_TELLING = ("Patient", "ServiceRequest", "Appointment")


def read_resource(root: Node) -> list[Reading]:
    """Raises Unreadable for an error of a server and for resources that are no document of a patient's care."""
    kind = kind_of(root)
    if kind == "OperationOutcome":
        raise Unreadable("This is an error message of a FHIR server (OperationOutcome), not a document.")
    sent = Sent(root)
    documents = _documents(sent)
    if len(documents) > _MOST_DOCUMENTS:
        raise Unreadable(f"The bundle holds more than {_MOST_DOCUMENTS} documents. Send it in parts.")
    if documents:
        return [READERS[kind_of(document)](sent, document) for document in documents]
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
    return sent.of(*READERS)


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
