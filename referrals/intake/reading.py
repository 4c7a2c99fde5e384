"""What a document says of itself: the one frozen result every parser gives. Pure values, no database, no clock.

A parser reports what stands in the document and where, never what it concludes from elsewhere. What is missing is None
or empty; what stands there but cannot be read keeps its raw text and has no value. Matching decides what to believe.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?", re.ASCII)


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value, the place it stood (``PID-5``, ``page 1: "DOB: 03/04/1961"``) and how sure the reading is, 0 to 1.

    1 is a field of a structured format, about 0.9 a clear label in a text layer, less for OCR and for prose."""

    value: T
    where: str = ""
    sure: float = 1.0


@dataclass(frozen=True)
class Moment:
    """A date or time as written. ``iso`` is ISO 8601 at the precision and with the zone it came with (``1961``,
    ``1961-03``, ``1961-03-04``, ``2026-11-24T09:30-06:00``), empty when it is impossible or ambiguous; nothing is guessed."""

    raw: str
    iso: str = ""

    @property
    def day(self) -> date | None:
        """The calendar day as written, in the zone it was written in; None when it is not known to the day."""
        match = _DAY.fullmatch(self.iso)
        try:
            return date(*map(int, match.groups())) if match else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Name:
    """``use`` is official, former, nickname, alias or empty; ``text`` the name as written when it came in one piece."""

    family: str = ""
    given: tuple[str, ...] = ()  # first name, then middle names or initials
    suffix: str = ""
    prefix: str = ""
    use: str = ""
    text: str = ""


@dataclass(frozen=True)
class Identifier:
    """``assigner`` is an OID, a URI or the assigning authority's name as written; ``type`` is MR, SS, MB, … when stated."""

    value: str
    assigner: str = ""
    type: str = ""


@dataclass(frozen=True)
class Address:
    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True)
class Patient:
    """One person the document is about. ``names`` has the official name first. ``sex``: female, male, other, unknown."""

    names: tuple[Found[Name], ...] = ()
    birth_date: Found[Moment] | None = None
    sex: Found[str] | None = None
    identifiers: tuple[Found[Identifier], ...] = ()
    phones: tuple[Found[str], ...] = ()
    emails: tuple[Found[str], ...] = ()
    addresses: tuple[Found[Address], ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether anything in it could find a person: a family name, or a number."""
        return any(name.value.family or name.value.text for name in self.names) or bool(self.identifiers)


@dataclass(frozen=True)
class Party:
    """A clinician, organization or device. ``npi`` only when its check digit holds; other ids are in ``identifiers``."""

    name: Name | None = None
    npi: str = ""
    organization: str = ""
    kind: str = "person"  # person, organization, device
    identifiers: tuple[Identifier, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relation:
    """How this document stands to an earlier one: ``replaces``, ``appends``, ``transforms``, ``signs``, ``retracts``."""

    kind: str
    target: Identifier


@dataclass(frozen=True)
class Embedded:
    """A document inside this one (a PDF in a C-CDA or an OBX-5, a file of a zip), to be read by its own parser."""

    content: bytes = field(repr=False)
    label: str = ""
    content_type: str = ""  # as declared; never believed
    missing: str = ""  # of a part: what the file it came in announces but does not hold, for a person


@dataclass(frozen=True)
class Reading:
    """One document as read. Several patients mean a person must look: they are all listed.

    ``kind`` is a Document.Kind (consult_note, procedure_report, referral_letter, result, other), ``status`` a
    Document.Status (preliminary, interim, final, amended, retracted), each None when the document does not say."""

    format: str  # such as "C-CDA", "HL7 v2 MDM^T02", "FHIR DocumentReference", "PDF text", "OCR"
    patients: tuple[Patient, ...] = ()
    kind: Found[str] | None = None
    status: Found[str] | None = None
    notice: Found[str] | None = None  # of a message without a document: what happened (intake/notices.py)
    type_code: Found[Identifier] | None = (
        None  # value is the code, assigner the code system (LOINC 2.16.840.1.113883.6.1)
    )
    title: Found[str] | None = None
    document_id: Found[Identifier] | None = None
    set_id: Found[Identifier] | None = None
    version: Found[str] | None = None
    relations: tuple[Found[Relation], ...] = ()
    written_at: Found[Moment] | None = None
    visit_at: Found[Moment] | None = None  # encounter or service; a span that starts at birth is no visit
    visit_ids: tuple[Found[Identifier], ...] = ()
    authors: tuple[Found[Party], ...] = ()
    author_organization: Found[str] | None = None
    referrers: tuple[Found[Party], ...] = ()
    recipients: tuple[Found[Party], ...] = ()
    referral_numbers: tuple[Found[str], ...] = ()  # RefLoop's own, check character verified, in canonical form
    order_ids: tuple[Found[Identifier], ...] = ()  # referral or order ids of others (placer, inFulfillmentOf, basedOn)
    text: str = field(default="", repr=False)
    pages: int = 0
    embedded: tuple[Embedded, ...] = field(default=(), repr=False)
    part: Embedded | None = field(default=None, repr=False)  # this document alone, when the file holds several
    is_whole: bool = True  # False: pages or files in it were not read, so something else may stand there
    is_contradictory: bool = False  # a message and the document inside it give the patient another name or birth date
    warnings: tuple[str, ...] = ()  # what a person should know, without patient data

    @property
    def patient(self) -> Patient | None:
        """The patient, when the document is about exactly one."""
        return self.patients[0] if len(self.patients) == 1 else None


_CLASSES = {cls.__name__: cls for cls in (Found, Moment, Name, Identifier, Address, Patient, Party, Relation, Reading)}


def to_json(reading: Reading) -> dict[str, Any]:
    """Plain JSON of a reading, without the bytes of embedded documents. Fields at their default are left out."""
    return _plain(reading)


def from_json(data: dict[str, Any]) -> Reading:
    """The reading ``to_json`` gave."""
    return _valued(data)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value if not isinstance(item, Embedded)]
    if type(value).__name__ in _CLASSES:
        return {"_": type(value).__name__} | {name: _plain(item) for name, item in _not_default(value)}
    return value


def _not_default(value: Any) -> Iterator[tuple[str, Any]]:
    for name, spec in value.__dataclass_fields__.items():
        item = getattr(value, name)
        if item != spec.default and name not in ("embedded", "part"):
            yield name, item


def _valued(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_valued(item) for item in data)
    if isinstance(data, dict):
        cls = _CLASSES[data["_"]]
        return cls(**{name: _valued(item) for name, item in data.items() if name != "_"})
    return data
