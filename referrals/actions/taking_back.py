"""Take back the last record of an answer or a visit: it was a mistake, and everything it implied goes with it."""

from datetime import datetime

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.last_record import Record, last_record
from referrals.lifecycle.specialist import forget_specialist
from referrals.lifecycle.states import Action, Status, status_from_facts
from referrals.lifecycle.transition import Change, changing
from referrals.models import Appointment, Referral, ReferralEvent
from referrals.reconcile.encounters import drop_encounter

_WAITS = ("held", "information_requested")


def take_back(
    *, referral: Referral, actor: Actor, now: datetime, reason: str, expected_version: int | None = None
) -> Referral:
    """The patient was not seen after all, did not miss the visit, or nobody accepted: whichever was recorded last.

    The referral stands where it stood before, its visit booked again. Whoever was told is told that it was a mistake."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say what was wrong, because those who were told are told so.")])
    with changing(referral, Action.TAKE_BACK, actor=actor, now=now, expected_version=expected_version) as change:
        record, event = last_record(change.referral)
        change.data = {"reason": reason[:300]}
        _TAKEN_BACK[record](change, event)
    return change.referral


def _seen(change: Change, event: ReferralEvent) -> None:
    """Back to before the visit; a hold or a cancel request that it ended stands again."""
    referral = change.referral
    change.data["seen_on"] = event.data.get("seen_on")
    referral.seen_at = None
    drop_encounter(referral)
    _book_again(referral, _visit_of(referral, event))
    if event.data.get("implied_acceptance") or event.from_status in (Status.RECEIVED, Status.ROUTED):
        referral.accepted_at = None
    if event.from_status == Status.RECEIVED:
        forget_specialist(referral)
    change.to = status_from_facts(referral.facts)
    if event.from_status == Status.CANCEL_REQUESTED:
        change.to = Status.CANCEL_REQUESTED
    elif event.from_status == Status.ON_HOLD and _put_on_hold_again(referral, event):
        change.to = Status.ON_HOLD


def _visit_of(referral: Referral, event: ReferralEvent) -> Appointment | None:
    """The booking the record settled: the first visit it fulfilled, or one still ahead that it made a follow-up."""
    held = referral.appointments.filter(kind=Appointment.Kind.INITIAL, status=Appointment.Status.FULFILLED)
    ahead = referral.appointments.filter(
        kind=Appointment.Kind.FOLLOW_UP, status=Appointment.Status.BOOKED, booked_at__lte=event.at
    )
    return held.order_by("-pk").first() or ahead.first()


def _book_again(referral: Referral, appointment: Appointment | None) -> None:
    if appointment is None:
        referral.appointment_status = Referral.AppointmentStatus.NONE
        return
    appointment.status, appointment.kind = Appointment.Status.BOOKED, Appointment.Kind.INITIAL
    appointment.status_reason = ""
    appointment.save(update_fields=["status", "kind", "status_reason"])
    referral.appointment, referral.appointment_status = appointment, Appointment.Status.BOOKED


def _put_on_hold_again(referral: Referral, event: ReferralEvent) -> bool:
    waited = referral.events.filter(kind__in=_WAITS, version__lt=event.version).order_by("version").last()
    if waited is None or not waited.data.get("until"):
        return False
    asked = waited.data.get("question")
    referral.hold_until = datetime.fromisoformat(waited.data["until"])
    referral.hold_reason = (f"Information requested: {asked}" if asked else waited.data.get("reason", ""))[:200]
    return True


def _no_show(change: Change, event: ReferralEvent) -> None:
    change.kind = "no_show_undone"
    missed = change.referral.appointments.filter(kind=Appointment.Kind.INITIAL).order_by("pk").last()
    _book_again(change.referral, missed)
    change.to = Status.SCHEDULED


def _acceptance(change: Change, event: ReferralEvent) -> None:
    change.kind = "acceptance_undone"
    change.referral.accepted_at = None
    change.to = Status.ROUTED


_TAKEN_BACK = {Record.SEEN: _seen, Record.NO_SHOW: _no_show, Record.ACCEPTANCE: _acceptance}
