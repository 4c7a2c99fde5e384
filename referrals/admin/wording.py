"""How a referral is worded on lists and pages: badges, times, next step, who it goes from and to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from referrals.lifecycle.due import age_words, due_words
from referrals.lifecycle.next_step import Situation, next_step
from referrals.lifecycle.reaching import Reached, reached
from referrals.lifecycle.states import Status
from referrals.models import Referral
from referrals.practice import moments
from referrals.practice.calendar import practice_calendar

# Colour by what it asks of the reader: blue is moving, violet waits for a note, amber waits for us, green is done.
TONE: dict[str, str] = {
    Status.RECEIVED: "amber",
    Status.ROUTED: "blue",
    Status.ACCEPTED: "blue",
    Status.SCHEDULED: "teal",
    Status.SEEN: "violet",
    Status.NOTE_RETURNED: "amber",
    Status.ON_HOLD: "grey",
    Status.CANCEL_REQUESTED: "amber",
    Status.CLOSED: "green",
    Status.CLOSED_WITHOUT_NOTE: "red",
    Status.CANCELLED: "grey",
    Status.LOST: "red",
}


def badge(text: str, tone: str) -> str:
    return format_html('<span class="rl-badge rl-{}">{}</span>', tone, text)


def status_badge(status: str) -> str:
    return badge(Status(status).label, TONE[status])


def priority_badge(referral: Referral) -> str:
    """Nothing for routine, so that what is urgent stands out."""
    if referral.priority == Referral.Priority.ROUTINE:
        return ""
    return badge(referral.get_priority_display(), "orange" if referral.priority == "urgent" else "red")


def page_of(referral: Referral) -> str:
    return reverse("admin:referrals_referral_change", args=(referral.pk,))


def step_of(referral: Referral, action: str, proposes: Mapping[str, str] | None = None) -> str:
    """Where a step of a referral is taken; ``proposes`` are the values its form opens with."""
    address = reverse("admin:referrals_referral_act", kwargs={"pk": referral.pk, "action": str(action)})
    return f"{address}?{urlencode(proposes)}" if proposes else address


def referral_link(referral: Referral) -> str:
    return format_html('<a class="rl-number" href="{}">{}</a>', page_of(referral), referral.number)


def local(instant: datetime | None) -> datetime | None:
    """The instant in the practice's zone."""
    return instant and instant.astimezone(practice_calendar().zone)


def moment(instant: datetime | None, at_now: datetime | None = None) -> str:
    """``Tue Nov 24, 2:10 PM · 3 business days ago``: how a page tells when something was or will be.

    In templates ``{% load moments %}{{ at|moment }}``, ``{{ at|ago }}`` and ``{{ day|weekday }}``."""
    return moments.moment(instant, at_now or now(), practice_calendar()) if instant else ""


def day_and_time(instant: datetime | None) -> str:
    """``Wed Nov 4, 2026, 10:00 AM`` in the practice's zone: for plans and papers, which are read on another day."""
    at = local(instant)
    return f"{at:%a %b} {at.day}, {at.year}, {at:%-I:%M %p}" if at else ""


def day(instant: datetime | None) -> str:
    """``Nov 4, 2026`` in the practice's zone."""
    at = local(instant)
    return f"{at:%b} {at.day}, {at.year}" if at else ""


def specialist_of(referral: Referral) -> str:
    """The specialist's name, or the office's when nobody is named; empty before routing."""
    return str(referral.receiving_provider or referral.receiving_office or "")


def reach_of(referral: Referral) -> Reached:
    """What came of trying to reach the patient in this stage, from the attempts read along with the referral."""
    return reached(referral.contact_attempts.all(), since=referral.stage_since)


def step_for(
    referral: Referral,
    now: datetime,
    *,
    when_awake: bool = False,
    note_requests: int = 0,
    declined_by: str = "",
) -> str:
    """What somebody has to do next; ``when_awake`` tells it of a snoozed referral too.

    ``note_requests`` says how often the note was asked for (messages.escalations.note_requests_so_far), ``declined_by``
    who declined last (selectors.last_declines)."""
    asleep = referral.is_asleep(now) and not when_awake
    return next_step(
        Situation(
            status=referral.status,
            direction=referral.direction,
            now=local(now),
            specialist=specialist_of(referral),
            referrer=referral.referring_office.name,
            visit_at=local(referral.appointment.starts_at) if referral.appointment else None,
            last_visit=referral.appointment_status,
            note=referral.document_status,
            reconciled=referral.reconciled_at is not None,
            hold_reason=referral.hold_reason,
            hold_until=local(referral.hold_until),
            asleep_because=referral.snooze_reason if asleep else "",
            patient=reach_of(referral),
            note_requests=note_requests,
            declined_by=declined_by,
        )
    )


def due_for(referral: Referral, now: datetime) -> dict[str, Any] | None:
    """{words, late, soon, at} for an open referral, None for one that ended.

    Late counts from the first deadline that passed (Referral.overdue_since), not from the next look. What sleeps is
    never late."""
    if referral.next_escalation_at is None:
        return None
    if referral.is_asleep(now):
        end = local(referral.snoozed_until)
        words = f"snoozed until {end:%b} {end.day}"
        return {"words": words, "late": False, "soon": False, "at": day_and_time(end)}
    at = referral.overdue_since or referral.next_escalation_at
    words = due_words(at, now, practice_calendar())
    return {"words": words, "late": at <= now, "soon": words.startswith("due today"), "at": day_and_time(at)}


def age_for(referral: Referral, now: datetime) -> str:
    return age_words(referral.stage_since, now, practice_calendar()) if referral.stage_since else ""


def now() -> datetime:
    """The clock of the admin, in one place so that a page speaks of one instant."""
    return timezone.now()
