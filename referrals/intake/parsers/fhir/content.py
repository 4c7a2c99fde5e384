"""The content of FHIR documents: attachments, section and resource narrative."""

from dataclasses import dataclass, replace

from referrals.intake.parsers.base64_content import decode_base64
from referrals.intake.parsers.fhir.bundle import Sent
from referrals.intake.parsers.fhir.nodes import Node, kind_of, nodes, text
from referrals.intake.parsers.narrative import plain_text
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.xml_source import parse_xml
from referrals.intake.reading import Embedded

_LINK = "The content is a link to another system, which RefLoop does not fetch."
_DAMAGED = "An attachment is damaged: its base64 cannot be decoded."
_BESIDE = ("Composition", "DiagnosticReport", "Bundle")  # documents that stand beside it and are read for themselves
_DEEPEST = 20  # sections in sections
_MOST_TEXT = 2_000_000  # characters


@dataclass(frozen=True)
class Body:
    text: str = ""
    files: tuple[Embedded, ...] = ()
    warnings: tuple[str, ...] = ()

    def with_text(self, *pieces: str) -> "Body":
        both = "\n\n".join(dict.fromkeys(piece for piece in (*pieces, self.text) if piece))
        return replace(self, text=both[:_MOST_TEXT])

    def with_files(self, others: list["Body"]) -> "Body":
        body = self.with_text(self.text, *(other.text for other in others))
        return replace(
            body,
            files=tuple(dict.fromkeys(self.files + tuple(f for o in others for f in o.files))),
            warnings=tuple(dict.fromkeys(self.warnings + tuple(w for o in others for w in o.warnings))),
        )


def of_attachments(sent: Sent, holder: Node, attachments: list[Node], where: str) -> Body:
    """Inline data, or a Binary sent along; one attachment in several forms gives several files."""
    texts: list[str] = []
    files: list[Embedded] = []
    warnings: list[str] = []
    for attachment in attachments:
        media = text(attachment, "contentType").split(";")[0].strip().lower()
        data, url = text(attachment, "data"), text(attachment, "url")
        if not data and url:
            binary = sent.resolve({"reference": url}, holder)
            if kind_of(binary) in _BESIDE:
                continue
            if binary is None or kind_of(binary) != "Binary":
                warnings.append(_LINK)
                continue
            data, media = text(binary, "data") or text(binary, "content"), media or text(binary, "contentType")
        if not data:
            continue
        content = decode_base64(data)
        if content is None:
            warnings.append(_DAMAGED)
        elif media == "text/plain":
            texts.append(_decoded(content))
        else:
            files.append(Embedded(content, where, media))
    return Body("\n\n".join(texts)[:_MOST_TEXT], tuple(files), tuple(dict.fromkeys(warnings)))


def of_document_bundle(sent: Sent) -> list[Body]:
    """The files that travel with a Composition: as DocumentReference or as Binary."""
    where = "DocumentReference.content"
    bodies = [
        of_attachments(sent, ref, nodes(ref, "content", "attachment"), where) for ref in sent.of("DocumentReference")
    ]
    return bodies + [of_attachments(sent, binary, [binary], "Binary") for binary in sent.of("Binary")]


def of_sections(composition: Node) -> Body:
    lines: list[str] = []

    def add(section: Node, depth: int) -> None:
        lines.extend(piece for piece in (text(section, "title"), narrative(section)) if piece)
        if depth < _DEEPEST:
            for inner in nodes(section, "section"):
                add(inner, depth + 1)

    for section in nodes(composition, "section"):
        add(section, 0)
    return Body("\n".join(lines)[:_MOST_TEXT] or narrative(composition))


def narrative(node: Node) -> str:
    """``text.div`` as plain text."""
    div = text(node, "text", "div")
    if not div.startswith("<"):
        return div
    try:
        return plain_text(parse_xml(div.encode()).root)
    except Unreadable:
        return ""


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
