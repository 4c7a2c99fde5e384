"""The specialist's answer: accept, decline, ask for information."""

from datetime import datetime

from django.db import transaction

from referrals.actions.holding import problems_of_end
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.specialist import forget_specialist, release_booked, take_off_drafts
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import changing
from referrals.models import Referral, RoutingExclusion
from referrals.practice.calendar import practice_calendar
from referrals.reconcile.encounters import drop_encounter
from referrals.routing.choose import route_automatically

INFORMATION_WAIT_BUSINESS_DAYS = 3  # how long an answer may take before the owner looks, unless a date is given


def accept(
    *, referral: Referral, actor: Actor, now: datetime, comment: str = "", expected_version: int | None = None
) -> Referral:
    """The specialist takes the patient. Ends a hold; a visit that was booked before it stands."""
    with changing(referral, Action.ACCEPT, actor=actor, now=now, expected_version=expected_version) as change:
        change.referral.accepted_at = now
        change.to = Status.SCHEDULED if change.referral.appointment_id else Status.ACCEPTED
        change.referral.hold_until, change.referral.hold_reason = None, ""
        change.data = {"comment": comment} if comment else {}
    return change.referral


def decline(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    reason: str,
    whole_office: bool = False,
    expected_version: int | None = None,
) -> Referral:
    """The specialist will not take the patient (also after accepting): exclude them and route again.

    The clinician is left out at every office; ``whole_office`` leaves out their colleagues at this one too. A draft of
    theirs is taken off: it is no note of the visit to come, and the next specialist has no business with it. Returns the
    referral after re-routing: ``routed`` to the next candidate, or ``received`` when nobody is left."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say why, so that the next specialist is chosen better.")])
    with transaction.atomic():
        with changing(referral, Action.DECLINE, actor=actor, now=now, expected_version=expected_version) as change:
            declined = change.referral
            office, provider = declined.receiving_office, declined.receiving_provider
            for excluded in {provider, None if whole_office else provider}:
                RoutingExclusion.objects.create(
                    referral=declined, office=office, provider=excluded, reason=reason[:300], at=now
                )
            change.data = {
                "reason": reason,
                "office": office.name,
                "office_id": office.pk,
                "provider": str(provider or ""),
            }
            if taken_off := take_off_drafts(declined):
                change.data["documents_taken_off"] = taken_off
            release_booked(declined, reason="Declined by the specialist")
            forget_specialist(declined)
            declined.seen_at = None
            drop_encounter(declined)
        return route_automatically(referral=change.referral, actor=Actor.system("Routing"), now=now)


def request_information(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    question: str,
    until: datetime | None = None,
    expected_version: int | None = None,
) -> Referral:
    """The specialist needs something first: on hold until answered, looked at again at ``until``."""
    if not question.strip():
        raise InvalidInput([("question", "Say what is needed.")])
    until = until or practice_calendar().add_business_days(now, INFORMATION_WAIT_BUSINESS_DAYS)
    if problems := problems_of_end(until, now=now):
        raise InvalidInput(problems)
    with changing(
        referral, Action.REQUEST_INFORMATION, actor=actor, now=now, expected_version=expected_version
    ) as change:
        change.referral.hold_until = until
        change.referral.hold_reason = f"Information requested: {question}"[:200]
        change.restart_clock = True
        change.data = {"question": question, "until": until.isoformat()}
    return change.referral
