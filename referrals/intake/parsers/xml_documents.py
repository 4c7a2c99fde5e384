"""XML by its root: CDA, FHIR or HL7 v2 in XML; anything else is named and refused."""

from dataclasses import replace

from lxml import etree

from referrals.intake.parsers.ccda.document import read_document as read_cda
from referrals.intake.parsers.fhir.documents import READERS
from referrals.intake.parsers.fhir.nodes import from_xml
from referrals.intake.parsers.fhir.parts import OfXml
from referrals.intake.parsers.fhir.resources import read_resource
from referrals.intake.parsers.hl7v2 import read as read_v2
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.v2.xml_encoding import er7_of, is_message
from referrals.intake.parsers.xml_source import parse_xml
from referrals.intake.reading import Embedded, Reading

content_types = ("application/xml",)
_FHIR = "http://hl7.org/fhir"
_FHIR_ROOTS = {"Bundle", *READERS}
_KNOWN_OTHERS = {
    "ContinuityOfCareRecord": "an ASTM CCR",
    "SubmitObjectsRequest": "the metadata of an XDM package without its documents",
    "ProvideAndRegisterDocumentSetRequest": "an XDS submission",
    "Envelope": "a SOAP message",
    "html": "a web page",
}


def read(content: bytes) -> list[Reading]:
    source = parse_xml(content)
    name = source.root.tag
    if name == "ClinicalDocument":
        return [read_cda(source.root, source.warnings)]
    if source.namespace == _FHIR or name in _FHIR_ROOTS:
        return read_resource(from_xml(source.root), OfXml(source.root))
    if wrapped := list(source.root.iter("ClinicalDocument")):
        return _read_wrapped(content, wrapped, source.warnings)
    if is_message(source.root):
        return read_v2(er7_of(source.root))
    if name in _KNOWN_OTHERS:
        raise Unreadable(f"This XML is {_KNOWN_OTHERS[name]}; RefLoop reads C-CDA, FHIR and HL7 v2.")
    raise Unreadable("This XML is neither a C-CDA, a FHIR document nor an HL7 v2 message.")


def _read_wrapped(content: bytes, wrapped: list[etree._Element], warnings: tuple[str, ...]) -> list[Reading]:
    """The C-CDAs in an envelope, each with its own bytes when there are several."""
    readings = [read_cda(document, warnings) for document in wrapped]
    if len(readings) == 1:
        return readings
    whole = parse_xml(content, plain=False).root
    alone = [element for element in whole.iter(etree.Element) if etree.QName(element).localname == "ClinicalDocument"]
    parts = [etree.tostring(element, encoding="UTF-8", xml_declaration=True, with_tail=False) for element in alone]
    if len(parts) != len(readings):
        return readings  # such as a prefix nobody declared: they are read, but do not come apart
    numbered = enumerate(zip(readings, parts, strict=True), 1)
    return [replace(reading, part=Embedded(part, f"document {number}")) for number, (reading, part) in numbered]
