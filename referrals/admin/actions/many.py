"""What can be done to many selected referrals: the fields that are asked once, and the service for each."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms

from referrals.actions import contacts, nudging, snoozing
from referrals.admin.actions.step import MomentInput, dress, text
from referrals.admin.wording import day_and_time
from referrals.models import ContactAttempt, Coordinator
from referrals.routing import assign

Common = dict[str, Any]
Outcome = ContactAttempt.Outcome


class Done(NamedTuple):
    """What was done to one referral, and what somebody has to look at because of it."""

    words: str
    look: str = ""


class _Many(forms.Form):
    def __init__(self, *args: Any, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.now = now
        self.prepare()
        dress(self)

    def prepare(self) -> None:
        """Fill in choices."""

    def settled(self) -> dict[str, Any]:
        """The fields as the service takes them. Raises InvalidInput for what it would refuse for every row."""
        return self.cleaned_data


# A day to call back and an agreed visit are of one patient: those are logged one by one.
OUTCOMES = [choice for choice in Outcome.choices if choice[0] not in (Outcome.CALL_BACK, Outcome.SCHEDULED)]


class LogContactMany(_Many):
    party = forms.ChoiceField(label="Whom", choices=ContactAttempt.Party.choices)
    channel = forms.ChoiceField(label="How", choices=ContactAttempt.Channel.choices)
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Choose"), *OUTCOMES])
    at = forms.DateTimeField(label="When", required=False, widget=MomentInput, help_text="Empty: just now.")
    comment = text("Comment", lines=2, required=False, longest=500, help_text="Stands on each of them.")

    def settled(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        contacts.refuse_bad_time(data["at"], now=self.now)
        return data


def log_contact_one(common: Common, data: dict[str, Any]) -> Done:
    attempt = contacts.log_contact(**common, **data)
    return Done(f"{attempt}.")


class AssignMany(_Many):
    owner = forms.ModelChoiceField(label="New owner", queryset=Coordinator.objects.none(), empty_label="Choose")
    comment = text("Comment", required=False, help_text="Stays inside the group.")

    def prepare(self) -> None:
        """Offer everybody with how much they have, for whoever hands over wants to spread it."""
        people = Coordinator.objects.filter(active=True)
        loads = assign.open_per_owner(people.values_list("pk", flat=True))
        self.fields["owner"].queryset = people
        self.fields["owner"].label_from_instance = lambda person: f"{person.name} ({loads.get(person.pk, 0)} open)"


def assign_one(common: Common, data: dict[str, Any]) -> Done:
    after = assign.reassign(**common, owner=data["owner"], comment=data["comment"])
    return Done(f"{after.owner} owns it now.")


def snooze_one(common: Common, data: dict[str, Any]) -> Done:
    after = snoozing.snooze(**common, **data)
    return Done(f"Snoozed until {day_and_time(after.snoozed_until)}.")


class WakeMany(_Many):
    comment = text("Comment", required=False, help_text="Stays inside the group.")


def wake_one(common: Common, data: dict[str, Any]) -> Done:
    snoozing.wake(**common, comment=data["comment"])
    return Done("Awake again.")


def nudge_one(common: Common, data: dict[str, Any]) -> Done:
    done = nudging.nudge(**common, audience=data["audience"], comment=data["comment"])
    words = f"Nudged: {nudging.Audience(data['audience']).label.lower()}."
    if done.unreached:
        return Done(words, f"{done.unreached} has no address that takes this message: call or fax them.")
    return Done(words)
