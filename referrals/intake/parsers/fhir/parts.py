"""One document of several in a bundle, cut out with what it refers to, as a bundle of its own.

The tag says that only its first entry is the document: an earlier document it replaces may stand beside it."""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from referrals.intake.parsers.fhir.bundle import Place, Sent
from referrals.intake.parsers.fhir.nodes import Node, Number, kind_of, many, nodes, texts

_TAG = "urn:refloop:one-document-of-several"
_FHIR, _XHTML = "http://hl7.org/fhir", "http://www.w3.org/1999/xhtml"


def is_part(bundle: Node) -> bool:
    return any(_TAG in texts(tag, "system") for tag in nodes(bundle, "meta", "tag"))


def places(sent: Sent, document: Sequence[Node], documents: Sequence[str]) -> list[Place]:
    """Where the document, described by one resource or more, and all it refers to stand. Other documents (of the kinds
    ``documents``) are only named by it: what they refer to stays out."""
    found, waiting = {id(one): one for one in document}, list(document)
    while waiting:
        holder = waiting.pop()
        for reference in _references(holder):
            target = sent.resolve(reference, holder)
            if target is not None and id(target) not in found and sent.place(target) is not None:
                found[id(target)] = target
                if kind_of(target) not in documents:
                    waiting.append(target)
    first, *others = found.values()
    where = [place for resource in (first, *others) if (place := sent.place(resource)) is not None]
    return [where[0], *sorted(where[1:])]


def _references(holder: Node) -> Iterator[Node]:
    """Every reference, by address or by identifier, and every address an attachment may lie at."""
    waiting: list[Any] = [holder]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "reference" in value or ("identifier" in value and not kind_of(value)):
                yield value
            yield from ({"reference": url} for url in texts(value, "url"))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


class OfJson:
    """Cuts from resources as JSON has them."""

    def __init__(self, root: Node):
        self.root = root

    def cut(self, wanted: Sequence[Place]) -> bytes:
        entries = [self._entry(place) for place in wanted]
        kept = [{key: entry[key] for key in ("fullUrl", "resource") if key in entry} for entry in entries]
        tagged = {"resourceType": "Bundle", "meta": {"tag": [{"system": _TAG}]}, "type": "collection", "entry": kept}
        return _json(tagged)

    def document(self, place: Place) -> bytes:
        return _json(nodes(self._entry(place), "resource")[0])

    def _entry(self, place: Place) -> Node:
        bundle = self.root
        *above, last = place
        for number in above:
            bundle = nodes(many(bundle, "entry")[number], "resource")[0]
        return many(bundle, "entry")[last]


def _json(node: Node) -> bytes:
    return _written(node, "\n").encode("utf-8", "replace")


def _written(value: Any, line: str) -> str:
    """JSON with numbers as they came; ``line`` is the line break with the indentation of this depth."""
    if isinstance(value, Number):
        return str(value)
    inner = f"{line} "
    if isinstance(value, dict) and value:
        pairs = (f"{_written(str(key), inner)}: {_written(item, inner)}" for key, item in value.items())
        return "{" + inner + f",{inner}".join(pairs) + line + "}"
    if isinstance(value, list) and value:
        return "[" + inner + f",{inner}".join(_written(item, inner) for item in value) + line + "]"
    return json.dumps(value, ensure_ascii=False)


class OfXml:
    """Cuts from a tree with plain local names; what is cut gets the two namespaces of FHIR back."""

    def __init__(self, root: etree._Element):
        self.root = root

    def cut(self, wanted: Sequence[Place]) -> bytes:
        bundle = etree.Element("Bundle")
        tag = etree.SubElement(etree.SubElement(bundle, "meta"), "tag")
        etree.SubElement(tag, "system").set("value", _TAG)
        etree.SubElement(bundle, "type").set("value", "collection")
        for place in wanted:
            entry = etree.SubElement(bundle, "entry")
            entry.extend(deepcopy(child) for child in self._entry(place) if child.tag in ("fullUrl", "resource"))
        return _xml(bundle)

    def document(self, place: Place) -> bytes:
        return _xml(deepcopy(self._entry(place).find("resource")[0]))

    def _entry(self, place: Place) -> etree._Element:
        bundle = self.root
        *above, last = place
        for number in above:
            bundle = bundle.findall("entry")[number].find("resource")[0]
        return bundle.findall("entry")[last]


def _xml(bundle: etree._Element) -> bytes:
    for element in bundle.iter(etree.Element):
        above = element.getparent()
        is_html = element.tag == "div" or (above is not None and above.tag.startswith(f"{{{_XHTML}}}"))
        element.tag = f"{{{_XHTML if is_html else _FHIR}}}{element.tag}"
    etree.cleanup_namespaces(bundle, top_nsmap={None: _FHIR})
    return etree.tostring(bundle, encoding="UTF-8", xml_declaration=True)
