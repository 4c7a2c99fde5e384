"""Whom the referral goes to and who owns it: choose a specialist, assign, accept, decline, ask for information."""

from typing import Any

from django import forms
from django.utils.html import format_html

from referrals.actions import answering
from referrals.admin.actions.step import (
    DateInput,
    StepForm,
    office_field,
    provider_field,
    text,
)
from referrals.admin.wording import specialist_of
from referrals.errors import InvalidInput
from referrals.models import Coordinator, Office, Provider
from referrals.practice.calendar import practice_calendar
from referrals.routing import assign, choose

SOMEBODY_ELSE = "else"
OFFERED = 8


class RouteForm(StepForm):
    choice = forms.ChoiceField(label="Specialists who fit, best first", widget=forms.RadioSelect)
    office = office_field(help_text="Only for somebody else: the office to send it to.")
    provider = provider_field(help_text="Only for somebody else; may stay empty.")
    comment = text(
        "Reason", required=False, help_text="Needed unless you take the first of the list. Both offices may read it."
    )

    def prepare(self) -> None:
        self.ranking = choose.rank_for(self.referral, now=self.now)
        offered = [
            (f"{c.office.pk}:{c.provider.pk}", _candidate(c.provider, c.office, c.reasons))
            for c in self.ranking.candidates[:OFFERED]
        ]
        self.fields["choice"].choices = [*offered, (SOMEBODY_ELSE, "Somebody else")]
        if not offered:
            self.fields["choice"].help_text = self.ranking.no_match_because
            self.fields["office"].required = self.fields["comment"].required = True
        self.fields["choice"].initial = offered[0][0] if offered else SOMEBODY_ELSE

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("choice") == SOMEBODY_ELSE and not data.get("office") and "office" not in self.errors:
            self.add_error("office", "Choose the office to send it to.")
        return data


def _candidate(provider: Provider, office: Office, reasons: tuple[str, ...]) -> str:
    return format_html(
        '<strong>{}</strong>, {}<br><span class="rl-muted">{}</span>', provider, office.name, " · ".join(reasons)
    )


def route(common: dict[str, Any], data: dict[str, Any]) -> str:
    if data["choice"] == SOMEBODY_ELSE:
        office, provider = data["office"], data["provider"]
    else:
        office_pk, provider_pk = map(int, data["choice"].split(":"))
        office, provider = Office.objects.get(pk=office_pk), Provider.objects.get(pk=provider_pk)
    sent = choose.route_by_hand(**common, office=office, provider=provider, comment=data["comment"])
    return f"Sent to {specialist_of(sent)}."


class AssignForm(StepForm):
    owner = forms.ModelChoiceField(label="New owner", queryset=Coordinator.objects.filter(active=True))
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
    return "Declined, and no other specialist fits: choose one by hand."


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
