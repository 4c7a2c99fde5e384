"""What a new referral is made of, as plain values, whatever it came from."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class IdentifierData:
    """A number of the patient. ``assigner`` empty: the referring office's own (its MRN)."""

    value: str
    type: str = "MR"
    assigner: str = ""


@dataclass(frozen=True)
class NameData:
    use: str
    family_name: str = ""
    given_name: str = ""


@dataclass(frozen=True)
class PatientData:
    """Demographics as a source sends them; validated by capture, not here."""

    family_name: str
    given_name: str
    birth_date: date
    middle_name: str = ""
    suffix: str = ""
    sex: str = "unknown"
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    language: str = "en"
    needs_interpreter: bool = False
    identifiers: tuple[IdentifierData, ...] = ()
    other_names: tuple[NameData, ...] = ()


@dataclass(frozen=True)
class NewReferral:
    """One ask. Exactly one of ``patient`` and ``patient_id`` is given. References are ids, codes or NPIs:

    specialty and payer by code, offices and providers by primary key."""

    specialty: str
    clinical_question: str
    referring_office_id: int
    patient: PatientData | None = None
    patient_id: int | None = None
    referring_provider_id: int | None = None
    receiving_office_id: int | None = None
    receiving_provider_id: int | None = None
    direction: str = ""
    priority: str = "routine"
    diagnoses: list[str] = field(default_factory=list)
    service_requested: str = ""
    payer: str = ""
    member_id: str = ""
    authorization_state: str = "not_required"
    authorization_number: str = ""
    authorization_expires_on: date | None = None
    needed_by: date | None = None
    source: str = "api"
    external_id: str = ""

    def content_sha256(self) -> str:
        """A digest that is equal for equal content: what makes a repeat recognisable."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
