"""HL7 v2 files: one reading for each message, or each patient or document in it, with bytes of its own when there are
several."""

import re
from dataclasses import replace

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.v2.document import read_message
from referrals.intake.parsers.v2.tokens import MOST_MESSAGES, Message, Segment, messages_of
from referrals.intake.reading import Embedded, Reading

content_types = ("x-application/hl7-v2+er7",)
_ANSWERS = {"ACK", "QRY", "QBP", "RSP"}  # they speak of other messages, not of a patient's care
_REPEATED = {"ORU": ("PID", ("OBR", "OBX")), "OUL": ("PID", ("OBR", "OBX")), "MDM": ("TXA", ("OBX",))}
_START = re.compile(rb"(?:^|(?<=[\r\n\x0b]))MSH(?=[^\w\s])")
_BATCH = re.compile(rb"(?:FHS|BHS|BTS|FTS)[^\w\s]")
_FRAME = b"\x0b\x1c\r\n"
_COUNTED = re.compile(rb"(?<=[\r\n])BTS[^\w\s](\d{1,6})(?!\d)")


def read(content: bytes) -> list[Reading]:
    messages = messages_of(content)
    alone = _each_alone(content)
    if len(alone) != len(messages):
        alone = [message.content for message in messages]  # such as UTF-16, whose bytes do not come apart
    parts: list[tuple[Message, bytes]] = []
    for message, own in zip(messages, alone, strict=True):
        inside = _groups(message)
        parts += [(message, own)] if len(inside) == 1 else [(group, group.content) for group in inside]
        if len(parts) > MOST_MESSAGES:
            raise Unreadable(f"The file has more than {MOST_MESSAGES} documents. Send it in parts.")
    missing = _missing(content, len(messages))
    wanted = [(number, *one) for number, one in enumerate(parts, 1) if one[0].type not in _ANSWERS]
    if not wanted:
        raise Unreadable("The file holds only acknowledgements or queries.")
    if len(parts) == 1:
        reading = read_message(parts[0][0])
        return [replace(reading, is_whole=False, warnings=(*reading.warnings, missing)) if missing else reading]
    return [
        replace(read_message(message), part=Embedded(part, f"message {number}", missing=missing))
        for number, message, part in wanted
    ]


def _missing(content: bytes, messages: int) -> str:
    """What the ends of batches count beyond what is there: the file was cut on its way."""
    counted = sum(int(count) for count in _COUNTED.findall(content))
    return f"Its end counts {counted} messages, but it holds {messages}." if counted > messages else ""


def _groups(message: Message) -> list[Message]:
    """A result may hold several patients, each followed by orders of its own (ORU_R01, PATIENT_RESULT), and some senders
    put several documents into one notification. Each then is a message under the same header."""
    begins, holds = _REPEATED.get(message.type, ("", ()))
    starts = [place for place, segment in enumerate(message.segments) if segment.name == begins]
    if len(starts) < 2:
        return [message]
    head = message.segments[: starts[0]]
    groups = [message.segments[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    if any(s.name in holds for s in head) or not all(any(s.name in holds for s in group) for group in groups):
        return [message]
    joined: list[list[Segment]] = []
    for group in groups:
        if joined and joined[-1][0].fields[2:] == group[0].fields[2:]:
            joined[-1] += group  # the same patient, stated again before each order
        else:
            joined.append(group)
    if len(joined) > MOST_MESSAGES:
        raise Unreadable(f"A message has more than {MOST_MESSAGES} documents. Send it in parts.")
    return [Message([*head, *group]) for group in joined] if len(joined) > 1 else [message]


def _each_alone(content: bytes) -> list[bytes]:
    """The messages as they would come alone, to the byte: without frames and batches, with the end of the last line."""
    starts = [match.start() for match in _START.finditer(content)]
    ends = [*starts[1:], len(content)] if starts else []
    return [_alone(content[start:end]) for start, end in zip(starts, ends, strict=True)]


def _alone(piece: bytes) -> bytes:
    end = len(piece)
    while True:
        while end and piece[end - 1] in _FRAME:
            end -= 1
        line = max(piece.rfind(b"\r", 0, end), piece.rfind(b"\n", 0, end)) + 1
        if not (line and _BATCH.match(piece, line)):
            break
        end = line
    ended = b"\r\n" if piece[end : end + 2] == b"\r\n" else piece[end : end + 1]
    return piece[:end] + (ended if ended in (b"\r", b"\n", b"\r\n") else b"")
