"""The writer of status: permission, version, one event each, nothing written on refusal, nobody around it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from referrals.actions import answering, contacts, holding, scheduling, visits
from referrals.errors import IllegalMove, InvalidInput, NotFound, NotPermitted, StaleVersion
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Status
from referrals.models import Referral, ReferralEvent, StatusIsWrittenElsewhere
from tests import factories

NOW = factories.NOW


def accept(referral, actor=factories.SYSTEM, **values):
    return answering.accept(referral=referral, actor=actor, now=NOW, **values)


def test_status_event_and_version_move_together(world):
    referral = factories.referral(world)
    accepted = accept(referral, comment="gladly")
    event = accepted.events.last()
    assert (event.kind, event.from_status, event.to_status, event.version) == (
        "accepted", "routed", "accepted", referral.version + 1,
    )  # fmt: skip
    assert event.actor_kind == "system"
    assert event.data == {"comment": "gladly"}


def test_a_stale_version_is_refused_and_names_the_current(world):
    referral = factories.referral(world)
    contacts.log_contact(referral=referral, actor=factories.SYSTEM, now=NOW, outcome="reached")
    with pytest.raises(StaleVersion) as refused:
        accept(referral, expected_version=referral.version)
    assert (refused.value.expected, refused.value.current) == (referral.version, referral.version + 1)


def test_an_illegal_move_names_what_is_allowed(world):
    referral = factories.referral(world, "closed")
    with pytest.raises(IllegalMove, match="not possible while the referral is closed") as refused:
        accept(referral)
    assert "reopen" in refused.value.allowed
    assert "accept" not in refused.value.allowed


def test_a_refusing_service_writes_nothing(world):
    referral = factories.referral(world, "accepted")
    booked = scheduling.book(referral=referral, actor=factories.SYSTEM, now=NOW, starts_at=NOW + timedelta(days=9))
    with pytest.raises(InvalidInput, match="today at the latest"):
        visits.mark_seen(referral=booked, actor=factories.SYSTEM, now=NOW, seen_on=NOW.date() + timedelta(days=1))
    referral.refresh_from_db()
    assert (referral.status, referral.version) == ("scheduled", booked.version)
    assert referral.appointment.status == "booked"


def test_staff_need_the_permission(world):
    referral = factories.referral(world)
    with pytest.raises(NotPermitted):
        accept(referral, actor=Actor.staff(factories.user("Auditor")))
    assert accept(referral, actor=Actor.staff(factories.user("Coordinator"))).status == "accepted"


def test_a_strange_office_is_told_nothing(world):
    referral = factories.referral(world)
    with pytest.raises(NotFound):
        accept(referral, actor=Actor.of_office(world.stranger))


def test_a_party_without_the_role_is_refused(world):
    referral = factories.referral(world, inbound=True)  # world.outside refers, we receive
    with pytest.raises(NotPermitted):
        accept(referral, actor=Actor.of_office(world.outside))


def test_nobody_writes_status_around_the_writer(world):
    referral = factories.referral(world)
    referral.status = Status.CLOSED
    with pytest.raises(StatusIsWrittenElsewhere):
        referral.save()
    with pytest.raises(StatusIsWrittenElsewhere):
        Referral.objects.filter(pk=referral.pk).update(status=Status.CLOSED)
    with pytest.raises(StatusIsWrittenElsewhere):
        referral.delete()
    with pytest.raises(StatusIsWrittenElsewhere):
        Referral.objects.all().delete()


@pytest.mark.parametrize(
    "assignment",
    [
        "status = 'closed'",
        "status = 'nonsense'",
        "status = 'lost'",
        "next_escalation_at = NULL",
        "stage = ''",
        "status = 'scheduled'",
        "receiving_office_id = NULL",
    ],
)
def test_the_database_refuses_a_broken_row_from_anybody(world, assignment):
    referral = factories.referral(world)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE referrals_referral SET {assignment} WHERE id = %s", [referral.pk])


def test_the_timeline_is_append_only(world):
    referral = factories.referral(world)
    for change in (
        lambda: ReferralEvent.objects.filter(referral=referral).update(kind="other"),
        lambda: ReferralEvent.objects.filter(referral=referral).delete(),
        lambda: ReferralEvent.objects.filter(referral=referral).first().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_moves_within_a_stage_keep_its_clock(world):
    referral = factories.referral(world)
    later = NOW + timedelta(days=2)
    accepted = answering.accept(referral=referral, actor=factories.SYSTEM, now=later)
    assert (accepted.stage_since, accepted.clock_from, accepted.stage_stay) == (NOW, NOW, 1)


def test_falling_back_restarts_the_clock(world):
    referral = factories.referral(world, "scheduled")
    later = NOW + timedelta(days=2)
    missed = scheduling.no_show(referral=referral, actor=factories.SYSTEM, now=later)
    assert missed.status == "accepted"
    assert (missed.stage_since, missed.clock_from, missed.stage_stay) == (later, later, 3)


def test_awaiting_visit_counts_from_the_appointments_end(world):
    referral = factories.referral(world, "accepted")
    starts = NOW + timedelta(days=20)
    booked = scheduling.book(referral=referral, actor=factories.SYSTEM, now=NOW, starts_at=starts)
    assert booked.clock_from == starts + scheduling.USUAL_LENGTH
    moved = scheduling.reschedule(
        referral=booked, actor=factories.SYSTEM, now=NOW, starts_at=starts + timedelta(days=7)
    )
    assert moved.clock_from == starts + timedelta(days=7) + scheduling.USUAL_LENGTH
    assert moved.stage_stay == booked.stage_stay + 1


def test_a_hold_counts_from_its_date_and_resumes_where_the_facts_are(world):
    referral = factories.referral(world, "scheduled")
    until = NOW + timedelta(days=6)
    held = holding.hold(referral=referral, actor=factories.SYSTEM, now=NOW, reason="authorization", until=until)
    assert (held.stage, held.clock_from) == ("on_hold", until)
    assert held.next_escalation_at >= until
    resumed = holding.resume(referral=held, actor=factories.SYSTEM, now=NOW)
    assert resumed.status == "scheduled"
    assert resumed.appointment is not None
