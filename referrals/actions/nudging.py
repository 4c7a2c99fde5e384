"""Asking by hand, at once: what a rung would say, sent because a person wants it now. The clock is left alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from notifications.selectors import messages_about
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Stage
from referrals.lifecycle.transition import changing
from referrals.messages import escalations
from referrals.messages.escalations import ByHand, Escalation
from referrals.models import EscalationRung, Referral, ReferralEvent
from referrals.practice.calendar import practice_calendar

AGAIN_AFTER = timedelta(hours=1)  # the same audience is not nudged twice within it: a double click, a flood
Audience = EscalationRung.Audience
AUDIENCES = (Audience.OWNER, Audience.MANAGER, Audience.REFERRING, Audience.RECEIVING)


@dataclass(frozen=True)
class Nudged:
    """``note_request`` is the number of the request for the note, 0 for any other nudge; ``unreached`` names an office
    that has no address which takes the message: the owner was told to call it."""

    referral: Referral
    note_request: int
    unreached: str


def nudge(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    audience: str,
    comment: str = "",
    expected_version: int | None = None,
) -> Nudged:
    """Tell ``audience`` (one of AUDIENCES) now; an office asked for its note gets the next numbered request.

    ``comment`` is added for channels that may carry patient data. It is no rung: what the policy says still fires.

    1. Lock the referral; refuse an audience that is not there, or that was nudged within AGAIN_AFTER.
    2. Write the event.
    3. Enqueue the messages in the same transaction."""
    with transaction.atomic():
        with changing(referral, Action.NUDGE, actor=actor, now=now, expected_version=expected_version) as change:
            nudged = change.referral
            _refuse(nudged, audience, now)
            change.data = {"audience": audience, "stage": nudged.stage, "comment": comment.strip()[:300]}
            if asks_for_note(nudged, audience):
                change.data["note_request"] = escalations.note_requests_so_far([nudged]).get(nudged.pk, 0) + 1
        number = change.data.get("note_request", 0)
        by_hand = ByHand(actor=actor.label, comment=change.data["comment"], note_request=number)
        escalations.tell([Escalation(nudged.pk, change.event.pk, (audience,), by_hand)], now=now)
        return Nudged(nudged, number, _unreached(change.event, nudged))


def asks_for_note(referral: Referral, audience: str) -> bool:
    return audience == Audience.RECEIVING and referral.stage == Stage.NOTE_PENDING


def last_nudge(referral: Referral, audience: str, *, now: datetime) -> ReferralEvent | None:
    """The nudge of ``audience`` that forbids another one yet, if there is one."""
    lately = referral.events.filter(kind="nudged", at__gt=now - AGAIN_AFTER).order_by("-at")
    return next((event for event in lately if event.data["audience"] == audience), None)


def _refuse(referral: Referral, audience: str, now: datetime) -> None:
    if audience not in AUDIENCES:
        raise InvalidInput([("audience", f"Choose one of: {', '.join(AUDIENCES)}.")])
    if audience == Audience.RECEIVING and referral.receiving_office_id is None:
        raise InvalidInput([("audience", "No specialist has been chosen yet: there is no receiving office to nudge.")])
    if (last := last_nudge(referral, audience, now=now)) is not None:
        again = (last.at + AGAIN_AFTER).astimezone(practice_calendar().zone)
        raise InvalidInput(
            [("audience", f"{last.actor_label} nudged them within the last hour; wait until {again:%-I:%M %p}.")]
        )


def _unreached(event: ReferralEvent, referral: Referral) -> str:
    told = messages_about(referral.number).filter(created_at=event.at, nobody_to_tell=True)
    return next((m.recipient.name for m in told if m.dedupe_key.startswith(f"event:{event.pk}:")), "")
