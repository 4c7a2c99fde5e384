"""What a decision on an incoming document did beyond its document, undone: the referral captured from it, its parts."""

from datetime import datetime

from referrals.actions import ending, taking_off
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import OPEN, Action, Status
from referrals.models import IncomingDocument, MatchDecision, Referral

State = IncomingDocument.State
SPLIT_UNDONE = "The split was taken back."
_WENT_ON = (Status.SEEN, Status.NOTE_RETURNED)


def void_captured(decision: MatchDecision, *, actor: Actor, now: datetime, reason: str) -> None:
    """The referral is voided as entered in error, unless it ended already, and the letter comes off it.

    Raises InvalidInput when the patient was seen since, or other documents are on it, or
    ``actor`` may not void."""
    referral = Referral.objects.get(pk=decision.referral_id)
    if referral.status in OPEN:
        _refuse_to_void(referral, decision, actor)
        ending.void(
            referral=referral, actor=actor, now=now, reason=ending.reason_for("entered_in_error"), comment=reason
        )
    if not taking_off.is_off(decision.version):
        taking_off.take_off(version=decision.version, actor=actor, now=now, reason=reason)


def _refuse_to_void(referral: Referral, decision: MatchDecision, actor: Actor) -> None:
    others = referral.documents.exclude(pk=decision.version.document_id).exclude(status="detached").exists()
    says = ""
    if others or referral.status in _WENT_ON:
        says = f"{referral.number} went on since it was captured from this. End it on its own page first, then take this back."
    elif not may(actor, Action.VOID, referral):
        says = f"{referral.number} would be voided by this, which a manager may: ask one to take it back."
    if says:
        raise InvalidInput([("decision", says)])


def set_parts_aside(row: IncomingDocument, *, actor: Actor, now: datetime) -> None:
    """The parts of a locked row that was split by hand; the whole is to be decided on instead.

    Raises InvalidInput when one of them is decided on already: what it did would stand beside the whole."""
    parts = IncomingDocument.objects.select_for_update().filter(part_of=row).order_by("pk")
    if done := [part.filename for part in parts if part.state in (State.MATCHED, State.SPLIT)]:
        raise InvalidInput([("decision", f"Take back first what was decided on its parts: {', '.join(done)}.")])
    for part in parts:
        if part.state == State.REJECTED:
            continue
        part.state, part.lease_until, part.leased_by, part.review_because = State.REJECTED, None, "", ""
        part.save(update_fields=["state", "lease_until", "leased_by", "review_because"])
        MatchDecision.objects.create(
            document=part,
            kind=MatchDecision.Kind.REJECTED,
            reason=SPLIT_UNDONE,
            decided_by=actor.label[:120],
            decided_at=now,
        )


def wait_again(part: IncomingDocument, *, by: str, now: datetime) -> None:
    """A part that was set aside because its split was undone is wanted now that it is cut off again."""
    standing = part.decisions.filter(undone_at__isnull=True, reason=SPLIT_UNDONE).first()
    if part.state != State.REJECTED or standing is None:
        return
    standing.take_back(by=by, now=now, reason="It was split again.")
    part.state, part.attempts = State.WAITING, 0
    part.save(update_fields=["state", "attempts"])
