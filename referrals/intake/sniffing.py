"""What kind of file bytes are, by the bytes alone: names and declared types are not believed. Pure."""

import re
import struct
from collections.abc import Iterator

DOCX = "application/docx"  # short for application/vnd.openxmlformats-officedocument.wordprocessingml.document
HL7_V2 = "x-application/hl7-v2+er7"
# Formats of fields, which carry other files but bring no pictures or letters of their own.
MIME = "message/rfc822"
STRUCTURED = frozenset(("application/xml", "application/json", "application/zip", HL7_V2, MIME))

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
)
_UTF_16 = (
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"), (b"{\x00", "utf-16-le"), (b"\x00{", "utf-16-be"),
    (b"M\x00S\x00H\x00", "utf-16-le"), (b"\x00M\x00S\x00H", "utf-16-be"),
)  # fmt: skip
# A message, a batch, or a message that lost its MSH: all are for the v2 parser to read or refuse.
_HL7 = re.compile(r"(?:MSH|FHS|BHS)[^\w\s]|(?:PID|EVN|PV1|TXA|ORC|OBR|OBX|MSA)\|")
# Lines of headers, among them one that only MIME has: a letter may begin with From and To.
_MIME_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}:|[ \t]")
_MIME = re.compile(r"mime-version:|content-type:\s*(?:multipart|message)/|content-transfer-encoding:", re.I)
_HTML = re.compile(r"<(?:!doctype\s+html|(?:\w+:)?html|head|body|div|p|table|span|meta|h[1-6]|b|br)\b", re.I)
_ROOT = re.compile(r"<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?[\s/>]")
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"\]]")
_BEFORE_ROOT = (("<?", "?>"), ("<!--", "-->"))
_HEAD = 65_536  # bytes looked at
_ZIP_END = 65_557  # bytes from its end in which a zip says where its directory is
_ENTRY = b"PK\x01\x02"
_MOST_NAMES = 2_000
_SPACE = "\ufeff \t\r\n\x0b"


def sniff(content: bytes) -> str:
    """The content type by the first bytes; empty when it is nothing RefLoop takes."""
    trimmed = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x0b")
    for magic, content_type in _MAGIC:
        if content.startswith(magic) or trimmed.startswith(magic):
            return content_type
    if b"%PDF-" in content[:1024] and b"\x00" not in content[: content.index(b"%PDF-")]:
        return "application/pdf"  # readers allow a line of junk before it
    if content.startswith((b"GIF87a", b"GIF89a")):
        return ""  # the one picture whose first bytes could pass for text
    if content.startswith(b"PK\x03\x04"):
        return _zip(content)
    encoding = next((name for mark, name in _UTF_16 if content.startswith(mark)), "")
    if not encoding and b"\x00" in content[:4096]:
        return ""
    return _text(content[:_HEAD].decode(encoding or "latin-1", "replace").lstrip("\xef\xbb\xbf" + _SPACE))


def _text(head: str) -> str:
    if _HL7.match(head):
        return HL7_V2
    if head.startswith("<"):
        head = _from_root(head)
        if _HTML.match(head):
            return "text/html"
        if _ROOT.match(head) or head.startswith("<!DOCTYPE"):
            return "application/xml"
    if _JSON.match(head):
        return "application/json"
    if _is_mime(head):
        return MIME
    sample = head[:4096]
    printable = sum(character >= " " or character in "\t\r\n\x0c\x1b" for character in sample)
    return "text/plain" if sample and printable >= 0.97 * len(sample) else ""


def _is_mime(head: str) -> bool:
    said = False
    for line in head.splitlines():
        if not line.strip():
            return said
        if not _MIME_LINE.match(line):
            return False
        said = said or bool(_MIME.match(line))
    return said


def _from_root(head: str) -> str:
    """Without the declaration, comments and instructions before the root element or its document type."""
    moved = True
    while moved:
        moved = False
        head = head.lstrip(_SPACE)
        for start, end in _BEFORE_ROOT:
            if head.startswith(start):
                head = head.partition(end)[2]
                moved = True
    return head


def _zip(content: bytes) -> str:
    """Word documents, and packages of documents; other office files are zips too, but none RefLoop reads."""
    names = set(_names(content))
    if b"word/document.xml" in names:
        return DOCX
    is_office = b"[Content_Types].xml" in names or {b"mimetype", b"content.xml"} <= names
    return "" if is_office else "application/zip"


def _names(content: bytes) -> Iterator[bytes]:
    """Names of the first entries of a zip's directory. Read by hand, because bytes are sniffed outside the sandbox and
    a directory of a million entries must cost nothing."""
    end = content.rfind(b"PK\x05\x06", -_ZIP_END)
    if end < 0 or len(content) < end + 22:
        return
    size, offset = struct.unpack_from("<II", content, end + 12)
    at = end - size  # where it is, whatever stands before the zip; in a large zip more stands in between
    at = at if at >= 0 and content[at : at + 4] == _ENTRY else offset
    for _ in range(_MOST_NAMES):
        if content[at : at + 4] != _ENTRY or len(content) < at + 46:
            return
        name, extra, comment = struct.unpack_from("<HHH", content, at + 28)
        yield content[at + 46 : at + 46 + name]
        at += 46 + name + extra + comment
