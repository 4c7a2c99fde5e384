"""How finished a report is: TXA-17 and TXA-19, OBR-25, OBX-11, and the event itself."""

from referrals.intake.parsers.v2.people import entity_of
from referrals.intake.parsers.v2.report import Report
from referrals.intake.parsers.v2.tokens import Message, Segment
from referrals.intake.reading import Found, Identifier, Relation

PRELIMINARY, INTERIM, FINAL, AMENDED, RETRACTED = "preliminary", "interim", "final", "amended", "retracted"
_TXA_17 = {  # HL7 table 0271
    "AU": FINAL, "LA": FINAL,
    "AUTHENTICATED": FINAL, "SIGNED": FINAL, "FINAL": FINAL, "UNSIGNED": PRELIMINARY, "DRAFT": PRELIMINARY,
    "DI": PRELIMINARY, "DO": PRELIMINARY, "IN": PRELIMINARY, "IP": PRELIMINARY, "PA": PRELIMINARY,
}  # fmt: skip
_OBR_25 = {  # HL7 table 0123
    "F": FINAL, "C": AMENDED, "A": INTERIM, "X": RETRACTED,
    "P": PRELIMINARY, "R": PRELIMINARY, "I": PRELIMINARY, "S": PRELIMINARY, "O": PRELIMINARY, "M": PRELIMINARY,
}  # fmt: skip
_OBX_11 = {  # HL7 table 0085; N, O and X give no result and say nothing of the report
    "F": FINAL, "U": FINAL, "B": FINAL, "C": AMENDED, "A": AMENDED, "S": INTERIM, "V": FINAL,
    "P": PRELIMINARY, "R": PRELIMINARY, "I": PRELIMINARY, "D": RETRACTED, "W": RETRACTED,
}  # fmt: skip
_SAYS_MORE = {PRELIMINARY, INTERIM, AMENDED}  # of a part, than the order's own status
_EDITS = {"T07", "T08", "T09", "T10"}
_ADDENDA = {"T05", "T06"}
_CHANGES = {"T03", "T04"}  # of the status of a document sent before
_CANCEL = "T11"


def status(message: Message, report: Report) -> Found[str] | None:
    """The document's own status first, then the order's; a part that is not final holds the whole back."""
    if message.trigger == _CANCEL:
        return Found(RETRACTED, "MSH-9 (T11, cancelled)")
    txa = message.all("TXA")
    if txa and (found := _of_document(message, txa[0], report)):
        return found
    orders = [value for obr in message.all("OBR") if (value := _OBR_25.get(obr.text(25).upper()))]
    if orders:
        value = _least(_standing(orders) + [v for o in report.statuses if (v := _OBX_11.get(o)) in _SAYS_MORE])
        return Found(value, "OBR-25" if value in orders else "OBX-11")
    parts = [value for o in report.statuses if (value := _OBX_11.get(o))]
    if not parts or not (txa or message.all("OBR")):
        return None
    value = _least(_standing(parts))
    # A final observation does not make a document signed; one that is not final leaves it unfinished.
    return None if txa and value == FINAL else Found(value, "OBX-11")


def _of_document(message: Message, txa: Segment, report: Report) -> Found[str] | None:
    if _is_deleted(txa):
        return Found(RETRACTED, "TXA-19")
    if report.carried and all(_OBX_11.get(sent) == RETRACTED for sent in report.carried):
        return Found(RETRACTED, "OBX-11")
    value = _TXA_17.get(txa.text(17).upper())
    if value == FINAL and message.trigger in _EDITS:
        value = AMENDED
    if value:
        return Found(value, "TXA-17")
    if txa.text(17) == "" and txa.first(22).part(15):  # who authenticated it, and when
        return Found(AMENDED if message.trigger in _EDITS else FINAL, "TXA-22", 0.9)
    return None


def _is_deleted(txa: Segment) -> bool:
    return txa.text(19).upper() == "CA"


def _standing(values: list[str]) -> list[str]:
    """Without the parts taken back, unless all were."""
    return [value for value in values if value != RETRACTED] or values


def _least(values: list[str]) -> str:
    """The status the whole may claim."""
    for value in (PRELIMINARY, INTERIM, RETRACTED, AMENDED):
        if value in values:
            return value
    return FINAL


def relations(message: Message) -> tuple[Found[Relation], ...]:
    """An edit or replacement of TXA-13, an addendum to it; a change of status or a cancellation of TXA-12. A document
    without a number of its own that begins one (T01, T02) names no parent: its sender counts the fields otherwise."""
    txa = message.first("TXA")
    own, parent = entity_of(txa.first(12)), entity_of(txa.first(13))
    target: Identifier | None
    if message.trigger == _CANCEL or _is_deleted(txa):
        kind, target, where = "retracts", own or parent, "TXA-12" if own else "TXA-13"
    elif message.trigger in _EDITS:
        kind, target, where = "replaces", parent or own, "TXA-13" if parent else "TXA-12"
    elif message.trigger in _CHANGES:
        kind, target, where = "replaces", own, "TXA-12"
    elif message.trigger in _ADDENDA or (parent and own):
        kind, target, where = "appends", parent, "TXA-13"
    else:
        return ()
    sure = 1.0 if message.trigger in _EDITS | _ADDENDA | _CHANGES | {_CANCEL} else 0.7
    return (Found(Relation(kind, target), where, sure),) if target else ()
