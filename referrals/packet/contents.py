"""What the packet's cover sheet says of a referral, as one reader may know it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from referrals.languages import language_name
from referrals.lifecycle.actor import Actor
from referrals.models import Office, Patient, Provider, Referral
from referrals.practice.calendar import practice_calendar

Line = tuple[str, str]  # label, value

_SEX = dict(Patient.Sex.choices)
_MORE_HASTE = frozenset({Referral.Priority.URGENT, Referral.Priority.ASAP, Referral.Priority.STAT})


@dataclass(frozen=True)
class Sheet:
    """The words of a cover sheet. Lines without a value are left out, other than where the gap itself must be seen."""

    number: str
    group: str
    priority: str
    is_pressing: bool
    about: tuple[Line, ...]
    to: tuple[Line, ...]
    sender: tuple[Line, ...]
    patient: tuple[Line, ...]
    coverage: tuple[Line, ...]
    question: str
    asked: tuple[Line, ...]
    returning: tuple[str, ...]
    confidential: str
    printed: str


def sheet_of(referral: Referral, *, reader: Actor, now: datetime) -> Sheet:
    """The cover sheet for ``reader``, printed at ``now``. No query on a referral of selectors.with_parties.

    A referring office outside the group gets the patient as it sent them, as everywhere."""
    printed = now.astimezone(practice_calendar().zone)
    return Sheet(
        number=referral.number,
        group=settings.REFLOOP_GROUP_NAME or _ours(referral),
        priority=referral.get_priority_display(),
        is_pressing=referral.priority in _MORE_HASTE,
        about=_said(
            ("Specialty", referral.specialty.name),
            ("Referred on", _day(practice_calendar().local_date(referral.captured_at))),
            ("Needed by", _day(referral.needed_by)),
        ),
        to=_party(referral.receiving_office, referral.receiving_provider) or (("Office", "not chosen yet"),),
        sender=(*_party(referral.referring_office, referral.referring_provider), *_order(referral)),
        patient=_patient(referral, reader),
        coverage=_coverage(referral),
        question=referral.clinical_question.strip(),
        asked=_said(("Service", referral.service_requested), ("ICD-10", ", ".join(referral.diagnoses))),
        returning=_returning(referral),
        confidential=_confidential(referral.referring_office),
        printed=f"{_day(printed.date())}, {printed:%-I:%M %p}",
    )


def _said(*lines: Line) -> tuple[Line, ...]:
    return tuple(line for line in lines if line[1])


def _day(day: date | None) -> str:
    return f"{day:%m/%d/%Y}" if day else ""


def _ours(referral: Referral) -> str:
    """The office of the group on this referral."""
    ours = (office for office in (referral.referring_office, referral.receiving_office) if office and office.is_ours)
    return next((office.name for office in ours), "")


def _party(office: Office | None, provider: Provider | None) -> tuple[Line, ...]:
    if office is None:
        return ()
    return _said(
        ("Office", office.name),
        ("Provider", str(provider or "")),
        ("Provider NPI", provider.npi if provider else ""),
        ("Address", ", ".join(part for part in (office.street, office.city) if part)),
        ("Phone", office.phone),
        ("Fax", office.fax),
    )


def _order(referral: Referral) -> tuple[Line, ...]:
    return _said(("Their order", referral.external_id))


def _patient(referral: Referral, reader: Actor) -> tuple[Line, ...]:
    patient, sent = referral.patient, referral.patient_as_sent
    if reader.sees_record(referral):
        shown = {name: getattr(patient, name) for name in _SHOWN}
        phones: Iterable[str] = (sent.get("phone", ""), patient.phone)  # what came with this referral is newer
    else:
        shown = {name: sent.get(name, "") for name in _SHOWN}
        phones = (shown["phone"],)
    born = shown["birth_date"]
    return (
        ("Patient", _name(shown)),
        ("Date of birth", _day(date.fromisoformat(born) if isinstance(born, str) and born else born or None)),
        ("Sex", _SEX.get(shown["sex"] or "", "Unknown")),
        ("Patient phone", " or ".join(dict.fromkeys(phone for phone in phones if phone)) or "not known"),
        *_said(("Language", _interpreter(shown))),
    )


_SHOWN = (
    "given_name", "middle_name", "family_name", "suffix", "birth_date", "sex", "phone", "language", "needs_interpreter",
)  # fmt: skip


def _name(shown: Mapping[str, Any]) -> str:
    given = " ".join(shown[part] for part in ("given_name", "middle_name") if shown[part])
    family = " ".join(shown[part] for part in ("family_name", "suffix") if shown[part])
    return ", ".join(part for part in (family, given) if part)


def _interpreter(shown: Mapping[str, Any]) -> str:
    return f"{language_name(shown['language']) or 'other'}, needs an interpreter" if shown["needs_interpreter"] else ""


def _coverage(referral: Referral) -> tuple[Line, ...]:
    approval = [
        referral.get_authorization_state_display(),
        f"no. {referral.authorization_number}" if referral.authorization_number else "",
        f"until {_day(referral.authorization_expires_on)}" if referral.authorization_expires_on else "",
    ]
    return (
        ("Insurance", referral.payer.name if referral.payer else "not known"),
        *_said(("Member ID", referral.member_id)),
        ("Authorization", ", ".join(part for part in approval if part)),
    )


def _returning(referral: Referral) -> tuple[str, ...]:
    """What the receiving office is asked to do with this page, by where its note has to arrive."""
    office = referral.referring_office
    ask = f"After the visit, send your note to {office.name} with this page, or write {referral.number} on it."
    ways = [f"Fax {office.fax}" if office.fax else "", f"phone {office.phone}" if office.phone else ""]
    told = ", ".join(way for way in ways if way)
    return (ask, f"{told[0].upper()}{told[1:]}." if told else "Ask the sender for a fax number.")


def _confidential(sender: Office) -> str:
    call = f" Call {sender.phone} and" if sender.phone else " Tell the sender and"
    return (
        "CONFIDENTIAL: protected health information, for the addressee only. Received in error?"
        f"{call} destroy all pages."
    )
