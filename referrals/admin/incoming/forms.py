"""The forms of the review page: attach, set aside, split, undo."""

from typing import Any

from django import forms

from referrals.actions.incoming import As
from referrals.admin.actions.noting import NOTE_STATUSES
from referrals.admin.actions.step import DateInput, dress, text
from referrals.intake.reading import Reading
from referrals.models import Document
from referrals.reconcile.doubts import Doubts

CHOOSE = ("", "Choose …")
RETRACTED = (Document.Status.RETRACTED, "Retracted: it takes back a note")
ASIDE_REASONS = (
    "Not our patient",
    "Advertising or other mail",
    "Nothing to do with a referral",
    "A copy of what we have",
)


class AttachForm(forms.Form):
    """What the document is taken for, proposed from what it says of itself, and the tick where something contradicts.

    ``doubts`` carries the key of the sentences the tick stands for."""

    kind = forms.ChoiceField(label="What it is")
    status = forms.ChoiceField(label="Signed?")
    service_date = forms.DateField(
        label="Day of the visit", required=False, widget=DateInput, help_text="A note needs it."
    )
    doubts = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, reading: Reading | None, doubts: Doubts, referral_pk: int, **kwargs: Any):
        said_status = reading.status.value if reading and reading.status else ""
        said_kind = reading.kind.value if reading and reading.kind else ""
        if reading and reading.notice:  # filed for the record: it is no note, and nothing in it is signed
            said_kind, said_status = Document.Kind.OTHER, Document.Status.FINAL
        visit = reading.visit_at.value.day if reading and reading.visit_at else None
        kwargs["initial"] = {
            "kind": said_kind,
            "status": said_status,
            "service_date": visit,
            "doubts": doubts.key,
        }
        super().__init__(*args, auto_id=f"id_{referral_pk}_%s", **kwargs)
        self.fields["kind"].choices = [CHOOSE, *Document.Kind.choices]
        retracted = [RETRACTED] if said_status == Document.Status.RETRACTED else []
        self.fields["status"].choices = [CHOOSE, *NOTE_STATUSES, *retracted]
        if visit is None:
            self.fields["service_date"].needed = "not stated in it"
        if doubts:
            self.fields["confirmed"].label = f"{' '.join(doubts.says)} I checked that this is the same patient."
        else:
            del self.fields["confirmed"]
        dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_note = data.get("kind") in Document.NOTE_KINDS and data.get("status") != Document.Status.RETRACTED
        if is_note and not data.get("service_date") and "service_date" not in self.errors:
            self.add_error("service_date", "Say on which day the visit was that the note is about.")
        if "confirmed" in self.fields and not data.get("confirmed"):
            self.add_error("confirmed", "Check that it is the same patient, and tick this.")
        return data

    @property
    def confirmed_key(self) -> str:
        """The key of the doubts the person saw and confirmed; empty without a tick."""
        return self.cleaned_data["doubts"] if self.cleaned_data.get("confirmed") else ""

    def taken_for(self) -> As:
        data = self.cleaned_data
        return As(kind=data["kind"], status=data["status"], service_date=data["service_date"])


class AsideForm(forms.Form):
    quick = forms.ChoiceField(
        label="Why", required=False, choices=[(reason, reason) for reason in ASIDE_REASONS], widget=forms.RadioSelect
    )
    reason = text("Or in your words", required=False, longest=200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, auto_id="id_aside_%s", **kwargs)
        dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("quick") and not data.get("reason"):
            self.add_error("reason", "Choose a reason or write one.")
        return data

    @property
    def why(self) -> str:
        """The person's own words, else the quick reason; both when both were given."""
        return ": ".join(filter(None, (self.cleaned_data["quick"], self.cleaned_data["reason"])))


class UndoForm(forms.Form):
    reason = text("Why", longest=200, help_text="Such as: another patient's note, wrong referral.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress(self)
