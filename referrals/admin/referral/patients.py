"""Suggest patients while somebody types, with what tells two of the same name apart."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from referrals.admin.patient import find_patients
from referrals.models import Patient

SUGGESTED = 20


def patient_label(patient: Patient) -> str:
    """Name, birth date and town: a name alone would invite choosing the wrong person."""
    parts = [f"born {patient.birth_date:%m/%d/%Y}", patient.city or patient.zip_code, patient.phone]
    return " · ".join([str(patient), *filter(None, parts)])


def suggest_view(model_admin, request: HttpRequest) -> JsonResponse:
    """What the patient box of the capture form shows, in the shape its widget expects."""
    if not request.user.has_perm("referrals.view_patient"):
        raise PermissionDenied
    text = request.GET.get("term", "").strip()
    if not text:
        return JsonResponse({"results": [], "pagination": {"more": False}})
    found = find_patients(Patient.objects.order_by("family_key", "given_key", "pk"), text)[:SUGGESTED]
    results = [{"id": str(patient.pk), "text": patient_label(patient)} for patient in found]
    response = JsonResponse({"results": results, "pagination": {"more": False}})
    response["Cache-Control"] = "private, no-store"
    return response


class PatientSelect(AutocompleteSelect):
    """The admin's autocomplete, asking our own address."""

    def get_url(self) -> str:
        return reverse("admin:referrals_referral_patients")


class PatientField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Patient) -> str:
        return patient_label(obj)
