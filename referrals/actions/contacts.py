"""Contact attempts and comments: they move no status, and belong on the timeline all the same."""

from datetime import date, datetime, timedelta

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import changing
from referrals.models import ContactAttempt, Referral
from referrals.practice.calendar import practice_calendar

CALL_BACK_WITHIN = timedelta(days=90)
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
    call_back_on: date | None = None,
    expected_version: int | None = None,
) -> ContactAttempt:
    """Record one attempt to reach the patient or an office, made at ``at`` (default: now).

    The outcome ``call_back`` needs the day they asked to be called again, ``call_back_on``; no other outcome has one."""
    at = at or now
    if problems := _problems_of_call_back(outcome, call_back_on, now) + _problems_of_time(at, now):
        raise InvalidInput(problems)
    with changing(referral, Action.LOG_CONTACT, actor=actor, now=now, expected_version=expected_version) as change:
        attempt = ContactAttempt.objects.create(
            referral=change.referral,
            at=at,
            party=party,
            channel=channel,
            outcome=outcome,
            call_back_on=call_back_on,
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
        if call_back_on is not None:
            change.data["call_back_on"] = call_back_on.isoformat()
    return attempt


def take_back_contact(
    *, referral: Referral, actor: Actor, now: datetime, attempt: int, comment: str, expected_version: int | None = None
) -> Referral:
    """The attempt was entered by mistake: it no longer counts as a try. The timeline keeps both."""
    with changing(referral, Action.LOG_CONTACT, actor=actor, now=now, expected_version=expected_version) as change:
        mistaken = ContactAttempt.objects.get(pk=attempt, referral=change.referral)
        change.kind = "contact_undone"
        change.data = {
            "attempt": attempt,
            "party": mistaken.party,
            "channel": mistaken.channel,
            "outcome": mistaken.outcome,
            "comment": comment,
        }
        mistaken.delete()
    return change.referral


def _problems_of_call_back(outcome: str, on: date | None, now: datetime) -> list[tuple[str, str]]:
    wanted = outcome == ContactAttempt.Outcome.CALL_BACK
    if wanted != (on is not None):
        return [("call_back_on", "Say on which day." if wanted else "Only for the outcome to call back.")]
    today = practice_calendar().local_date(now)
    if on is not None and not today <= on <= today + CALL_BACK_WITHIN:
        return [("call_back_on", f"Give a day from today on, within {CALL_BACK_WITHIN.days} days.")]
    return []


def refuse_bad_time(at: datetime | None, *, now: datetime) -> None:
    """Raise InvalidInput unless an attempt made ``at`` (None: now) may be entered ``now``."""
    if problems := _problems_of_time(at or now, now):
        raise InvalidInput(problems)


def _problems_of_time(at: datetime, now: datetime) -> list[tuple[str, str]]:
    if now - LATEST_ENTRY <= at <= now + timedelta(minutes=5):
        return []
    return [("at", "Give a time in the last 90 days, not in the future.")]


def comment_on(
    *, referral: Referral, actor: Actor, now: datetime, text: str, expected_version: int | None = None
) -> Referral:
    """Put a remark on the timeline; both offices can read it."""
    if not text.strip():
        raise InvalidInput([("text", "Write something first.")])
    with changing(referral, Action.COMMENT, actor=actor, now=now, expected_version=expected_version) as change:
        change.data = {"text": text[:2000]}
    return change.referral
