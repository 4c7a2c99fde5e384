"""The capture form: an existing patient or a new one, what is asked, who asks, and optionally whom."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from referrals.admin.actions.concluding import split_codes
from referrals.admin.actions.step import DateInput, dress, office_field, provider_field, text
from referrals.admin.referral.patients import PatientField, PatientSelect
from referrals.capture.ask import IdentifierData, NewReferral, PatientData
from referrals.models import Office, Patient, Payer, Provider, Referral, Specialty

# Paths of InvalidInput that are called otherwise here.
PATHS = {
    "patient_id": "existing_patient",
    "patient": "existing_patient",
    "Idempotency-Key": "",
    "external_id": "",
    "direction": "",
    "source": "",
} | {f"patient.{name}": name for name in (
    "family_name", "given_name", "birth_date", "sex", "phone", "street", "city", "state", "zip_code",
)} | {"patient.identifiers.0.value": "record_number"}  # fmt: skip
NEW_PATIENT = (
    "given_name", "family_name", "birth_date", "sex", "phone", "street", "city", "state", "zip_code", "record_number",
)  # fmt: skip
NEEDED_OF_NEW = ("given_name", "family_name", "birth_date")
SECTIONS = (
    (
        "Patient",
        "Choose somebody who is here already, or type a new patient below. Never both.",
        ("existing_patient", *NEW_PATIENT),
    ),
    (
        "What is asked",
        "",
        ("specialty", "priority", "clinical_question", "diagnoses", "service_requested", "needed_by"),
    ),
    ("Who refers", "", ("referring_office", "referring_provider")),
    (
        "Insurance",
        "",
        ("payer", "member_id", "authorization_state", "authorization_number", "authorization_expires_on"),
    ),
    (
        "Specialist",
        "Leave empty, and RefLoop chooses by specialty, insurance, distance and room, and says why.",
        ("receiving_office", "receiving_provider"),
    ),
)


def new_key() -> str:
    return str(uuid.uuid4())


def _choose(field_name: str, model, label: str, *, required: bool = False) -> forms.ModelChoiceField:
    widget = AutocompleteSelect(Referral._meta.get_field(field_name), admin.site)
    return forms.ModelChoiceField(
        label=label, required=required, queryset=model.objects.filter(active=True), widget=widget
    )


class CaptureForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=200)

    existing_patient = PatientField(
        label="Existing patient",
        required=False,
        queryset=Patient.objects.all(),
        widget=PatientSelect(Referral._meta.get_field("patient"), admin.site),
        help_text="Type a family name, birth date, record number or phone.",
    )
    given_name = text("Given name", required=False, longest=80)
    family_name = text("Family name", required=False, longest=80)
    birth_date = forms.DateField(label="Birth date", required=False, widget=DateInput)
    sex = forms.ChoiceField(label="Sex", required=False, choices=Patient.Sex.choices, initial=Patient.Sex.UNKNOWN)
    phone = text("Phone", required=False, longest=30)
    street = text("Street", required=False, longest=120)
    city = text("City", required=False, longest=60)
    state = text("State", required=False, longest=2)
    zip_code = text("Zip", required=False, longest=10, help_text="Decides how far a specialist is.")
    record_number = text("Record number", required=False, longest=64, help_text="The referring office's MRN.")

    specialty = _choose("specialty", Specialty, "Specialty", required=True)
    priority = forms.ChoiceField(label="Priority", choices=Referral.Priority.choices)
    clinical_question = text("Clinical question", lines=3, longest=4000, help_text="What the specialist should answer.")
    diagnoses = text("ICD-10 codes", lines=2, required=False, longest=400, help_text="Separated by commas or lines.")
    service_requested = text("Service", required=False, longest=120, help_text="Such as consult, stress test.")
    needed_by = forms.DateField(label="Needed by", required=False, widget=DateInput)

    referring_office = office_field("Referring office", required=True)
    referring_provider = provider_field("Referring provider")

    payer = _choose("payer", Payer, "Insurance")
    member_id = text("Member id", required=False, longest=40)
    authorization_state = forms.ChoiceField(label="Authorization", choices=Referral.Authorization.choices)
    authorization_number = text("Authorization number", required=False, longest=40)
    authorization_expires_on = forms.DateField(label="Authorization ends on", required=False, widget=DateInput)

    receiving_office = office_field("Send to office")
    receiving_provider = provider_field("Send to provider")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["existing_patient"].needed = "or type a new one below"
        for name in NEEDED_OF_NEW:
            self.fields[name].needed = "for a new patient"
        dress(self)

    def sections(self) -> list[dict[str, Any]]:
        return [
            {"title": title, "help": help_text, "fields": [self[name] for name in names]}
            for title, help_text, names in SECTIONS
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        typed = any(data.get(name) for name in NEW_PATIENT if name != "sex")
        if data.get("existing_patient"):
            if typed:
                self.add_error("existing_patient", "Choose an existing patient or type a new one, not both.")
        elif "existing_patient" not in self.errors:
            if not typed:
                self.add_error("existing_patient", "Choose a patient, or type a new one below.")
            for name in NEEDED_OF_NEW if typed else ():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "A new patient needs this.")
        return data

    def ask(self) -> NewReferral:
        """The ask of a valid form."""
        data = self.cleaned_data
        patient = data["existing_patient"]
        provider: Provider | None = data["referring_provider"]
        office: Office = data["referring_office"]
        return NewReferral(
            specialty=data["specialty"].code,
            clinical_question=data["clinical_question"],
            referring_office_id=office.pk,
            referring_provider_id=provider.pk if provider else None,
            patient_id=patient.pk if patient else None,
            patient=None if patient else self._new_patient(),
            receiving_office_id=data["receiving_office"].pk if data["receiving_office"] else None,
            receiving_provider_id=data["receiving_provider"].pk if data["receiving_provider"] else None,
            priority=data["priority"],
            diagnoses=split_codes(data["diagnoses"]),
            service_requested=data["service_requested"],
            payer=data["payer"].code if data["payer"] else "",
            member_id=data["member_id"],
            authorization_state=data["authorization_state"],
            authorization_number=data["authorization_number"],
            authorization_expires_on=data["authorization_expires_on"],
            needed_by=data["needed_by"],
            source=Referral.Source.ADMIN,
        )

    def _new_patient(self) -> PatientData:
        data = self.cleaned_data
        values = {name: data[name] for name in NEW_PATIENT if name not in ("record_number", "sex")}
        number = data["record_number"]
        return PatientData(
            **values,
            sex=data["sex"] or Patient.Sex.UNKNOWN,
            identifiers=(IdentifierData(number),) if number else (),
        )
