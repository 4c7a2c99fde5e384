"""Undo what the same person just did, while it is the last thing that happened. Each undo is an action of its own, with
its event and, where somebody was told, its correction; nothing is rubbed out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from referrals.actions import (
    answering,
    contacts,
    ending,
    holding,
    retracting,
    scheduling,
    snoozing,
    taking_back,
    taking_off,
)
from referrals.errors import InvalidInput, StaleVersion
from referrals.lifecycle import guards
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action, Status, targets
from referrals.lifecycle.transition import hold
from referrals.models import (
    Appointment,
    Coordinator,
    Document,
    DocumentVersion,
    Office,
    Provider,
    Referral,
    ReferralEvent,
    RoutingDecision,
)
from referrals.routing import assign, choose

WINDOW = timedelta(minutes=30)
BECAUSE = "undone right after, it was a mistake"
Common = dict[str, object]  # referral, actor, now


@dataclass(frozen=True)
class Undo:
    """``action`` is what undoing is to the referral; ``does`` says it to the person; ``run`` does it."""

    action: Action
    does: str
    run: Callable[[Common, ReferralEvent], object]
    fits: Callable[[ReferralEvent], bool] = lambda event: True


def undo_of(
    referral: Referral, newest: ReferralEvent | None, actor: Actor, *, now: datetime
) -> tuple[Undo, ReferralEvent] | None:
    """How the step that led to the referral's ``newest`` event can be undone by ``actor`` now, and that step; None when
    it cannot."""
    if newest is None or newest.version != referral.version:
        return None
    step = _step_of(newest)
    if step.kind not in _UNDOS or actor.user is None or step.actor_user_id != actor.user.pk or now - step.at > WINDOW:
        return None
    undo = _UNDOS[step.kind]
    possible = (
        undo.fits(step)
        and may(actor, undo.action, referral)
        and targets(undo.action, referral.status)
        and not guards.missing(referral, undo.action, now=now)
    )
    return (undo, step) if possible else None


def _step_of(newest: ReferralEvent) -> ReferralEvent:
    """What a person did: the decline, when RefLoop looked for the next specialist right after it."""
    if newest.actor_kind != ReferralEvent.ActorKind.SYSTEM or newest.kind not in ("routed", "not_routed"):
        return newest
    return newest.referral.events.filter(version=newest.version - 1, kind="declined").first() or newest


def undo_last(*, referral: Referral, actor: Actor, now: datetime, expected_version: int) -> Referral:
    """Undo the newest event. Raises StaleVersion when something happened since the person saw the referral, and
    InvalidInput when it cannot be undone (any more)."""
    with transaction.atomic():
        held = hold(referral).referral
        if held.version != expected_version:
            raise StaleVersion(expected=expected_version, current=held.version)
        found = undo_of(held, held.events.order_by("version").last(), actor, now=now)
        if found is None:
            minutes = WINDOW.seconds // 60
            raise InvalidInput([("", f"Only your own last step can be undone, within {minutes} minutes.")])
        undo, step = found
        undo.run({"referral": held, "actor": actor, "now": now}, step)
    return Referral.objects.get(pk=referral.pk)


def _wake(common: Common, event: ReferralEvent) -> None:
    snoozing.wake(**common, comment=BECAUSE)


def _resume(common: Common, event: ReferralEvent) -> None:
    holding.resume(**common, comment=BECAUSE)


def _take_back(common: Common, event: ReferralEvent) -> None:
    taking_back.take_back(**common, reason=BECAUSE.capitalize())


def _give_back(common: Common, event: ReferralEvent) -> None:
    assign.reassign(**common, owner=Coordinator.objects.get(pk=event.data["from_id"]), comment=BECAUSE)


def _send_back(common: Common, event: ReferralEvent) -> None:
    """Back to the specialist before, as far as they were: accepted, and their visit booked again."""
    before = _specialist_before(event)
    _send_to(common, event, office=before.office, provider=before.provider)


def _send_to(common: Common, event: ReferralEvent, *, office: Office, provider: Provider | None) -> None:
    back = choose.route_by_hand(**common, office=office, provider=provider, comment=BECAUSE.capitalize())
    if event.from_status != Status.ROUTED:
        back = answering.accept(**common | {"referral": back}, comment=BECAUSE.capitalize())
    if event.from_status == Status.SCHEDULED:
        _book_again(common | {"referral": back})


def _specialist_before(event: ReferralEvent) -> RoutingDecision | None:
    """The decision that had chosen whom a person chose away from; None when there was nobody, or a booking chose them."""
    if not _was_before_the_visit(event):
        return None
    decisions = event.referral.routing_decisions.filter(office__isnull=False).select_related("office", "provider")
    latest, *earlier = decisions[:2]
    left = event.left_office_id or latest.office_id
    return earlier[0] if earlier and earlier[0].office_id == left else None


def _not_declined(common: Common, event: ReferralEvent) -> None:
    """Nobody declined: whoever was left out no longer is, and has the referral again."""
    left_out = event.referral.exclusions.filter(at=event.at).select_related("office", "provider")
    named = min(left_out, key=lambda row: row.provider is None)  # the whole office is left out beside its clinician
    left_out.delete()
    _send_to(common, event, office=named.office, provider=named.provider)


def _was_before_the_visit(event: ReferralEvent) -> bool:
    return event.from_status in (Status.ROUTED, Status.ACCEPTED, Status.SCHEDULED)


def _withdraw(common: Common, event: ReferralEvent) -> None:
    ending.withdraw_cancel(**common, comment=BECAUSE)


def _reopen(common: Common, event: ReferralEvent) -> None:
    """The visit an ending released is booked again, so that nobody has to know it by heart."""
    reopened = ending.reopen(**common, comment=BECAUSE)
    if event.from_status == Status.SCHEDULED:
        _book_again(common | {"referral": reopened})


def _book_again(common: Common) -> None:
    was = common["referral"].appointments.filter(kind=Appointment.Kind.INITIAL).order_by("pk").last()
    scheduling.book(
        **common,
        starts_at=was.starts_at,
        ends_at=was.ends_at,
        office=was.office,
        provider=was.provider,
        instructions=was.instructions,
        external_id=was.external_id,
    )


def _cancel_visit(common: Common, event: ReferralEvent) -> None:
    scheduling.cancel_appointment(**common, reason=BECAUSE.capitalize())


def _move_back(common: Common, event: ReferralEvent) -> None:
    scheduling.reschedule(**common, starts_at=datetime.fromisoformat(event.data["was"]), reason=BECAUSE.capitalize())


def _take_off(common: Common, event: ReferralEvent) -> None:
    version = DocumentVersion.objects.select_related("document__referral").get(
        document=event.data["document"], number=event.data["version"]
    )
    taking_off.take_off(version=version, actor=common["actor"], now=common["now"], reason=BECAUSE.capitalize())


def _restore(common: Common, event: ReferralEvent) -> None:
    note = Document.objects.select_related("referral").get(pk=event.data["document"])
    retracting.restore_note(document=note, actor=common["actor"], now=common["now"], reason=BECAUSE.capitalize())


def _was_not_waiting(event: ReferralEvent) -> bool:
    return event.from_status not in (Status.ON_HOLD, Status.CANCEL_REQUESTED)


_TAKES_BACK = Undo(
    Action.TAKE_BACK, "It stands as before, and whoever was told hears that it was a mistake.", _take_back
)
_RESUMES = Undo(Action.RESUME, "The hold ends.", _resume, _was_not_waiting)
_REOPENS = Undo(Action.REOPEN, "The referral opens again, with the visit it had.", _reopen, _was_not_waiting)
_UNDOS: dict[str, Undo] = {
    "routed": Undo(
        Action.ROUTE,
        "The specialist before has it again, with the visit that was booked.",
        _send_back,
        lambda e: _specialist_before(e) is not None,
    ),
    "declined": Undo(
        Action.ROUTE,
        "They have it again, with the visit that was booked, and whoever got it next is told.",
        _not_declined,
        lambda e: _was_before_the_visit(e) and "documents_taken_off" not in e.data,
    ),
    "contact_logged": Undo(
        Action.LOG_CONTACT,
        "It no longer counts as a try.",
        lambda common, e: contacts.take_back_contact(**common, attempt=e.data["attempt"], comment=BECAUSE.capitalize()),
    ),
    "accepted": _TAKES_BACK,
    "seen": _TAKES_BACK,
    "no_show": _TAKES_BACK,
    "held": _RESUMES,
    "information_requested": _RESUMES,
    "snoozed": Undo(Action.WAKE, "The snooze ends.", _wake),
    "assigned": Undo(Action.ASSIGN, "The owner before has it again.", _give_back, lambda e: "from_id" in e.data),
    "cancel_requested": Undo(Action.WITHDRAW_CANCEL, "The request is withdrawn.", _withdraw, _was_not_waiting),
    "cancelled": _REOPENS,
    "voided": _REOPENS,
    "lost": _REOPENS,
    "closed_without_note": _REOPENS,
    "closed": Undo(Action.REOPEN, "The reconciliation is taken back.", _reopen, lambda e: "encounter" in e.data),
    "scheduled": Undo(
        Action.CANCEL_APPOINTMENT,
        "The visit is cancelled again.",
        _cancel_visit,
        lambda e: e.from_status == Status.ACCEPTED or e.from_status == e.to_status,
    ),
    "rescheduled": Undo(Action.RESCHEDULE, "The visit moves back to its old time.", _move_back),
    "appointment_cancelled": Undo(
        Action.BOOK, "The visit is booked again.", lambda common, _: _book_again(common),
        lambda e: e.from_status == Status.SCHEDULED,
    ),
    "note_returned": Undo(Action.DETACH_NOTE, "The note comes off, with all it implied.", _take_off),
    "note_attached": Undo(Action.DETACH_NOTE, "The note comes off, with all it implied.", _take_off),
    "note_retracted": Undo(
        Action.ATTACH_NOTE, "The note counts again, and what it closed is closed.", _restore,
    ),
    "document_added": Undo(Action.ADD_DOCUMENT, "The document comes off.", _take_off),
}  # fmt: skip
