"""For every action: a referral it is possible on, and what a person would enter."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from referrals.lifecycle.states import Action as A
from referrals.models import Coordinator, Referral
from referrals.practice.calendar import practice_calendar
from tests import factories
from tests.performing import perform

# Action -> (status it is tried in, inbound)
WHERE = {
    A.ROUTE: "received", A.ASSIGN: "routed", A.ACCEPT: "routed", A.DECLINE: "routed", A.LOG_CONTACT: "accepted",
    A.BOOK: "accepted", A.RESCHEDULE: "scheduled", A.CONFIRM_APPOINTMENT: "scheduled",
    A.CANCEL_APPOINTMENT: "scheduled", A.NO_SHOW: "scheduled", A.MARK_SEEN: "scheduled",
    A.TAKE_BACK: "seen", A.REQUEST_INFORMATION: "routed", A.HOLD: "accepted", A.RESUME: "on_hold", A.SNOOZE: "routed",
    A.WAKE: "routed", A.NUDGE: "seen", A.ATTACH_NOTE: "seen",
    A.ADD_DOCUMENT: "routed", A.RETRACT_NOTE: "note_returned", A.DETACH_NOTE: "note_returned",
    A.RECONCILE: "note_returned", A.ACKNOWLEDGE: "note_returned", A.CANCEL: "accepted",
    A.CONFIRM_CANCEL: "cancel_requested", A.WITHDRAW_CANCEL: "cancel_requested", A.VOID: "routed",
    A.MARK_LOST: "accepted", A.CLOSE_WITHOUT_NOTE: "seen", A.REOPEN: "lost", A.UPDATE_DETAILS: "routed",
    A.COMMENT: "closed",
}  # fmt: skip
# What the timeline calls it afterwards, where that is not the action's usual word.
BECOMES = {
    A.ROUTE: "routed", A.DECLINE: "routed", A.ATTACH_NOTE: "note_returned", A.RECONCILE: "closed",
}  # fmt: skip


def referral_for(world, action: str, *, now) -> Referral:
    made = factories.referral(world, WHERE[action], inbound=action == A.ACKNOWLEDGE, now=now)
    return perform(A.SNOOZE, made, now=now) if action == A.WAKE else made


def answers_for(action: str, on: Referral, *, now) -> dict:
    """The form's fields with the version the person saw."""
    zone = practice_calendar().zone
    later = (now + timedelta(days=9)).astimezone(zone)
    reason = factories.reason
    note = on.note_id
    fields = {
        A.ROUTE: lambda: {"choice": f"{_outside(on)}:0", "comment": "the patient asked"},
        A.ASSIGN: lambda: {"owner": Coordinator.objects.create(name="Robin").pk},
        A.DECLINE: lambda: {"reason": "full"},
        A.LOG_CONTACT: lambda: {"party": "patient", "channel": "phone", "outcome": "no_answer"},
        A.BOOK: lambda: {"starts_at": f"{later:%Y-%m-%dT%H:%M}", "length": "45"},
        A.RESCHEDULE: lambda: {"starts_at": f"{later:%Y-%m-%dT%H:%M}"},
        A.CANCEL_APPOINTMENT: lambda: {"reason": "ill"},
        A.MARK_SEEN: lambda: {"seen_on": f"{now.astimezone(zone):%Y-%m-%d}"},
        A.TAKE_BACK: lambda: {"reason": "wrong patient's chart"},
        A.REQUEST_INFORMATION: lambda: {"question": "the ECG?"},
        A.HOLD: lambda: {"reason": "authorization", "until": f"{later:%Y-%m-%d}"},
        A.SNOOZE: lambda: {"when": "other", "until": f"{later:%Y-%m-%d}", "reason": "patient travels"},
        A.NUDGE: lambda: {"audience": "receiving_office", "comment": "patient asks every day"},
        A.ATTACH_NOTE: lambda: {"file": upload(), "kind": "consult_note", "status": "final"},
        A.ADD_DOCUMENT: lambda: {"file": upload(), "kind": "result"},
        A.RETRACT_NOTE: lambda: {"document": note, "reason": "wrong text"},
        A.DETACH_NOTE: lambda: {"document": note, "reason": "other patient"},
        A.ACKNOWLEDGE: lambda: {"how": "fax confirmed"},
        A.CANCEL: lambda: {"comment": "not needed"},
        A.VOID: lambda: {"reason": reason("cancelled", excluded=True).pk},
        A.MARK_LOST: lambda: {"reason": reason("lost").pk},
        A.CLOSE_WITHOUT_NOTE: lambda: {"reason": reason("closed_without_note").pk},
        A.REOPEN: lambda: {"comment": "after all"},
        A.UPDATE_DETAILS: lambda: details_of(on) | {"member_id": "M77"},
        A.COMMENT: lambda: {"text": "called the office"},
    }
    return {"expected_version": on.version} | fields.get(action, dict)()


def details_of(on: Referral) -> dict:
    """The details form as it was shown, hidden originals included."""
    values = {
        "priority": on.priority, "clinical_question": on.clinical_question, "diagnoses": ", ".join(on.diagnoses),
        "service_requested": on.service_requested, "payer": on.payer_id or "", "member_id": on.member_id,
        "authorization_state": on.authorization_state, "authorization_number": on.authorization_number,
        "authorization_expires_on": "", "needed_by": "",
    }  # fmt: skip
    return values | {f"initial-{name}": value for name, value in values.items()}


def upload(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("note.txt", content or factories.note_bytes(), content_type="text/plain")


def _outside(on: Referral) -> int:
    return factories.office("Third Heart Center", zip_code="53719").pk
