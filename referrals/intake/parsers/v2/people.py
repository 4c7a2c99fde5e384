"""Patients and clinicians of a message: PID, PV1, TXA, OBR, ORC, PRD."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from referrals.intake.parsers.moments import moment
from referrals.intake.parsers.numbers import npi_among
from referrals.intake.parsers.v2.tokens import Message, Segment, Value
from referrals.intake.reading import Address, Found, Identifier, Moment, Name, Party, Patient

_SEXES = {
    "M": "male", "F": "female", "O": "other", "A": "other", "N": "other", "U": "unknown", "X": "other",
    "1": "male", "2": "female", "0": "unknown", "9": "unknown",  # ISO/IEC 5218, as senders in Britain write it
}  # fmt: skip
# HL7 table 0200, name type.
_NAME_USES = {
    "L": "official", "M": "former", "B": "former", "N": "nickname", "A": "alias", "S": "alias", "P": "alias",
    "NOUSE": "alias", "BAD": "alias", "NAV": "alias",
}  # fmt: skip
_NOT_PHONES = {"FX", "INTERNET", "X.400", "BP", "MD"}  # telecommunication equipment, table 0202
_FEWEST_DIGITS = 4  # of a telephone or social security number; less is a place holder
_FORMER_USES = {"former", "nickname", "alias"}
_DEGREES = {"MD", "DO", "NP", "PA", "RN", "PHD", "DPM", "DDS", "OD", "MBBS", "PA-C", "APRN", "CRNP", "DNP", "FNP"}


def patients(message: Message) -> Iterator[Patient]:
    """One per PID; the same person stated twice is one."""
    seen = set()
    for segment in message.all("PID"):
        patient = _patient(segment)
        if patient not in seen and patient != Patient():
            seen.add(patient)
            yield patient


def _patient(pid: Segment) -> Patient:
    sex = _SEXES.get(pid.text(8).upper()[:1])
    return Patient(
        names=tuple(_names(pid)),
        birth_date=found_time(pid.raw(7), "PID-7", pid),
        sex=Found(sex, "PID-8") if sex else None,
        identifiers=tuple(_patient_ids(pid)),
        phones=tuple(_telecoms(pid, phone_of)),
        emails=tuple(_telecoms(pid, email_of)),
        addresses=tuple(Found(address, "PID-11") for value in pid.repetitions(11) if (address := _address(value))),
    )


def _names(pid: Segment) -> Iterator[Found[Name]]:
    """The first of PID-5 is the legal name unless its type says otherwise (2.5.1, 3.4.2.5)."""
    values = pid.repetitions(5)
    found = []
    for place, value in enumerate(values):
        use = _NAME_USES.get(value.part(7).upper(), "")
        if place == 0 and use not in _FORMER_USES:
            use = "official"
        if (name := name_of(value, use=use)) and name not in found:
            found.append(name)
    found.sort(key=lambda name: {"official": 0, "": 1}.get(name.use, 2))
    yield from (Found(name, "PID-5") for name in found)
    for value in pid.repetitions(9):
        if (name := name_of(value, use="alias")) and name not in found:
            yield Found(name, "PID-9")


def name_of(value: Value, *, use: str = "", start: int = 1) -> Name | None:
    """An XPN, or the name inside an XCN (``start`` 2): family, given, middle, suffix, prefix."""
    family, given, middle, suffix, prefix = (value.part(start + place) for place in range(5))
    if not any(letter.isalpha() for letter in family + given + middle):
        return None  # a number where a name belongs
    if family and not given and not middle and "," in family:
        return Name(use=use, text=family)  # the whole name in one component
    names = tuple(part for part in (given, middle) if part)
    return Name(family, names, suffix, prefix, use)


def _patient_ids(pid: Segment) -> Iterator[Found[Identifier]]:
    """PID-3, then what the older PID-2, PID-4 and PID-19 add; a number repeated there without its authority adds none."""
    seen: set[tuple[str, str]] = set()
    for number in (3, 2, 4):
        for value in pid.repetitions(number):
            identifier = identifier_of(value)
            if identifier is None or (identifier.value, identifier.assigner) in seen:
                continue
            if number != 3 and not identifier.assigner and any(identifier.value == known for known, _ in seen):
                continue
            seen.add((identifier.value, identifier.assigner))
            yield Found(identifier, f"PID-{number}")
    security = pid.text(19)
    if sum(c.isdigit() for c in security) >= _FEWEST_DIGITS and all(security != known for known, _ in seen):
        yield Found(Identifier(security, type="SS"), "PID-19")


def identifier_of(value: Value) -> Identifier | None:
    """A CX: number, assigning authority (its OID or URI when it has one, else its name), type."""
    number = value.part(1)
    return Identifier(number, assigner_of(value, 4), value.part(5)) if number else None


def assigner_of(value: Value, component: int) -> str:
    """An HD component: the universal id, else the name space."""
    return value.part(component, 2) or value.part(component, 1)


def entity_of(value: Value) -> Identifier | None:
    """An EI: number, name space, universal id. Some senders give the number as the universal id alone (``^^12345``)."""
    if not value.part(1):
        return Identifier(value.part(3), value.part(2)) if value.part(3) else None
    return Identifier(value.part(1), value.part(3) or value.part(2))


def _telecoms(pid: Segment, read: Callable[[Value], str]) -> Iterator[Found[str]]:
    seen = set()
    for number in (13, 14):
        for value in pid.repetitions(number):
            found = read(value)
            if found and found not in seen:
                seen.add(found)
                yield Found(found, f"PID-{number}")


def phone_of(value: Value) -> str:
    """An XTN: as written, or put together from its area code and number; empty for fax and e-mail, and for what has
    too few digits to be a number that can be dialled."""
    if value.part(3).upper() in _NOT_PHONES or value.part(2).upper() == "NET":
        return ""
    by_parts = "-".join(part for part in (value.part(6), value.part(7)) if part) if value.part(7) else ""
    written = value.part(1) or value.part(12) or by_parts or value.part(4)  # the place of e-mail, by some senders
    digits, letters = sum(c.isdigit() for c in written), sum(c.isalpha() for c in written)
    return written if digits >= _FEWEST_DIGITS and letters < digits and "@" not in written else ""


def email_of(value: Value) -> str:
    """The address an XTN holds, in its own place or where a number belongs; empty without one."""
    return next(
        (part for part in (value.part(4), value.part(1)) if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", part)), ""
    )


def _address(value: Value) -> Address | None:
    lines = tuple(part for part in (value.part(1), value.part(2)) if part)
    city, state, code = value.part(3), value.part(4), value.part(5)
    return Address(lines, city, state, code) if lines or city or code else None


def found_time(raw: str, where: str, segment: Segment) -> Found[Moment] | None:
    """A DTM or TS field (its first component)."""
    text = Value(raw, segment.delimiters).part(1)
    return Found(moment(text), where) if text else None


def clinician(value: Value) -> Party | None:
    """An XCN: number, name, assigning authority, identifier type. A name that begins where the number belongs is taken for
    a name."""
    number, kind = value.part(1), value.part(13)
    if _is_only_a_name(value) and (whole := name_of(value)):
        return Party(_without_degree(whole))
    name = name_of(value, start=2)
    name = name and _without_degree(name)
    assigner = assigner_of(value, 9)
    identifiers: tuple[Identifier, ...] = ()
    if name is None and number and not any(c.isdigit() for c in number) and " " in number:
        name = Name(text=number)
    elif number:
        identifiers = (Identifier(number, assigner, kind),)
    if name is None and (not identifiers or _is_no_number(number)):
        return None
    return Party(name, npi_among(identifiers), identifiers=identifiers)


def _is_only_a_name(value: Value) -> bool:
    """``SMITH^ROBERT^MD`` instead of ``123^SMITH^ROBERT``; in ``OSEIA^OSEI^A`` the number is made of the name."""
    first, second, third = (value.part(place) for place in (1, 2, 3))
    letters = re.sub(r"[.' -]", "", first)
    if len(letters) < 4 or not letters.isalpha() or not second or value.part(9) or value.part(13):
        return False  # too short for a name, or somebody is said to have given the number
    return _bare(third) in _DEGREES or (len(_bare(third)) < 2 and second[:3].upper() not in first.upper())


def _without_degree(name: Name) -> Name:
    """A degree in the place of the middle name is none."""
    return replace(name, given=tuple(given for given in name.given if _bare(given) not in _DEGREES))


def _bare(text: str) -> str:
    return text.replace(".", "").upper()


def _is_no_number(text: str) -> bool:
    """What stands alone where a person belongs when a sender shifted its fields: a time, or a code of two letters."""
    return len(text) <= 2 or (len(text) in (8, 12, 14) and moment(text).day is not None)


def interpreter(value: Value) -> Party | None:
    """An NDL (OBR-32): the person is the subcomponents of the first component; some send an XCN."""
    inner = value.raw.split(value.delimiters.component)[0]
    if value.delimiters.subcomponent in inner:
        return clinician(
            Value(inner.replace(value.delimiters.subcomponent, value.delimiters.component), value.delimiters)
        )
    return clinician(value)


def provider(prd: Segment) -> Party | None:
    """A PRD: name, numbers, and the phone to reach it."""
    name = name_of(prd.first(2))
    identifiers = tuple(Identifier(value.part(1), type=value.part(2)) for value in prd.repetitions(7) if value.part(1))
    telephone = tuple(phone for value in prd.repetitions(5) if (phone := phone_of(value)))
    if name is None and not identifiers:
        return None
    return Party(name, npi_among(identifiers), identifiers=identifiers, phones=telephone)
