"""One row of the worklist, and of every list like it: who, what, how late, what next, and the one click that does it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referrals import selectors
from referrals.admin import wording
from referrals.admin.referral.row_offers import offers
from referrals.admin.referral.timeline import told
from referrals.lifecycle.states import Status
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
    """The rows as templates show them: at most four queries for any number of referrals read with
    selectors.with_parties and their contact attempts."""
    referrals = list(referrals)
    if not referrals:
        return []
    requests = note_requests_so_far(referrals)
    touches = selectors.last_touches(referrals)
    declined = selectors.last_declines(referrals)
    return [
        _row(
            referral,
            now,
            may_work,
            step=wording.step_for(
                referral, now, note_requests=requests[referral.pk], declined_by=declined.get(referral.pk, "")
            ),
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
        "since": _since(referral),
        "due": _due(referral, now),
        "step": step or str(referral.ending_reason or "Nothing: the loop is closed"),
        "then": _then(referral, now),
        "acts": _acts(referral, now) if may_work else [],
        "call": call_for(referral),
        "touch": _touch(touch, now),
    }


def _age(referral: Referral, now: datetime) -> str:
    if referral.stage_since is None:
        return f"ended {moments.relative(referral.ended_at, now, practice_calendar())}" if referral.ended_at else ""
    age = wording.age_for(referral, now)
    return "since today" if age == "today" else age


def _since(referral: Referral) -> str:
    since = wording.local(referral.stage_since)
    return f"since {since:%b} {since.day}" if since else ""


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


def _acts(referral: Referral, now: datetime) -> list[dict[str, str]]:
    return [{"label": offer.label, "href": offer.href(referral)} for offer in offers(referral, now)]


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
