"""What was sent together: the resources, and references resolved among them."""

from collections.abc import Iterator

from referrals.intake.parsers.fhir.nodes import Node, kind_of, many, nodes, text

_MOST_RESOURCES = 20_000
_AMBIGUOUS: Node = {}


class Sent:
    """All resources of a file. ``resolve`` finds the target of a Reference inside it, or None."""

    def __init__(self, root: Node):
        self.root = root
        self.resources: list[Node] = []
        self._by_url: dict[str, Node] = {}  # by full URL
        self._by_id: dict[str, Node] = {}  # by Type/id
        self._unplaced: dict[str, Node] = {}  # by Type/id, of those without a full URL
        for url, resource in _entries(root):
            self.resources.append(resource)
            if url:
                _name(self._by_url, url, resource)
            if text(resource, "id"):
                identity = f"{kind_of(resource)}/{text(resource, 'id')}"
                _name(self._by_id, identity, resource)
                if not url:
                    _name(self._unplaced, identity, resource)

    def of(self, *kinds: str) -> list[Node]:
        return [resource for resource in self.resources if kind_of(resource) in kinds]

    def resolve(self, reference: Node, holder: Node) -> Node | None:
        """``holder`` is the resource that refers: its contained ones are meant by ``#id``.

        An absolute address never means a resource of the same id that came from elsewhere."""
        target = text(reference, "reference").partition("/_history/")[0]
        if target.startswith("#"):
            return next((r for r in nodes(holder, "contained") if text(r, "id") in (target[1:], target)), None)
        if target in self._by_url:
            return self._by_url[target] or None
        if "://" in target:
            return self._unplaced.get("/".join(target.rsplit("/", 2)[-2:])) or None
        return self._by_id.get(target) or None


def _name(table: dict[str, Node], key: str, resource: Node) -> None:
    """Two resources under one name: neither is meant for sure."""
    table[key] = resource if key not in table or table[key] is resource else _AMBIGUOUS


def _entries(root: Node) -> Iterator[tuple[str, Node]]:
    if kind_of(root) != "Bundle":
        yield "", root
        return
    waiting = [root]
    count = 0
    while waiting:
        bundle = waiting.pop(0)
        for entry in many(bundle, "entry"):
            for resource in nodes(entry, "resource"):
                count += 1
                if count > _MOST_RESOURCES:
                    return
                if kind_of(resource) == "Bundle":
                    waiting.append(resource)  # a document inside a message or a search
                elif kind_of(resource):
                    yield text(entry, "fullUrl"), resource
