"""What was recorded last of an answer or a visit, while nothing came of it since: that alone can be taken back."""

from enum import StrEnum

from django.db.models import F, Q

from referrals.lifecycle.states import Status
from referrals.models import Appointment, Referral, ReferralEvent


class Record(StrEnum):
    SEEN = "seen"
    NO_SHOW = "no_show"
    ACCEPTANCE = "acceptance"


def last_record(referral: Referral) -> tuple[Record, ReferralEvent] | None:
    """The record and its event, from at most two queries; None when the last move was something else.

    A no-show counts while its appointment is the last one and at the office the referral is with."""
    if referral.status not in (Status.SEEN, Status.ACCEPTED):
        return None
    moved = ~Q(from_status=F("to_status"))
    event = referral.events.filter(moved | Q(kind="seen")).order_by("version").last()
    if event is None:
        return None
    if event.kind == "seen" and event.data.get("first_visit", True) and referral.status == Status.SEEN:
        return Record.SEEN, event
    if event.kind == "accepted" and event.from_status == Status.ROUTED:
        return Record.ACCEPTANCE, event
    if event.kind == "no_show" and event.from_status == Status.SCHEDULED and _may_be_booked_again(referral):
        return Record.NO_SHOW, event
    return None


def _may_be_booked_again(referral: Referral) -> bool:
    last = referral.appointments.filter(kind=Appointment.Kind.INITIAL).order_by("pk").last()
    return (
        last is not None and last.status == Appointment.Status.NOSHOW and last.office_id == referral.receiving_office_id
    )
