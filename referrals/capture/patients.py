"""Find or make the patient of a new referral. Linking two people wrongly is worse than keeping one twice."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from referrals.capture.ask import IdentifierData, PatientData
from referrals.models import Office, Patient, PatientIdentifier, PatientName
from referrals.models.patient import office_assigner
from referrals.names import name_key
from referrals.reconcile.identity.names import given_level
from referrals.reconcile.identity.person import SHARED_TYPES, person_name
from referrals.reconcile.identity.weights import Level
from referrals.reconcile.records import of_record


@dataclass(frozen=True)
class Resolved:
    """``is_new`` says whether the patient was made here; ``warnings`` are sentences for staff."""

    patient: Patient
    warnings: list[str]
    is_new: bool = False


def resolve_patient(data: PatientData, values: dict[str, Any], *, office: Office, now: datetime) -> Resolved:
    """Find or make the patient. ``values`` are the cleaned field values of ``data``.

    1. A number the same assigner gave, with the same birth date and family name (now or formerly) and a given name that
       is like: that patient. A payer may give a family one member number, so there the given name has to be the same.
    2. Same family and given name and birth date, no contradiction in sex, and the same phone or the same street and
       zip: that patient.
    3. Anything less: a new patient. A number that belongs to somebody with another name or birth date is left out and
       reported, never moved."""
    numbers = [(n, assigner_of(n, office)) for n in data.identifiers]
    warnings: list[str] = []
    free: list[tuple[IdentifierData, str]] = []
    patient: Patient | None = None
    for number, assigner in numbers:
        owner = _owner_of(number, assigner)
        if owner is None:
            free.append((number, assigner))
        elif _same_person(owner, values, is_shared=number.type in SHARED_TYPES):
            patient = patient or owner
            if owner.pk != patient.pk:
                warnings.append("Two of the identifiers belong to two records of this patient; merge them.")
        else:
            warnings.append(
                f"The {number.type} number ending in {number.value[-2:]} is on record for somebody with another name "
                "or birth date; it was left out. Check it with the referring office."
            )
    patient = patient or _by_demographics(values)
    is_new = patient is None
    if is_new:
        patient = Patient.objects.create(**values, created_at=now)
        PatientName.objects.bulk_create(
            PatientName(
                patient=patient, **asdict(n), family_key=name_key(n.family_name), given_key=name_key(n.given_name)
            )
            for n in data.other_names
        )
    for number, assigner in free:
        if not _add_number(patient, number, assigner):
            warnings.append(f"The {number.type} number ending in {number.value[-2:]} was just given to somebody else.")
    return Resolved(patient, warnings, is_new)


def assigner_of(number: IdentifierData, office: Office) -> str:
    """The assigner as stored: the office's own NPI when none is named."""
    return number.assigner.strip() or office_assigner(office)


def _owner_of(number: IdentifierData, assigner: str) -> Patient | None:
    row = (
        PatientIdentifier.objects.filter(assigner=assigner, type=number.type, value=number.value.strip())
        .select_related("patient")
        .first()
    )
    return row.patient if row else None


def _same_person(patient: Patient, values: dict[str, Any], *, is_shared: bool) -> bool:
    agreeing = {Level.EQUAL, Level.KNOWN_AS} | (set() if is_shared else {Level.CLOSE, Level.PART})
    theirs = person_name(values["family_name"], values["given_name"], values["middle_name"])
    if not any(given_level(theirs, name) in agreeing for name in of_record(patient).names):
        return False
    if patient.birth_date != values["birth_date"] or _sex_differs(patient, values):
        return False
    family = name_key(values["family_name"])
    return patient.family_key == family or patient.other_names.filter(family_key=family).exists()


def _by_demographics(values: dict[str, Any]) -> Patient | None:
    same_name = Patient.objects.filter(
        birth_date=values["birth_date"],
        family_key=name_key(values["family_name"]),
        given_key=name_key(values["given_name"]),
    )
    matches = [p for p in same_name if not _sex_differs(p, values) and _reached_the_same_way(p, values)]
    return matches[0] if len(matches) == 1 else None


def _sex_differs(patient: Patient, values: dict[str, Any]) -> bool:
    known = {Patient.Sex.FEMALE, Patient.Sex.MALE}
    return patient.sex in known and values["sex"] in known and patient.sex != values["sex"]


def _reached_the_same_way(patient: Patient, values: dict[str, Any]) -> bool:
    if patient.phone and patient.phone == values["phone"]:
        return True
    same_street = patient.street and name_key(patient.street) == name_key(values["street"])
    return bool(same_street and patient.zip_code[:5] and patient.zip_code[:5] == values["zip_code"][:5])


def _add_number(patient: Patient, number: IdentifierData, assigner: str) -> bool:
    """Record the number; False when another request gave it to another patient at this instant."""
    try:
        with transaction.atomic():
            PatientIdentifier.objects.create(
                patient=patient, type=number.type, assigner=assigner, value=number.value.strip()
            )
    except IntegrityError:
        return PatientIdentifier.objects.filter(
            patient=patient, type=number.type, assigner=assigner, value=number.value.strip()
        ).exists()
    return True
