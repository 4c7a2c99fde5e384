"""The demo's history: made by the services, whole in itself, the same for the same seed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Count, F
from django.test import override_settings

from notifications.models import Delivery, Message
from referrals.identifiers import clean_npi
from referrals.lifecycle.states import Status
from referrals.models import (
    Document,
    IncomingDocument,
    MatchDecision,
    Office,
    Patient,
    Payer,
    Provider,
    Referral,
    ReferralEvent,
)
from refloop_site.demo import history

END = datetime(2026, 11, 4, 18, 0, tzinfo=UTC)  # a Wednesday noon in Chicago
# What a small history is sure to hold. The full one also has notes taken back or off and cancellations withdrawn.
PLAYED = {
    "captured", "routed", "not_routed", "assigned", "accepted", "declined", "contact_logged", "scheduled", "rescheduled",
    "appointment_confirmed", "appointment_cancelled", "no_show", "information_requested", "held", "resumed", "seen",
    "note_attached", "note_returned", "document_added", "reconciled", "note_delivered", "closed", "cancel_requested",
    "cancelled", "voided", "lost", "closed_without_note", "reopened", "details_changed", "commented", "escalated",
}  # fmt: skip


def make(*, count: int, days: int, seed: int = 1) -> history.History:
    return history.make(
        start=END - timedelta(days=days), end=END, count=count, seed=seed, progress=lambda now, captured: None
    )


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, folder):
    """150 referrals over five months, rolled back after this module."""
    with django_db_blocker.unblock(), override_settings(STORAGES=stored_in(folder)), transaction.atomic():
        yield make(count=150, days=150)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("documents")


def stored_in(folder: Path) -> dict:
    return {"default": {"BACKEND": "referrals.intake.storage.WholeFiles", "OPTIONS": {"location": folder}}}


def test_every_status_is_reached(made):
    reached = set(ReferralEvent.objects.values_list("to_status", flat=True))
    assert reached == set(Status.values)


def test_no_service_refused_what_the_demos_people_do(made):
    assert made.refused == []


def test_every_usual_kind_of_event_happens(made):
    assert set(ReferralEvent.objects.values_list("kind", flat=True)) >= PLAYED


def test_versions_equal_event_counts(made):
    counted = Referral.objects.annotate(written=Count("events"))
    assert counted.count() == made.referrals
    assert not counted.exclude(version=F("written")).exists()


def test_open_referrals_have_an_owner_and_a_next_look(made):
    assert not Referral.objects.open().filter(next_escalation_at__isnull=True).exists()
    assert not Referral.objects.filter(owner__isnull=True).exists()


def test_nothing_happens_after_the_end_or_out_of_order(made):
    assert not ReferralEvent.objects.filter(at__gt=END).exists()
    last: dict[int, datetime] = {}
    for referral, at in ReferralEvent.objects.order_by("referral", "version").values_list("referral", "at"):
        assert at >= last.get(referral, at)
        last[referral] = at


def test_all_directions_priorities_and_sides(made):
    assert set(Referral.objects.values_list("direction", flat=True)) == {"inbound", "outbound", "internal"}
    assert set(Referral.objects.values_list("priority", flat=True)) >= {"routine", "urgent", "asap"}
    assert Provider.objects.filter(offices__is_ours=True).distinct().count() == 14


def test_no_flood_of_old_messages_waits(made):
    assert not Delivery.objects.filter(status__in=Delivery.DUE, created_at__lt=END - timedelta(days=1)).exists()


def test_messages_are_delivered_waiting_or_given_up(made):
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered", "queued", "dead"}
    assert Message.objects.filter(topic="endpoint.failing").count() == 1  # the managers were told


def test_the_directory_is_fictional_and_valid(made):
    for row in (*Office.objects.all(), *Provider.objects.all()):
        assert clean_npi(row.npi) == row.npi
    phones = {*Office.objects.values_list("phone", flat=True), *Patient.objects.values_list("phone", flat=True)}
    assert all(phone.startswith("608-555-01") for phone in phones)
    addresses = {*Office.objects.values_list("email", flat=True), *Patient.objects.values_list("email", flat=True)} - {
        ""
    }
    assert all(address.endswith("example.org") for address in addresses)
    assert not Office.objects.filter(latitude__isnull=True).exists()


def test_nobody_takes_the_limited_plan(made):
    assert not Provider.objects.filter(payers=Payer.objects.get(code="pinecrest-limited")).exists()


def test_notes_name_their_patient(made, settings, folder):
    settings.STORAGES = stored_in(folder)
    notes = Document.objects.filter(kind="consult_note").select_related("referral__patient")
    assert notes.count() > 20
    for document in notes[:10]:
        text = document.versions.first().file.read().decode()
        assert document.referral.patient.family_name in text
        assert document.referral.number in text


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_history():
    assert _story(seed=7) == _story(seed=7)


@pytest.mark.django_db
def test_another_seed_gives_another_history():
    assert _story(seed=7) != _story(seed=8)


def _story(*, seed: int) -> list[tuple]:
    with transaction.atomic():
        make(count=12, days=40, seed=seed)
        events = ReferralEvent.objects.order_by("at", "referral", "version")
        story = list(events.values_list("at", "kind", "actor_label", "to_status", "referral__patient__family_name"))
        transaction.set_rollback(True)
    return story


def test_documents_came_in_and_some_of_them_need_a_person(made):
    """Each in review is there for another reason; a fax waits for the reader that starts with the demo."""
    assert MatchDecision.objects.filter(automatic=True).exists()
    assert IncomingDocument.objects.get(state="waiting").content_type == "image/tiff"
    reasons = set(IncomingDocument.objects.filter(state="review").values_list("review_because", flat=True))
    assert reasons >= {
        "It is not certain that it is this patient.",
        "Nothing in it shows whether it is signed.",
        "It could not be read.",
        "No patient on record fits.",
    }
    assert not IncomingDocument.objects.filter(received_at__gt=END).exists()
    assert not MatchDecision.objects.filter(decided_at__gt=END).exists()
