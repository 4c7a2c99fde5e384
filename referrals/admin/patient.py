"""Patients: who they are, their other names and numbers, and their referrals."""

from datetime import datetime

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesRadioFilter

from referrals.admin.keeping import Kept, LabelledColumns
from referrals.admin.reads import readers_of
from referrals.admin.wording import referral_link, status_badge
from referrals.identifiers import clean_phone
from referrals.models import Patient, PatientIdentifier, PatientName, Referral
from referrals.names import name_key


def find_patients(patients: QuerySet[Patient], text: str) -> QuerySet[Patient]:
    """Patients by what people type: family name (then given name), birth date, record number or phone.

    Each form uses its own index, as searching.search does for referrals."""
    text = text.strip()
    if not text:
        return patients
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"):
        try:
            return patients.filter(birth_date=datetime.strptime(text, form).date())  # noqa: DTZ007
        except ValueError:
            continue
    try:
        return patients.filter(phone=clean_phone(text))
    except ValueError:
        pass
    if any(character.isdigit() for character in text):
        return patients.filter(identifiers__value=text).distinct()
    words = [name_key(word) for word in text.replace(",", " ").split() if name_key(word)]
    if not words:
        return patients.none()
    whole = "".join(words)
    found = Q(family_key__startswith=whole) | Q(other_names__family_key=whole)
    if len(words) > 1:
        found |= Q(family_key__startswith=words[-1], given_key__startswith=words[0])
        found |= Q(family_key__startswith=words[0], given_key__startswith=words[-1])
    return patients.filter(found).distinct()


class OtherNames(LabelledColumns, TabularInline):
    model = PatientName
    verbose_name = "name"
    verbose_name_plural = "other names"
    hide_title = True
    fields = ("use", "given_name", "family_name")
    extra = 0


class Identifiers(LabelledColumns, TabularInline):
    model = PatientIdentifier
    verbose_name = "number"
    verbose_name_plural = "numbers"
    hide_title = True
    fields = ("type", "value", "assigner")
    extra = 0


class ReferralsOfPatient(TabularInline):
    """The patient's referrals, newest first; each opens on its own page."""

    model = Referral
    verbose_name_plural = "referrals"
    hide_title = True
    fields = readonly_fields = ("link", "specialty", "receiving_office", "standing", "captured_at", "owner")
    extra = 0
    per_page = 20
    ordering = ("-captured_at", "-id")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("specialty", "receiving_office", "owner", "patient")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="referral")
    def link(self, referral: Referral) -> str:
        return referral_link(referral)

    @admin.display(description="status")
    def standing(self, referral: Referral) -> str:
        return status_badge(referral.status)


@admin.register(Patient)
class PatientAdmin(Kept):
    empty_says = "A patient is added with the first referral."
    list_display = ("name", "birth_date", "sex", "phone", "city", "zip_code")
    list_filter = (("sex", ChoicesRadioFilter),)
    # Django shows the search box only when this is set; find_patients does the searching.
    search_fields = ("family_key",)
    search_help_text = "Name, birth date, record number or phone"
    ordering = ("-id",)
    inlines = (ReferralsOfPatient, OtherNames, Identifiers)
    change_form_after_template = "admin/referrals/patient/readers.html"
    fieldsets = (
        (None, {"fields": (("given_name", "family_name"), ("middle_name", "suffix"), ("birth_date", "sex"))}),
        ("How to reach them", {"fields": (("phone", "email"), ("language", "needs_interpreter"))}),
        ("Address", {"fields": (("street", "city"), ("state", "zip_code"))}),
    )

    @admin.display(description="name")
    def name(self, patient: Patient) -> str:
        return str(patient)

    def get_search_results(self, request, queryset, search_term):
        return find_patients(queryset, search_term), False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = readers_of(request, int(object_id)) if object_id and object_id.isdigit() else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)
