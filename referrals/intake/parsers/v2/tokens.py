"""Bytes -> messages -> segments -> fields. Forgiving about framing, line ends, delimiters and character sets."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from referrals.intake.parsers.protocol import Unreadable

MOST_MESSAGES = 500
_MOST_SEGMENTS = 50_000
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
_BATCH = {"FHS", "BHS", "BTS", "FTS"}
_FREE_TEXT = {"OBX", "NTE"}  # segments whose text senders break over lines
_CHARSETS = {  # HL7 table 0211, MSH-18, and what senders write there instead; Python's names
    "GB18030-2000": "gb18030", "BIG-5": "big5", "KSX1001": "euc_kr",
    **{f"8859/{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)},
    **{f"CP{number}": f"cp{number}" for number in range(1250, 1259)},
}  # fmt: skip


@dataclass(frozen=True)
class Delimiters:
    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"


@dataclass
class Segment:
    """Fields are counted as HL7 does: MSH-1 is the field separator itself. Missing ones are empty."""

    name: str
    fields: list[str]
    delimiters: Delimiters

    def raw(self, number: int) -> str:
        """The field as sent; the explicit null ``""`` counts as empty."""
        value = self.fields[number] if number < len(self.fields) else ""
        return "" if value == '""' else value

    def repetitions(self, number: int) -> list["Value"]:
        raw = self.raw(number)
        mark = self.delimiters.repetition
        pieces = raw.split(mark) if mark else [raw]
        return [Value(piece, self.delimiters) for piece in pieces if piece.strip(self.delimiters.component + " ")]

    def first(self, number: int) -> "Value":
        return next(iter(self.repetitions(number)), Value("", self.delimiters))

    def text(self, number: int, component: int = 1) -> str:
        return self.first(number).part(component)


@dataclass(frozen=True)
class Value:
    """One repetition of a field."""

    raw: str
    delimiters: Delimiters

    def part(self, component: int, sub: int = 1) -> str:
        """A component's subcomponent, both counted from 1, unescaped and trimmed."""
        pieces = self.raw.split(self.delimiters.component) if self.delimiters.component else [self.raw]
        if component > len(pieces):
            return ""
        mark = self.delimiters.subcomponent
        subs = pieces[component - 1].split(mark) if mark else [pieces[component - 1]]
        value = subs[sub - 1] if sub <= len(subs) else ""
        return "" if value == '""' else unescape(value, self.delimiters).strip()

    def whole(self) -> str:
        """All of it as running text: what an unescaped ``^`` or ``&`` split is one text again."""
        return unescape(self.raw, self.delimiters)


@dataclass
class Message:
    segments: list[Segment] = field(default_factory=list)

    @property
    def header(self) -> Segment:
        return self.segments[0]

    @property
    def type(self) -> str:
        """``MDM``, also when a sender writes the structure, ``MDM_T02``."""
        return self.header.text(9, 1).upper().partition("_")[0]

    @property
    def trigger(self) -> str:
        """``T02``; before version 2.3.1 some senders give it in EVN-1 alone."""
        return (self.header.text(9, 2) or self.first("EVN").text(1)).upper()

    @property
    def content(self) -> bytes:
        """The message alone, in UTF-8."""
        mark = self.header.delimiters.field
        first = "MSH" + mark + mark.join(self.header.fields[2:])
        return "\r".join([first, *(mark.join(segment.fields) for segment in self.segments[1:]), ""]).encode()

    def all(self, name: str) -> list[Segment]:
        return [segment for segment in self.segments if segment.name == name]

    def first(self, name: str) -> Segment:
        """The first such segment, or an empty one."""
        return next((s for s in self.segments if s.name == name), Segment(name, [name], self.header.delimiters))


def messages_of(content: bytes) -> list[Message]:
    """Raises Unreadable when there is no MSH segment, or far too much."""
    messages: list[Message] = []
    for segment in _segments(_lines(_decode(content))):
        if segment.startswith("MSH"):
            if len(messages) == MOST_MESSAGES:
                raise Unreadable(f"The file has more than {MOST_MESSAGES} messages. Send it in parts.")
            messages.append(Message([header_of(segment)]))
        elif segment[:3] not in _BATCH:
            _add(messages[-1], segment)
    if not messages:
        raise Unreadable("There is no MSH segment, so this is no HL7 v2 message.")
    return messages


def _segments(lines: Iterable[str]) -> Iterator[str]:
    """Segments from the first MSH on. A line that is no segment goes on with the free text before it."""
    mark = ""
    pieces: list[str] = []
    for line in lines:
        is_header = line.startswith("MSH") and (not mark or re.match(r"[^\w\s]", line[3:]) is not None)
        if is_header or (mark and line[3:4] == mark and _NAME.fullmatch(line[:3])):
            if pieces:
                yield "\n".join(pieces)
            mark = line[3:4] if is_header else mark
            pieces = [line]
        elif pieces and pieces[0][:3] in _FREE_TEXT:
            pieces.append(line)
    if pieces:
        yield "\n".join(pieces)


def _add(message: Message, segment: str) -> None:
    if len(message.segments) == _MOST_SEGMENTS:
        raise Unreadable(f"A message has more than {_MOST_SEGMENTS} segments.")
    delimiters = message.header.delimiters
    message.segments.append(Segment(segment[:3], segment.split(delimiters.field), delimiters))


def header_of(line: str) -> Segment:
    """The MSH (or FHS, BHS) segment of a line, with its delimiters. Raises Unreadable."""
    mark = line[3:4]
    if not mark or mark.isalnum() or mark.isspace():
        raise Unreadable("The MSH segment does not say which delimiters the message uses.")
    fields = line.split(mark)
    standard = Delimiters()
    codes = fields[1] if len(fields) > 1 else ""
    if not 1 <= len(codes) <= 5 or any(c.isalnum() for c in codes):
        codes = ""
    if codes == "^~&":  # the backslash got lost on the way
        codes = "^~\\&"
    component, repetition, escape, subcomponent = (codes + "^~\\&"[len(codes) :])[:4] if codes else (
        standard.component, standard.repetition, standard.escape, standard.subcomponent,
    )  # fmt: skip
    return Segment(
        line[:3], [line[:3], mark, *fields[1:]], Delimiters(mark, component, repetition, escape, subcomponent)
    )


def _lines(text: str) -> Iterator[str]:
    for mark in ("\r\n", "\n", "\x0b", "\x1c"):
        text = text.replace(mark, "\r")
    return (line for line in text.replace("\x00", "").split("\r") if line.strip())


def _decode(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if content[1:2] == b"\x00" or content[:1] == b"\x00":
        return content.decode("utf-16-le" if content[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return "".join(_decoded_lines(content))


def _decoded_lines(content: bytes) -> Iterator[str]:
    """Each line as UTF-8 when it is that, else as its message's MSH-18 says, else as Windows-1252, which is Latin-1 with
    more letters: one wrong byte in a text must not spoil a name."""
    encoding = ""
    for line in content.splitlines(keepends=True):
        if line.lstrip(b"\x0b\x1c \t").startswith(b"MSH"):
            encoding = _declared(line)
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield line.decode(encoding or "cp1252", "replace")


def _declared(header: bytes) -> str:
    text = header.lstrip(b"\x0b\x1c \t").decode("latin-1").rstrip("\r\n")
    fields = text.split(text[3]) if text[3:] else []
    name = fields[17].split("~")[0].replace(" ", "").upper() if len(fields) > 17 else ""
    for start, standard in (("ISO-8859-", "8859/"), ("ISO8859-", "8859/"), ("WINDOWS-", "CP")):
        name = standard + name.removeprefix(start) if name.startswith(start) else name
    return _CHARSETS.get(name, "")


_SHORT = {"F": "field", "S": "component", "T": "subcomponent", "R": "repetition", "E": "escape"}
_SPACED = {".br": "\n", ".sp": "\n", ".ce": "\n", ".in": "", ".ti": "", ".fi": "", ".nf": "", ".sk": " "}


def unescape(text: str, delimiters: Delimiters) -> str:
    r"""``\F\ \S\ \T\ \R\ \E\ \.br\ \X0D\`` and their kin; highlighting is dropped, what is no escape stays."""
    mark = delimiters.escape
    if not mark or mark not in text:
        return text
    pattern = _escape_pattern(mark)
    return pattern.sub(lambda match: _plain(match[1], delimiters), text)


def _escape_pattern(mark: str) -> re.Pattern[str]:
    m = re.escape(mark)
    return re.compile(
        rf"{m}([FSTRE]|[HN]|P|\.(?:br|sp|ce|in|ti|fi|nf|sk)[-+ ]?\d{{0,4}}|X(?:[0-9A-Fa-f]{{2}}){{1,200}}|C[0-9A-Fa-f]{{4}}|M[0-9A-Fa-f]{{4,6}}){m}"
    )


def _plain(code: str, delimiters: Delimiters) -> str:
    if code in _SHORT:
        return str(getattr(delimiters, _SHORT[code]))
    if code.startswith("."):
        return _SPACED[code[:3]]
    if code.startswith("X"):
        data = bytes.fromhex(code[1:])
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
        return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return ""
