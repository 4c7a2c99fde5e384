"""The body of a CDA document: the sections' narrative as plain text, or the file it carries."""

from dataclasses import dataclass

from lxml import etree

from referrals.intake.parsers.base64_content import decode_base64
from referrals.intake.parsers.ccda.elements import text_of
from referrals.intake.parsers.narrative import plain_text
from referrals.intake.reading import Embedded

_MOST_TEXT = 2_000_000  # characters
_DEEPEST = 40  # sections in sections
# Pictures in the narrative are logos and charts; a scan or a PDF is a document.
_DOCUMENT_MEDIA = ("application/pdf", "image/tiff", "application/rtf", "text/rtf")


@dataclass(frozen=True)
class Body:
    text: str = ""
    embedded: tuple[Embedded, ...] = ()
    warnings: tuple[str, ...] = ()


def read_body(root: etree._Element) -> Body:
    non_xml = root.find("component/nonXMLBody/text")
    if non_xml is not None:
        return _embedded_body(non_xml)
    structured = root.find("component/structuredBody")
    if structured is None:
        return Body(warnings=("The document has no body.",))
    lines: list[str] = []
    for component in structured.findall("component/section"):
        _section(component, lines, 0)
    text = "\n".join(lines)
    warnings = () if len(text) <= _MOST_TEXT else ("The text is longer than RefLoop keeps; its end was left out.",)
    return Body(text[:_MOST_TEXT], tuple(_media(structured)), warnings)


def _embedded_body(element: etree._Element) -> Body:
    media = element.get("mediaType", "").strip().lower()
    if element.find("reference") is not None and not (element.text or "").strip():
        return Body(warnings=("The body is a link to another file, which RefLoop does not fetch.",))
    if element.get("compression"):
        return Body(warnings=("The body is compressed, which RefLoop does not unpack.",))
    if element.get("representation", "").upper() != "B64":
        return Body(text=plain_text(element)[:_MOST_TEXT])
    content = decode_base64(element.text or "")
    if content is None:
        return Body(warnings=("The embedded file is damaged: its base64 cannot be decoded.",))
    if media == "text/plain":
        return Body(text=_decoded(content)[:_MOST_TEXT])
    return Body(embedded=(Embedded(content, "nonXMLBody", media),))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _section(section: etree._Element, lines: list[str], depth: int) -> None:
    if title := text_of(section.find("title")):
        lines.append(title)
    narrative = section.find("text")
    if narrative is not None and (text := plain_text(narrative)):
        lines.append(text)
    if lines and lines[-1]:
        lines.append("")
    if depth < _DEEPEST:
        for inner in section.findall("component/section"):
            _section(inner, lines, depth + 1)


def _media(structured: etree._Element) -> list[Embedded]:
    found = []
    for value in structured.iter("value"):
        media = value.get("mediaType", "").lower()
        if media in _DOCUMENT_MEDIA and (content := decode_base64(value.text or "")):
            found.append(Embedded(content, "observationMedia", media))
    return found
