"""What was read from a document, as rows for a person: what, where it stood, how sure."""

from dataclasses import dataclass

from referrals.admin.incoming.words import LIKELY, kind_words, sure_words
from referrals.intake.as_read import moment_in_words, name_in_words
from referrals.intake.notices import NOTICES
from referrals.intake.reading import Address, Found, Identifier, Party, Patient, Reading
from referrals.models import Document
from referrals.reconcile.parties import shown

MOST = 6  # values of one kind


@dataclass(frozen=True)
class Fact:
    """``where`` is the place in the document's own words; ``is_unsure`` is shown so that somebody looks."""

    label: str
    value: str
    where: str = ""
    sure: str = ""
    is_unsure: bool = False


def facts_of(reading: Reading) -> list[dict]:
    """Groups {title, facts}, without what the document does not say."""
    groups = [
        {"title": "Patient" if len(reading.patients) == 1 else f"Patient {number}", "facts": _patient(patient)}
        for number, patient in enumerate(reading.patients[:4], start=1)
    ]
    groups.append({"title": "Document", "facts": _document(reading)})
    groups.append({"title": "People and offices", "facts": _people(reading)})
    return [group for group in groups if group["facts"]]


def _fact(label: str, found: Found, value: str) -> Fact | None:
    if not value:
        return None
    return Fact(label, value, found.where, sure_words(found.sure), found.sure < LIKELY)


def _kept(*facts: Fact | None) -> list[Fact]:
    return [fact for fact in facts if fact is not None]


def _patient(patient: Patient) -> list[Fact]:
    born, sex = patient.birth_date, patient.sex
    return _kept(
        *(_fact(f.value.use.capitalize() + " name" if f.value.use not in ("", "official") else "Name", f, name_in_words(f.value)) for f in patient.names[:MOST]),
        _fact("Birth date", born, moment_in_words(born.value)) if born else None,
        _fact("Sex", sex, sex.value) if sex else None,
        *(_fact("Record number", f, _identifier(f.value)) for f in patient.identifiers[:MOST]),
        *(_fact("Phone", f, f.value) for f in patient.phones[:MOST]),
        *(_fact("E-mail", f, f.value) for f in patient.emails[:2]),
        *(_fact("Address", f, _address(f.value)) for f in patient.addresses[:2]),
    )  # fmt: skip


def _document(reading: Reading) -> list[Fact]:
    kind, status, title, notice = reading.kind, reading.status, reading.title, reading.notice
    return _kept(
        _fact("Says", notice, NOTICES[notice.value].says) if notice and notice.value in NOTICES else None,
        _fact("Kind", kind, kind_words(kind.value)) if kind else None,
        _fact("Status", status, _status(status.value)) if status else None,
        _fact("Title", title, title.value) if title else None,
        _fact("Visit", reading.visit_at, moment_in_words(reading.visit_at.value)) if reading.visit_at else None,
        _fact("Written", reading.written_at, moment_in_words(reading.written_at.value)) if reading.written_at else None,
        *(_fact("Referral number", f, f.value) for f in reading.referral_numbers[:MOST]),
        *(_fact("Order", f, _identifier(f.value)) for f in reading.order_ids[:MOST]),
        *(_fact("Earlier document", f, f"{f.value.kind} {_identifier(f.value.target)}") for f in reading.relations[:MOST]),
    )  # fmt: skip


def _people(reading: Reading) -> list[Fact]:
    office = reading.author_organization
    return _kept(
        *(_fact("By", f, _party(f.value)) for f in reading.authors[:MOST]),
        _fact("From", office, office.value) if office else None,
        *(_fact("Referred by", f, _party(f.value)) for f in reading.referrers[:MOST]),
        *(_fact("To", f, _party(f.value)) for f in reading.recipients[:MOST]),
    )


def _status(status: str) -> str:
    return str(Document.Status(status).label) if status in Document.Status.values else status


def _party(party: Party) -> str:
    name = " · ".join(filter(None, (shown(party.name), party.organization)))
    return f"{name or 'not named'}{f' (NPI {party.npi})' if party.npi else ''}"


def _identifier(identifier: Identifier) -> str:
    return f"{identifier.value} ({identifier.assigner})" if identifier.assigner else identifier.value


def _address(address: Address) -> str:
    return ", ".join(filter(None, (*address.lines, address.city, f"{address.state} {address.zip}".strip())))
