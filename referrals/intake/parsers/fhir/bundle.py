"""What was sent together: the resources, and references resolved among them."""

from collections.abc import Iterator
from urllib.parse import unquote

from referrals.intake.parsers.fhir.nodes import Node, kind_of, many, nodes, text
from referrals.intake.parsers.protocol import Unreadable

_MOST_RESOURCES = 20_000
_NUMBERED = ("Patient", "Practitioner", "PractitionerRole", "Organization", "Encounter", "ServiceRequest")
_AMBIGUOUS: Node = {}
Place = tuple[int, ...]  # the number of an entry in each bundle on the way down to a resource


class Sent:
    """All resources of a file. ``resolve`` finds the target of a Reference inside it, or None."""

    def __init__(self, root: Node):
        self.root = root
        self.resources: list[Node] = []
        self.documents: list[tuple[Place, Node]] = []  # document bundles inside another: each stands for itself
        self._places: dict[int, Place] = {}
        self._containers: dict[int, Node] = {}  # who contains a contained resource
        self._by_url: dict[str, Node] = {}  # by full URL
        self._by_id: dict[str, Node] = {}  # by Type/id
        self._unplaced: dict[str, Node] = {}  # by Type/id, of those without a full URL
        self._by_number: dict[str, Node] = {}  # by Type?identifier=system|value
        self._bases: dict[int, str] = {}  # the server a resource came from
        for place, url, resource in _entries(root):
            if place and _is_document(resource):
                self.documents.append((place, resource))
                self._call(url, resource)
                continue
            self.resources.append(resource)
            self._places[id(resource)] = place
            self._containers.update((id(inner), resource) for inner in nodes(resource, "contained"))
            identity = f"{kind_of(resource)}/{text(resource, 'id')}"
            if url.endswith(f"/{identity}"):
                self._bases[id(resource)] = url.removesuffix(identity)
            for number in nodes(resource, "identifier"):
                if key := _number_key(kind_of(resource), number):
                    self._name(self._by_number, key, resource)
            self._call(url, resource)

    def _call(self, url: str, resource: Node) -> None:
        """By these names it is referred to."""
        if url:
            self._name(self._by_url, url, resource)
        if ident := text(resource, "id"):
            identity = f"{kind_of(resource)}/{ident}"
            self._name(self._by_id, identity, resource)
            if not url:
                self._name(self._unplaced, identity, resource)

    def _name(self, table: dict[str, Node], key: str, resource: Node) -> None:
        """Two resources under one name: neither is meant for sure, unless one server says the same word for word."""
        known = table.get(key, resource)
        table[key] = known if known == resource and self.base(known) == self.base(resource) else _AMBIGUOUS

    def base(self, resource: Node) -> str:
        """The address of the server it came from, when that is known."""
        return self._bases.get(id(resource), "")

    def of(self, *kinds: str) -> list[Node]:
        return [resource for resource in self.resources if kind_of(resource) in kinds]

    def place(self, resource: Node) -> Place | None:
        """Where a resource stands; None for a contained one."""
        return self._places.get(id(resource))

    def resolve(self, reference: Node, holder: Node) -> Node | None:
        """``holder`` is the resource that refers: its contained ones, or those beside it, are meant by ``#id``.

        An absolute address never means a resource of the same id that came from elsewhere. A reference by identifier, or
        by a search for one, means the one resource that has it."""
        target = pointer_of(reference)
        if target.startswith("#"):
            holder = self._containers.get(id(holder), holder)
            return next((r for r in nodes(holder, "contained") if text(r, "id") in (target[1:], target)), None)
        if not target or "?" in target:
            return self._numbered(reference)
        beside = self._bases.get(id(self._containers.get(id(holder), holder)), "") + target
        for address in (target, beside):
            if address in self._by_url:
                return self._by_url[address] or None
        if "://" in target:
            return self._unplaced.get("/".join(target.rsplit("/", 2)[-2:])) or None
        return self._by_id.get(target) or None

    def _numbered(self, reference: Node) -> Node | None:
        keys = {unquote(pointer_of(reference))}
        kinds = [text(reference, "type")] if text(reference, "type") else _NUMBERED
        keys |= {_number_key(kind, number) for kind in kinds for number in nodes(reference, "identifier")}
        found = [self._by_number[key] for key in keys if key in self._by_number]
        return (found[0] or None) if len(found) == 1 else None


def pointer_of(reference: Node) -> str:
    """Where a reference points, whichever version it means."""
    return text(reference, "reference").partition("/_history/")[0]


def _number_key(kind: str, number: Node) -> str:
    """``Patient?identifier=system|value``, as a reference by search has it; empty when it is not whole."""
    system, value = text(number, "system"), text(number, "value")
    return f"{kind}?identifier={system}|{value}" if system and value else ""


def _is_document(resource: Node) -> bool:
    return kind_of(resource) == "Bundle" and text(resource, "type") == "document"


def _entries(root: Node) -> Iterator[tuple[Place, str, Node]]:
    """(place, full URL, resource); of a bundle inside the bundle its entries, unless it is a document."""
    if kind_of(root) != "Bundle":
        yield (), "", root
        return
    waiting: list[tuple[Place, Node]] = [((), root)]
    count = 0
    while waiting:
        above, bundle = waiting.pop(0)
        for number, entry in enumerate(many(bundle, "entry")):
            for resource in nodes(entry, "resource"):
                count += 1
                if count > _MOST_RESOURCES:
                    raise Unreadable(
                        f"It holds more than {_MOST_RESOURCES} resources. Ask the sender for smaller files."
                    )
                place = (*above, number)
                if kind_of(resource) == "Bundle" and not _is_document(resource):
                    waiting.append((place, resource))  # what a message or a search holds
                elif kind_of(resource):
                    yield place, text(entry, "fullUrl"), resource
