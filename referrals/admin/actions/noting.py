"""Documents and notes: attach, retract, take off, reconcile, delivered."""

from typing import Any

from django import forms
from django.db import transaction

from referrals.actions import notes, retracting, taking_off
from referrals.admin.actions.keeping_file import FileForm
from referrals.admin.actions.step import DateInput, StepForm, standing_notes, text
from referrals.lifecycle.states import Status
from referrals.models import Document, Encounter, Referral
from referrals.reconcile import decide

NOTE_KINDS = [(kind.value, kind.label) for kind in Document.NOTE_KINDS]
OTHER_KINDS = [choice for choice in Document.Kind.choices if choice not in NOTE_KINDS]
NOTE_STATUSES = [
    (Document.Status.FINAL, "Final, signed"),
    (Document.Status.PRELIMINARY, "Preliminary or unsigned"),
    (Document.Status.INTERIM, "Interim"),
    (Document.Status.AMENDED, "Amended: a new version of the note"),
]
VISITS_OFFERED = 30


class DocumentForm(FileForm):
    kind = forms.ChoiceField(label="What it is", choices=OTHER_KINDS)
    title = text("Title", required=False, longest=120)
    field_order = ["expected_version", "kept", "file", "kind", "title"]


class NoteForm(DocumentForm):
    status = forms.ChoiceField(label="State of the note", choices=NOTE_STATUSES)
    service_date = forms.DateField(
        label="Day of the visit", required=False, widget=DateInput, help_text="As the note says it."
    )
    reconciles = forms.BooleanField(required=False, help_text="Tick it once you have read the note.")
    paths = {"supersedes": ""}
    field_order = ["expected_version", "kept", "file", "kind", "status", "service_date", "title", "reconciles"]

    def prepare(self) -> None:
        self.fields["kind"].choices = NOTE_KINDS
        if self.referral.note_id is None:
            self.fields["status"].choices = NOTE_STATUSES[:3]
        if (visit := _visit_without_note(self.referral)) is None:
            del self.fields["reconciles"]
        else:
            on = visit.occurred_on
            self.fields["reconciles"].label = f"It documents the visit of {on:%b} {on.day}: reconcile it right away"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reconciles"):
            if data.get("status") not in Document.CLOSING_STATUSES:
                self.add_error("reconciles", "Only a final, signed note is reconciled.")
            day, visit = data.get("service_date"), self.referral.encounter
            if day and visit and day != visit.occurred_on:
                self.add_error("service_date", f"The visit on record was on {visit.occurred_on:%m/%d/%Y}.")
        return data


def _visit_without_note(referral: Referral) -> Encounter | None:
    """The visit recorded on a referral that waits for its first note."""
    waits = referral.status == Status.SEEN and referral.note_id is None
    return referral.encounter if waits else None


def attach(common: dict[str, Any], data: dict[str, Any]) -> str:
    stored = data["stored"]
    details = notes.NoteDetails(
        kind=data["kind"],
        status=data.get("status", Document.Status.FINAL),
        title=data["title"],
        service_date=data.get("service_date"),
    )
    with transaction.atomic():
        attached = notes.attach(**common, stored=stored, details=details)
        after = attached.referral
        if data.get("reconciles") and after.status == Status.NOTE_RETURNED:
            later = common | {"referral": after, "expected_version": None}
            return f"Attached. {reconcile(later, {'encounter': after.encounter})}"
    if not attached.created:
        return f"{attached.version.filename} is on this referral already; nothing changed."
    if after.status == Status.NOTE_RETURNED and after.reconciled_at is None:
        return f"{attached.version.filename} attached. Next: reconcile it to the visit."
    return f"{attached.version.filename} attached."


class TakeBackForm(StepForm):
    document = forms.ModelChoiceField(label="Which note", queryset=Document.objects.none(), empty_label=None)
    reason = text("Why", lines=2)

    def prepare(self) -> None:
        self.fields["document"].queryset = standing_notes(self.referral)
        self.fields["document"].initial = self.referral.note_id


def retract(common: dict[str, Any], data: dict[str, Any]) -> str:
    retracting.retract_note(**common, document=data["document"], reason=data["reason"])
    return "The note is retracted; a new one is needed."


def detach(common: dict[str, Any], data: dict[str, Any]) -> str:
    taking_off.detach_note(**common, document=data["document"], reason=data["reason"])
    return "Taken off again, with everything the note implied."


class VisitChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Encounter) -> str:
        place = obj.provider or obj.office or "place unknown"
        return f"{obj.occurred_on:%m/%d/%Y} · {place} · {obj.get_source_display().lower()}"


class ReconcileForm(StepForm):
    encounter = VisitChoice(
        label="The visit the note documents",
        required=False,
        queryset=Encounter.objects.none(),
        empty_label="Find it; make one from the note if none fits",
    )

    def prepare(self) -> None:
        if _is_of_the_recorded_visit(self.referral):
            self.initial.setdefault("encounter", self.referral.encounter_id)
        visits = Encounter.objects.filter(patient=self.referral.patient_id).select_related("provider", "office")
        # A slice cannot be validated against, so the newest are named by key.
        newest = list(visits.values_list("pk", flat=True)[:VISITS_OFFERED])
        self.fields["encounter"].queryset = visits.filter(pk__in=newest)


def _is_of_the_recorded_visit(referral: Referral) -> bool:
    """Whether the note names the day of the visit that is on record, or none."""
    note, visit = referral.note, referral.encounter
    return note is not None and visit is not None and note.service_date in (None, visit.occurred_on)


def reconcile(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = decide.reconcile(**common, encounter=data["encounter"])
    if after.is_open:
        return "Reconciled. It closes once the referring office has the note."
    return "Reconciled: the loop is closed."


class DeliveredForm(StepForm):
    how = text("How you know", help_text="Such as: fax confirmed 2:14 PM, read in the portal.")


def delivered(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = decide.acknowledge(**common, how=data["how"])
    return "Delivered: the loop is closed." if not after.is_open else "Delivered. The note still has to be reconciled."
