"""FHIR R4 documents in JSON and XML. References are resolved inside what was sent, never fetched."""
