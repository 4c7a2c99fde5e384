"""The patient as a party may see them."""

from typing import Any

from rest_framework import serializers

from referrals.api.outputs.viewer import Viewer
from referrals.models import Patient, PatientIdentifier, PatientName, Referral
from referrals.models.patient import office_assigner


class PatientBriefSerializer(serializers.Serializer):
    family_name = serializers.CharField()
    given_name = serializers.CharField()
    birth_date = serializers.DateField()


class IdentifierSerializer(serializers.Serializer):
    type = serializers.ChoiceField(PatientIdentifier.Type.choices)
    assigner = serializers.CharField(help_text="npi: and the office's NPI for a record number.")
    value = serializers.CharField()


class OtherNameSerializer(serializers.Serializer):
    use = serializers.ChoiceField(PatientName.Use.choices)
    family_name = serializers.CharField(allow_blank=True)
    given_name = serializers.CharField(allow_blank=True)


class SentContactSerializer(serializers.Serializer):
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    street = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    state = serializers.CharField(allow_blank=True)
    zip_code = serializers.CharField(allow_blank=True)


class PatientSerializer(PatientBriefSerializer):
    """A referring office outside the group gets back what it sent; everybody else sees the record."""

    middle_name = serializers.CharField(allow_blank=True)
    suffix = serializers.CharField(allow_blank=True)
    sex = serializers.ChoiceField(Patient.Sex.choices)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    street = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    state = serializers.CharField(allow_blank=True)
    zip_code = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    needs_interpreter = serializers.BooleanField()
    identifiers = IdentifierSerializer(many=True)
    other_names = OtherNameSerializer(many=True)
    sent_contact = SentContactSerializer(
        allow_null=True,
        help_text="How to reach the patient by what the referring office sent with this referral, where the record says "
        "otherwise: try it first, it is newer. null: nothing else was sent.",
    )


_PLAIN = [
    name for name, field in PatientSerializer._declared_fields.items()
    if not isinstance(field, serializers.BaseSerializer)
]  # fmt: skip


def patient_for(viewer: Viewer, referral: Referral) -> dict[str, Any]:
    """Values for PatientSerializer. Two queries (numbers, names) when the record is shown, none otherwise."""
    if not viewer.sees_record(referral):
        return _as_sent(referral)
    patient = referral.patient
    shown = {name: getattr(patient, name) for name in _PLAIN}
    numbers = patient.identifiers.order_by("type", "assigner", "value")
    if not viewer.is_group:
        # Record numbers of third offices are not the receiving office's business; member numbers are needed to bill.
        parties = {office_assigner(referral.referring_office), office_assigner(viewer.office)}
        numbers = [n for n in numbers if n.assigner in parties or n.type == PatientIdentifier.Type.MEMBER]
    return shown | {
        "identifiers": numbers,
        "other_names": patient.other_names.order_by("pk"),
        "sent_contact": _sent_contact(referral),
    }


def brief_patient_for(viewer: Viewer, referral: Referral) -> Any:
    """Values for PatientBriefSerializer; no query on a referral with its patient joined."""
    return referral.patient if viewer.sees_record(referral) else referral.patient_as_sent


def _sent_contact(referral: Referral) -> dict[str, str] | None:
    """What the referring office sent, when something of it differs from the record."""
    sent = {name: referral.patient_as_sent.get(name, "") for name in SentContactSerializer._declared_fields}
    differs = any(value and value != getattr(referral.patient, name) for name, value in sent.items())
    return sent if differs else None


def _as_sent(referral: Referral) -> dict[str, Any]:
    sent = referral.patient_as_sent
    empty = dict.fromkeys(_PLAIN, "") | {"sex": "unknown", "needs_interpreter": False}
    shown = empty | {name: sent[name] for name in _PLAIN if name in sent}
    own = office_assigner(referral.referring_office)
    numbers = [{**number, "assigner": number.get("assigner") or own} for number in sent.get("identifiers", [])]
    return shown | {
        "identifiers": numbers,
        "other_names": list(sent.get("other_names", [])),
        "sent_contact": None,  # everything here is as sent
    }
