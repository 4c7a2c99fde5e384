"""DocumentReference, DiagnosticReport and Composition -> readings."""

from collections.abc import Callable

from referrals.intake.parsers import document_types
from referrals.intake.parsers.fhir import content, links, people
from referrals.intake.parsers.fhir.bundle import Sent
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text
from referrals.intake.parsers.numbers import referral_numbers
from referrals.intake.reading import Found, Identifier, Moment, Party, Reading

_STATUSES = {
    "registered": "preliminary", "preliminary": "preliminary", "partial": "interim", "final": "final",
    "amended": "amended", "corrected": "amended", "appended": "amended",
    "entered-in-error": "retracted", "cancelled": "retracted", "deprecated": "retracted",
}  # fmt: skip
_SUPERSEDED = "The sender says that a newer version of this document exists (superseded)."


def read_reference(sent: Sent, ref: Node) -> Reading:
    """A DocumentReference of R4, or of R5 where that differs."""
    where = "DocumentReference"
    body = content.of_attachments(sent, ref, nodes(ref, "content", "attachment"), f"{where}.content")
    status = _status(text(ref, "docStatus"), f"{where}.docStatus")
    state = text(ref, "status")
    if state == "entered-in-error":
        status = Found("retracted", f"{where}.status")
    elif not text(ref, "docStatus") and nodes(ref, "authenticator"):
        status = Found("final", f"{where}.authenticator", 0.7)
    encounters = nodes(ref, "context", "encounter") + [n for n in nodes(ref, "context") if "reference" in n]
    visit_at, visit_ids = links.visit(sent, ref, encounters)
    if links.is_of_visit(_kind(ref, ("type", "category"), where)):
        periods = nodes(ref, "context", "period") + nodes(ref, "period")
        visit_at = links.service_day(periods, f"{where}.context.period") or visit_at
    ids = people.identifiers(ref, "masterIdentifier") + people.identifiers(ref)
    title = text(ref, "description") or text(ref, "content", "attachment", "title") or text(ref, "type", "text")
    return _finish(
        sent, ref, body,
        Reading(
            format="FHIR DocumentReference",
            status=status,
            title=Found(title, where) if title else None,
            document_id=Found(ids[0], f"{where}.identifier") if ids else None,
            version=_found(text(ref, "version"), f"{where}.version"),
            relations=links.relations(sent, ref, where),
            written_at=_first_time(ref, where, "date", "created", "indexed"),  # the last two in STU3
            visit_at=visit_at,
            visit_ids=visit_ids,
            authors=people.parties(sent, ref, "author", f"{where}.author"),
            author_organization=links.organization(sent, ref, "custodian", f"{where}.custodian"),
            warnings=(_SUPERSEDED,) if state == "superseded" else (),
        ),
        code_fields=("type", "category"),
        requests=links.requests(sent, ref, encounters),
    )  # fmt: skip


def read_report(sent: Sent, report: Node) -> Reading:
    where = "DiagnosticReport"
    body = content.of_attachments(sent, report, nodes(report, "presentedForm"), f"{where}.presentedForm")
    body = body.with_text(content.narrative(report), text(report, "conclusion"))
    encounters = nodes(report, "encounter")
    visit_of, visit_ids = links.visit(sent, report, encounters)
    visit_at = people.found_time(report, "effectiveDateTime", f"{where}.effectiveDateTime")
    for period in nodes(report, "effectivePeriod"):
        visit_at = visit_at or people.found_time(period, "start", f"{where}.effectivePeriod.start")
    ids = people.identifiers(report)
    title = text(report, "code", "text") or text(report, "code", "coding", "display")
    authors = people.parties(sent, report, "resultsInterpreter", f"{where}.resultsInterpreter")
    authors += people.parties(sent, report, "performer", f"{where}.performer")
    return _finish(
        sent, report, body,
        Reading(
            format="FHIR DiagnosticReport",
            status=_status(text(report, "status"), f"{where}.status"),
            title=Found(title, f"{where}.code") if title else None,
            document_id=Found(ids[0], f"{where}.identifier") if ids else None,
            written_at=people.found_time(report, "issued", f"{where}.issued"),
            visit_at=visit_at or visit_of,
            visit_ids=visit_ids,
            authors=_persons_first(authors),
        ),
        code_fields=("code", "category"),
        requests=links.requests(sent, report, encounters),
        otherwise=document_types.RESULT,
    )  # fmt: skip


def read_composition(sent: Sent, composition: Node) -> Reading:
    where = "Composition"
    body = content.of_sections(composition)
    if text(sent.root, "type") == "document":
        body = body.with_files(content.of_document_bundle(sent))
    encounters = nodes(composition, "encounter")
    visit_at, visit_ids = links.visit(sent, composition, encounters)
    if visit_at is None and links.is_of_visit(_kind(composition, ("type", "category"), where)):
        visit_at = links.service_day(nodes(composition, "event", "period"), f"{where}.event.period")
    ids = people.identifiers(composition)
    bundle_ids = people.identifiers(sent.root) if text(sent.root, "type") == "document" else []
    title = text(composition, "title")
    return _finish(
        sent, composition, body,
        Reading(
            format="FHIR Composition",
            status=_status(text(composition, "status"), f"{where}.status"),
            title=Found(title, f"{where}.title") if title else None,
            document_id=_first(bundle_ids, "Bundle.identifier") or _first(ids, f"{where}.identifier"),
            set_id=_first(ids, f"{where}.identifier") if bundle_ids else None,
            version=_found(text(composition, "version"), f"{where}.version"),
            relations=links.relations(sent, composition, where),
            written_at=people.found_time(composition, "date", f"{where}.date"),
            visit_at=visit_at,
            visit_ids=visit_ids,
            authors=_persons_first(people.parties(sent, composition, "author", f"{where}.author")),
            author_organization=links.organization(sent, composition, "custodian", f"{where}.custodian"),
        ),
        code_fields=("type", "category"),
        requests=links.requests(sent, composition, encounters),
    )  # fmt: skip


READERS: dict[str, Callable[[Sent, Node], Reading]] = {
    "DocumentReference": read_reference,
    "DiagnosticReport": read_report,
    "Composition": read_composition,
}


def _finish(sent: Sent, node: Node, body: content.Body, reading: Reading, *, code_fields: tuple[str, ...],
            requests: list[tuple[Node, Node]], otherwise: str = "") -> Reading:  # fmt: skip
    """What the three have in common: patient, kind, orders and the referrers behind them, content."""
    where = kind_of(node)
    orders = links.orders(sent, requests, where)
    code, system = _code(node, code_fields[0])
    kind = _kind(node, code_fields, where) or (Found(otherwise, where, 0.8) if otherwise else None)
    numbers = [n for order in orders for n in referral_numbers(order.value.value, order.where)]
    numbers += [n for n in referral_numbers(body.text, "text", 0.9) if n.value not in {m.value for m in numbers}]
    organization = reading.author_organization or next(
        (Found(a.value.organization, a.where) for a in reading.authors if a.value.organization), None
    )
    return Reading(
        **{
            **vars(reading),
            "patients": people.subject(sent, node, "subject"),
            "kind": kind,
            "type_code": document_types.type_code(code, system, f"{where}.{code_fields[0]}"),
            "author_organization": organization,
            "referrers": links.requesters(sent, requests),
            "order_ids": orders,
            "referral_numbers": tuple(numbers),
            "text": body.text,
            "embedded": body.files,
            "warnings": reading.warnings + body.warnings,
        }
    )


def _code(node: Node, field: str) -> tuple[str, str]:
    """The LOINC coding when there is one, else the first."""
    codings = nodes(node, field, "coding")
    codings.sort(key=lambda c: document_types.code_system(text(c, "system")) != document_types.LOINC)
    return next(((text(c, "code"), text(c, "system")) for c in codings if text(c, "code")), ("", ""))


def _kind(node: Node, fields: tuple[str, ...], where: str) -> Found[str] | None:
    for field in fields:
        for coding in nodes(node, field, "coding"):
            code, system = text(coding, "code"), text(coding, "system")
            if found := document_types.kind_of_code(code, system, f"{where}.{field}"):
                return found
    for field in fields:
        for name in (text(node, field, "text"), *(text(c, "display") for c in nodes(node, field, "coding"))):
            if found := document_types.kind_of_name(name, f"{where}.{field}"):
                return found
    return document_types.kind_of_name(text(node, "title") or text(node, "description"), f"{where} title")


def _status(value: str, where: str) -> Found[str] | None:
    return Found(_STATUSES[value], where) if value in _STATUSES else None


def _found(value: str, where: str) -> Found[str] | None:
    return Found(value, where) if value else None


def _first_time(node: Node, where: str, *names: str) -> Found[Moment] | None:
    return next((found for name in names if (found := people.found_time(node, name, f"{where}.{name}"))), None)


def _first(ids: list[Identifier], where: str) -> Found[Identifier] | None:
    return Found(ids[0], where) if ids else None


def _persons_first(authors: tuple[Found[Party], ...]) -> tuple[Found[Party], ...]:
    rank = {"person": 0, "device": 1, "organization": 2}
    return tuple(sorted(dict.fromkeys(authors), key=lambda author: rank[author.value.kind]))
