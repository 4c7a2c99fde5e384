"""Documents inside documents: each is read by its own parser, and what it says is joined to what the outer one says.

The outer header is what the sender stated in fields, so it wins; the inner document adds its text and what the outer one
left open. Around a document with a header of its own, a package or an order is only the envelope: there the document
wins. When the two name different people, both are listed: a person must look."""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

from referrals.intake.parsers.protocol import Unreadable, refuse_too_large, refuse_too_many
from referrals.intake.parsers.registry import parser_for
from referrals.intake.parsers.strangers import born_apart, given_differ, names_differ, with_strangers
from referrals.intake.reading import Embedded, Found, Patient, Reading
from referrals.intake.sniffing import HL7_V2, MIME, STRUCTURED, sniff

T = TypeVar("T")

_DEEPEST = 4
_MOST_FILES = 200
_MOST_BYTES = 200_000_000
_CALLED = {
    "application/pdf": "PDF", "image/tiff": "TIFF", "image/png": "picture", "image/jpeg": "picture", HL7_V2: "message",
    "application/rtf": "RTF text", "application/docx": "Word document", "text/html": "web page", "text/plain": "text",
    "application/xml": "XML document", "application/json": "FHIR resource", "application/zip": "ZIP file", MIME: "e-mail",
}  # fmt: skip
_SILENT = ("ZIP", "E-mail")  # they say nothing of what is in them
_ENVELOPES = (*_SILENT, "XDM", "HL7 v2 OMG", "HL7 v2 ORM", "HL7 v2 OML", "HL7 v2 OSU", "HL7 v2 REF")
_WITH_HEADER = ("C-CDA", "CDA R2", "HL7 v2", "FHIR")
_JOINED = {"patients", "order_ids", "referral_numbers", "text", "pages", "embedded", "part", "warnings", "format",
           "is_whole", "is_contradictory"}  # fmt: skip


@dataclass
class _Budget:
    """What one upload may unfold into, over all levels; ``only`` some kinds, when one of the others did harm."""

    files: int = _MOST_FILES
    size: int = _MOST_BYTES
    only: frozenset[str] = frozenset()

    def take(self, content: bytes) -> None:
        if self.only and sniff(content) not in self.only:
            raise Unreadable("reading it broke off.")
        self.files -= 1
        self.size -= len(content)
        if self.files < 0 or self.size < 0:
            raise Unreadable("The file unfolds into more than RefLoop reads. Send its documents one by one.")


def parts_of(readings: list[Reading]) -> list[Embedded]:
    """The documents of a file that holds several, when each can be had alone; else none."""
    parts = [reading.part for reading in readings if reading.part is not None]
    return parts if len(parts) == len(readings) > 1 else []


def read_document(content: bytes, *, to_separate: bool = False) -> list[Reading]:
    """The readings of an upload, files inside it included. Raises Unreadable with a reason.

    With ``to_separate`` a file whose documents can each be had alone is only taken apart: each is read when its turn
    comes, and whatever one of them does to the reader it does alone."""
    budget = _Budget()
    outer = _outer(content, budget)
    if to_separate and parts_of(outer):
        return outer
    readings = _inside(content, outer, budget, 0)
    if all(_says_nothing(reading) for reading in readings):
        reasons = [warning for reading in readings for warning in reading.warnings]
        raise Unreadable(reasons[0] if reasons else "Nothing could be read in this file.")
    return readings


def read_outside(content: bytes) -> list[Reading]:
    """The readings without the pictures and letters inside, one of which ended the reader: what the sender stated in
    fields is not lost with them."""
    readings = _read(content, _Budget(only=STRUCTURED), 0)
    if all(_says_nothing(reading) and reading.part is None for reading in readings):
        raise Unreadable("Nothing could be read in this file.")
    return readings


def _read(content: bytes, budget: _Budget, depth: int) -> list[Reading]:
    return _inside(content, _outer(content, budget), budget, depth)


def _outer(content: bytes, budget: _Budget) -> list[Reading]:
    """What the file says without the files inside it."""
    budget.take(content)
    readings = parser_for(sniff(content)).read(content)
    refuse_too_many(len(readings))
    refuse_too_large(sum(len(reading.part.content) for reading in readings if reading.part is not None))
    return readings


def _inside(content: bytes, outer: list[Reading], budget: _Budget, depth: int) -> list[Reading]:
    if sniff(content) in STRUCTURED:
        outer = [with_strangers(one) for one in outer]
    return [reading for one in outer for reading in _unfold(one, budget, depth)]


def _unfold(outer: Reading, budget: _Budget, depth: int) -> list[Reading]:
    """Several files of one document give one reading; a file with several documents in it gives one for each. Under the
    header of a message these have no bytes of their own, so that a person parts them."""
    groups: list[list[Reading]] = []
    for embedded in outer.embedded:
        try:
            if depth == _DEEPEST:
                raise Unreadable(f"files are nested more than {_DEEPEST} deep")
            groups.append(_read(embedded.content, budget, depth + 1))
        except Unreadable as error:
            warnings = (*outer.warnings, f"{_called(embedded)} was not read: {error}")
            outer = replace(outer, warnings=warnings, is_whole=False)
    found = [inner for group in groups for inner in group]
    if len(found) > len(groups):
        return [_join(outer, inner) for inner in found]
    for inner in found:
        outer = _join(outer, inner)
    return [outer]


def _called(embedded: Embedded) -> str:
    kind = sniff(embedded.content) or embedded.content_type
    return f"The embedded {_CALLED.get(kind, kind) or 'file'}"


def _join(outer: Reading, inner: Reading) -> Reading:
    """Each fact from the document that may speak for both when it has it, else from the other one."""
    is_envelope = outer.format.startswith(_ENVELOPES) and inner.format.startswith(_WITH_HEADER)
    first, second = (inner, outer) if is_envelope else (outer, inner)
    facts = {
        field.name: getattr(first, field.name) or getattr(second, field.name)
        for field in fields(Reading)
        if field.name not in _JOINED
    }
    patients, doubt = _join_patients(first.patients, second.patients)
    return Reading(
        **facts,
        patients=patients,
        order_ids=_each_once(first.order_ids + second.order_ids),
        referral_numbers=_each_once(first.referral_numbers + second.referral_numbers),
        format=f"{outer.format} > {inner.format}",
        text="\n\n".join(text for text in (outer.text, inner.text) if text),
        pages=outer.pages + inner.pages,
        embedded=outer.embedded + inner.embedded,
        part=outer.part or (inner.part if outer.format in _SILENT else None),  # these need not stay around it
        is_whole=outer.is_whole and inner.is_whole,
        is_contradictory=outer.is_contradictory or inner.is_contradictory or bool(doubt),
        warnings=tuple(dict.fromkeys((*outer.warnings, *inner.warnings, *doubt))),
    )


def _each_once(found: tuple[Found[T], ...]) -> tuple[Found[T], ...]:
    return tuple({item.value: item for item in reversed(found)}.values())[::-1]


def _join_patients(
    first: tuple[Patient, ...], second: tuple[Patient, ...]
) -> tuple[tuple[Patient, ...], tuple[str, ...]]:
    if not first or not second:
        return first or second, ()
    if len(first) > 1 or len(second) > 1:
        return tuple(dict.fromkeys(first + second)), ()
    a, b = first[0], second[0]
    compared = (("name", names_differ(a, b)), ("given name", given_differ(a, b)), ("birth date", born_apart(a, b)))
    differing = [what for what, differ in compared if differ]
    if len(differing) > 1:
        return (a, b), ("The message and the document inside it name different patients.",)
    warning = (f"The message and the document inside it give the patient another {differing[0]}.",) if differing else ()
    known = {(i.value.value, i.value.assigner) for i in a.identifiers}
    added = tuple(i for i in b.identifiers if i.sure == 1 and (i.value.value, i.value.assigner) not in known)
    joined = Patient(
        names=a.names or b.names,
        birth_date=a.birth_date or b.birth_date,
        sex=a.sex or b.sex,
        identifiers=(a.identifiers + added) if a.identifiers else b.identifiers,
        phones=a.phones or b.phones,
        emails=a.emails or b.emails,
        addresses=a.addresses or b.addresses,
    )
    return (joined,), warning


def _says_nothing(reading: Reading) -> bool:
    return not (any(patient.is_usable for patient in reading.patients) or reading.text.strip() or reading.order_ids
                or reading.document_id or reading.visit_at or reading.kind or reading.notice)  # fmt: skip
