"""Every fact of messages and bundles of many systems is found, and nothing that is not in them."""

from typing import Any

from referrals.intake.parsers import fhir_json, xml_documents
from referrals.intake.parsers.hl7v2 import read
from referrals.intake.reading import Found, Party, Reading
from tests.referrals.intake.parsers import sent_fhir, sent_v2


def _who(found: Found[Party] | None) -> tuple[str, ...] | None:
    if found is None or found.value.name is None:
        return None
    name = found.value.name
    return (name.family, *name.given, found.value.npi)


def _said_in_message(reading: Reading) -> dict[str, Any]:
    (patient,) = reading.patients
    official = next(n.value for n in patient.names if n.value.use == "official")
    born = patient.birth_date.value.day if patient.birth_date else None
    relation = reading.relations[0].value if reading.relations else None
    return {
        "family": official.family, "given": official.given,
        "former": next((n.value.family for n in patient.names if n.value.use == "former"), None),
        "born": born and born.isoformat(), "sex": patient.sex and patient.sex.value,
        "ids": {(i.value.value, i.value.assigner, i.value.type) for i in patient.identifiers},
        "author": _who(next(iter(reading.authors), None)), "referrer": _who(next(iter(reading.referrers), None)),
        "written": reading.written_at and reading.written_at.value.iso,
        "visit": reading.visit_at and reading.visit_at.value.iso,
        "document": reading.document_id and reading.document_id.value.value,
        "relation": relation and (relation.kind, relation.target.value),
        "orders": {order.value.value for order in reading.order_ids}, "status": reading.status and reading.status.value,
    }  # fmt: skip


def test_every_fact_of_a_message_is_found_and_none_made_up():
    for number, (content, facts) in enumerate(sent_v2.messages(seed=20261125, count=300)):
        (reading,) = read(content)
        expected = {name: fact for name, fact in facts.items() if isinstance(name, str)}
        for part in ("author", "referrer"):
            who = expected[part]
            expected[part] = who and (who.family, who.given, who.npi)
        assert _said_in_message(reading) == expected, (number, content)


def _said_in_resource(reading: Reading) -> dict[str, Any]:
    (patient,) = reading.patients
    name, author = patient.names[0].value, reading.authors[0].value
    relation = reading.relations[0].value if reading.relations else None
    return {
        "family": name.family, "given": name.given, "born": patient.birth_date and patient.birth_date.value.iso,
        "ids": {(i.value.value, i.value.assigner) for i in patient.identifiers},
        "author": (author.name and author.name.family, author.npi), "status": reading.status and reading.status.value,
        "referrers": {party.value.name and party.value.name.family for party in reading.referrers},
        "written": reading.written_at and reading.written_at.value.iso,
        "visit": reading.visit_at and reading.visit_at.value.iso,
        "visits": {visit.value.value for visit in reading.visit_ids},
        "document": reading.document_id and reading.document_id.value.value,
        "relation": relation and (relation.kind, relation.target.value),
        "orders": {order.value.value for order in reading.order_ids},
    }  # fmt: skip


def test_every_fact_of_a_fhir_document_is_found_and_none_made_up():
    for number, (written_as, content, facts) in enumerate(sent_fhir.documents(seed=20261125, count=300)):
        (reading,) = (fhir_json if written_as == "json" else xml_documents).read(content)
        assert _said_in_resource(reading) == facts, (number, content)
