"""XML of strangers made into a tree: no DTD, no entities, no network, bounded; senders' usual slips are mended."""

import re
from dataclasses import dataclass

from lxml import etree

from referrals.intake.parsers.protocol import Unreadable

_NOT_XML_1_0 = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcBC]|1[\da-fA-F]|[eEfF]));"
)
_BIG = 5_000_000  # bytes
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True)
class Source:
    """``root`` has plain local names: namespaces differ too much between senders to tell anything."""

    root: etree._Element
    namespace: str  # of the root, as sent
    warnings: tuple[str, ...] = ()


def parse_xml(content: bytes, *, plain: bool = True) -> Source:
    """With the names as sent unless ``plain``.

    Raises Unreadable when it is not well-formed (an undeclared prefix apart) or brings a document type."""
    content = _as_utf8(content)
    warnings: list[str] = []
    root, error = _try(content)
    if root is None and (mended := _NOT_XML_1_0.sub(b"", content)) != content:
        content = mended
        root, error = _try(content)
        warnings.append("Characters that XML does not allow were left out.")
    if root is None and (text := _redeclared(content)):
        found, _ = _try(text.encode())
        if found is not None:
            root = found
            warnings.append("The file is not in the character set it declares.")
    if root is None:
        raise Unreadable(error)
    namespace = etree.QName(root).namespace or ""
    if plain:
        _plain_names(root)
    return Source(root, namespace, tuple(warnings))


def _try(content: bytes) -> tuple[etree._Element | None, str]:
    # libxml2 takes no text above 10 MB, less than a scanned file in a body, unless told; then nothing may be expanded.
    is_big = len(content) > _BIG and b"<!" not in content.replace(b"<!--", b"").replace(b"<![CDATA[", b"")
    if is_big:
        content = _redeclared(content).encode()
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=is_big,
        remove_comments=True, remove_pis=True, recover=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return None, _damaged(error.lineno or "?")
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("The XML brings a document type (DOCTYPE), which is not allowed in a clinical document.")
    # An undeclared prefix (sdtc:, xsi:) is common and harms nothing; anything else means a damaged file.
    for entry in parser.error_log:
        if entry.domain_name != "NAMESPACE" and entry.level_name != "WARNING":
            return None, _damaged(entry.line)
    return root, "" if root is not None else "The XML is empty."


def _damaged(line: int | str) -> str:
    return f"The XML is not well-formed (line {line}): the file is damaged or cut off. Ask the sender for it again."


def _plain_names(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        tag = element.tag
        if "}" in tag or ":" in tag:
            element.tag = tag.rpartition("}")[2].rpartition(":")[2] or tag


def _as_utf8(content: bytes) -> bytes:
    """UTF-16 (with a mark, or told by its zero bytes) as UTF-8 without its declaration; other bytes as they are."""
    content = content.lstrip(b" \t\r\n")
    for mark, encoding in (
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
    ):
        if content.startswith(mark):
            text = content.decode(encoding, "replace").lstrip("\ufeff")
            return _DECLARATION.sub("", text).encode()
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")


def _redeclared(content: bytes) -> str:
    """As UTF-8, else Windows-1252, whatever the declaration says."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return _DECLARATION.sub("", text)
