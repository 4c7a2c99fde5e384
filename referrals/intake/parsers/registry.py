"""Which parser reads which kind of bytes. A parser is a module with ``content_types`` and ``read`` (protocol.py).

A new format is one new module and one row here. Modules are imported when their first document comes: some bring heavy
libraries.
"""

from importlib import import_module
from typing import cast

from referrals.intake.parsers.protocol import Parser, Unreadable

# Content type, as intake/sniffing.sniff gives it -> module in this package.
PARSERS: dict[str, str] = {
    "application/xml": "xml_documents",
    "application/json": "fhir_json",
    "application/zip": "xdm",
    "message/rfc822": "mail",
    "x-application/hl7-v2+er7": "hl7v2",
    "application/pdf": "pdf",
    "image/tiff": "image",
    "image/png": "image",
    "image/jpeg": "image",
    "application/docx": "docx",
    "application/rtf": "rtf",
    "text/html": "html",
    "text/plain": "plain",
}


def parser_for(content_type: str) -> Parser:
    """Raises Unreadable for a kind nobody reads."""
    if content_type not in PARSERS:
        raise Unreadable("RefLoop cannot read this kind of file by itself.")
    return cast(Parser, import_module(f"referrals.intake.parsers.{PARSERS[content_type]}"))
