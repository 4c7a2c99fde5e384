"""Resources as plain dicts, whichever way they were sent, and forgiving access to them. Pure.

Nothing is trusted to have the type the standard says: a reader asks for dicts, texts or lists and gets those or nothing."""

import json
from typing import Any

from lxml import etree

from referrals.intake.parsers.narrative import plain_text
from referrals.intake.parsers.protocol import Unreadable

Node = dict[str, Any]
_DEEPEST = 60


class Number(str):
    """A JSON number as it was written: a dose of 1.10 is not to become 1.1 when its document is cut out."""


def from_json(content: bytes) -> Node:
    """One resource; lines of resources (NDJSON) become a bundle. Raises Unreadable."""
    try:
        text = content.decode(json.detect_encoding(content)).lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    try:
        data = _loaded(text)
    except RecursionError:
        raise Unreadable("The JSON is nested too deeply.") from None
    except ValueError as error:
        lines = _lines(text)
        if not lines:
            raise Unreadable(f"The JSON is damaged (line {getattr(error, 'lineno', '?')}).") from None
        data = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": line} for line in lines]}
    if isinstance(data, list):
        data = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": item} for item in data]}
    if not isinstance(data, dict) or type(data.get("resourceType")) is not str:
        raise Unreadable("This JSON is not a FHIR resource (it has no resourceType).")
    return data


def _loaded(text: str) -> Any:
    return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number)


def _lines(text: str) -> list[Any]:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        found = [_loaded(line) for line in lines]
    except (ValueError, RecursionError):
        return []
    return found if len(found) > 1 and all(isinstance(item, dict) for item in found) else []


def from_xml(root: etree._Element) -> Node:
    """A resource element (plain local names) as its JSON would be, except that every element is a list."""
    return {"resourceType": str(root.tag), **_children(root, 0)}


def _children(element: etree._Element, depth: int) -> Node:
    node: Node = {}
    if depth <= _DEEPEST:
        for child in element.iterchildren(etree.Element):
            node.setdefault(str(child.tag), []).append(_value(child, depth + 1))
    return node


def _value(element: etree._Element, depth: int) -> Any:
    if element.tag == "div":
        return plain_text(element)
    if element.tag in {"contained", "resource"} and len(element):
        return {"resourceType": str(element[0].tag), **_children(element[0], depth + 1)}
    value = element.get("value")
    return value if value is not None else _children(element, depth)


def many(node: Any, name: str) -> list[Any]:
    """The values under a name: those of a list, or the single one."""
    value = node.get(name) if isinstance(node, dict) else None
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def nodes(node: Any, *path: str) -> list[Node]:
    """The dicts at the end of a path, through lists and single values alike."""
    found = [node]
    for name in path:
        found = [inner for outer in found for inner in many(outer, name) if isinstance(inner, dict)]
    return found


def texts(node: Any, name: str) -> list[str]:
    """The texts and numbers under a name, without what no database stores (NUL, half of a surrogate pair)."""
    found = []
    for value in many(node, name):
        if isinstance(value, str) and (clean := value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()):
            found.append(clean)
    return found


def text(node: Any, *path: str) -> str:
    """The first text at the end of a path; empty when there is none."""
    *outer, last = path
    for holder in nodes(node, *outer) if outer else [node]:
        if found := texts(holder, last):
            return found[0]
    return ""


def kind_of(node: Any) -> str:
    return text(node, "resourceType")
