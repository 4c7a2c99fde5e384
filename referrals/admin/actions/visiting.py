"""The visit: contact attempts, appointments, seen."""

from datetime import timedelta
from typing import Any

from django import forms

from referrals.actions import contacts, scheduling, taking_back, visits
from referrals.admin.actions.step import (
    Caution,
    DateInput,
    MomentInput,
    StepForm,
    booked_visit,
    office_field,
    provider_field,
    text,
)
from referrals.admin.wording import day_and_time, local
from referrals.models import Provider
from referrals.practice.calendar import practice_calendar

MINUTES = [15, 20, 30, 40, 45, 60, 90, 120, 180, 240]


class CommentForm(StepForm):
    text = text("Comment", lines=3, longest=2000, help_text="Both offices can read it on the timeline.")


def comment(common: dict[str, Any], data: dict[str, Any]) -> str:
    contacts.comment_on(**common, text=data["text"])
    return "Comment added."


class PlaceForm(StepForm):
    """Asks where, only while the referral has no specialist, and who among the office's providers."""

    office = office_field("At which office", help_text="The referral has no specialist yet: this chooses one.")
    provider = provider_field("With")

    def prepare(self) -> None:
        if self.referral.receiving_office_id is None:
            self.fields["office"].required = True
            return
        del self.fields["office"]
        self.fields["provider"] = forms.ModelChoiceField(
            label="With",
            required=False,
            empty_label=f"Anybody at {self.referral.receiving_office}",
            queryset=Provider.objects.filter(active=True, offices=self.referral.receiving_office),
            initial=self.referral.receiving_provider_id,
        )


def _place(data: dict[str, Any]) -> dict[str, Any]:
    return {"office": data.get("office"), "provider": data["provider"]}


class LateEntry(forms.Form):
    """A visit in the past is more often a slip of the date than an entry made late: it has to be said."""

    past = forms.BooleanField(
        label="The time is past: I enter it late", required=False, help_text="Then say whether the patient was seen."
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts_at = data.get("starts_at")
        is_past = starts_at is not None and starts_at < self.now
        if is_past and not data.get("past"):
            self.add_error("starts_at", "This time is past. Change it, or tick below that you enter it late.")
        elif not is_past:
            self.fields["past"].widget = forms.HiddenInput()
        data.pop("past", None)
        return data


class BookForm(LateEntry, PlaceForm):
    starts_at = forms.DateTimeField(label="Date and time", widget=MomentInput)
    length = forms.TypedChoiceField(
        label="Length", coerce=int, choices=[(m, f"{m} minutes") for m in MINUTES], initial=30
    )
    instructions = text("For the patient", required=False, help_text="Such as: bring films, no breakfast.")
    paths = {"ends_at": "length"}
    field_order = ["expected_version", "starts_at", "length", "past", "office", "provider", "instructions"]

    def prepare(self) -> None:
        super().prepare()
        hide_until_asked(self)


def book(common: dict[str, Any], data: dict[str, Any]) -> str:
    ends_at = data["starts_at"] + timedelta(minutes=data["length"])
    scheduling.book(
        **common, starts_at=data["starts_at"], ends_at=ends_at, instructions=data["instructions"], **_place(data)
    )
    return f"Booked for {day_and_time(data['starts_at'])}."


def hide_until_asked(form: StepForm) -> None:
    if not form.is_bound:
        form.fields["past"].widget = forms.HiddenInput()


class RescheduleForm(LateEntry, StepForm):
    starts_at = forms.DateTimeField(label="New date and time", widget=MomentInput)
    reason = text("Why", required=False)
    paths = {"ends_at": "starts_at"}
    field_order = ["expected_version", "starts_at", "past", "reason"]

    def prepare(self) -> None:
        hide_until_asked(self)

    def first_values(self) -> dict[str, Any]:
        visit = booked_visit(self.referral)
        return {"starts_at": local(visit.starts_at)} if visit else {}


def reschedule(common: dict[str, Any], data: dict[str, Any]) -> str:
    scheduling.reschedule(**common, starts_at=data["starts_at"], reason=data["reason"])
    return f"Moved to {day_and_time(data['starts_at'])}."


def confirm_appointment(common: dict[str, Any], data: dict[str, Any]) -> str:
    scheduling.confirm_appointment(**common)
    return "The patient confirmed the visit."


class WhyForm(StepForm):
    reason = text("Why", lines=2)
    paths = {"appointment": ""}


class MayBeWhyForm(StepForm):
    reason = text("What happened", lines=2, required=False)
    paths = {"appointment": ""}


def cancel_appointment(common: dict[str, Any], data: dict[str, Any]) -> str:
    scheduling.cancel_appointment(**common, reason=data["reason"])
    return "Appointment cancelled."


def no_show(common: dict[str, Any], data: dict[str, Any]) -> str:
    scheduling.no_show(**common, reason=data["reason"])
    return Caution("Recorded: the patient did not come. The visit is open again: call the patient and book a new time.")


class SeenForm(PlaceForm):
    seen_on = forms.DateField(label="Day of the visit", widget=DateInput)
    encounter_id = text("Visit number in the EHR", required=False, longest=80)
    field_order = ["expected_version", "seen_on", "office", "provider", "encounter_id"]

    def first_values(self) -> dict[str, Any]:
        calendar = practice_calendar()
        today = calendar.local_date(self.now)
        visit = booked_visit(self.referral)
        return {"seen_on": min(calendar.local_date(visit.starts_at), today) if visit else today}


def mark_seen(common: dict[str, Any], data: dict[str, Any]) -> str:
    visits.mark_seen(**common, seen_on=data["seen_on"], encounter_id=data["encounter_id"], **_place(data))
    return "Seen. The clock for the consult note runs; the loop is not closed yet."


class TakeBackRecordForm(StepForm):
    reason = text("What was wrong", lines=2)


def take_back(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = taking_back.take_back(**common, reason=data["reason"])
    return f"Taken back: {after.get_status_display().lower()} again."
