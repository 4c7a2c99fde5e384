"""The visit: the patient was seen."""

from datetime import date, datetime, timedelta

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import changing
from referrals.models import Appointment, Encounter, Office, Provider, Referral
from referrals.practice.calendar import practice_calendar
from referrals.routing.choose import settle_place

EARLIEST_VISIT = timedelta(days=365)  # before today; an older date is a typing error


def mark_seen(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    seen_on: date | None = None,
    encounter_id: str = "",
    office: Office | None = None,
    provider: Provider | None = None,
    expected_version: int | None = None,
) -> Referral:
    """Record that the patient was seen on ``seen_on`` (default: the appointment's day, else today).

    A booked visit still ahead is no visit: then the day has to be said, and the booking becomes a follow-up.

    Makes the encounter the note will be reconciled to. ``encounter_id`` is the visit's number in the EHR. A visit
    without an appointment is possible; on a referral without a specialist ``office`` says where it was. Being seen is
    never the loop closed."""
    calendar = practice_calendar()
    today = calendar.local_date(now)
    with changing(referral, Action.MARK_SEEN, actor=actor, now=now, expected_version=expected_version) as change:
        seen = change.referral
        settle_place(change, office=office, provider=provider)
        appointment = seen.appointment or seen.appointments.filter(status=Appointment.Status.BOOKED).first()
        planned = calendar.local_date(appointment.starts_at) if appointment else today
        if planned > today and seen_on is None:
            ahead = f"The booked visit is still ahead, on {planned.isoformat()}."
            raise InvalidInput([("seen_on", f"{ahead} If the patient was seen before it, say on which day.")])
        day = seen_on or planned
        if not today - EARLIEST_VISIT <= day <= today:
            raise InvalidInput([("seen_on", "Give a day in the past year, today at the latest.")])
        encounter, _ = Encounter.objects.get_or_create(
            patient=seen.patient,
            office=seen.receiving_office,
            provider=seen.receiving_provider,
            occurred_on=day,
            external_id=encounter_id,
            defaults={"source": Encounter.Source.RECORDED, "created_at": now},
        )
        if appointment is not None:
            _settle(appointment, is_ahead=planned > today)
        if seen.status != Status.NOTE_RETURNED:
            seen.appointment = None
            if planned <= today and (
                appointment is not None or seen.appointment_status != Referral.AppointmentStatus.NONE
            ):
                seen.appointment_status = Appointment.Status.FULFILLED
        first_visit = seen.seen_at is None
        if first_visit or seen.encounter_id is None:
            seen.encounter = encounter
        seen.seen_at = seen.seen_at or min(now, calendar.start_of(day))
        change.data = {"seen_on": day.isoformat(), "encounter": encounter.pk, "first_visit": first_visit}
        if seen.accepted_at is None:
            change.data["implied_acceptance"] = True
        seen.accepted_at = seen.accepted_at or now
        seen.hold_until, seen.hold_reason = None, ""
    return change.referral


def _settle(appointment: Appointment, *, is_ahead: bool) -> None:
    """The booked visit took place; one still ahead, of a patient who was seen before it, is a follow-up now."""
    if is_ahead:
        appointment.kind = Appointment.Kind.FOLLOW_UP
    else:
        appointment.status = Appointment.Status.FULFILLED
    appointment.save(update_fields=["status", "kind"])
