"""Contact attempts and comments: they move no status, and belong on the timeline all the same."""

from datetime import datetime, timedelta

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import changing
from referrals.models import ContactAttempt, Referral

LATEST_ENTRY = timedelta(days=90)  # how far back an attempt may be entered


def log_contact(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    outcome: str,
    channel: str = ContactAttempt.Channel.PHONE,
    party: str = ContactAttempt.Party.PATIENT,
    comment: str = "",
    at: datetime | None = None,
    expected_version: int | None = None,
) -> ContactAttempt:
    """Record one attempt to reach the patient or an office, made at ``at`` (default: now)."""
    at = at or now
    if not now - LATEST_ENTRY <= at <= now + timedelta(minutes=5):
        raise InvalidInput([("at", "Give a time in the last 90 days, not in the future.")])
    with changing(referral, Action.LOG_CONTACT, actor=actor, now=now, expected_version=expected_version) as change:
        attempt = ContactAttempt.objects.create(
            referral=change.referral,
            at=at,
            party=party,
            channel=channel,
            outcome=outcome,
            comment=comment[:500],
            made_by=actor.label,
        )
        change.data = {
            "attempt": attempt.pk,
            "party": party,
            "channel": channel,
            "outcome": outcome,
            "comment": comment[:500],
        }
    return attempt


def comment_on(
    *, referral: Referral, actor: Actor, now: datetime, text: str, expected_version: int | None = None
) -> Referral:
    """Put a remark on the timeline; both offices can read it."""
    if not text.strip():
        raise InvalidInput([("text", "Write something first.")])
    with changing(referral, Action.COMMENT, actor=actor, now=now, expected_version=expected_version) as change:
        change.data = {"text": text[:2000]}
    return change.referral
