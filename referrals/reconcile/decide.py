"""Close the loop: a final note is reconciled to its encounter, and for inbound referrals delivered."""

from datetime import datetime

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import Change, changing
from referrals.models import Encounter, Reconciliation, Referral
from referrals.practice.calendar import practice_calendar
from referrals.reconcile.encounters import FoundEncounter, find_or_infer


def reconcile(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    encounter: Encounter | None = None,
    expected_version: int | None = None,
) -> Referral:
    """Tie the referral's final note to the visit it documents.

    Outbound and internal referrals close here; an inbound one closes once the note was delivered as well. Without
    ``encounter`` the visit is found or inferred. Sets documented-for-billing on the visit."""
    with changing(referral, Action.RECONCILE, actor=actor, now=now, expected_version=expected_version) as change:
        settled = change.referral
        if encounter is not None and encounter.patient_id != settled.patient_id:
            raise InvalidInput([("encounter", "This visit is another patient's.")])
        calendar = practice_calendar()
        found = (
            FoundEncounter(encounter, [f"visit on {encounter.occurred_on} chosen by {actor.label}"])
            if encounter
            else find_or_infer(
                settled,
                service_date=settled.note.service_date,
                seen_on=calendar.local_date(settled.seen_at or now),
                now=now,
            )
        )
        evidence = [f"attached to this referral by {settled.note.versions.last().received_from}", *found.evidence]
        _settle(change, found.encounter, evidence)
    return change.referral


def reconcile_again(
    *, referral: Referral, undone: Reconciliation, closed_at: datetime | None, actor: Actor, now: datetime
) -> Referral:
    """Put a reconciliation back that was ``undone`` by mistake: the same visit, documented since the same moment, and the
    referral closed since ``closed_at`` (None: it was not)."""
    with changing(referral, Action.RECONCILE, actor=actor, now=now) as change:
        _settle(change, undone.encounter, undone.evidence, at=undone.decided_at)
        if change.to == Status.CLOSED:
            change.referral.ended_at = closed_at
    return change.referral


def _settle(change: Change, encounter: Encounter, evidence: list[str], at: datetime | None = None) -> None:
    """The note of a locked referral documents ``encounter``, since ``at`` (now)."""
    settled, since = change.referral, at or change.now
    Reconciliation.objects.create(
        referral=settled,
        version=settled.note.versions.last(),
        encounter=encounter,
        evidence=evidence,
        decided_by=change.actor.label,
        decided_at=change.now,
    )
    encounter.documented_for_billing, encounter.documented_at = True, since
    encounter.save(update_fields=["documented_for_billing", "documented_at"])
    settled.encounter, settled.reconciled_at = encounter, since
    delivered = settled.delivered_at is not None
    settled.document_status = Referral.DocumentStatus.DELIVERED if delivered else Referral.DocumentStatus.RECONCILED
    waits_for_delivery = settled.direction == Referral.Direction.INBOUND and not delivered
    change.to = Status.NOTE_RETURNED if waits_for_delivery else Status.CLOSED
    if change.to == Status.CLOSED:
        change.kind = "closed"
    change.data = {
        "encounter": encounter.pk,
        "occurred_on": encounter.occurred_on.isoformat(),
        "inferred": encounter.source == Encounter.Source.INFERRED,
        "evidence": evidence,
    }


def acknowledge(
    *, referral: Referral, actor: Actor, now: datetime, how: str = "", expected_version: int | None = None
) -> Referral:
    """Our note reached the referrer of an inbound referral: they acknowledged it, or staff know it was delivered.

    ``how`` says by which way (for staff: fax confirmation, portal, post). Closes when the note is reconciled."""
    if actor.user is not None and not how.strip():
        raise InvalidInput([("how", "Say how you know that the referrer has the note, such as: fax confirmed.")])
    with changing(referral, Action.ACKNOWLEDGE, actor=actor, now=now, expected_version=expected_version) as change:
        delivered = change.referral
        delivered.delivered_at = now
        if delivered.reconciled_at is not None:
            delivered.document_status = Referral.DocumentStatus.DELIVERED
            change.to = Status.CLOSED
            if delivered.status != Status.CLOSED:
                change.kind = "closed"
        else:
            change.to = Status.NOTE_RETURNED
        change.data = {"how": how or f"acknowledged by {actor.label}"}
    return change.referral
