"""Waiting, ending and correcting: hold, cancel, lost, closed without note, void, reopen, edit details."""

import re
from typing import Any

from django import forms

from referrals.actions import details, ending, holding
from referrals.admin.actions.placing import start_of_business
from referrals.admin.actions.step import DateInput, StepForm, text
from referrals.capture.validate import DETAIL_FIELDS
from referrals.models import EndingReason, Payer, Referral


class HoldForm(StepForm):
    reason = text("What it waits for", longest=200)
    until = forms.DateField(label="Look again on", widget=DateInput, help_text="The owner is asked that morning.")


def hold(common: dict[str, Any], data: dict[str, Any]) -> str:
    holding.hold(**common, reason=data["reason"], until=start_of_business(data["until"], path="until"))
    return f"On hold until {data['until']:%m/%d/%Y}."


class RemarkForm(StepForm):
    comment = text("Comment", lines=2, required=False, longest=500)


class ExplainForm(StepForm):
    comment = text("Why", lines=2, longest=500)


def resume(common: dict[str, Any], data: dict[str, Any]) -> str:
    return f"Resumed: {holding.resume(**common, comment=data['comment']).get_status_display().lower()}."


class ReasonForm(StepForm):
    """Offers the active reasons of one ending; ``ends_as`` and ``excluded`` say which."""

    reason = forms.ModelChoiceField(label="Reason", queryset=EndingReason.objects.none(), empty_label="Choose")
    comment = text("Comment", lines=2, required=False, longest=500)
    ends_as = ""
    excluded = False
    proposes = ("reason_code",)  # what an address may name besides the fields

    def prepare(self) -> None:
        if code := self.initial.get("reason_code"):
            self.initial["reason"] = EndingReason.objects.filter(code=code).values_list("pk", flat=True).first()
        self.fields["reason"].queryset = EndingReason.objects.filter(
            active=True, ends_as=self.ends_as, excludes_from_cohort=self.excluded
        )


class CancelForm(ReasonForm):
    ends_as = "cancelled"
    comment = text("Why", lines=2, longest=500, help_text="Both offices may read it.")

    def prepare(self) -> None:
        super().prepare()
        reason = self.fields["reason"]
        reason.queryset = reason.queryset.exclude(code=ending.REFERRER_CANCELLED)  # it is what the empty one stands for
        reason.required = False
        reason.empty_label = "Referring office cancelled"


class ConfirmCancelForm(CancelForm):
    comment = text("Comment", lines=2, required=False, longest=500)


class VoidForm(ReasonForm):
    ends_as, excluded = "cancelled", True


class LostForm(ReasonForm):
    ends_as = "lost"


class WithoutNoteForm(ReasonForm):
    ends_as = "closed_without_note"


def cancel(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = ending.cancel(**common, comment=data["comment"], reason=data["reason"])
    return "Cancelled." if not after.is_open else "Cancellation requested: the specialist has to confirm it."


def _ends(service, words: str):
    def perform(common: dict[str, Any], data: dict[str, Any]) -> str:
        service(**common, reason=data["reason"], comment=data["comment"])
        return words

    return perform


confirm_cancel = _ends(ending.confirm_cancel, "Cancelled.")
void = _ends(ending.void, "Voided: it is left out of every figure.")
mark_lost = _ends(ending.mark_lost, "Recorded as lost.")
close_without_note = _ends(ending.close_without_note, "Closed without a note.")


def withdraw_cancel(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = ending.withdraw_cancel(**common, comment=data["comment"])
    return f"The cancel request is withdrawn: {after.get_status_display().lower()}."


def reopen(common: dict[str, Any], data: dict[str, Any]) -> str:
    return f"Reopened: {ending.reopen(**common, comment=data['comment']).get_status_display().lower()}."


def split_codes(typed: str) -> list[str]:
    """Codes separated by commas, semicolons, spaces or lines."""
    return [code for code in re.split(r"[,;\s]+", typed) if code]


class DetailsForm(StepForm):
    priority = forms.ChoiceField(label="Priority", choices=Referral.Priority.choices)
    clinical_question = text("Clinical question", lines=4, longest=4000)
    diagnoses = text("ICD-10 codes", required=False, longest=400, help_text="Separated by commas.")
    service_requested = text("Service", required=False, longest=120)
    payer = forms.ModelChoiceField(
        label="Insurance", required=False, queryset=Payer.objects.filter(active=True), empty_label="Not known"
    )
    member_id = text("Member id", required=False, longest=40)
    authorization_state = forms.ChoiceField(label="Authorization", choices=Referral.Authorization.choices)
    authorization_number = text("Authorization number", required=False, longest=40)
    authorization_expires_on = forms.DateField(label="Authorization ends on", required=False, widget=DateInput)
    needed_by = forms.DateField(label="Needed by", required=False, widget=DateInput)
    keeps_originals = DETAIL_FIELDS

    def first_values(self) -> dict[str, Any]:
        values = {name: getattr(self.referral, name) for name in DETAIL_FIELDS}
        return values | {"diagnoses": ", ".join(self.referral.diagnoses), "payer": self.referral.payer_id}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        changed = {name: data[name] for name in DETAIL_FIELDS if name in self.changed_data and name in data}
        if "diagnoses" in changed:
            changed["diagnoses"] = split_codes(changed["diagnoses"])
        if "authorization_state" in changed:
            changed["authorization_number"] = data.get("authorization_number", "")
        data["changes"] = changed
        return data


def update_details(common: dict[str, Any], data: dict[str, Any]) -> str:
    if not data["changes"]:
        return "Nothing was different; nothing changed."
    details.update_details(**common, changes=data["changes"])
    return "Details changed."
