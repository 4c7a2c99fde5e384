"""Give everything open that one coordinator owns to another, in one go."""

from dataclasses import dataclass, field
from datetime import datetime

from referrals.errors import InvalidInput, ReferralError
from referrals.lifecycle.actor import Actor
from referrals.models import Coordinator, Referral
from referrals.routing.assign import reassign

MOST = 500  # at a time, so that a request ends; the rest is told and done by asking again


@dataclass
class HandedOver:
    """``done`` went over, ``left`` are still to go, ``refused`` says which could not and why."""

    done: int = 0
    left: int = 0
    refused: list[str] = field(default_factory=list)


def open_of(owner: Coordinator):
    """The open referrals of ``owner``, those that are due first before the others."""
    return Referral.objects.filter(owner=owner, ended_at__isnull=True).order_by("next_escalation_at", "pk")


def hand_over(*, owner: Coordinator, to: Coordinator, actor: Actor, now: datetime, comment: str = "") -> HandedOver:
    """Each referral in a transaction of its own, so one that changes meanwhile does not keep the others back.

    Raises InvalidInput when ``to`` cannot take them, NotPermitted when ``actor`` may not."""
    if to == owner:
        raise InvalidInput([("to", "Choose somebody else.")])
    if not to.active:
        raise InvalidInput([("to", f"{to.name} is no longer active; choose somebody else.")])
    result = HandedOver()
    for referral in open_of(owner)[:MOST]:
        try:
            reassign(referral=referral, owner=to, actor=actor, now=now, comment=comment)
            result.done += 1
        except ReferralError as error:
            result.refused.append(f"{referral.number}: {error}")
    result.left = open_of(owner).count() - len(result.refused)
    return result
