"""What one action is made of in the admin: a form, and the service it calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from referrals.models import Appointment, Document, Office, Provider, Referral

PLAIN_WIDGETS = (forms.TextInput, forms.Textarea, forms.Select, forms.DateInput, forms.DateTimeInput, forms.NumberInput)


class DateInput(forms.DateInput):
    """``max`` tells the browser that a year has four digits: else, typed on, the next two become part of it."""

    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", attrs={"max": "9999-12-31"}, **kwargs)


class MomentInput(forms.DateTimeInput):
    """Date and time in one native control, typed through; read and shown in the practice's zone."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"max": "9999-12-31T23:59"}, **kwargs)


def dress(form: forms.BaseForm) -> None:
    """Give plain controls our class, and tie help texts to them for screen readers."""
    for bound in form:
        widget = bound.field.widget
        if isinstance(widget, PLAIN_WIDGETS) and not isinstance(widget, (AutocompleteSelect, forms.RadioSelect)):
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} rl-input".strip()


class StepForm(forms.Form):
    """A form about one referral as ``actor`` sees it ``now``. Field names are the service's, so its errors fit."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    # Paths of InvalidInput that are called otherwise in this form.
    paths: dict[str, str] = {}
    # What an address may propose besides values of the fields.
    proposes: tuple[str, ...] = ()
    # Fields whose original value travels along, so that a late answer overwrites only what was really changed.
    keeps_originals: tuple[str, ...] = ()

    def __init__(self, *args: Any, referral: Referral, now: datetime, **kwargs: Any):
        self.referral, self.now = referral, now
        kwargs["initial"] = {"expected_version": referral.version} | self.first_values() | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for name in self.keeps_originals:
            self.fields[name].show_hidden_initial = True
        self.prepare()
        dress(self)

    def first_values(self) -> dict[str, Any]:
        """What the form proposes."""
        return {}

    def prepare(self) -> None:
        """Narrow choices to the referral at hand."""


class Caution(str):
    """What a step tells when it was done and something still needs care: shown as a warning, not in green."""


@dataclass(frozen=True)
class Step:
    """``perform(common, data)`` calls the service with ``common`` (referral, actor, now, expected_version) and the
    form's cleaned data, and returns what to tell the person. ``explains`` says what will happen."""

    form: type[StepForm]
    perform: Callable[[dict[str, Any], dict[str, Any]], str]
    explains: str = ""
    button: str = ""  # the submit button's words when the action's label does not do
    template: str = field(default="admin/referrals/referral/act.html")
    searches: bool = False  # its form takes ``find``, what the person looks for
    is_final: bool = False  # ends or takes back something: shown apart, in the colour of caution


def text(label: str, *, lines: int = 0, required: bool = True, longest: int = 300, help_text: str = ""):
    """A text field; ``lines`` above zero makes it a text area."""
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    return forms.CharField(
        label=label, required=required, max_length=longest, widget=widget, help_text=help_text, strip=True
    )


def office_field(label: str = "Office", *, required: bool = False, help_text: str = "") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        required=required,
        queryset=Office.objects.filter(active=True),
        widget=AutocompleteSelect(Referral._meta.get_field("receiving_office"), admin.site),
        help_text=help_text,
    )


def provider_field(label: str = "Provider", *, required: bool = False, help_text: str = "") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        required=required,
        queryset=Provider.objects.filter(active=True),
        widget=AutocompleteSelect(Referral._meta.get_field("receiving_provider"), admin.site),
        help_text=help_text,
    )


def standing_notes(referral: Referral):
    return referral.documents.filter(kind__in=Document.NOTE_KINDS).exclude(
        status__in=(Document.Status.RETRACTED, Document.Status.DETACHED)
    )


def booked_visit(referral: Referral) -> Appointment | None:
    return referral.appointment or referral.appointments.filter(status=Appointment.Status.BOOKED).first()
