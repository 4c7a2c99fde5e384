"""The body of a create, and the ask made of it."""

from typing import Any

from rest_framework import serializers

from referrals.api.fields import Choice, Day, Line, OfficeNpi, ProviderNpi, Several, Strict, Text, YesNo
from referrals.capture.ask import IdentifierData, NameData, NewReferral, PatientData
from referrals.capture.validate import LONGEST_QUESTION, MOST_DIAGNOSES
from referrals.errors import InvalidInput
from referrals.identifiers import clean_phone
from referrals.models import Office, Patient, PatientIdentifier, PatientName, Referral
from referrals.models.patient import office_assigner

MOST_NUMBERS = 20
ASKED_DIRECTIONS = [choice for choice in Referral.Direction.choices if choice[0] != Referral.Direction.INBOUND]


class NewIdentifierSerializer(Strict):
    type = Choice(
        PatientIdentifier.Type.choices,
        default=PatientIdentifier.Type.MRN,
        help_text="MR: record number, MB: member number.",
    )
    value = Line(max_length=64)
    assigner = Line(
        max_length=120, required=False, help_text="Who gave it; left out: the referring office. Others only for MB."
    )


class NewNameSerializer(Strict):
    use = Choice(PatientName.Use.choices, default=PatientName.Use.FORMER)
    family_name = Line(max_length=80, required=False)
    given_name = Line(max_length=80, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if not (values.get("family_name") or values.get("given_name")):
            raise serializers.ValidationError("Give a family or a given name, or leave this entry out.")
        return values


class NewPatientSerializer(Strict):
    family_name = Line(max_length=80)
    given_name = Line(max_length=80)
    birth_date = Day()
    middle_name = Line(max_length=80, required=False)
    suffix = Line(max_length=20, required=False)
    sex = Choice(Patient.Sex.choices, default=Patient.Sex.UNKNOWN)
    phone = Line(max_length=40, required=False, help_text="US number such as 608-555-0142.")
    email = Line(max_length=254, required=False)
    street = Line(max_length=120, required=False)
    city = Line(max_length=60, required=False)
    state = Line(max_length=2, required=False, help_text="Two letters.")
    zip_code = Line(max_length=10, required=False, help_text="Decides which specialists are near.")
    language = Line(max_length=35, required=False, help_text="Tag such as en or es; en when left out.")
    needs_interpreter = YesNo(default=False)
    identifiers = NewIdentifierSerializer(many=True, required=False, max_length=MOST_NUMBERS)
    other_names = NewNameSerializer(many=True, required=False, max_length=MOST_NUMBERS)


class DetailFields(Strict):
    """What create and update-details have in common (all but clinical_question)."""

    priority = Choice(Referral.Priority.choices, required=False)
    diagnoses = Several(
        child=Text(max_length=10), required=False, max_length=MOST_DIAGNOSES, help_text="ICD-10-CM, the reason first."
    )
    service_requested = Text(max_length=120, required=False)
    payer = Text(max_length=40, required=False, help_text="Code from /payers/; empty: none.")
    member_id = Text(max_length=40, required=False)
    authorization_state = Choice(Referral.Authorization.choices, required=False)
    authorization_number = Text(max_length=40, required=False)
    authorization_expires_on = Day(required=False, allow_null=True)
    needed_by = Day(required=False, allow_null=True)


class NewReferralSerializer(DetailFields):
    """One ask. The caller refers, unless ``referring_office`` says that it records somebody else's referral."""

    specialty = Text(max_length=40, help_text="Code from /specialties/.")
    clinical_question = Text(max_length=LONGEST_QUESTION, help_text="What the specialist should answer.")
    patient = NewPatientSerializer()
    external_id = Text(
        max_length=80,
        required=False,
        help_text="The referring office's own order id: a second create of it is a repeat.",
    )
    direction = Choice(
        ASKED_DIRECTIONS,
        required=False,
        help_text="Only for offices of the group: where routing looks; left out: anywhere.",
    )
    referring_office = OfficeNpi(
        required=False, help_text="NPI. Only for offices of the group that record a referral somebody sent them."
    )
    referring_provider = ProviderNpi(required=False, help_text="NPI of the clinician who refers.")
    receiving_office = OfficeNpi(required=False, help_text="NPI. Left out: routing chooses.")
    receiving_provider = ProviderNpi(required=False, help_text="NPI. Left out: routing chooses.")


def ask_from(values: dict[str, Any], *, caller: Office) -> NewReferral:
    """The ask behind validated ``values``. Raises InvalidInput for what the caller may not claim.

    An outside office refers for itself only. An office of the group may also record a referral that another office
    sent it: then it is the receiver, or leaves the choice to routing within the group."""
    referring = values.get("referring_office", caller)
    receiving, direction = values.get("receiving_office"), values.get("direction", "")
    problems = []
    if referring != caller:
        problems += _claims(values, caller, referring, receiving)
        if values.get("receiving_provider") and receiving is None:
            receiving = caller
        if referring.is_ours:
            direction = Referral.Direction.INTERNAL
    if not caller.is_ours:
        problems += _foreign_numbers(values["patient"], caller)
    if problems:
        raise InvalidInput(problems)
    plain = {
        name: values[name]
        for name in ("specialty", "clinical_question", "external_id", *DetailFields().fields)
        if name in values
    }
    return NewReferral(
        **plain,
        patient=_patient(values["patient"]),
        direction=direction,
        referring_office_id=referring.pk,
        referring_provider_id=_pk(values.get("referring_provider")),
        receiving_office_id=_pk(receiving),
        receiving_provider_id=_pk(values.get("receiving_provider")),
        source=Referral.Source.API,
    )


def _claims(values: dict, caller: Office, referring: Office, receiving: Office | None) -> list[tuple[str, str]]:
    if not caller.is_ours:
        return [("referring_office", "Your token refers for your own office only; leave this out.")]
    problems = []
    if receiving not in (None, caller):
        problems.append(
            ("receiving_office", "For another office's referral, name your own office or leave the choice to routing.")
        )
    if values.get("direction") == Referral.Direction.OUTBOUND:
        problems.append(("direction", "A referral you record for another office comes to your group; leave this out."))
    return problems


def _foreign_numbers(patient: dict, caller: Office) -> list[tuple[str, str]]:
    """An office names only its own record numbers, so that it cannot find out or claim those of others."""
    return [
        (
            f"patient.identifiers.{index}.assigner",
            "Send only your own record numbers (leave the assigner out) or a payer's member numbers (type MB).",
        )
        for index, number in enumerate(patient.get("identifiers", ()))
        if not _may_send(number, caller)
    ]


def _may_send(number: dict, caller: Office) -> bool:
    assigner = number.get("assigner", "").strip()
    if assigner in ("", office_assigner(caller)):
        return True
    is_member_number = number["type"] == PatientIdentifier.Type.MEMBER
    return is_member_number and not assigner.lower().startswith("npi:")  # another office is no payer


def _patient(values: dict[str, Any]) -> PatientData:
    plain = {name: value for name, value in values.items() if name not in ("identifiers", "other_names")}
    return PatientData(
        **{**plain, "phone": _canonical(plain.get("phone", "")), "language": plain.get("language") or "en"},
        identifiers=tuple(IdentifierData(**number) for number in values.get("identifiers", ())),
        other_names=tuple(NameData(**name) for name in values.get("other_names", ())),
    )


def _canonical(phone: str) -> str:
    """The form phone numbers are searched in; one that is none is left for capture to refuse."""
    try:
        return clean_phone(phone)
    except ValueError:
        return phone


def _pk(row: Any) -> int | None:
    return row.pk if row is not None else None
