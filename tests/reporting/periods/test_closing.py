"""A month is closed: frozen, told, compared, reopened with a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.urls import reverse

from notifications.dispatch.run import dispatch
from notifications.models import Endpoint, Message
from referrals.actions import ending
from referrals.errors import InvalidInput
from referrals.models import EndingReason
from reporting.measures.period import Period
from reporting.models import PeriodClose, PeriodRow, ReportSettings
from reporting.periods import closing, moved
from tests import factories

JUNE = Period.month(2026, 6)
CAPTURED = datetime(2026, 6, 3, 15, tzinfo=UTC)
NOW = datetime(2026, 7, 2, 14, tzinfo=UTC)


@pytest.fixture
def history(world):
    for status in ("closed", "seen", "lost", "scheduled", "cancelled", "closed_without_note", "routed"):
        factories.referral(world, status, now=CAPTURED)


def close(**values) -> PeriodClose:
    return closing.close(**{"period": JUNE, "by": "Grace", "now": NOW} | values)


def test_figures_and_rows_are_kept_as_they_stood(history):
    closed = close()
    counts = closed.figures["total"]["counts"]
    assert counts["cohort"] == PeriodRow.objects.filter(close=closed).count() == 7
    for bucket in ("closed", "leaked_known", "leaked_estimated", "in_progress", "cancelled_not_leaked"):
        assert counts[bucket] == closed.rows.filter(bucket=bucket).count(), bucket
    assert counts["scheduled"] == closed.rows.filter(scheduled=True).count()
    assert default_storage.open(closed.pdf.name).read(5) == b"%PDF-"
    assert b"all," in default_storage.open(closed.csv.name).read()


def test_later_movement_is_a_difference_and_changes_nothing_frozen(world, history):
    referral = factories.referral(world, "routed", now=CAPTURED + timedelta(days=20))
    closed = close()
    assert moved.since(closed, now=NOW).count == 0
    before = closed.figures
    ending.mark_lost(
        referral=referral, reason=factories.reason("lost"), actor=factories.SYSTEM, now=NOW + timedelta(days=1)
    )
    since = moved.since(closed, now=NOW + timedelta(days=2))
    changes = {change.name: change for change in since.changes}
    assert changes["Leakage"].difference.startswith("+")
    assert changes["Referrals"].difference == ""
    there = {one.pk: (row.bucket, now_in) for row, one, now_in in since.referrals}
    assert there.pop(referral.pk) == ("in_progress", "leaked_known")
    # The others stood still for longer than the leakage window meanwhile.
    assert set(there.values()) <= {("in_progress", "leaked_estimated")}
    assert since.count == len(there) + 1
    closed.refresh_from_db()
    assert closed.figures == before


def test_a_referral_that_came_into_the_month_late_is_said(world, history):
    closed = close()
    factories.referral(world, "routed", now=CAPTURED)
    since = moved.since(closed, now=NOW)
    assert (since.added, since.count) == (1, 0)


def test_a_changed_setting_moves_no_closed_month(history):
    closed = close()
    ReportSettings.objects.update(service_value=999)
    assert not any(change.difference for change in moved.since(closed, now=NOW).changes)


def test_a_reason_that_counts_otherwise_moves_every_period_and_no_closed_figure(client, history):
    """What the field says in the admin."""
    closed, reason = close(), EndingReason.objects.get(referrals__status="cancelled")
    client.force_login(factories.user("Manager"))
    page = reverse("admin:referrals_endingreason_change", args=(reason.pk,))
    assert "show the change as late movement" in client.get(page).text
    posted = {"label": reason.label, "counts_as_leakage": "" if reason.counts_as_leakage else "on", "active": "on"}
    assert client.post(page, posted).status_code == 302
    ((row, one, now_in),) = moved.since(closed, now=NOW).referrals
    assert one.status == "cancelled" and {row.bucket, now_in} == {"cancelled_not_leaked", "leaked_known"}
    before = closed.figures["total"]["counts"]["leaked"]
    closed.refresh_from_db()
    assert closed.figures["total"]["counts"]["leaked"] == before


def test_a_referral_voided_since_has_left_the_cohort(world, history):
    referral = factories.referral(world, "routed", now=CAPTURED)
    closed = close()
    ending.void(
        referral=referral, reason=factories.reason("cancelled", excluded=True), comment="twice", actor=factories.SYSTEM,
        now=NOW,
    )  # fmt: skip
    ((row, _, now_in),) = moved.since(closed, now=NOW).referrals
    assert (row.referral_id, now_in) == (referral.pk, None)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"period": Period.month(2026, 7)}, "not over yet"),
        ({"period": Period(JUNE.first, JUNE.first)}, "whole months"),
    ],
)
def test_what_cannot_be_closed_is_refused(db, values, says):
    with pytest.raises(InvalidInput, match=says):
        close(**values)


def test_an_empty_month_is_closed_with_nothing_in_it(db):
    assert close().figures["total"]["counts"]["cohort"] == 0


def test_a_month_is_closed_once_reopened_with_a_reason_and_closed_again(history):
    first = close()
    with pytest.raises(InvalidInput, match="closed already"):
        close()
    with pytest.raises(InvalidInput, match="Say why"):
        closing.reopen(closed=first, because=" ", by="Grace", now=NOW)
    reopened = closing.reopen(closed=first, because="Notes were found", by="Grace", now=NOW)
    assert (reopened.stands, reopened.reopened_because) == (False, "Notes were found")
    with pytest.raises(InvalidInput, match="open already"):
        closing.reopen(closed=first, because="again", by="Grace", now=NOW)
    assert close().number == 2
    assert first.rows.count() == 7


def test_the_database_refuses_to_change_what_is_frozen(history):
    closed = close()
    for change in (
        lambda: PeriodRow.objects.update(bucket="closed"),
        lambda: PeriodRow.objects.all().delete(),
        lambda: PeriodClose.objects.update(closed_by="somebody else"),
        lambda: PeriodClose.objects.filter(pk=closed.pk).update(figures={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_managers_are_told_with_the_report_attached_and_no_patient_in_it(history):
    manager = factories.user("Manager", email="grace@example.org")
    factories.user("Coordinator", email="maya@example.org")
    close()
    (message,) = Message.objects.filter(topic="report.period")
    assert message.recipient.user == manager
    Endpoint.objects.filter(channel="email").update(active=True)
    dispatch(now_fn=lambda: NOW)
    (sent,) = [one for one in mail.outbox if "closed" in one.subject]
    assert [(name, kind) for name, _, kind in sent.attachments] == [
        ("refloop-2026-06.pdf", "application/pdf"),
        ("refloop-2026-06.csv", "text/csv"),
    ]
    csv = sent.attachments[1][1]
    everything = sent.body + (csv.decode() if isinstance(csv, bytes) else csv)
    names = PeriodRow.objects.values_list("referral__patient__family_name", flat=True)
    assert not any(name in everything for name in names)
