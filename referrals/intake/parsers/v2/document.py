"""One message -> one reading. Segments count, not the message type: senders put TXA into ADT and reports into ORM."""

from collections.abc import Iterable, Iterator

from referrals.intake.parsers import document_types
from referrals.intake.parsers.numbers import referral_numbers
from referrals.intake.parsers.v2 import notices, parties, people, report, status
from referrals.intake.parsers.v2.tokens import Message, Segment
from referrals.intake.reading import Found, Identifier, Moment, Party, Reading

_RESULTS = {"ORU", "OUL", "MDM"}
_SCHEDULE_TIMES = (("SCH", 11, 4), ("TQ1", 7, 1), ("AIS", 4, 1), ("AIG", 8, 1), ("AIL", 6, 1), ("AIP", 6, 1))
_REFERRALS = {"REF", "RRI"}
_SEVERAL = "The message describes several documents, but their texts cannot be told apart."
_OBSOLETE = "The sender says that a newer version of this document exists (obsolete)."
_ORDERS = {"OMG", "ORM", "OML", "OSU", *_REFERRALS}


def read_message(message: Message) -> Reading:
    content = report.read_report(message)
    txa, obr = message.first("TXA"), message.first("OBR")
    orders = tuple(_orders(message))
    is_report = _is_report(message, content)
    authors = tuple(parties.authors(message, is_report=is_report))
    kind = _kind(message, content)
    numbers = [n for order in orders for n in referral_numbers(order.value.value, order.where)]
    numbers += referral_numbers(content.text, "OBX-5", 0.9)
    title = txa.text(2, 2) or obr.text(4, 2) or (message.first("OBX").text(3, 2) if message.all("TXA") else "")
    sender = message.header.text(4)
    is_document = (is_report and content.holds_something) or _takes_back(message, content)
    told = None if is_document else notices.notice(message)
    warnings = list(dict.fromkeys(content.warnings + ([_SEVERAL] if len(message.all("TXA")) > 1 else [])))
    return Reading(
        format=f"HL7 v2 {message.type or '?'}" + (f"^{message.trigger}" if message.trigger else ""),
        patients=tuple(people.patients(message)),
        kind=kind,
        status=status.status(message, content) if is_report else None,
        notice=told,
        type_code=_type_code(message, is_report=is_report),
        title=Found(title, "TXA-2" if txa.text(2, 2) else "OBR-4" if obr.text(4, 2) else "OBX-3") if title else None,
        document_id=_document_id(message, authors),
        relations=status.relations(message) if message.all("TXA") else (),
        written_at=_written_at(message, is_report=is_report),
        visit_at=_visit_at(message),
        visit_ids=tuple(_visit_ids(message)),
        authors=authors,
        author_organization=parties.organization(message) or (Found(sender, "MSH-4", 0.6) if sender else None),
        referrers=tuple(parties.referrers(message)),
        recipients=tuple(parties.recipients(message)),
        referral_numbers=tuple({n.value: n for n in reversed(numbers)}.values())[::-1],
        order_ids=orders,
        text=content.text,
        embedded=tuple(content.files),
        is_whole=not warnings,
        warnings=tuple(warnings + ([_OBSOLETE] if txa.text(19).upper() == "OB" else [])),
    )


def _takes_back(message: Message, content: report.Report) -> bool:
    """A cancellation needs no content: it names the document it takes back."""
    found = status.status(message, content) if message.type == "MDM" else None
    return found is not None and found.value == status.RETRACTED


def _is_report(message: Message, content: report.Report) -> bool:
    """Orders and appointments have OBR and OBX too, of what is asked for and known before."""
    carries = content.has_prose or bool(content.files)
    return message.type in _RESULTS or bool(message.all("TXA")) or (message.type in _ORDERS and carries)


def _kind(message: Message, content: report.Report) -> Found[str] | None:
    txa, obr = message.first("TXA"), message.first("OBR")
    if not _is_report(message, content):
        return Found(document_types.LETTER, "MSH-9") if message.type in _REFERRALS else None
    asked, carried = [(obr, 4, "OBR-4")], []
    if content.has_prose or content.files:
        carried = [
            (obx, 3, "OBX-3") for obx in message.all("OBX")[:20] if obx.text(2).upper() in {"TX", "FT", "ED", "ST"}
        ]
    candidates = [(txa, 2, "TXA-2"), *(carried + asked if message.type in _ORDERS else asked + carried)]
    for segment, number, where in candidates:
        value = segment.first(number)
        for part in (1, 4):
            if found := document_types.kind_of_code(value.part(part), value.part(part + 2), where):
                return found
    for segment, number, where in candidates:
        value = segment.first(number)
        if found := document_types.kind_of_name(f"{value.part(2)} {value.part(1)}", where):
            return found
    if message.type in _REFERRALS:
        return Found(document_types.LETTER, "MSH-9")
    return Found(document_types.RESULT, "MSH-9", 0.8) if message.type in {"ORU", "OUL"} else None


def _type_code(message: Message, *, is_report: bool) -> Found[Identifier] | None:
    """Of a referral only when it carries a report: its OBR is of what was known before."""
    if message.type in _REFERRALS and not is_report:
        return None
    for name, number in (("TXA", 2), ("OBR", 4)):
        value = message.first(name).first(number)
        for part in (1, 4):
            if value.part(part):
                return document_types.type_code(value.part(part), value.part(part + 2), f"{name}-{number}")
    return None


def _written_at(message: Message, *, is_report: bool) -> Found[Moment] | None:
    """TXA-6 (origination), else TXA-4 (activity), else TXA-7 (transcription); of a result OBR-22, else OBR-7."""
    places = [("TXA", 6), ("TXA", 4), ("TXA", 7)]
    if message.type in _RESULTS or (message.type in _REFERRALS and is_report):
        places += [("OBR", 22), ("OBR", 7)]
    return _first_time(message, places)


def _visit_at(message: Message) -> Found[Moment] | None:
    """An appointment's start; of a result when it was observed; else the admission, else a document's activity time."""
    if message.all("SCH"):
        return _first_part(message, _SCHEDULE_TIMES)
    if message.type in {"ORU", "OUL"} and (found := _first_time(message, [("OBR", 7)])):
        return found
    if found := _first_time(message, [("PV1", 44)]):
        return found
    found = _first_time(message, [("TXA", 4)])
    return Found(found.value, found.where, 0.8) if found else None


def _document_id(message: Message, authors: tuple[Found[Party], ...]) -> Found[Identifier] | None:
    """TXA-12; of a result the filler's number. A clinician's number there is not the document's."""
    if found := _entity(message.first("TXA"), 12):
        theirs = {number.value for author in authors for number in author.value.identifiers}
        return None if found.value.value in theirs else found
    if message.type != "ORU":
        return None
    return _entity(message.first("OBR"), 3) or _entity(message.first("ORC"), 3)


def _first_time(message: Message, places: list[tuple[str, int]]) -> Found[Moment] | None:
    return _first_part(message, [(name, number, 1) for name, number in places])


def _first_part(message: Message, places: Iterable[tuple[str, int, int]]) -> Found[Moment] | None:
    for name, number, part in places:
        for segment in message.all(name)[:1]:
            where = f"{name}-{number}" + (f".{part}" if part > 1 else "")
            if found := people.found_time(segment.text(number, part), where, segment):
                return found
    return None


def _entity(segment: Segment, number: int) -> Found[Identifier] | None:
    value = people.entity_of(segment.first(number))
    return Found(value, f"{segment.name}-{number}") if value else None


def _orders(message: Message) -> Iterator[Found[Identifier]]:
    """Numbers of the order or referral the message answers, as the one who asked gave them. Of a document with a parent
    and no number of its own TXA-14 is none: its sender counts the fields otherwise."""
    txa = message.first("TXA")
    placer = () if txa.raw(13) and not txa.raw(12) else (14,)
    seen = set()
    for name, numbers in (("ORC", (2,)), ("OBR", (2,)), ("TXA", placer), ("RF1", (6, 11)), ("SCH", (26,))):
        for segment in message.all(name):
            for number in numbers:
                for value in segment.repetitions(number):
                    entity = people.entity_of(value)
                    if entity and entity not in seen:
                        seen.add(entity)
                        yield Found(entity, f"{name}-{number}")


def _is_of_a_person(identifier: Identifier) -> bool:
    """A social security number in the place of an account."""
    return bool({identifier.type.upper(), identifier.assigner.upper()} & {"SS", "SSN"})


def _visit_ids(message: Message) -> Iterator[Found[Identifier]]:
    seen = set()
    for name, number, sure in (("PV1", 19, 1.0), ("PV1", 50, 0.8), ("PID", 18, 0.7)):
        for segment in message.all(name)[:1]:
            for value in segment.repetitions(number):
                identifier = people.identifier_of(value)
                if identifier and identifier.value not in seen and not _is_of_a_person(identifier):
                    seen.add(identifier.value)
                    yield Found(identifier, f"{name}-{number}", sure)
