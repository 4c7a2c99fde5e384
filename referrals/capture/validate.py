"""Check a new or edited referral; every message names the field and says how to mend it."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from referrals import identifiers
from referrals.capture.ask import PatientData
from referrals.errors import InvalidInput
from referrals.models import Patient, Payer, Referral, Specialty
from referrals.practice.calendar import practice_calendar
from referrals.prepared import Prepared

OLDEST_BIRTH = date(1900, 1, 1)
LONGEST_WAIT = timedelta(days=730)
MOST_DIAGNOSES = 20
LONGEST_QUESTION = 4000
DETAIL_FIELDS = (
    "priority",
    "clinical_question",
    "diagnoses",
    "service_requested",
    "payer",
    "member_id",
    "authorization_state",
    "authorization_number",
    "authorization_expires_on",
    "needed_by",
)
_LENGTH = {"service_requested": 120, "member_id": 40, "authorization_number": 40, "external_id": 80}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Problems:
    """Collects (path, message) pairs, so that a sender hears of everything at once."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def add(self, path: str, message: str) -> None:
        self.found.append((path, message))

    def clean(self, path: str, clean: Callable[[str], str], value: str) -> str:
        """``clean(value)``, or the value itself with its problem noted. Empty stays empty."""
        if not value:
            return ""
        try:
            return clean(value)
        except ValueError as error:
            self.add(path, str(error))
            return value

    def raise_if_any(self) -> None:
        if self.found:
            raise InvalidInput(self.found)


def clean_details(values: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Cleaned values of DETAIL_FIELDS (those given). ``payer`` is a code, "" or a Payer. Raises InvalidInput."""
    problems = Problems()
    cleaned = check_details(values, now=now, problems=problems)
    problems.raise_if_any()
    return cleaned


def check_details(values: dict[str, Any], *, now: datetime, problems: Problems) -> dict[str, Any]:
    """As clean_details, noting problems instead of raising."""
    cleaned = dict(values)
    today = practice_calendar().local_date(now)
    if "priority" in values:
        _choice(problems, "priority", values["priority"], Referral.Priority.values)
    if "clinical_question" in values:
        cleaned["clinical_question"] = values["clinical_question"].strip()
        if not cleaned["clinical_question"]:
            problems.add("clinical_question", "Say what the specialist should answer.")
        elif len(cleaned["clinical_question"]) > LONGEST_QUESTION:
            problems.add(
                "clinical_question", f"Keep it under {LONGEST_QUESTION} characters; attach the rest as a document."
            )
    if "diagnoses" in values:
        cleaned["diagnoses"] = _diagnoses(problems, values["diagnoses"])
    if "payer" in values:
        cleaned["payer"] = find_payer(problems, values["payer"])
    if "authorization_state" in values:
        _choice(problems, "authorization_state", values["authorization_state"], Referral.Authorization.values)
        if values["authorization_state"] == Referral.Authorization.APPROVED and not values.get(
            "authorization_number", "x"
        ):
            problems.add("authorization_number", "An approved authorization has a number; give it.")
    needed_by = values.get("needed_by")
    if needed_by is not None and not today <= needed_by <= today + LONGEST_WAIT:
        problems.add("needed_by", "Give today or a later date, within two years.")
    for name, value in values.items():
        if isinstance(value, str):
            check_text(problems, name, value, _LENGTH.get(name))
    return cleaned


def check_text(problems: Problems, path: str, value: str, longest: int | None) -> None:
    """Length and control characters (a NUL cannot be stored at all)."""
    if longest and len(value) > longest:
        problems.add(path, f"Keep it to {longest} characters.")
    if _CONTROL.search(value):
        problems.add(path, "Remove the control characters.")


_SPECIALTY = Prepared(lambda: Specialty.objects.filter(code="", active=True).order_by())
_PAYER = Prepared(lambda: Payer.objects.filter(code="", active=True).order_by())


def find_specialty(problems: Problems, code: str) -> Specialty | None:
    specialty = _SPECIALTY.first(code.lower()) if code else None
    if specialty is None:
        problems.add(
            "specialty", "Unknown specialty. The list is at /api/v1/specialties/; use its code, such as cardiology."
        )
    return specialty


def find_payer(problems: Problems, payer: str | Payer | None) -> Payer | None:
    if payer is None or isinstance(payer, Payer) or payer == "":
        return payer or None
    found = _PAYER.first(payer.lower())
    if found is None:
        problems.add("payer", "Unknown payer. The list is at /api/v1/payers/; use its code, such as aetna-ppo.")
    return found


def clean_patient(data: PatientData, *, today: date, problems: Problems) -> dict[str, Any]:
    """Field values for a Patient. Problems are noted under ``patient.…``."""
    values = {name: getattr(data, name) for name in _PATIENT_FIELDS}
    for name in ("family_name", "given_name"):
        values[name] = " ".join(values[name].split())
        if not values[name]:
            problems.add(f"patient.{name}", "A patient needs a family and a given name.")
    if not OLDEST_BIRTH <= data.birth_date <= today:
        problems.add("patient.birth_date", f"Give a birth date from {OLDEST_BIRTH} to today, as YYYY-MM-DD.")
    _choice(problems, "patient.sex", data.sex, Patient.Sex.values)
    values["phone"] = problems.clean("patient.phone", identifiers.clean_phone, data.phone)
    values["zip_code"] = problems.clean("patient.zip_code", identifiers.clean_zip, data.zip_code)
    values["state"] = data.state.upper()
    if data.state and values["state"] not in identifiers.US_STATES:
        problems.add("patient.state", "Use the two letters of a US state or territory, such as WI.")
    if data.language and not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", data.language, re.ASCII):
        problems.add("patient.language", "Use a language tag such as en, es or zh-Hant.")
    if data.email:
        try:
            validate_email(data.email)
        except ValidationError:
            problems.add("patient.email", "This is not an e-mail address.")
    for name, value in values.items():
        if isinstance(value, str):
            check_text(problems, f"patient.{name}", value, Patient._meta.get_field(name).max_length)
    for index, identifier in enumerate(data.identifiers):
        path = f"patient.identifiers.{index}.value"
        if not identifier.value.strip():
            problems.add(path, "Give the number, or leave the identifier out.")
        check_text(problems, path, identifier.value, 64)
        check_text(problems, f"patient.identifiers.{index}.assigner", identifier.assigner, 120)
    for index, name in enumerate(data.other_names):
        check_text(problems, f"patient.other_names.{index}", f"{name.family_name}{name.given_name}", 80)
    return values


_PATIENT_FIELDS = (
    "family_name", "given_name", "middle_name", "suffix", "birth_date", "sex", "phone", "email",
    "street", "city", "state", "zip_code", "language", "needs_interpreter",
)  # fmt: skip


def _choice(problems: Problems, path: str, value: str, choices: Iterable[str]) -> None:
    if value not in choices:
        problems.add(path, f"Choose one of {', '.join(choices)}.")


def _diagnoses(problems: Problems, codes: list[str]) -> list[str]:
    if len(codes) > MOST_DIAGNOSES:
        problems.add("diagnoses", f"Give at most {MOST_DIAGNOSES} codes, the reason for the referral first.")
        return codes
    cleaned = [problems.clean(f"diagnoses.{i}", identifiers.clean_icd10, str(code)) for i, code in enumerate(codes)]
    return list(dict.fromkeys(code for code in cleaned if code))
