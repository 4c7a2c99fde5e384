"""What escalations say of many referrals, read without a model instance for each: making those takes a third of a sweep."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from referrals.models import Coordinator, Office, Provider, Referral, Specialty
from referrals.names import full_name


class SubjectPatient(NamedTuple):
    given_name: str
    middle_name: str
    family_name: str
    suffix: str
    birth_date: date
    phone: str

    @property
    def full_name(self) -> str:
        return full_name(self.given_name, self.middle_name, self.family_name, self.suffix)


@dataclass(frozen=True, slots=True)
class Subject:
    """A referral as messages see it, under the names Referral has."""

    pk: int
    number: str
    status: str
    version: int
    direction: str
    priority: str
    external_id: str
    clinical_question: str
    captured_at: datetime
    stage: str
    stage_since: datetime
    clock_from: datetime
    seen_at: datetime | None
    patient_as_sent: dict[str, Any]
    specialty_id: int
    referring_office_id: int
    referring_provider_id: int | None
    receiving_office_id: int | None
    receiving_provider_id: int | None
    owner_id: int
    patient: SubjectPatient
    # many referrals share these: each is read once
    specialty: Specialty
    referring_office: Office
    referring_provider: Provider | None
    receiving_office: Office | None
    receiving_provider: Provider | None
    owner: Coordinator


_SHARED = ("specialty", "referring_office", "referring_provider", "receiving_office", "receiving_provider", "owner")
_OWN = [field.name for field in fields(Subject) if field.name not in (*_SHARED, "patient")]
_PATIENT = [f"patient__{part}" for part in SubjectPatient._fields]


def read(pks: Sequence[int]) -> dict[int, Subject]:
    """The referrals by primary key, as they are in the caller's transaction."""
    rows = list(Referral.objects.filter(pk__in=pks).order_by().values_list(*_OWN, *_PATIENT))
    own = len(_OWN)
    shared = []
    for name in _SHARED:
        place = _OWN.index(f"{name}_id")
        manager = Referral._meta.get_field(name).related_model._default_manager
        shared.append((place, manager.in_bulk({row[place] for row in rows} - {None})))
    return {
        row[0]: Subject(
            *row[:own], SubjectPatient(*row[own:]), *(found.get(row[place]) for place, found in shared)
        )
        for row in rows
    }  # fmt: skip
