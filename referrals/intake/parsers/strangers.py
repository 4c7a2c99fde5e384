"""Is the text of a document with a header about the header's patient? Pure.

A note filed under the wrong chart has one patient in its fields and another in its words. Relatives, authors and others
whom an ordinary note names are no reason to doubt: only who is called the patient, with a birth date or record number,
speaks against the header."""

from dataclasses import replace

from referrals.intake.letters.labels import labelled
from referrals.intake.letters.mentions import mentions
from referrals.intake.letters.patients import patients_of
from referrals.intake.letters.piece import pieces_of_text, rows_of
from referrals.intake.letters.prose import pages_of, told_patients
from referrals.intake.reading import Patient, Reading
from referrals.names import name_key

_READ = 100_000  # characters: the beginning names the patient
_OTHER = "The text is about another patient than its header: it gives another name and birth date or record number."
_BORN = "The text gives the patient another birth date than its header."


def with_strangers(reading: Reading) -> Reading:
    """The reading with whoever else its text calls the patient, and a warning; as it is when nobody."""
    stated = reading.patient
    if stated is None or not stated.names or not reading.text.strip():
        return reading
    told = _told(reading.text[:_READ])
    others = tuple(one for one in told if _is_another(stated, one))
    if others:
        return replace(reading, patients=(stated, *others), is_contradictory=True, warnings=(*reading.warnings, _OTHER))
    if any(born_apart(stated, one) for one in told):
        return replace(reading, is_contradictory=True, warnings=(*reading.warnings, _BORN))
    return reading


def _told(text: str) -> tuple[Patient, ...]:
    rows = rows_of(pieces_of_text(text))
    told = [found for page in pages_of(rows) for found in told_patients(page)]
    return patients_of(mentions(rows, labelled(rows), told), None)[0]


def _is_another(stated: Patient, told: Patient) -> bool:
    """Another name, and a birth date or, without one, a record number that is not the stated patient's."""
    if not told.names or not (names_differ(stated, told) or given_differ(stated, told)):
        return False
    if told.birth_date and told.birth_date.value.day and stated.birth_date and stated.birth_date.value.day:
        return born_apart(stated, told)
    known = {found.value.value for found in stated.identifiers}
    return any(found.value.value not in known for found in told.identifiers)


def names_differ(a: Patient, b: Patient) -> bool:
    """No family name or piece of a name in common."""
    ours, theirs = _name_pieces(a), _name_pieces(b)
    return bool(ours and theirs and not ours & theirs)


def _name_pieces(patient: Patient) -> set[str]:
    names = [found.value for found in patient.names]
    return {
        name_key(piece) for n in names for piece in f"{n.family} {n.text}".replace(",", " ").split() if name_key(piece)
    }


def given_differ(a: Patient, b: Patient) -> bool:
    """A given name on both sides, and none that is the other's or its beginning: mother and child, or twins."""
    ours, theirs = _given(a), _given(b)
    return bool(ours and theirs) and not any(x.startswith(y) or y.startswith(x) for x in ours for y in theirs)


def _given(patient: Patient) -> set[str]:
    names = [found.value for found in patient.names]
    return {name_key(given) for name in names for given in name.given if name_key(given)}


def born_apart(a: Patient, b: Patient) -> bool:
    days = [p.birth_date.value.day for p in (a, b) if p.birth_date and p.birth_date.value.day]
    return len(days) == 2 and days[0] != days[1]
