"""JSON files: FHIR."""

from referrals.intake.parsers.fhir.nodes import from_json
from referrals.intake.parsers.fhir.parts import OfJson
from referrals.intake.parsers.fhir.resources import read_resource
from referrals.intake.reading import Reading

content_types = ("application/json",)


def read(content: bytes) -> list[Reading]:
    root = from_json(content)
    return read_resource(root, OfJson(root))
