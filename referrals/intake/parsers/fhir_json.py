"""JSON files: FHIR."""

from referrals.intake.parsers.fhir.nodes import from_json
from referrals.intake.parsers.fhir.resources import read_resource
from referrals.intake.reading import Reading

content_types = ("application/json",)


def read(content: bytes) -> list[Reading]:
    return read_resource(from_json(content))
