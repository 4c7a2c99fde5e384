"""The report inside a message: OBX and NTE as text, ED and RP as files."""

import re
from dataclasses import dataclass, field

from referrals.intake.parsers.base64_content import decode_base64, starts_a_file
from referrals.intake.parsers.v2.tokens import Message, Segment, unescape
from referrals.intake.reading import Embedded
from referrals.intake.sniffing import sniff

_PROSE = {"TX", "FT", "ST", "STX", "CF", ""}
CARRIERS = {"TX", "FT", "ED", "RP"}  # OBX-2 of texts and files
_MARKED_UP = {"application/rtf", "text/html", "application/xml"}
_MOST_TEXT = 2_000_000  # characters
_LINK = "The report is a link to another system, which RefLoop does not fetch."
_EMPTY = "An embedded file is empty."
_DAMAGED = "An embedded file is damaged: it cannot be decoded."


@dataclass
class Report:
    lines: list[str] = field(default_factory=list)
    files: list[Embedded] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)  # OBX-11, as sent
    carried: list[str] = field(default_factory=list)  # those of texts and files alone, also empty ones
    has_prose: bool = False

    @property
    def holds_something(self) -> bool:
        """A report, a file, or one that could not be had: not a mere measurement or remark."""
        return self.has_prose or bool(self.files or self.warnings)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")[:_MOST_TEXT]


@dataclass
class _Pending:
    """Base64 that may go on in the next OBX."""

    pieces: list[str] = field(default_factory=list)
    media: str = ""

    def start(self, piece: str, media: str = "") -> None:
        self.pieces, self.media = [piece], media


def read_report(message: Message) -> Report:
    report = Report()
    pending = _Pending()
    for segment in message.segments:
        if segment.name == "OBX":
            _observation(segment, report, pending)
        elif segment.name == "NTE":
            report.lines += [line for value in segment.repetitions(3) for line in value.whole().split("\n")]
    _finish(pending, report)
    _lift_file(report)
    return report


def _observation(obx: Segment, report: Report, pending: _Pending) -> None:
    kind = obx.text(2).upper()
    if status := obx.text(11).upper():
        report.statuses.append(status)
    if kind in CARRIERS:
        report.carried.append(status)
    if kind == "RP":
        report.warnings += [_LINK] if _LINK not in report.warnings else []
    elif kind == "ED":
        _file(obx, report, pending)
    elif starts_a_file(obx.raw(5)):
        _finish(pending, report)
        pending.start(obx.raw(5))
    elif pending.pieces and kind in _PROSE and re.fullmatch(r"[A-Za-z0-9+/=\s]{40,}", obx.raw(5), re.ASCII):
        pending.pieces.append(obx.raw(5))
    elif kind in _PROSE:
        if text := _prose(obx):
            report.lines += text.split("\n")
            report.has_prose |= kind in {"TX", "FT"} or len(text) > 80
    elif line := _measured(obx):
        report.lines.append(line)


def _prose(obx: Segment) -> str:
    """Repetitions are lines; an unescaped ``^`` or ``&`` in prose is only a character."""
    mark = obx.delimiters.repetition
    pieces = obx.raw(5).split(mark) if mark else [obx.raw(5)]
    text = "\n".join(unescape(piece, obx.delimiters) for piece in pieces)
    label = obx.text(3, 2)
    if obx.text(2).upper() == "ST" and label and text.strip():
        return f"{label}: {text.strip()}"
    return text


def _measured(obx: Segment) -> str:
    value = ", ".join(v.part(2) or v.part(1) for v in obx.repetitions(5)) if obx.text(2) in {"CE", "CWE", "CNE"} else ""
    value = value or " ".join(v.whole().replace(obx.delimiters.component, " ").strip() for v in obx.repetitions(5))
    if not value:
        return ""
    label, unit, usual, flag = obx.text(3, 2) or obx.text(3), obx.text(6, 2) or obx.text(6), obx.text(7), obx.text(8)
    line = f"{label}: {value}" + (f" {unit}" if unit else "") + (f" ({usual})" if usual else "")
    return line + (f" {flag}" if flag and flag != "N" else "")


def _file(obx: Segment, report: Report, pending: _Pending) -> None:
    """An ED: source ^ type ^ subtype ^ encoding ^ data. Some send the data alone, or go on in the next OBX."""
    value = obx.raw(5)
    parts = value.split(obx.delimiters.component)
    encoding = parts[3].strip().upper() if len(parts) > 3 else ""
    data = max(parts[4:] if len(parts) > 4 else parts, key=len)
    data = data.replace(f"{obx.delimiters.escape}.br{obx.delimiters.escape}", "").replace(obx.delimiters.repetition, "")
    media = "/".join(part.strip().lower() for part in parts[1:3] if part.strip()) if len(parts) > 4 else ""
    if not data.strip():
        report.warnings.append(_EMPTY)
    elif encoding == "A":
        _finish(pending, report)
        report.lines += unescape(obx.delimiters.component.join(parts[4:]), obx.delimiters).split("\n")
        report.has_prose = True
    elif encoding == "HEX":
        _finish(pending, report)
        try:
            report.files.append(Embedded(bytes.fromhex(data), "OBX-5", media))
        except ValueError:
            report.warnings.append(_DAMAGED)
    elif pending.pieces and not starts_a_file(data):
        pending.pieces.append(data)
    else:
        _finish(pending, report)
        pending.start(data, media)


def _finish(pending: _Pending, report: Report) -> None:
    if not pending.pieces:
        return
    content = decode_base64("".join(pending.pieces)) or _decode_apart(pending.pieces)
    if content is None:
        report.warnings.append(_DAMAGED)
    else:
        report.files.append(Embedded(content, "OBX-5", pending.media))
    pending.pieces = []


def _decode_apart(pieces: list[str]) -> bytes | None:
    """Pieces that were each padded."""
    decoded = [decode_base64(piece) for piece in pieces]
    return b"".join(piece for piece in decoded if piece) if all(decoded) else None


def _lift_file(report: Report) -> None:
    """A whole report in RTF, HTML or XML, sent as lines of text, is a file."""
    content = report.text.lstrip().encode("utf-8", "ignore")
    if content and (kind := sniff(content)) in _MARKED_UP:
        report.files.append(Embedded(content, "OBX-5", kind))
        report.lines = []
