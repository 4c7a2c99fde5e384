"""Resources that describe one document: a report or composition, and the DocumentReference of its file.

US Core has servers show a note both ways. Only what is said outright makes them one: the same file, the same number, or a
reference to the other as the content; and only when nothing they say of patient and status differs."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace

from referrals.intake.parsers.fhir.bundle import Sent
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text
from referrals.intake.parsers.strangers import born_apart, given_differ, names_differ
from referrals.intake.reading import Patient, Reading

_JOINED = {"format", "kind", "text", "embedded", "warnings", "is_whole", "part"}
_FILES = (("content", "attachment"), ("presentedForm",))


def each_once(sent: Sent, documents: list[Node]) -> list[Node]:
    """Without those that the same server sent again, word for word."""
    said = {(sent.base(one), json.dumps(one, sort_keys=True)): one for one in reversed(documents)}
    return list(said.values())[::-1]


def together(sent: Sent, documents: list[tuple[Node, Reading]]) -> list[list[int]]:
    """The numbers of those that are one document, the one that speaks for it first. A document bundle is known by the node of
    the bundle."""
    groups = {number: [number] for number, (node, _) in enumerate(documents) if not _is_reference(node)}
    speaking: dict[tuple[str, ...], list[int]] = {}
    for number in groups:
        for key in _keys(sent, documents[number][0]):
            speaking.setdefault(key, []).append(number)
    for number, (node, reading) in enumerate(documents):
        if not _is_reference(node):
            continue
        named = [other for key in _keys(sent, node) for other in speaking.get(key, ())]
        head = next((other for other in named if _agree(documents[other][1], reading)), number)
        groups.setdefault(head, []).append(number)
    return [groups[number] for number in sorted(groups)]


def joined(head: Reading, more: Reading) -> Reading:
    """What both say; where both say it, the head."""
    facts = {f.name: getattr(head, f.name) or getattr(more, f.name) for f in fields(Reading) if f.name not in _JOINED}
    kinds = [kind for kind in (head.kind, more.kind) if kind is not None]
    files = {file.content: file for file in (*more.embedded, *head.embedded)}
    return replace(
        head,
        **facts,
        kind=max(kinds, key=lambda kind: kind.sure, default=None),
        text=head.text if more.text in head.text else "\n\n".join(filter(None, (head.text, more.text))),
        embedded=tuple(files.values()),
        warnings=tuple(dict.fromkeys((*head.warnings, *more.warnings))),
        is_whole=head.is_whole and more.is_whole,
    )


def _is_reference(node: Node) -> bool:
    return kind_of(node) == "DocumentReference"


def _keys(sent: Sent, node: Node) -> Iterator[tuple[str, ...]]:
    """Itself, its numbers, its files."""
    yield "node", str(id(node))
    for name in ("masterIdentifier", "identifier"):
        for number in nodes(node, name):
            if text(number, "system") and text(number, "value"):
                yield "number", text(number, "system"), text(number, "value")
    for path in _FILES:
        for attachment in nodes(node, *path):
            data, url = text(attachment, "data"), text(attachment, "url")
            if data:
                yield "data", data
            elif url:
                target = sent.resolve({"reference": url}, node)
                yield ("node", str(id(target))) if target is not None else ("url", url)


def _agree(one: Reading, other: Reading) -> bool:
    statuses = {found.value for found in (one.status, other.status) if found is not None}
    if len(statuses) > 1 or len(one.patients) > 1 or len(other.patients) > 1:
        return False
    if not (one.patient and other.patient):
        return one.patient is other.patient is None
    differ = (names_differ, given_differ, born_apart, _numbered_apart)
    return not any(apart(one.patient, other.patient) for apart in differ)


def _numbered_apart(a: Patient, b: Patient) -> bool:
    ours, theirs = ({(i.value.assigner, i.value.value) for i in patient.identifiers} for patient in (a, b))
    return bool({assigner for assigner, _ in ours - theirs} & {assigner for assigner, _ in theirs - ours})
