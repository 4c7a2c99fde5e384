"""What makes a person who attaches a document look twice: is it this patient? Never a wrong patient.

The sentences name both sides, so that whoever confirms sees what was compared. ``key`` is of exactly these sentences: a
confirmation given for others (the record was corrected meanwhile) does not count.
"""

import hashlib
from dataclasses import dataclass

from referrals.intake.as_read import moment_in_words, name_in_words
from referrals.intake.reading import Reading
from referrals.models import Patient
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.comparison import AGREES, Comparison
from referrals.reconcile.identity.person import of_reading
from referrals.reconcile.identity.weights import Level
from referrals.reconcile.records import of_record


@dataclass(frozen=True)
class Doubts:
    """``says`` are sentences, empty when nothing speaks against the patient."""

    says: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.says)

    @property
    def key(self) -> str:
        return hashlib.sha256("\n".join(self.says).encode()).hexdigest()[:16] if self.says else ""


def doubts(reading: Reading | None, patient: Patient) -> Doubts:
    """Why the document may be another person's than ``patient`` (other_names and identifiers prefetched)."""
    if reading is None or not reading.patients:
        return Doubts((f"No patient could be read from the document; on record: {_record(patient)}.",))
    if len(reading.patients) > 1:
        return Doubts((f"The document speaks of {len(reading.patients)} patients; on record: {_record(patient)}.",))
    compared = compare(of_reading(reading.patient), of_record(patient))
    inside = "The message and the document inside it describe the patient differently: whose note is inside?"
    return Doubts(tuple(filter(None, (_birth(compared, reading, patient), _names(compared, reading, patient),
                                      *_others(compared), inside if reading.is_contradictory else ""))))  # fmt: skip


def _birth(compared: Comparison, reading: Reading, patient: Patient) -> str:
    level, born = compared.level("birth date"), f"{patient.birth_date:%m/%d/%Y}"
    if level is Level.EQUAL:
        return ""
    found = reading.patients[0].birth_date
    written = moment_in_words(found.value) if found else ""
    if not written:
        return f"No birth date could be read from the document; on record: {born}."
    if level in AGREES or level is Level.UNKNOWN:
        return f"The birth date is not complete on the document: {written}; on record: {born}."
    return f"The birth dates differ: {written} on the document, {born} on record."


def _names(compared: Comparison, reading: Reading, patient: Patient) -> str:
    if all(compared.level(part) in AGREES for part in ("family", "given")):
        return ""
    names = reading.patients[0].names
    if not names:
        return f"No name could be read from the document; on record: {patient}."
    return f"The names differ: {name_in_words(names[0].value)} on the document, {patient} on record."


def _others(compared: Comparison) -> list[str]:
    words = {
        "suffix": "The suffixes differ (Jr., Sr.): it may be father or son.",
        "middle": "The middle names differ.",
        "sex": "The sex differs.",
        "identifier": "The same office gave this person another record number.",
    }
    return [says for name, says in words.items() if compared.level(name) is Level.DIFFERENT]


def _record(patient: Patient) -> str:
    return f"{patient}, born {patient.birth_date:%m/%d/%Y}"
