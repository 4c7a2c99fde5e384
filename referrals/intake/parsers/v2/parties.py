"""Who wrote, who asked and who receives: from TXA, OBR, OBX, ORC, PV1 and PRD."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from referrals.intake.parsers.numbers import is_npi
from referrals.intake.parsers.v2.people import clinician, interpreter, provider
from referrals.intake.parsers.v2.report import CARRIERS
from referrals.intake.parsers.v2.tokens import Message, Segment
from referrals.intake.reading import Found, Name, Party

_LIKELY = 0.7
_MOST_PEOPLE, _MOST_MENTIONS = 50, 500  # in one part of a message, where each is compared with all
_PERHAPS = 0.5  # who attended the visit most often wrote the note


def authors(message: Message, *, is_report: bool) -> Iterator[Found[Party]]:
    """Originator and provider of a document, interpreter and observer of a result, the referring provider of a
    referral; of a report without any a physician who typed it, or, less surely, the attending, unless he ordered it."""
    if message.type in {"REF", "RRI"}:
        return _known(message, _referring(message, {"RP", "AP"}))
    if not is_report:
        return iter(())
    found = list(_known(message, _reporters(message))) or list(_known(message, _typing_physicians(message)))
    if found:  # a number without a name is often something else in the wrong place
        return iter(sorted(found, key=lambda party: party.value.name is None))
    asked = {key for party in referrers(message) for key in _keys(party.value)}
    return (p for p in _known(message, _clinicians(message, "PV1", 7, _PERHAPS)) if not _keys(p.value) & asked)


def _reporters(message: Message) -> Iterator[Found[Party]]:
    for number in (9, 5, 22, 10):
        yield from _clinicians(message, "TXA", number)
    for obr in message.all("OBR"):
        for value in obr.repetitions(32):
            if party := interpreter(value):
                yield Found(party, "OBR-32")
    yield from _participants(message, {"AUT", "PRI", "PI"})
    for obx in message.all("OBX"):
        if obx.text(2).upper() in CARRIERS:  # of a measurement it is most often the analyzer
            yield from _named_in(obx, 16)


def _typing_physicians(message: Message) -> Iterator[Found[Party]]:
    """TXA-11 is whoever typed it: of a note a physician wrote himself its author."""
    for value in message.first("TXA").repetitions(11):
        if value.part(7).replace(".", "").upper() in {"MD", "DO"} and (party := clinician(value)):
            yield Found(party, "TXA-11", _LIKELY)


def referrers(message: Message) -> Iterator[Found[Party]]:
    """The referring physician of the visit, who ordered, the referring provider of a referral."""
    found = [*_referring(message, {"RP"}), *_clinicians(message, "PV1", 8)]
    found += [*_clinicians(message, "OBR", 16), *_clinicians(message, "ORC", 12)]
    found += _participants(message, {"RP", "OP"})
    return _known(message, iter(found))


def recipients(message: Message) -> Iterator[Found[Party]]:
    found = [*_providers(message, {"RT"}), *_clinicians(message, "TXA", 23), *_clinicians(message, "OBR", 28)]
    found += _participants(message, {"RCT", "RT"})
    return _unique(iter(found))


def organization(message: Message) -> Found[str] | None:
    """The performing organization of the report (OBX-23), when it is named."""
    for obx in message.all("OBX"):
        if name := obx.text(23):
            return Found(name, "OBX-23")
    return None


def _clinicians(message: Message, name: str, number: int, sure: float = 1.0) -> Iterator[Found[Party]]:
    for segment in message.all(name):
        yield from _named_in(segment, number, sure)


def _named_in(segment: Segment, number: int, sure: float = 1.0) -> Iterator[Found[Party]]:
    for value in segment.repetitions(number):
        if party := clinician(value):
            yield Found(party, f"{segment.name}-{number}", sure)


def _participants(message: Message, roles: set[str]) -> Iterator[Found[Party]]:
    """Of PRT, which has persons with their part (table 0912) since version 2.7."""
    for prt in message.all("PRT"):
        if prt.text(4).upper() in roles:
            yield from _named_in(prt, 5)


def _providers(message: Message, roles: set[str]) -> Iterator[Found[Party]]:
    for prd in message.all("PRD"):
        if {value.part(1).upper() for value in prd.repetitions(1)} & roles and (party := provider(prd)):
            yield Found(party, "PRD")


def _referring(message: Message, roles: set[str]) -> Iterator[Found[Party]]:
    """Whoever has one of the roles; else the primary care provider, less surely: some senders name nobody else."""
    found = list(_providers(message, roles))
    if found or message.type not in {"REF", "RRI"}:
        return iter(found)
    return (replace(party, sure=_LIKELY) for party in _providers(message, {"PP"}))


def _known(message: Message, parties: Iterator[Found[Party]]) -> Iterator[Found[Party]]:
    """Each person once, with the numbers the message gives for the same person elsewhere: many senders write the NPI in
    PV1 alone."""
    places = (("PV1", 7), ("PV1", 8), ("PV1", 9), ("PV1", 17), ("OBR", 16), ("ORC", 12))
    elsewhere = list(_unique(found for place in places for found in _clinicians(message, *place)))
    for found in _unique(parties):
        others = [other.value for other in elsewhere if _is_same(found.value, other.value)]
        yield replace(found, value=_joined(found.value, others[0])) if len(others) == 1 else found


def _unique(parties: Iterator[Found[Party]]) -> Iterator[Found[Party]]:
    """Each person once, by number or else by name, with every number given: senders repeat a field for the NPI beside
    their own number. Degrees and titles differ from field to field."""
    people: list[Found[Party]] = []
    for found in islice(parties, _MOST_MENTIONS):
        for place, known in enumerate(people):
            if _is_same(known.value, found.value):
                people[place] = replace(known, value=_joined(known.value, found.value))
                break
        else:
            people += [found] if len(people) < _MOST_PEOPLE else []
    return iter(people)


def _is_same(one: Party, other: Party) -> bool:
    """Place holders such as 999999 are the number of many, so that names must not differ."""
    families = {party.name.family.casefold() for party in (one, other) if party.name and party.name.family}
    ours, theirs = _numbers(one), _numbers(other)
    is_apart = len(families) > 1 or any(ours[kind] != theirs[kind] for kind in ours.keys() & theirs)
    return bool(_keys(one) & _keys(other)) and not is_apart


def _numbers(party: Party) -> dict[tuple[str, str], str]:
    """By who gives them: two numbers of one giver are two people."""
    own = {
        ("NPI", "") if is_npi(number) else (number.assigner, number.type): number.value
        for number in party.identifiers
        if number.value != party.npi
    }
    return own | ({("NPI", ""): party.npi} if party.npi else {})


def _joined(one: Party, other: Party) -> Party:
    both = tuple(dict.fromkeys(one.identifiers + other.identifiers))
    return replace(
        one, name=one.name or other.name, npi=one.npi or other.npi, identifiers=both, phones=one.phones or other.phones
    )


def _keys(party: Party) -> set[str | Name]:
    bare = {replace(party.name, suffix="", prefix="")} if party.name else set()
    return {identifier.value for identifier in party.identifiers} | bare
