"""One row of the worklist, and of every list like it: who, what, how late, what next, and the one click that does it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from referrals import selectors
from referrals.admin import wording
from referrals.admin.actions.leading import is_being_tried
from referrals.admin.referral.timeline import told
from referrals.lifecycle.states import Action, Status
from referrals.messages.escalations import note_requests_so_far
from referrals.models import Referral, ReferralEvent
from referrals.practice import moments
from referrals.practice.calendar import practice_calendar

Direction = Referral.Direction


@dataclass(frozen=True)
class Call:
    """Somebody to telephone, and their number as a link takes it."""

    whom: str
    number: str

    @property
    def href(self) -> str:
        return f"tel:{self.number.replace('x', ',')}"  # a comma waits before the extension is dialled


def rows_of(referrals: Iterable[Referral], *, now: datetime, may_work: bool) -> list[dict[str, Any]]:
    """The rows as templates show them: three queries for any number of referrals read with
    selectors.with_parties and their contact attempts."""
    referrals = list(referrals)
    if not referrals:
        return []
    requests = note_requests_so_far(referrals)
    touches = selectors.last_touches(referrals)
    return [
        _row(
            referral,
            now,
            may_work,
            step=wording.step_for(referral, now, note_requests=requests[referral.pk]),
            touch=touches.get(referral.pk),
        )
        for referral in referrals
    ]


def _row(
    referral: Referral, now: datetime, may_work: bool, *, step: str, touch: ReferralEvent | None
) -> dict[str, Any]:
    return {
        "referral": referral,
        "href": wording.page_of(referral),
        "priority": wording.priority_badge(referral),
        "specialist": wording.specialist_of(referral),
        "badge": wording.status_badge(referral.status),
        "age": _age(referral, now),
        "due": _due(referral, now),
        "step": step or str(referral.ending_reason or "Nothing: the loop is closed"),
        "then": _then(referral, now),
        "act": _act(referral, now) if may_work else None,
        "call": call_for(referral),
        "touch": _touch(touch, now),
    }


def _age(referral: Referral, now: datetime) -> str:
    if referral.stage_since is None:
        return f"ended {moments.relative(referral.ended_at, now, practice_calendar())}" if referral.ended_at else ""
    age = wording.age_for(referral, now)
    return "since today" if age == "today" else age


def _due(referral: Referral, now: datetime) -> dict[str, str] | None:
    due = wording.due_for(referral, now)
    if due is None:
        return None
    return {"words": due["words"], "at": due["at"], "tone": "late" if due["late"] else "soon" if due["soon"] else ""}


def _then(referral: Referral, now: datetime) -> str:
    """What follows when a snooze ends; nothing for a referral that is awake."""
    if not referral.is_asleep(now):
        return ""
    return f"snoozed by {referral.snoozed_by}; then: {wording.step_for(referral, now, when_awake=True)}"


def _touch(event: ReferralEvent | None, now: datetime) -> dict[str, Any] | None:
    if event is None:
        return None
    return {"who": event.actor_label, "what": told(event), "at": event.at}


def likely_action(referral: Referral, now: datetime) -> tuple[Action, str] | None:
    """The action that moves the referral on from where it stands, and what its button says; None once it ended."""
    visit = referral.appointment
    inbound = referral.direction == Direction.INBOUND
    if referral.is_asleep(now):
        return Action.WAKE, "Wake up"
    match referral.status:
        case Status.RECEIVED:
            return Action.ROUTE, "Choose specialist"
        case Status.ROUTED:
            return Action.LOG_CONTACT, "Log contact"
        case Status.ACCEPTED if is_being_tried(wording.reach_of(referral)):
            return Action.LOG_CONTACT, "Log contact"
        case Status.ACCEPTED:
            return Action.BOOK, "Book visit"
        case Status.SCHEDULED if visit is not None and visit.starts_at > now:
            return Action.CONFIRM_APPOINTMENT, "Patient confirmed"
        case Status.SCHEDULED:
            return Action.MARK_SEEN, "Patient seen"
        case Status.SEEN:
            return (Action.ATTACH_NOTE, "Attach note") if inbound else (Action.NUDGE, "Ask for note")
        case Status.NOTE_RETURNED:
            return (Action.ACKNOWLEDGE, "Note delivered") if referral.reconciled_at else (Action.RECONCILE, "Reconcile")
        case Status.ON_HOLD:
            return Action.RESUME, "Resume"
        case Status.CANCEL_REQUESTED:
            return Action.CONFIRM_CANCEL, "Confirm cancel"
    return None


def _act(referral: Referral, now: datetime) -> dict[str, str] | None:
    found = likely_action(referral, now)
    if found is None:
        return None
    action, label = found
    return {
        "label": label,
        "href": reverse("admin:referrals_referral_act", kwargs={"pk": referral.pk, "action": str(action)}),
    }


def call_for(referral: Referral) -> Call | None:
    """Who has to be called for the next step, when their number is known."""
    patient, receiving, referring = referral.patient, referral.receiving_office, referral.referring_office
    match referral.status:
        case Status.ACCEPTED | Status.SCHEDULED:
            whom, number = patient.given_name, patient.phone
        case Status.ROUTED | Status.SEEN | Status.CANCEL_REQUESTED if receiving is not None:
            theirs = referral.receiving_provider.phone if referral.receiving_provider else ""
            whom, number = receiving.name, theirs or receiving.phone
            if referral.status == Status.SEEN and referral.direction == Direction.INBOUND:
                return None  # the note is ours to write
        case Status.RECEIVED | Status.ON_HOLD | Status.NOTE_RETURNED:
            whom, number = referring.name, referring.phone
        case _:
            return None
    return Call(whom, number) if number else None
