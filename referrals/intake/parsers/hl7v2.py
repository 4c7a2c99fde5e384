"""HL7 v2 files: one reading for each message, with that message's own bytes when there are several."""

import re
from dataclasses import replace

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.v2.document import read_message
from referrals.intake.parsers.v2.tokens import messages_of
from referrals.intake.reading import Embedded, Reading

content_types = ("x-application/hl7-v2+er7",)
_ANSWERS = {"ACK", "QRY", "QBP", "RSP"}  # they speak of other messages, not of a patient's care
_START = re.compile(rb"(?:^|(?<=[\r\n\x0b]))MSH(?=[^\w\s])")
_FRAME = b"\x0b\x1c\r\n"


def read(content: bytes) -> list[Reading]:
    messages = messages_of(content)
    alone = _each_alone(content)
    if len(alone) != len(messages):
        alone = [message.content for message in messages]  # such as UTF-16, whose bytes do not come apart
    readings = [
        replace(read_message(message), part=Embedded(part, f"message {number}") if len(messages) > 1 else None)
        for number, (message, part) in enumerate(zip(messages, alone, strict=True), 1)
        if message.type not in _ANSWERS
    ]
    if not readings:
        raise Unreadable("The file holds only acknowledgements or queries.")
    return readings


def _each_alone(content: bytes) -> list[bytes]:
    starts = [match.start() for match in _START.finditer(content)]
    ends = [*starts[1:], len(content)] if starts else []
    return [content[start:end].rstrip(_FRAME) for start, end in zip(starts, ends, strict=True)]
