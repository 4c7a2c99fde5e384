"""The HL7 v2 acknowledgment of what was posted: accepted (AA), stored but to be looked at (AE), not stored (AR)."""

import re
import secrets
from datetime import datetime
from itertools import islice

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.v2.tokens import MOST_MESSAGES, Segment, header_of

ACCEPTED, ERROR, REJECTED = "AA", "AE", "AR"
ER7 = ("application/hl7-v2", "x-application/hl7-v2+er7")  # media types; the first is answered when none was named
_HEADER = re.compile(rb"(?:^|(?<=[\r\n\x0b]))(?:MSH|FHS|BHS)[^\w\s][^\r\n]{0,4000}")
_MESSAGE = re.compile(rb"MSH(?<![^\r\n\x0b]MSH)(?=[^\w\s])")  # at the beginning of a line
_LINE = re.compile(rb"[^\r\n]{1,4000}")
_SEARCHED = 65_536  # bytes
_REASON = {ERROR: "207^Application internal error^HL70357", REJECTED: "207^Application internal error^HL70357"}
_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"}


def header_in(content: bytes) -> Segment | None:
    """The first header of a message or batch; only the beginning is looked at. None when there is none."""
    match = _HEADER.search(content[:_SEARCHED].lstrip(b"\xef\xbb\xbf \t\r\n"))
    return None if match is None else _header(match[0])


def headers_in(content: bytes) -> list[Segment]:
    """Whose acknowledgment a body asks for: the batch, when it has an id of its own; else each message, when there are
    several with ids, and not more than RefLoop reads; else the first header, if there is one."""
    first = header_in(content)
    if first is None:
        return []
    if first.name == "MSH" or not control_id(first):
        starts = [match.start() for match in islice(_MESSAGE.finditer(content), MOST_MESSAGES + 1)]
        lines = (_LINE.match(content, start) for start in starts)
        messages = [header for line in lines if line and (header := _header(line[0])) and control_id(header)]
        if 1 < len(messages) == len(starts) <= MOST_MESSAGES:
            return messages
    return [first]


def _header(line: bytes) -> Segment | None:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    try:
        return header_of(text)
    except Unreadable:
        return None


def control_id(header: Segment | None) -> str:
    """MSH-10, or FHS-11 and BHS-11 of a batch."""
    if header is None:
        return ""
    return header.text(10 if header.name == "MSH" else 11)


def ack(header: Segment | None, code: str, *, says: str, now: datetime) -> bytes:
    """The acknowledgment of ``header``, in UTF-8 with the standard delimiters."""
    of = header if header is not None else Segment("MSH", ["MSH"], header_of("MSH|^~\\&").delimiters)
    is_message = of.name == "MSH"
    event = _safe(of.text(9, 2)) if is_message else ""
    msh = [
        "MSH", "^~\\&", _safe(of.text(5)) or "REFLOOP", _safe(of.text(6)), _safe(of.text(3)), _safe(of.text(4)),
        f"{now:%Y%m%d%H%M%S%z}", "", f"ACK^{event}^ACK" if event else "ACK", secrets.token_hex(8),
        (_safe(of.text(11)) if is_message else "") or "P", (_safe(of.text(12)) if is_message else "") or "2.5.1",
        "", "", "", "", "", "UNICODE UTF-8",
    ]  # fmt: skip
    segments = ["|".join(msh), f"MSA|{code}|{_safe(control_id(header))}|{_safe(says)}"]
    if code in _REASON:
        segments.append(f"ERR|||{_REASON[code]}|E||||{_safe(says)}")
    return "".join(f"{segment}\r" for segment in segments).encode()


def _safe(text: str) -> str:
    """A value of a stranger as one component: no delimiter and no line end of its own."""
    plain = "".join(c if c.isprintable() else " " for c in text[:250])
    return "".join(_ESCAPES.get(c, c) for c in plain)
