"""Take in the bytes of a document: check, name by content, store. Nothing is parsed here.

Files are stored under the hash of their bytes in private storage before any database row speaks of them, so a crash
between the two leaves an unused file, never a lost document.
"""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from referrals.errors import InvalidInput

# What the first bytes say. Names and declared types are not believed.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),
)
EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "application/rtf": ".rtf",
    "application/zip": ".zip",
    "application/xml": ".xml",
    "application/json": ".json",
    "x-application/hl7-v2+er7": ".hl7",
    "text/html": ".html",
    "text/plain": ".txt",
}
ACCEPTED_WORDS = "PDF, TIFF, PNG, JPEG, text, RTF, DOCX, XML (C-CDA, FHIR), JSON (FHIR), HL7 v2 or ZIP"


@dataclass(frozen=True)
class StoredBytes:
    """Where the bytes are; ``sha256`` in hex, ``size`` in bytes, ``content_type`` by content."""

    name: str
    filename: str
    sha256: str
    size: int
    content_type: str


def store(upload: BinaryIO | bytes, *, filename: str) -> StoredBytes:
    """Store the bytes once and say what they are.

    Raises InvalidInput for an empty, oversized or unknown kind of file."""
    content = upload if isinstance(upload, bytes) else upload.read(settings.DOCUMENT_MAX_BYTES + 1)
    if not content:
        raise InvalidInput([("file", "The file is empty.")])
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        raise InvalidInput([("file", f"The file is larger than {settings.DOCUMENT_MAX_BYTES // 1024**2} MB.")])
    content_type = sniff(content)
    if not content_type:
        raise InvalidInput([("file", f"This kind of file is not taken. Send {ACCEPTED_WORDS}.")])
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(content))
    return StoredBytes(name, _safe_filename(filename, content_type), digest, len(content), content_type)


def sniff(content: bytes) -> str:
    """The content type by the first bytes; empty when it is nothing RefLoop takes."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, content_type in _MAGIC:
        if content.startswith(magic) or head.startswith(magic):
            return content_type
    if b"\x00" in content[:4096]:
        return ""
    if head.startswith((b"MSH|", b"\x0bMSH", b"MSH^")):
        return "x-application/hl7-v2+er7"
    lowered = head[:200].lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if head.startswith(b"<"):
        return "application/xml"
    if head.startswith((b"{", b"[")):
        return "application/json"
    printable = sum(byte >= 32 or byte in b"\t\r\n\x0c\x1b" for byte in content[:4096])
    return "text/plain" if printable >= 0.97 * len(content[:4096]) else ""


def _safe_filename(filename: str, content_type: str) -> str:
    """A display name without folders or control characters, ending as its content does."""
    stem = PurePath(filename.replace("\\", "/")).stem
    stem = "".join(c for c in stem if c.isalnum() or c in " ._-()").strip(" .")[:90]
    suffix = PurePath(filename).suffix.lower()
    docx = content_type == "application/zip" and suffix == ".docx"
    return (stem or "document") + (".docx" if docx else EXTENSIONS[content_type])
