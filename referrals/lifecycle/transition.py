"""The only writer of a referral's status.

``changing`` takes the row lock, checks that the action is permitted, legal and not stale, lets the service change
what it must, and writes status, clock, version, event and outgoing messages together. Every change of a referral goes through it, also
those that keep the status, so the version and the timeline never disagree.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from referrals.errors import IllegalMove, NotFound, NotPermitted, StaleVersion
from referrals.lifecycle import guards
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.movement import MOVES
from referrals.lifecycle.permissions import may
from referrals.lifecycle.policies import Case, PolicyTable, fired_in_stay, next_look
from referrals.lifecycle.states import ENDED, STAGE_OF, Action, Stage, Status, targets
from referrals.messages.status_updates import announce
from referrals.models import Referral, ReferralEvent
from referrals.prepared import Prepared

logger = logging.getLogger("refloop.referrals")

# The word the timeline uses for each action.
EVENT_KIND: dict[str, str] = {
    Action.CAPTURE: "captured",
    Action.ROUTE: "routed",
    Action.ASSIGN: "assigned",
    Action.ACCEPT: "accepted",
    Action.DECLINE: "declined",
    Action.LOG_CONTACT: "contact_logged",
    Action.BOOK: "scheduled",
    Action.RESCHEDULE: "rescheduled",
    Action.CONFIRM_APPOINTMENT: "appointment_confirmed",
    Action.CANCEL_APPOINTMENT: "appointment_cancelled",
    Action.NO_SHOW: "no_show",
    Action.MARK_SEEN: "seen",
    Action.TAKE_BACK: "seen_undone",
    Action.REQUEST_INFORMATION: "information_requested",
    Action.HOLD: "held",
    Action.RESUME: "resumed",
    Action.SNOOZE: "snoozed",
    Action.WAKE: "woken",
    Action.NUDGE: "nudged",
    Action.ATTACH_NOTE: "note_attached",
    Action.ADD_DOCUMENT: "document_added",
    Action.RETRACT_NOTE: "note_retracted",
    Action.DETACH_NOTE: "note_detached",
    Action.RECONCILE: "reconciled",
    Action.ACKNOWLEDGE: "note_delivered",
    Action.CANCEL: "cancel_requested",
    Action.CONFIRM_CANCEL: "cancelled",
    Action.WITHDRAW_CANCEL: "cancel_withdrawn",
    Action.VOID: "voided",
    Action.MARK_LOST: "lost",
    Action.CLOSE_WITHOUT_NOTE: "closed_without_note",
    Action.REOPEN: "reopened",
    Action.UPDATE_DETAILS: "details_changed",
    Action.COMMENT: "commented",
}


# Not among them: what a change may depend on, such as the appointment and the note; that is read under the lock.
_PARTIES = [
    Referral._meta.get_field(name)
    for name in (
        "patient", "specialty", "payer", "owner",
        "referring_office", "referring_provider", "receiving_office", "receiving_provider",
    )
]  # fmt: skip


_LOCK = Prepared(lambda: Referral.objects.select_for_update().filter(pk=0).order_by())


@dataclass(frozen=True)
class ClockBefore:
    """The clock of a stay that a mistake cut short."""

    stage: str
    stage_since: datetime
    clock_from: datetime
    overdue_since: datetime | None

    @classmethod
    def of(cls, kept: dict[str, str | None]) -> "ClockBefore | None":
        """From JSON, instants in ISO; None when no stage had a clock."""
        if not kept["stage"]:
            return None
        names = ("stage_since", "clock_from", "overdue_since")
        return cls(kept["stage"], **{name: kept[name] and datetime.fromisoformat(kept[name]) for name in names})


class Change:
    """One change in progress. The service edits ``referral``, and sets ``to`` when the table leaves a choice."""

    def __init__(self, referral: Referral, action: Action, actor: Actor, now: datetime):
        self.referral = referral
        self.action = action
        self.actor = actor
        self.now = now
        self.kind = EVENT_KIND[action]
        self.to: Status | None = None
        self.data: dict[str, Any] = {}
        self.receiver_before: int | None = referral.receiving_office_id
        self.event: ReferralEvent | None = None  # written when the ``changing`` block is left
        self.case = Case.of(referral)  # before the change: what chose its policy
        self.look_again = False  # the next look must be computed anew: snoozed, or woken
        self.clock_as_before: ClockBefore | None = None  # taking a wrong note off: the stage's clock never stopped
        self.restart_clock = False  # a moved appointment or hold date begins a new stay in the same stage


@dataclass(frozen=True)
class Held:
    """A referral as it is in the database, whose row lock the open transaction has (see ``hold``)."""

    referral: Referral


def hold(referral: Referral | int) -> Held:
    """Lock the row for what has to be looked at before ``changing``. Raises NotFound."""
    if not connection.in_atomic_block:
        raise RuntimeError("A row lock lasts until the end of a transaction; open one first.")
    if isinstance(referral, int):
        return Held(_locked(referral))
    locked = _locked(referral.pk)
    _keep_parties(locked, referral)
    return Held(locked)


@contextmanager
def changing(
    referral: Referral | Held | int,
    action: Action,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Iterator[Change]:
    """Change one referral in one transaction.

    1. Open a transaction (a savepoint inside one) and lock the row, unless it is held already.
    2. Refuse an actor who is not permitted, a stale ``expected_version``, and a move the table or the facts forbid.
    3. Hand the locked referral to the service.
    4. Write status, stage clock, version + 1, the event of that version, and the messages that tell of it.

    Raises NotFound, NotPermitted, StaleVersion or IllegalMove; then nothing is written. The locked row replaces the
    caller's copy: use ``change.referral``."""
    with transaction.atomic():
        held = referral if isinstance(referral, Held) else hold(referral)
        change = Change(held.referral, action, actor, now)
        _refuse_if_not_permitted(change)
        if expected_version is not None and expected_version != change.referral.version:
            raise StaleVersion(expected=expected_version, current=change.referral.version)
        refuse_if_illegal(change.referral, action, actor, now=now)
        from_status = change.referral.status
        yield change
        _write(change, from_status)


def _locked(pk: int) -> Referral:
    referral = _LOCK.first(pk)
    if referral is None:
        raise NotFound("No such referral.")
    return referral


def _keep_parties(locked: Referral, known: Referral) -> None:
    """Spare reading again who the referral is about and between, where the locked row still names the same."""
    for field in _PARTIES:
        if field.is_cached(known) and getattr(locked, field.attname) == getattr(known, field.attname):
            field.set_cached_value(locked, field.get_cached_value(known))


def _refuse_if_not_permitted(change: Change) -> None:
    if change.actor.office is not None and not change.actor.roles_on(change.referral):
        raise NotFound("No such referral.")
    if not may(change.actor, change.action, change.referral):
        raise NotPermitted(f"You may not do this: {change.action.label.lower()}.")


def refuse_if_illegal(referral: Referral, action: Action, actor: Actor, *, now: datetime) -> None:
    """Raise IllegalMove when the status table or the facts forbid ``action`` now."""
    because = ""
    if not targets(action, referral.status):
        because = f"'{action.label}' is not possible while the referral is {Status(referral.status).label.lower()}."
    elif need := guards.missing(referral, action, now=now):
        because = need
    if because:
        raise IllegalMove(
            action=action,
            status=referral.status,
            because=because,
            allowed=guards.allowed_actions(referral, actor, now=now),
        )


def _write(change: Change, from_status: str) -> None:
    possible = targets(change.action, from_status)
    to = change.to or (possible[0] if len(possible) == 1 else None)
    if to not in possible:
        raise RuntimeError(f"{change.action} from {from_status} must choose one of {possible}, chose {to}")
    change.event = move_to(change, from_status, to)


def move_to(change: Change, from_status: str, to: Status) -> ReferralEvent:
    """Write the referral in status ``to`` with its clock and version, and the event; used by capture for the first."""
    referral = change.referral
    referral.status = to
    _set_clock(change)
    if change.kind in MOVES:
        referral.quiet_since = max(change.now, referral.clock_from or change.now)
    referral.ended_at = (referral.ended_at or change.now) if to in ENDED else None
    if to not in (Status.CANCELLED, Status.LOST, Status.CLOSED_WITHOUT_NOTE):
        referral.ending_reason, referral.ending_comment = None, ""
    referral.version += 1
    referral.changed_at = change.now
    referral.save(written_by_transition=True)
    event = ReferralEvent.objects.create(
        referral=referral,
        version=referral.version,
        kind=change.kind,
        at=change.now,
        actor_kind=change.actor.kind,
        actor_user=change.actor.user,
        actor_office=change.actor.office,
        actor_label=change.actor.label,
        left_office_id=change.receiver_before if change.receiver_before != referral.receiving_office_id else None,
        from_status=from_status,
        to_status=to,
        data=change.data,
    )
    announce(event, referral)
    logger.info(
        "referral changed",
        extra={"referral": referral.number, "version": referral.version, "action": str(change.action)},
    )
    return event


def _set_clock(change: Change) -> None:
    """Set stage, stay and next look for the referral's status.

    Moves within a stage keep its clock and its next look, unless another policy governs the referral now; that ends a
    snooze too, which was decided for another urgency."""
    referral, now = change.referral, change.now
    stage = STAGE_OF.get(Status(referral.status), "")
    if not stage:
        referral.stage, referral.stage_since, referral.clock_from = "", None, None
        referral.next_escalation_at = referral.overdue_since = None
        referral.forget_snooze()
        return
    same_case = change.case == Case.of(referral)
    if not same_case or (referral.snoozed_until is not None and referral.snoozed_until <= now):
        referral.forget_snooze()
    new_stay = stage != referral.stage or change.restart_clock
    if new_stay:
        referral.stage, referral.stage_since = stage, now
        referral.stage_stay += 1
        referral.clock_from = _clock_start(referral, stage, now)
        referral.overdue_since = None
        referral.forget_snooze()
        if change.clock_as_before is not None and change.clock_as_before.stage == stage:
            before = change.clock_as_before
            referral.stage_since, referral.clock_from = before.stage_since, before.clock_from
            referral.overdue_since = before.overdue_since
    elif same_case and not change.look_again:
        return
    referral.next_escalation_at = next_look(
        referral, PolicyTable(stage), fired=() if new_stay else fired_in_stay(referral)
    )


def _clock_start(referral: Referral, stage: Stage, now: datetime) -> datetime:
    if stage == Stage.AWAITING_VISIT:
        return referral.appointment.ends_at
    if stage == Stage.ON_HOLD and referral.hold_until is not None:
        return referral.hold_until
    return now
