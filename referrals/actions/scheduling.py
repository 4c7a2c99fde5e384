"""Appointments: book, move, confirm, cancel, no-show. History is kept: nothing is overwritten."""

from datetime import datetime, timedelta

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.specialist import release_booked
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import changing
from referrals.models import Appointment, Office, Provider, Referral
from referrals.reconcile.encounters import drop_encounter
from referrals.routing.choose import settle_place

USUAL_LENGTH = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
FURTHEST_AHEAD = timedelta(days=730)  # a date further away is a typing error
FURTHEST_BACK = timedelta(days=365)  # booked by phone, recorded late
_AFTER_VISIT = (Status.SEEN, Status.NOTE_RETURNED)


def book(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime | None = None,
    office: Office | None = None,
    provider: Provider | None = None,
    instructions: str = "",
    external_id: str = "",
    expected_version: int | None = None,
) -> Referral:
    """Book the first visit (which implies acceptance), or a follow-up once the patient was seen.

    ``office`` and ``provider`` default to the referral's specialist; on a referral without one they choose it."""
    ends_at = ends_at or starts_at + USUAL_LENGTH
    _refuse_bad_times(starts_at, ends_at, now)
    with changing(referral, Action.BOOK, actor=actor, now=now, expected_version=expected_version) as change:
        booked = change.referral
        follow_up = booked.status in _AFTER_VISIT
        settle_place(change, office=office, provider=provider)
        if booked.appointment_id is not None:  # booked before a hold, and still standing
            release_booked(booked, reason="Another time was booked")
        appointment = Appointment.objects.create(
            referral=booked,
            kind=Appointment.Kind.FOLLOW_UP if follow_up else Appointment.Kind.INITIAL,
            starts_at=starts_at,
            ends_at=ends_at,
            office=office or booked.receiving_office,
            provider=provider or (booked.receiving_provider if office in (None, booked.receiving_office) else None),
            instructions=instructions[:300],
            external_id=external_id,
            booked_at=now,
        )
        change.data = _described(appointment)
        if not follow_up:
            _set_booked(booked, appointment, now)
    return change.referral


def reschedule(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Referral:
    """Move the booked visit: the old appointment is cancelled and points to the new one."""
    with changing(referral, Action.RESCHEDULE, actor=actor, now=now, expected_version=expected_version) as change:
        old = booked_appointment(change.referral)
        ends_at = ends_at or starts_at + (old.ends_at - old.starts_at)
        _refuse_bad_times(starts_at, ends_at, now)
        old.status, old.status_reason = Appointment.Status.CANCELLED, (reason or "Moved")[:200]
        old.save(update_fields=["status", "status_reason"])
        moved = Appointment.objects.create(
            referral=change.referral,
            kind=old.kind,
            starts_at=starts_at,
            ends_at=ends_at,
            office=old.office,
            provider=old.provider,
            instructions=old.instructions,
            external_id=old.external_id,
            rescheduled_from=old,
            booked_at=now,
        )
        change.data = _described(moved) | {"was": old.starts_at.isoformat(), "reason": reason}
        if old.kind == Appointment.Kind.INITIAL:
            change.referral.appointment = moved
            change.restart_clock = change.referral.status == Status.SCHEDULED
    return change.referral


def confirm_appointment(
    *, referral: Referral, actor: Actor, now: datetime, expected_version: int | None = None
) -> Referral:
    """The patient said they will come."""
    with changing(
        referral, Action.CONFIRM_APPOINTMENT, actor=actor, now=now, expected_version=expected_version
    ) as change:
        appointment = booked_appointment(change.referral)
        appointment.patient_confirmed_at = now
        appointment.save(update_fields=["patient_confirmed_at"])
        change.data = _described(appointment)
    return change.referral


def cancel_appointment(
    *, referral: Referral, actor: Actor, now: datetime, reason: str, expected_version: int | None = None
) -> Referral:
    """Cancel the booked visit; the referral is unscheduled again (a follow-up changes nothing)."""
    if not reason.strip():
        raise InvalidInput([("reason", "Say why the appointment was cancelled.")])
    return _end_booked(
        referral, Action.CANCEL_APPOINTMENT, Appointment.Status.CANCELLED, reason, actor, now, expected_version
    )


def no_show(
    *, referral: Referral, actor: Actor, now: datetime, reason: str = "", expected_version: int | None = None
) -> Referral:
    """The patient did not come; the referral is unscheduled again.

    On a referral recorded as seen without a booked follow-up it corrects that record."""
    return _end_booked(referral, Action.NO_SHOW, Appointment.Status.NOSHOW, reason, actor, now, expected_version)


def booked_appointment(referral: Referral) -> Appointment:
    """The booked visit of a referral: its first, or the follow-up once it was seen."""
    return referral.appointment or referral.appointments.get(status=Appointment.Status.BOOKED)


def _end_booked(referral, action, status, reason, actor, now, expected_version) -> Referral:
    with changing(referral, action, actor=actor, now=now, expected_version=expected_version) as change:
        ended = change.referral
        appointment = ended.appointment or ended.appointments.filter(status=Appointment.Status.BOOKED).first()
        change.data = {"reason": reason} | (_described(appointment) if appointment else {})
        if appointment is not None and appointment.kind == Appointment.Kind.INITIAL:
            release_booked(ended, reason=reason, status=status)
        elif appointment is not None:
            appointment.status, appointment.status_reason = status, reason[:200]
            appointment.save(update_fields=["status", "status_reason"])
        else:  # "seen" was a mistake: the visit the referral was marked with did not happen
            ended.seen_at = None
            ended.appointment_status = status
            drop_encounter(ended)
            ended.appointments.filter(status=Appointment.Status.FULFILLED).update(
                status=status, status_reason=reason[:200]
            )
        if action == Action.NO_SHOW and ended.status == Status.SEEN:
            before_visit = Status.ACCEPTED if ended.receiving_office_id else Status.RECEIVED
            change.to = Status.SEEN if appointment is not None else before_visit
        if change.to == Status.ACCEPTED or ended.status == Status.SCHEDULED:
            ended.accepted_at = ended.accepted_at or now
    return change.referral


def _set_booked(referral: Referral, appointment: Appointment, now: datetime) -> None:
    referral.appointment = appointment
    referral.appointment_status = Appointment.Status.BOOKED
    referral.accepted_at = referral.accepted_at or now
    referral.first_scheduled_at = referral.first_scheduled_at or now
    referral.hold_until, referral.hold_reason = None, ""


def _refuse_bad_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    problems = []
    if not now - FURTHEST_BACK <= starts_at <= now + FURTHEST_AHEAD:
        problems.append(("starts_at", "Give a date within a year back and two years ahead."))
    if not starts_at < ends_at <= starts_at + LONGEST:
        problems.append(("ends_at", "The end must be after the start, by twelve hours at most."))
    if problems:
        raise InvalidInput(problems)


def _described(appointment: Appointment) -> dict:
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "office": appointment.office.name,
        "provider": str(appointment.provider or ""),
        "kind": appointment.kind,
    }
