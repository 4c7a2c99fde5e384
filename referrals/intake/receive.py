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
from referrals.intake.sniffing import DOCX, HL7_V2, MIME, sniff

EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "application/rtf": ".rtf",
    "application/zip": ".zip",
    "application/xml": ".xml",
    "application/json": ".json",
    HL7_V2: ".hl7",
    MIME: ".eml",
    DOCX: ".docx",
    "text/html": ".html",
    "text/plain": ".txt",
    "application/octet-stream": ".bin",
}
UNKNOWN = "application/octet-stream"
ACCEPTED_WORDS = "PDF, TIFF, PNG, JPEG, text, HTML, RTF, DOCX, XML (C-CDA, FHIR), JSON (FHIR), HL7 v2, ZIP or e-mail"


@dataclass(frozen=True)
class StoredBytes:
    """Where the bytes are; ``sha256`` in hex, ``size`` in bytes, ``content_type`` by content."""

    name: str
    filename: str
    sha256: str
    size: int
    content_type: str


def store(upload: BinaryIO | bytes, *, filename: str, keep_unknown: bool = False) -> StoredBytes:
    """Store the bytes once and say what they are.

    Raises InvalidInput for an empty, oversized or (unless ``keep_unknown``) unknown kind of file."""
    content = upload if isinstance(upload, bytes) else upload.read(settings.DOCUMENT_MAX_BYTES + 1)
    if not content:
        raise InvalidInput([("file", "The file is empty.")])
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        raise InvalidInput([("file", f"The file is larger than {settings.DOCUMENT_MAX_BYTES // 1024**2} MB.")])
    content_type = sniff(content) or (UNKNOWN if keep_unknown else "")
    if not content_type:
        raise InvalidInput([("file", f"This kind of file is not taken. Send {ACCEPTED_WORDS}.")])
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(name) or default_storage.size(name) != len(content):
        name = default_storage.save(name, ContentFile(content))
    return StoredBytes(name, _safe_filename(filename, content_type), digest, len(content), content_type)


def _safe_filename(filename: str, content_type: str) -> str:
    """A display name without folders or control characters, ending as its content does."""
    stem = PurePath(filename.replace("\\", "/")).stem
    stem = "".join(c for c in stem if c.isalnum() or c in " ._-()").strip(" .")[:90]
    return (stem or "document") + EXTENSIONS[content_type]
