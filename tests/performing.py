"""Do any action to any referral with plausible arguments: what graph walks and fuzzers call."""

from datetime import datetime, timedelta

from referrals.actions import (
    answering,
    contacts,
    details,
    ending,
    holding,
    nudging,
    retracting,
    scheduling,
    snoozing,
    taking_back,
    taking_off,
    visits,
)
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action as A
from referrals.models import Coordinator, Document, Office, Referral
from referrals.practice.calendar import practice_calendar
from referrals.reconcile import decide
from referrals.routing import assign, choose
from tests import factories


def perform(action: str, on: Referral, *, actor: Actor = factories.SYSTEM, now: datetime, version: int | None = None):
    """Run the service behind ``action``; errors are the service's own."""
    common = {"referral": on, "actor": actor, "now": now, "expected_version": version}
    note = on.documents.filter(kind__in=Document.NOTE_KINDS).exclude(status__in=("retracted", "detached")).last()
    note = note or Document(referral=on, kind=Document.Kind.CONSULT_NOTE)
    place_if_none = {} if on.receiving_office_id else _place(on)
    calls = {
        A.ROUTE: lambda: choose.route_by_hand(**common, **_place(on), comment="asked for"),
        A.ASSIGN: lambda: assign.reassign(**common, owner=Coordinator.objects.last()),
        A.ACCEPT: lambda: answering.accept(**common),
        A.DECLINE: lambda: answering.decline(**common, reason="full"),
        A.LOG_CONTACT: lambda: contacts.log_contact(**common, outcome="no_answer"),
        A.BOOK: lambda: scheduling.book(**common, **place_if_none, starts_at=now + timedelta(days=2)),
        A.RESCHEDULE: lambda: scheduling.reschedule(**common, starts_at=now + timedelta(days=4)),
        A.CONFIRM_APPOINTMENT: lambda: scheduling.confirm_appointment(**common),
        A.CANCEL_APPOINTMENT: lambda: scheduling.cancel_appointment(**common, reason="ill"),
        A.NO_SHOW: lambda: scheduling.no_show(**common),
        A.MARK_SEEN: lambda: visits.mark_seen(**common, **place_if_none, seen_on=practice_calendar().local_date(now)),
        A.TAKE_BACK: lambda: taking_back.take_back(**common, reason="recorded by mistake"),
        A.REQUEST_INFORMATION: lambda: answering.request_information(**common, question="the ECG?"),
        A.HOLD: lambda: holding.hold(**common, reason="authorization", until=now + timedelta(days=3)),
        A.RESUME: lambda: holding.resume(**common),
        A.SNOOZE: lambda: snoozing.snooze(**common, reason="patient travels", until=now + timedelta(days=4)),
        A.WAKE: lambda: snoozing.wake(**common),
        A.NUDGE: lambda: nudging.nudge(**common, audience="owner"),
        A.ATTACH_NOTE: lambda: factories.attach_note(on, now=now, actor=actor),
        A.ADD_DOCUMENT: lambda: factories.attach_note(on, now=now, actor=actor, kind=Document.Kind.RESULT),
        A.RETRACT_NOTE: lambda: retracting.retract_note(**common, document=note, reason="wrong text"),
        A.DETACH_NOTE: lambda: taking_off.detach_note(**common, document=note, reason="other patient"),
        A.RECONCILE: lambda: decide.reconcile(**common),
        A.ACKNOWLEDGE: lambda: decide.acknowledge(**common, how="fax confirmed"),
        A.CANCEL: lambda: ending.cancel(**common, comment="not needed"),
        A.CONFIRM_CANCEL: lambda: ending.confirm_cancel(**common),
        A.WITHDRAW_CANCEL: lambda: ending.withdraw_cancel(**common),
        A.VOID: lambda: ending.void(**common, reason=factories.reason("cancelled", excluded=True)),
        A.MARK_LOST: lambda: ending.mark_lost(**common, reason=factories.reason("lost")),
        A.CLOSE_WITHOUT_NOTE: lambda: ending.close_without_note(
            **common, reason=factories.reason("closed_without_note")
        ),
        A.REOPEN: lambda: ending.reopen(**common, comment="after all"),
        A.UPDATE_DETAILS: lambda: details.update_details(**common, changes={"member_id": f"M{on.version}"}),
        A.COMMENT: lambda: contacts.comment_on(**common, text="called the office"),
    }
    calls[A(action)]()
    return Referral.objects.get(pk=on.pk)


def _place(on: Referral) -> dict:
    office = Office.objects.filter(is_ours=on.direction == "inbound", providers__specialties=on.specialty).first()
    return {"office": office, "provider": office.providers.filter(specialties=on.specialty).first()}


def check_invariants(on: Referral) -> None:
    """What must hold for every referral after every change (DESIGN.md 4)."""
    on = Referral.objects.get(pk=on.pk)
    versions = list(on.events.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, on.version + 1)), "one event per version, none lost or doubled"
    assert on.events.last().to_status == on.status
    assert on.owner_id is not None
    if on.is_open:
        assert on.stage and on.stage_since and on.clock_from and on.next_escalation_at
        assert on.next_escalation_at >= on.clock_from
        assert bool(on.snoozed_until) == bool(on.snooze_reason) == bool(on.snoozed_by)
        assert on.snoozed_until is None or on.next_escalation_at >= on.snoozed_until
        assert on.ended_at is None and on.ending_reason is None
    else:
        assert on.snoozed_until is None and not on.snooze_reason
        assert not on.stage and on.next_escalation_at is None and on.ended_at is not None
        assert (on.ending_reason is None) == (on.status == "closed")
    booked = on.appointments.filter(kind="initial", status="booked")
    assert on.appointment == booked.first() and booked.count() <= 1
    if on.status == "closed":
        assert on.note.counts_as_note and on.encounter.documented_for_billing
        assert on.reconciliations.filter(undone_at=None).count() == 1
