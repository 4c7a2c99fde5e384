"""Log a contact: whom, how and with what outcome; an agreed visit is booked by the same step."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction

from referrals.actions import contacts, scheduling
from referrals.admin.actions.step import Caution, DateInput, MomentInput, StepForm, text
from referrals.admin.wording import day_and_time, reach_of, step_for
from referrals.lifecycle.reaching import TRIES_BEFORE_LETTER
from referrals.lifecycle.states import Action, Status, targets
from referrals.models import ContactAttempt

Outcome, Party = ContactAttempt.Outcome, ContactAttempt.Party
USUAL_MINUTES = 30
# What a list of outcomes has to say more of than the history, where whom and how stand beside it.
_IN_A_LIST = {Outcome.REACHED: "Reached: nothing settled", Outcome.SENT: "Letter, fax or message sent"}
_ASKS_OFFICE = (Status.ROUTED, Status.SEEN, Status.CANCEL_REQUESTED)  # whose answer the referral waits for


class LogContactForm(StepForm):
    outcome = forms.ChoiceField(label="Outcome", widget=forms.RadioSelect)
    call_back_on = forms.DateField(label="Call back on", required=False, widget=DateInput)
    starts_at = forms.DateTimeField(
        label="Visit agreed for", required=False, widget=MomentInput, help_text="Books it for half an hour."
    )
    party = forms.ChoiceField(label="Whom", choices=Party.choices)
    channel = forms.ChoiceField(label="How", choices=ContactAttempt.Channel.choices)
    comment = text("Comment", lines=2, required=False, longest=500)
    at = forms.DateTimeField(label="When", required=False, widget=MomentInput, help_text="Empty: just now.")

    def first_values(self) -> dict[str, Any]:
        asks_office = self.referral.status in _ASKS_OFFICE and self.referral.receiving_office_id
        return {"party": Party.RECEIVING if asks_office else Party.PATIENT}

    def prepare(self) -> None:
        self.can_book = (
            self.referral.receiving_office_id is not None
            and self.referral.status not in (Status.SEEN, Status.NOTE_RETURNED)
            and bool(targets(Action.BOOK, self.referral.status))
        )
        self.fields["outcome"].choices = [
            (value, _IN_A_LIST.get(value, label))
            for value, label in Outcome.choices
            if self.can_book or value != Outcome.SCHEDULED
        ]
        self.fields["call_back_on"].needed = "for a call back"
        self.fields["starts_at"].needed = "leave empty to book later"
        if not self.can_book:
            del self.fields["starts_at"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("outcome") != Outcome.SCHEDULED:
            data["starts_at"] = None
        if data.get("outcome") != Outcome.CALL_BACK:
            data["call_back_on"] = None
        if data.get("starts_at") and data["starts_at"] < self.now:
            self.add_error("starts_at", "This time is past. Enter a past visit with Book appointment.")
        return data


def log_contact(common: dict[str, Any], data: dict[str, Any]) -> str:
    fields = ("party", "channel", "outcome", "comment", "at", "call_back_on")
    with transaction.atomic():
        attempt = contacts.log_contact(**common, **{name: data[name] for name in fields})
        referral = attempt.referral
        if data["starts_at"]:
            ends_at = data["starts_at"] + timedelta(minutes=USUAL_MINUTES)
            later = common | {"referral": referral, "expected_version": None}
            scheduling.book(**later, starts_at=data["starts_at"], ends_at=ends_at)
            return f"Noted, and booked for {day_and_time(data['starts_at'])}."
    return _what_follows(referral, attempt, common["now"])


def _what_follows(referral, attempt: ContactAttempt, now) -> str:
    done = f"Noted: {attempt}."
    if attempt.party != Party.PATIENT:
        return done
    following = f"{done} Next: {step_for(referral, now, when_awake=True)}."
    return Caution(following) if reach_of(referral).tries >= TRIES_BEFORE_LETTER else following
