"""HL7 v2 in its XML encoding (``urn:hl7-org:v2xml``), written back as ER7, so that it is read by the same rules."""

from collections.abc import Iterator

from lxml import etree

# A backslash stays: senders put the escapes of ER7 into the XML too, such as \\.br\\.
_PAIRS = (("|", "\\F\\"), ("^", "\\S\\"), ("~", "\\R\\"), ("&", "\\T\\"), ("\r", ""), ("\n", "\\.br\\"))


def is_message(root: etree._Element) -> bool:
    """Whether a root of plain names is a message: its first segment is a header with fields."""
    first = next(root.iterchildren(), None)
    return first is not None and first.tag == "MSH" and any(field.tag.startswith("MSH.") for field in first)


def er7_of(root: etree._Element) -> bytes:
    """The message with the standard delimiters, whichever its MSH.1 and MSH.2 name."""
    return "".join(f"{line}\r" for line in _segments(root)).encode()


def _segments(group: etree._Element) -> Iterator[str]:
    """Segments in order; groups such as ``ORU_R01.PATIENT`` are gone through."""
    for child in group.iterchildren():
        if len(child.tag) == 3:
            yield _segment(child)
        else:
            yield from _segments(child)


def _segment(segment: etree._Element) -> str:
    fields: dict[int, list[str]] = {}
    for field in segment.iterchildren():
        number = _number(field)
        if number:
            fields.setdefault(number, []).append(_joined(field, "^&"))
    texts = ["~".join(fields.get(number, [])) for number in range(1, max(fields, default=0) + 1)]
    return "|".join(["MSH", "^~\\&", *texts[2:]] if segment.tag == "MSH" else [segment.tag, *texts])


def _joined(element: etree._Element, marks: str) -> str:
    """The text of a field, or its components (of a component its subcomponents) in their places."""
    parts = {number: child for child in element.iterchildren() if (number := _number(child))}
    if not parts or not marks:
        return _escaped(element.text or "") + "".join(
            (f"\\{child.get('V')}\\" if child.tag == "escape" and child.get("V") else "") + _escaped(child.tail or "")
            for child in element.iterchildren()
        )
    return marks[0].join(
        _joined(parts[number], marks[1:]) if number in parts else "" for number in range(1, max(parts) + 1)
    )


def _number(element: etree._Element) -> int:
    """``PID.5`` and ``XPN.1`` -> 5 and 1; 0 for anything else, such as the formatting in a text."""
    place = element.tag.rpartition(".")[2] if "." in element.tag else ""
    return int(place) if place.isascii() and place.isdigit() and len(place) <= 3 else 0


def _escaped(text: str) -> str:
    text = text.strip()
    for character, escape in _PAIRS:
        text = text.replace(character, escape)
    return text
