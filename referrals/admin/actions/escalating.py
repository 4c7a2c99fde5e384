"""Who is told when, by hand: snooze, wake, nudge. The fields serve one referral and many selected ones alike."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from referrals.actions import nudging, snoozing
from referrals.admin.actions.placing import start_of_business
from referrals.admin.actions.step import DateInput, StepForm, dress, text
from referrals.admin.wording import day_and_time
from referrals.messages.escalations import note_requests_so_far
from referrals.messages.wording import ordinal
from referrals.practice.calendar import practice_calendar

ANOTHER_DAY = "other"


def handy_ends(now: datetime) -> list[tuple[str, datetime]]:
    """(words, end) of the snoozes people want most, each at the start of business; never the same end twice."""
    calendar = practice_calendar()
    today = calendar.local_date(now)
    next_day = calendar.add_business_days(now, 1)
    monday = calendar.start_of(today + timedelta(days=7 - today.weekday()))
    is_tomorrow = calendar.local_date(next_day) == today + timedelta(days=1)
    offered = (
        ("Tomorrow" if is_tomorrow else "Next business day", next_day),
        ("In 2 business days", calendar.add_business_days(now, 2)),
        ("Next week", calendar.add_business_days(monday, 0)),
    )
    ends: dict[datetime, str] = {}
    for words, end in offered:
        ends.setdefault(end, words)
    return [(words, end) for end, words in ends.items()]


class SnoozeFields(forms.Form):
    when = forms.ChoiceField(label="Until", widget=forms.RadioSelect)
    until = forms.DateField(
        label="That day",
        required=False,
        widget=DateInput,
        help_text=f"At the start of business, within {snoozing.LONGEST_SNOOZE.days} days.",
    )
    reason = text("Why it may wait", longest=200, help_text="Shown on the worklist. Stays inside the group.")

    def offer_ends(self, now: datetime) -> None:
        self.fields["until"].needed = "for another day"
        self.ends = {end.isoformat(): end for _, end in handy_ends(now)}
        choices = [(end.isoformat(), f"{words}: {day_and_time(end)}") for words, end in handy_ends(now)]
        self.fields["when"].choices = [*choices, (ANOTHER_DAY, "Another day")]
        self.fields["when"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("when") == ANOTHER_DAY and not data.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose the day.")
        return data

    def settled(self) -> dict[str, Any]:
        """{until, reason} as the service takes them. Raises InvalidInput for an end the service would refuse."""
        data = self.cleaned_data
        if data["when"] != ANOTHER_DAY:
            return {"until": self.ends[data["when"]], "reason": data["reason"]}
        return {"until": start_of_business(data["until"], path="until"), "reason": data["reason"]}


class SnoozeForm(SnoozeFields, StepForm):
    field_order = ["expected_version", "when", "until", "reason"]

    def first_values(self) -> dict[str, Any]:
        return {"reason": self.referral.snooze_reason} if self.referral.is_asleep(self.now) else {}

    def prepare(self) -> None:
        self.offer_ends(self.now)

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"form": self}


class SnoozeMany(SnoozeFields):
    field_order = ["when", "until", "reason"]

    def __init__(self, *args: Any, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.now = now
        self.offer_ends(now)
        dress(self)

    def settled(self) -> dict[str, Any]:
        settled = super().settled()
        snoozing.refuse_bad_snooze(**settled, now=self.now)
        return settled


def snooze(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = snoozing.snooze(**common, **data["form"].settled())
    return f"Snoozed until {day_and_time(after.snoozed_until)}."


def wake(common: dict[str, Any], data: dict[str, Any]) -> str:
    after = snoozing.wake(**common, comment=data["comment"])
    return f"Awake again. Next look: {day_and_time(max(after.next_escalation_at, common['now']))}."


class NudgeFields(forms.Form):
    audience = forms.ChoiceField(
        label="Whom",
        widget=forms.RadioSelect,
        choices=[(audience.value, audience.label) for audience in nudging.AUDIENCES],
    )
    comment = text(
        "A sentence of yours",
        lines=2,
        required=False,
        help_text="Sent with it where the address is secure; a plain e-mail carries none of it.",
    )


class NudgeForm(NudgeFields, StepForm):
    field_order = ["expected_version", "audience", "comment"]

    def prepare(self) -> None:
        on = self.referral
        to = {
            nudging.Audience.OWNER: f"Owner: {on.owner}",
            nudging.Audience.MANAGER: "Managers",
            nudging.Audience.REFERRING: f"Referring office: {on.referring_office}",
        }
        if on.receiving_office is not None:
            to[nudging.Audience.RECEIVING] = f"Receiving office: {on.receiving_office}"
        if nudging.asks_for_note(on, nudging.Audience.RECEIVING) and on.receiving_office is not None:
            number = note_requests_so_far([on])[on.pk] + 1
            to[nudging.Audience.RECEIVING] += f" ({ordinal(number).lower()} request for the consult note)"
        self.fields["audience"].choices = [(audience.value, words) for audience, words in to.items()]


class NudgeMany(NudgeFields):
    def __init__(self, *args: Any, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress(self)

    def settled(self) -> dict[str, Any]:
        return self.cleaned_data


def nudge(common: dict[str, Any], data: dict[str, Any]) -> str:
    done = nudging.nudge(**common, audience=data["audience"], comment=data["comment"])
    if done.unreached:
        return f"{done.unreached} has no address that takes this message: call or fax them, and enter an address."
    if done.note_request:
        return f"{ordinal(done.note_request)} request for the consult note is on its way."
    return f"Nudged: {nudging.Audience(data['audience']).label.lower()}."
