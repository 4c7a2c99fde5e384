"""HL7 v2 files: one reading for each message."""

from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.v2.document import read_message
from referrals.intake.parsers.v2.tokens import messages_of
from referrals.intake.reading import Reading

content_types = ("x-application/hl7-v2+er7",)
_ANSWERS = {"ACK", "QRY", "QBP", "RSP"}  # they speak of other messages, not of a patient's care


def read(content: bytes) -> list[Reading]:
    readings = [read_message(m) for m in messages_of(content) if m.type not in _ANSWERS]
    if not readings:
        raise Unreadable("The file holds only acknowledgements or queries.")
    return readings
