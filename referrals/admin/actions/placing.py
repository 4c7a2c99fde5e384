"""Whom the referral goes to and who owns it: choose a specialist, assign, accept, decline, ask for information."""

from typing import Any

from django import forms

from referrals.actions import answering
from referrals.admin.actions.step import (
    Caution,
    DateInput,
    StepForm,
    text,
)
from referrals.admin.wording import specialist_of
from referrals.errors import InvalidInput
from referrals.models import Coordinator
from referrals.practice.calendar import practice_calendar
from referrals.routing import assign


class AssignForm(StepForm):
    owner = forms.ModelChoiceField(
        label="New owner", queryset=Coordinator.objects.filter(active=True), empty_label="Choose"
    )
    comment = text("Comment", required=False, help_text="Stays inside the group.")


def hand_over(common: dict[str, Any], data: dict[str, Any]) -> str:
    return f"{assign.reassign(**common, owner=data['owner'], comment=data['comment']).owner} owns it now."


class AcceptForm(StepForm):
    comment = text("Comment", required=False, help_text="For example: wants the ECG beforehand.")


def accept(common: dict[str, Any], data: dict[str, Any]) -> str:
    answering.accept(**common, comment=data["comment"])
    return "Accepted. Next: book the visit."


class DeclineForm(StepForm):
    reason = text("Why they decline", lines=2)
    whole_office = forms.BooleanField(
        label="Nobody at this office will take the patient", required=False, help_text="Leaves out all its providers."
    )


def decline(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = answering.decline(**common, reason=data["reason"], whole_office=data["whole_office"])
    if after.receiving_office_id:
        return f"Declined, and sent to the next in line: {specialist_of(after)}."
    nobody = after.routing_decisions.first().no_match_because
    return Caution(
        f"Declined, and nobody else was found. {nobody} Choose a specialist by hand, also one who fits less."
    )


class RequestInformationForm(StepForm):
    question = text("What the specialist needs", lines=2)
    until = forms.DateField(
        label="Look again on", required=False, widget=DateInput, help_text="Empty: in three business days."
    )


def request_information(common: dict[str, Any], data: dict[str, Any]) -> str:
    until = start_of_business(data["until"], path="until") if data["until"] else None
    answering.request_information(**common, question=data["question"], until=until)
    return "On hold until the information is here."


def start_of_business(day, *, path: str):
    """The start of business on ``day``. Raises InvalidInput for a year no calendar has."""
    try:
        return practice_calendar().start_of(day)
    except (OverflowError, ValueError):
        raise InvalidInput([(path, "Give a date within two years.")]) from None
