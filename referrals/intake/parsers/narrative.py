"""Marked-up narrative (CDA section text, FHIR xhtml) as plain text. Pure."""

from lxml import etree

_LINES = {
    "paragraph", "item", "tr", "caption", "br", "list", "table", "p", "div", "li", "ul", "ol", "dl",
    "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "hr",
}  # fmt: skip
_CELLS = {"td", "th"}


def plain_text(narrative: etree._Element) -> str:
    """Paragraphs, list items and table rows on lines of their own, cells apart by ``|``."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(narrative, events=("start", "end")):
        if event == "start":
            if element.tag in _LINES:
                pieces.append("\n")
            pieces.append(_flat(element.text))
        else:
            if element.tag in _CELLS:
                pieces.append(" | ")
            elif element.tag in _LINES:
                pieces.append("\n")
            if element is not narrative:
                pieces.append(_flat(element.tail))
    rows = (" ".join(row.split()).strip(" |") for row in "".join(pieces).split("\n"))
    return "\n".join(row for row in rows if row)


def _flat(text: str | None) -> str:
    return text.replace("\r", " ").replace("\n", " ") if text else ""
