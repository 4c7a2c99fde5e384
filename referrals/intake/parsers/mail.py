"""E-mails and other MIME messages: each attachment is a document, and so is the text beside them."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from referrals.intake.parsers.protocol import Unreadable, refuse_too_many
from referrals.intake.reading import Embedded, Reading
from referrals.intake.sniffing import MIME, sniff

content_types = (MIME,)
_DEEPEST = 20  # parts in parts
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")


def read(content: bytes) -> list[Reading]:
    """One reading for each document in it, carrying it; with bytes of its own when there are several."""
    try:
        found = list(_documents(message_from_bytes(content, policy=policy.default), 0))
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, KeyError) as error:
        raise Unreadable("The e-mail is damaged.") from error  # what headers of any kind do to the library has no name
    if not any(sniff(one.content) for one in found):
        raise Unreadable("The e-mail holds no document that RefLoop reads.")
    refuse_too_many(len(found))
    readings = [Reading(format="E-mail", embedded=(one,)) for one in found]
    if len(readings) == 1:
        return readings
    return [replace(reading, part=one) for reading, one in zip(readings, found, strict=True)]


def _documents(part: EmailMessage, depth: int) -> Iterator[Embedded]:
    kind = part.get_content_type()
    if kind in _ENCRYPTED or kind == "multipart/encrypted":
        raise Unreadable("The e-mail is encrypted. Ask the sender for the document itself.")
    if depth > _DEEPEST:
        raise Unreadable("The e-mail is nested too deeply.")
    if kind == "message/rfc822":
        inner = part.get_payload()
        content = inner[0].as_bytes() if isinstance(inner, list) and inner else b""
        yield from _taken(content, "forwarded message", kind)
    elif part.is_multipart():
        inside = [document for inner in part.iter_parts() for document in _documents(inner, depth + 1)]
        yield from _one_of(inside) if kind == "multipart/alternative" else inside
    elif kind not in _SIGNATURES:
        name = posixpath.basename((part.get_filename() or "").replace("\\", "/"))
        content = part.get_payload(decode=True) or b""
        if kind == "text/plain" and not name:
            content = content.decode(part.get_content_charset("utf-8"), "replace").encode()
        label = name and (posixpath.splitext(name)[0] if sniff(content) else name)
        yield from _taken(content, label or ("text" if kind.startswith("text/") else "attachment"), kind)


def _taken(content: bytes, label: str, kind: str) -> Iterator[Embedded]:
    if content.strip():
        yield Embedded(content, label, kind)


def _one_of(forms: list[Embedded]) -> list[Embedded]:
    """Of one text as plain text and as a web page the first; whatever else stands there is no other form of it."""
    plain = [form for form in forms if form.content_type == "text/plain"]
    return [form for form in forms if not plain or form.content_type != "text/html"]
