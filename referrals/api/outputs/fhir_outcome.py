"""A refusal for a sender who speaks FHIR: an OperationOutcome, in the encoding that was posted."""

import json
from xml.sax.saxutils import quoteattr

FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
_TYPES = {401: "login", 403: "forbidden", 404: "not-found", 413: "too-long", 415: "not-supported", 429: "throttled"}


def operation_outcome(status: int, says: str, media: str) -> bytes:
    """``status`` is that of HTTP; ``media`` is one of the two above."""
    code = _TYPES.get(status, "invalid" if status < 500 else "exception")
    if media == FHIR_XML:
        issue = f'<severity value="error"/><code value="{code}"/><diagnostics value={quoteattr(says)}/>'
        return f'<OperationOutcome xmlns="http://hl7.org/fhir"><issue>{issue}</issue></OperationOutcome>'.encode()
    issue = {"severity": "error", "code": code, "diagnostics": says}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()
