"""Send a referral to a specialist: automatically, or by hand with a reason."""

from datetime import datetime

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.specialist import forget_specialist, release_booked
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import Change, changing
from referrals.models import Office, Provider, Referral, RoutingDecision
from referrals.practice.calendar import practice_calendar
from referrals.routing.candidates import KEPT_ALTERNATIVES, Ranking, ask_of, misfits, rank, waiting_for


def direction_between(referring: Office, receiving: Office | None) -> str:
    """Inbound when the referrer is outside; outbound when the specialist is; internal when both are ours."""
    if not referring.is_ours:
        return Referral.Direction.INBOUND
    if receiving is not None and receiving.is_ours:
        return Referral.Direction.INTERNAL
    return Referral.Direction.OUTBOUND


def rank_for(referral: Referral, *, now: datetime) -> Ranking:
    """Candidates for a stored referral now: on its own side first, and for our own referrals on any side when nobody
    is left there (an outside specialist declined, one of ours may take it)."""
    today = practice_calendar().local_date(now)
    ranking = rank(ask_of(referral, direction=referral.direction), today=today)
    if ranking.best is None and referral.direction != Referral.Direction.INBOUND:
        return rank(ask_of(referral, direction=""), today=today)
    return ranking


def route_automatically(*, referral: Referral, actor: Actor, now: datetime, ranking: Ranking | None = None) -> Referral:
    """Send the referral to the best candidate, or record which criterion left none.

    ``ranking`` may be handed in when it was computed in the same transaction already."""
    with changing(referral, Action.ROUTE, actor=actor, now=now) as change:
        ranking = ranking or rank_for(change.referral, now=now)
        best = ranking.best
        decision = _decision(change, ranking)
        if best is None:
            change.kind = "not_routed"
            change.to = Status.RECEIVED
            change.data = {"because": ranking.no_match_because}
        else:
            decision.reasons = list(best.reasons)
            send_to(change, office=best.office, provider=best.provider, reasons=list(best.reasons))
            decision.office, decision.provider = best.office, best.provider
        decision.save()
    return change.referral


def route_by_hand(
    *,
    referral: Referral,
    office: Office,
    provider: Provider | None,
    actor: Actor,
    now: datetime,
    comment: str = "",
    expected_version: int | None = None,
) -> Referral:
    """Send the referral where a person chose. A reason is required when it is not the router's first choice."""
    with changing(referral, Action.ROUTE, actor=actor, now=now, expected_version=expected_version) as change:
        ranking = rank_for(change.referral, now=now)
        refuse_unsuitable(change.referral, office=office, provider=provider)
        match = next((c for c in ranking.candidates if c.office == office and c.provider == provider), None)
        if not comment.strip() and (match is None or match is not ranking.best):
            raise InvalidInput([("comment", "Say why, because this is not the first of the suggested specialists.")])
        reasons = list(match.reasons) if match else ["chosen by hand", *_although(change.referral, office, provider)]
        send_to(change, office=office, provider=provider, reasons=reasons)
        change.data["comment"] = comment
        decision = _decision(change, ranking)
        decision.by_hand, decision.comment = True, comment[:300]
        decision.office, decision.provider, decision.reasons = office, provider, reasons
        decision.save()
    return change.referral


def _although(referral: Referral, office: Office, provider: Provider | None) -> list[str]:
    if provider is None:
        return []
    ask = ask_of(referral, direction=referral.direction)
    waiting = waiting_for([provider.pk]).get(provider.pk, 0)
    against = misfits(ask, provider=provider, office=office, waiting=waiting)
    return [f"although {provider} {misfit}" for misfit in against]


def refuse_unsuitable(referral: Referral, *, office: Office, provider: Provider | None) -> None:
    """Raise InvalidInput for a specialist who cannot be chosen at all: inactive, elsewhere, or on the wrong side."""
    problems = []
    if not office.active:
        problems.append(("office", f"{office.name} is no longer active."))
    if not referral.referring_office.is_ours and not office.is_ours:
        problems.append(("office", "An inbound referral goes to one of our own offices."))
    if provider is not None:
        if not provider.active:
            problems.append(("provider", f"{provider} is no longer active."))
        if not provider.offices.filter(pk=office.pk).exists():
            problems.append(("provider", f"{provider} does not practise at {office.name}."))
    if problems:
        raise InvalidInput(problems)


def send_to(change: Change, *, office: Office, provider: Provider | None, reasons: list[str]) -> None:
    """Set the specialist on the referral being changed; what tied it to the one before is undone."""
    referral = change.referral
    release_booked(referral, reason="Another specialist was chosen")
    forget_specialist(referral)
    referral.receiving_office, referral.receiving_provider = office, provider
    referral.receiving_since_version = referral.version + 1
    referral.routed_at = change.now
    referral.hold_until, referral.hold_reason = None, ""
    referral.direction = direction_between(referral.referring_office, office)
    change.to = Status.ROUTED
    change.data = {
        "office": office.name,
        "office_id": office.pk,
        "provider": str(provider or ""),
        "reasons": reasons,
    }


def settle_place(change: Change, *, office: Office | None, provider: Provider | None) -> None:
    """Let a booking or a visit choose the specialist of a referral without one.

    Raises InvalidInput when neither names a place, or it contradicts the specialist the referral is with."""
    referral = change.referral
    place = office or referral.receiving_office
    if place is None:
        raise InvalidInput([("office", "No specialist has been chosen yet: say at which office the visit is.")])
    if provider is not None or office is not None:
        refuse_unsuitable(referral, office=place, provider=provider)
    if referral.receiving_office_id == place.pk:
        if provider is not None:
            referral.receiving_provider = provider
        return
    if referral.receiving_office_id is not None:
        raise InvalidInput(
            [("office", f"The referral is with {referral.receiving_office}; choose the specialist first.")]
        )
    referral.receiving_office, referral.receiving_provider = place, provider
    referral.receiving_since_version = referral.version + 1
    referral.routed_at = change.now
    referral.direction = direction_between(referral.referring_office, place)


def _decision(change: Change, ranking: Ranking) -> RoutingDecision:
    return RoutingDecision(
        referral=change.referral,
        at=change.now,
        decided_by=change.actor.label,
        candidates=[candidate.as_json() for candidate in ranking.candidates[:KEPT_ALTERNATIVES]],
        funnel=[list(step) for step in ranking.funnel],
        no_match_because=ranking.no_match_because[:200],
    )
