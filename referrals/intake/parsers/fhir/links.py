"""What a FHIR document is linked to: its visit, the requests it answers, earlier documents, its organization."""

from referrals.intake.parsers import document_types
from referrals.intake.parsers.fhir import people
from referrals.intake.parsers.fhir.bundle import Sent, pointer_of
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text
from referrals.intake.reading import Found, Identifier, Moment, Party, Relation

_REQUESTS = {"ServiceRequest", "ReferralRequest", "ProcedureRequest"}  # the last two in STU3
_RELATIONS = {"replaces", "transforms", "signs", "appends"}


def organization(sent: Sent, node: Node, field: str, where: str) -> Found[str] | None:
    names = [p.value.organization for p in people.parties(sent, node, field, where) if p.value.organization]
    return Found(names[0], where, 0.7) if names else None


def visit(
    sent: Sent, holder: Node, references: list[Node]
) -> tuple[Found[Moment] | None, tuple[Found[Identifier], ...]]:
    """Start and identifiers of the encounter; of one not sent along its reference."""
    visit_at = None
    ids: list[Found[Identifier]] = []
    for reference in references:
        encounter = sent.resolve(reference, holder)
        if encounter is None:
            stated = people.stated(reference) or [Identifier(p) for p in [pointer_of(reference)] if p]
            ids += [Found(i, f"{kind_of(holder)} encounter") for i in stated]
            continue
        if kind_of(encounter) != "Encounter":
            continue
        for period in nodes(encounter, "period") + nodes(encounter, "actualPeriod"):
            visit_at = visit_at or people.found_time(period, "start", "Encounter.period.start")
        ids += [Found(i, "Encounter.identifier") for i in people.identifiers(encounter)]
    return visit_at, tuple(dict.fromkeys(ids))


def is_of_visit(kind: Found[str] | None) -> bool:
    return kind is not None and kind.value in document_types.VISIT_KINDS


def service_day(periods: list[Node], where: str) -> Found[Moment] | None:
    """When the documented service began; a span of days, as summaries give it, is no visit."""
    for period in periods:
        start = people.found_time(period, "start", f"{where}.start")
        end = people.found_time(period, "end", "")
        if start and (end is None or end.value.day == start.value.day):
            return start
    return None


def requests(sent: Sent, node: Node, encounters: list[Node]) -> list[tuple[Node, Node]]:
    """(who refers, reference) to what may be the requests a document answers: its own, and those its visit is based on."""
    own = nodes(node, "basedOn") + nodes(node, "context", "related") + nodes(node, "event", "detail")
    # A Composition of R4 has its orders in an extension.
    own += [r for r in nodes(node, "extension", "valueReference") if _is_of_request(sent, r, node)]
    found = [(node, reference) for reference in own]
    for visited in filter(None, (sent.resolve(reference, node) for reference in encounters)):
        found += [(visited, based) for based in nodes(visited, "basedOn") + nodes(visited, "incomingReferral")]
    return found


def _is_of_request(sent: Sent, reference: Node, holder: Node) -> bool:
    return bool({people.kind_meant(reference), kind_of(sent.resolve(reference, holder))} & _REQUESTS)


def orders(sent: Sent, requests: list[tuple[Node, Node]], where: str) -> tuple[Found[Identifier], ...]:
    """Identifiers of the requests a document answers; of a request not sent along what its reference says."""
    found = []
    for holder, reference in requests:
        request = sent.resolve(reference, holder)
        if request is None:
            meant, pointer = people.kind_meant(reference), pointer_of(reference)
            if meant in ("", *_REQUESTS):
                stated = people.stated(reference) or ([Identifier(pointer)] if meant else [])
                found += [Found(i, f"{where} order") for i in stated]
        elif kind_of(request) in _REQUESTS:
            ids = people.identifiers(request) + people.identifiers(request, "requisition")
            ids = ids or [Identifier(f"{kind_of(request)}/{text(request, 'id')}")]
            found += [Found(i, f"{kind_of(request)}.identifier") for i in ids]
    return tuple(dict.fromkeys(found))


def requesters(sent: Sent, requests: list[tuple[Node, Node]]) -> tuple[Found[Party], ...]:
    found: list[Found[Party]] = []
    for holder, reference in requests:
        request = sent.resolve(reference, holder)
        if request is not None and kind_of(request) in _REQUESTS:
            found += people.parties(sent, request, "requester", f"{kind_of(request)}.requester")
    return tuple(dict.fromkeys(found))


def relations(sent: Sent, node: Node, where: str) -> tuple[Found[Relation], ...]:
    """relatesTo: R4 gives a code, R5 a coded concept; Composition R4 has targetIdentifier or targetReference."""
    found = []
    for item in nodes(node, "relatesTo"):
        kind = text(item, "code") or text(item, "code", "coding", "code")
        targets = people.identifiers(item, "targetIdentifier")
        for reference in nodes(item, "target") + nodes(item, "targetReference"):
            targets += _named(sent, node, reference)[:1]
        found += [Found(Relation(kind, target), f"{where}.relatesTo") for target in targets if kind in _RELATIONS]
    return tuple(found)


def _named(sent: Sent, holder: Node, reference: Node) -> list[Identifier]:
    """The identifiers of the document a reference means, else the reference itself."""
    target = sent.resolve(reference, holder)
    if target is not None:
        found = people.identifiers(target, "masterIdentifier") + people.identifiers(target)
    else:
        found = people.stated(reference)
    pointer = pointer_of(reference)
    return found or ([Identifier(pointer)] if pointer else [])
