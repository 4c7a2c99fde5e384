"""Messages that hold no document but say that something happened: an appointment, an arrival, an order."""

from referrals.intake import notices
from referrals.intake.parsers.v2.tokens import Message
from referrals.intake.reading import Found

_TRIGGERS = {
    **dict.fromkeys(("S12",), notices.BOOKED),
    **dict.fromkeys(("S13", "S14", "S18", "S19", "S20", "S21", "S22"), notices.MOVED),
    **dict.fromkeys(("S15", "S16", "S17"), notices.CALLED_OFF),
    **dict.fromkeys(("S26",), notices.MISSED),
    **dict.fromkeys(("A01", "A04", "A10", "A14", "A05", "A38"), notices.ARRIVED),
    **dict.fromkeys(("A03",), notices.LEFT),
    **dict.fromkeys(("A11", "A13", "A27"), notices.VISIT_UNDONE),
    **dict.fromkeys(("A18", "A30", "A34", "A35", "A36", "A39", "A40", "A41", "A42", "A43", "A44", "A45", "A47", "A49"),
                    notices.MERGED),
}  # fmt: skip
# HL7 table 0278, filler status (SCH-25): says more than the event of a sender that knows few.
_FILLER = {
    "NOSHOW": notices.MISSED, "NO SHOW": notices.MISSED,
    "CANCELLED": notices.CALLED_OFF, "CANCELED": notices.CALLED_OFF, "DELETED": notices.CALLED_OFF,
    "ARRIVED": notices.ARRIVED, "STARTED": notices.ARRIVED, "COMPLETE": notices.ATTENDED, "COMPLETED": notices.ATTENDED,
}  # fmt: skip
_ORDERS = {"ORM", "OMG", "OML", "OMI", "OMB", "OMD", "OMN", "OMP", "OMS", "OSU", "ORG", "ORL", "ORR"}
_ANSWERED = {"A": notices.ACCEPTED, "R": notices.DECLINED}  # HL7 table 0283, referral status (RF1-1)


def notice(message: Message) -> Found[str] | None:
    """What a message without a report tells; None when its type says nothing RefLoop could word."""
    if message.type in {"SIU", "SRM", "SRR"}:
        if told := _FILLER.get(message.first("SCH").text(25).upper()):
            return Found(told, "SCH-25")
        asked = message.type != "SIU"
        return Found(notices.ASKED_FOR if asked else _TRIGGERS.get(message.trigger, notices.MOVED), "MSH-9")
    if message.type == "ADT":
        return Found(_TRIGGERS.get(message.trigger, notices.RECORD_CHANGED), "MSH-9")
    if message.type == "RRI" and (told := _ANSWERED.get(message.first("RF1").text(1).upper())):
        return Found(told, "RF1-1")
    if message.type == "REF" and message.trigger == "I14":
        return Found(notices.REFERRAL_CANCELLED, "MSH-9")
    if message.type in _ORDERS:
        return Found(notices.ORDERED, "MSH-9")
    if message.type == "MDM":
        return Found(notices.ANNOUNCED, "MSH-9")
    return None if message.type in {"REF", "RRI", "ORU", "OUL", ""} else Found(notices.NOT_OURS, "MSH-9")
