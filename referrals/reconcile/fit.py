"""Does this document answer that referral? Pure: facts of both in, points and evidence in words out.

Weights in points as in identity/weights.py. ``ties`` are the kinds of evidence strong enough to say that the document
belongs to *this* referral of the patient, and not merely to the patient."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from referrals.reconcile.evidence import Evidence

NEAR = timedelta(days=3)
LONG_BEFORE = timedelta(days=14)  # a note from before the ask answers something else
LONG_AFTER = timedelta(days=400)
CONTRADICTS = -4.0  # points of one piece of evidence


@dataclass(frozen=True)
class Asked:
    """A referral as compared: primary keys of the parties, days in the practice's zone."""

    referral: int
    patient: int
    number: str
    external_id: str
    status_label: str
    is_open: bool
    has_note: bool
    specialty: int
    specialty_name: str
    referring_office: int
    referring_provider: int | None
    receiving_office: int | None
    receiving_provider: int | None
    is_mixed: bool  # the receiving office has several specialties: a note from there may be of another one
    captured_on: date
    visit_on: date | None  # of the booked or last appointment
    seen_on: date | None


@dataclass(frozen=True)
class Answered:
    """A document as compared: who of our directory wrote it, when the visit was. Empty sets are unknown."""

    numbers: frozenset[str] = frozenset()
    order_ids: frozenset[str] = frozenset()
    authors: frozenset[int] = frozenset()  # providers of the directory
    author_specialties: frozenset[int] = frozenset()
    author_offices: frozenset[int] = frozenset()  # where an author practises, or the office named on the document
    named_offices: frozenset[int] = frozenset()  # named on the document itself
    referrers: frozenset[int] = frozenset()
    visit_on: date | None = None
    written_on: date | None = None
    author_names: tuple[str, ...] = ()
    versions_of: frozenset[int] = frozenset()  # referrals that have an earlier version of it
    is_amended: bool = False


@dataclass
class Fit(Evidence):
    ties: set[str] = field(default_factory=set)

    def note(self, points: float, words: str, tie: str = "") -> None:
        self.weigh(points, words)
        if tie:
            self.ties.add(tie)

    @property
    def is_contradicted(self) -> bool:
        """Whether something in the document says that it answers something else."""
        return any(points <= CONTRADICTS for points, _ in self._said)


def fit(document: Answered, referral: Asked) -> Fit:
    """How well the document answers the referral."""
    found = Fit()
    if referral.number in document.numbers:
        found.note(12, "names this referral's number", "number")
    elif document.numbers:
        found.note(-6, "names another referral's number")
    if referral.external_id and referral.external_id in document.order_ids:
        found.note(8, "names the order this referral came from", "order")
    if referral.referral in document.versions_of:
        found.note(8, "a later version of a document on this referral", "version")
    elif document.versions_of:
        found.note(-6, "a later version of a document on another referral")
    _author(found, document, referral)
    _dates(found, document, referral)
    if referral.referring_provider and referral.referring_provider in document.referrers:
        found.note(2, "addressed to the referring provider")
    if referral.is_open:
        found.note(1, "referral is open")
    elif referral.has_note and document.is_amended:
        found.note(1, "amends a note, and this referral has one")
    elif referral.has_note:
        found.note(-2, "has its note already")
    else:
        found.note(-3, f"referral is {referral.status_label.lower()}")
    return found


def _author(found: Fit, document: Answered, referral: Asked) -> None:
    by = " and ".join(document.author_names[:1])
    is_from_there = referral.receiving_office and referral.receiving_office in (
        document.named_offices | document.author_offices
    )
    if referral.receiving_provider and referral.receiving_provider in document.authors:
        found.note(6, f"by {by}, whom the patient was sent to", "provider")
    elif is_from_there and document.author_specialties and referral.specialty not in document.author_specialties:
        found.note(-4, f"by {by}, of the office the patient was sent to but of another specialty")
    elif is_from_there:
        whose = f"by {by}, of" if document.authors else "from"
        is_clear = bool(document.author_specialties) or not referral.is_mixed
        found.note(4, f"{whose} the office the patient was sent to", "office" if is_clear else "site")
    elif referral.specialty in document.author_specialties:
        found.note(2, f"by {by}, {referral.specialty_name.lower()}", "specialty")
        if referral.receiving_provider:
            found.note(-1, "the patient was sent to somebody else")
    elif document.authors:
        found.note(-4, f"by {by}, of another specialty")
    elif document.author_names or document.named_offices:
        found.note(-1, "by somebody who is not in the directory" if document.author_names else "from another office")


def _dates(found: Fit, document: Answered, referral: Asked) -> None:
    day = document.visit_on
    known = [d for d in (referral.seen_on, referral.visit_on) if d is not None]
    if day is not None and day in known:
        words = "seen on the day recorded" if day == referral.seen_on else "seen on the appointment's day"
        found.note(4, words, "day")
    elif day is not None and any(abs(day - d) <= NEAR for d in known):
        found.note(2, "seen within three days of the appointment")
    elif day is not None and known:
        found.note(-2, "seen on another day than the appointment's")
    written = day or document.written_on
    if written is None:
        return
    if written < referral.captured_on - LONG_BEFORE:
        found.note(-6, "from before the referral was made")
    elif written > referral.captured_on + LONG_AFTER:
        found.note(-3, "from more than a year after the referral")
    elif written >= referral.captured_on:
        found.note(1, "from after the referral was made")
