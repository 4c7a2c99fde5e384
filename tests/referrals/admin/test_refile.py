"""A document filed as the wrong kind: filed anew, both ways, with what it implied undone or done, and seen meanwhile."""

import pytest
from django.urls import reverse

from referrals.actions import reviewing
from referrals.intake.reading import Found
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Status
from referrals.models import Document, IncomingDocument, MatchDecision
from tests import factories
from tests.factories import NOW, patient_data
from tests.referrals.admin.conftest import ROLES, as_role, page_url
from tests.referrals.admin.incoming_documents import WHO, arrived, note
from tests.referrals.admin.test_incoming_review import letter

NOTE = {"kind": "consult_note", "status": "final", "service_date": "2026-11-04"}


@pytest.fixture
def seen(world):
    return factories.in_status(world, "seen", patient=patient_data(**WHO))


def address(document: Document) -> str:
    return reverse("admin:referrals_referral_refile", kwargs={"pk": document.referral_id, "document": document.pk})


def standing(referral) -> Document:
    return referral.documents.exclude(status="detached").get()


def test_a_letter_taken_for_the_note_is_a_letter_and_the_loop_is_open_again(seen, coordinator):
    arrived(note(seen))
    seen.refresh_from_db()
    assert seen.status == Status.CLOSED
    assert coordinator.post(address(standing(seen)), {"kind": "referral_letter"}).status_code == 302
    seen.refresh_from_db()
    assert (seen.status, seen.note, standing(seen).kind) == (Status.SEEN, None, "referral_letter")
    decision = MatchDecision.objects.get(undone_at__isnull=True)
    assert (decision.kind, decision.automatic, decision.version.document) == ("filed", False, standing(seen))
    assert "filed as referral letter" in decision.evidence[0]
    assert IncomingDocument.objects.get().state == "matched"
    kinds = list(seen.events.order_by("version").values_list("kind", flat=True))
    assert kinds[-1] == "document_added" and "note_detached" in kinds


def test_a_note_filed_as_other_closes_once_it_is_filed_as_a_note_and_back(seen, coordinator):
    factories.attach_note(seen, kind="other")
    assert coordinator.post(address(standing(seen)), NOTE).status_code == 302
    seen.refresh_from_db()
    assert (seen.status, seen.note, standing(seen).kind) == (Status.NOTE_RETURNED, standing(seen), "consult_note")
    assert coordinator.post(address(standing(seen)), {"kind": "other"}).status_code == 302
    seen.refresh_from_db()
    assert (seen.status, standing(seen).kind) == (Status.SEEN, "other")


def test_a_note_needs_its_day_and_its_signature(seen, coordinator):
    factories.attach_note(seen, kind="result")
    page = coordinator.post(address(standing(seen)), {"kind": "procedure_report"})
    assert page.status_code == 200 and set(page.context["form"].errors) == {"status", "service_date"}
    assert standing(seen).kind == "result"


def test_what_the_referral_cannot_take_changes_nothing(world, coordinator):
    cancelled = factories.in_status(world, "cancelled")
    factories.attach_note(cancelled, kind="other")
    document = standing(cancelled)
    assert coordinator.post(address(document), NOTE).status_code == 409
    document.refresh_from_db()
    assert (document.kind, document.status) == ("other", "final")


def test_all_versions_are_filed_anew_in_their_order_and_back(seen, coordinator):
    first = factories.attach_note(seen).version.document
    arrived(amendment(seen))
    assert first.versions.count() == 2
    assert coordinator.post(address(first), {"kind": "other"}).status_code == 302
    seen.refresh_from_db()
    letter = standing(seen)
    assert (seen.status, seen.note, letter.kind) == (Status.SEEN, None, "other")
    assert [version.status for version in letter.versions.all()] == ["final", "final"]
    assert MatchDecision.objects.get(undone_at__isnull=True).version == letter.versions.last()
    sent = {"kind": "procedure_report", "status": "amended", "service_date": "2026-11-04"}
    assert coordinator.post(address(letter), sent).status_code == 200  # amended is no first word
    assert coordinator.post(address(letter), sent | {"status": "final"}).status_code == 302
    seen.refresh_from_db()
    assert (seen.note, seen.note.kind) == (standing(seen), "procedure_report")
    assert [version.sha256 for version in seen.note.versions.all()] == [v.sha256 for v in first.versions.all()]


def test_a_version_of_a_note_keeps_what_it_was_as_another_kind_of_note(seen, coordinator):
    first = factories.attach_note(seen).version.document
    arrived(amendment(seen))
    sent = {"kind": "procedure_report", "status": "amended", "service_date": "2026-11-04"}
    assert coordinator.post(address(first), sent).status_code == 302
    assert [version.status for version in standing(seen).versions.all()] == ["final", "amended"]
    assert IncomingDocument.objects.get().state == "matched"


def amendment(referral):
    return note(referral, status=Found("amended"))


def test_the_letter_a_referral_was_captured_from_stays_decided(world, coordinator):
    document = arrived(letter(world))
    made = reviewing.capture_from(
        document=document, ask=factories.inbound_ask(world), idempotency_key="", actor=factories.SYSTEM, now=NOW
    ).captured.referral
    assert coordinator.post(address(standing(made)), {"kind": "other"}).status_code == 302
    document.refresh_from_db()
    decision = document.decisions.get(undone_at__isnull=True)
    assert (document.state, decision.kind, decision.version.document) == ("matched", "filed", standing(made))


@pytest.mark.parametrize("role", ROLES)
def test_who_may(seen, role):
    factories.attach_note(seen, kind="other")
    document, may = standing(seen), role in {"Coordinator", "Manager"}
    client = as_role(role)
    assert client.get(address(document)).status_code == (200 if may else 403)
    assert (address(document) in client.get(page_url(seen)).content.decode()) == may
    other = {"pk": seen.pk + 1, "document": document.pk}
    assert client.get(reverse("admin:referrals_referral_refile", kwargs=other)).status_code == (404 if may else 403)


def test_a_note_is_beside_the_form_that_reconciles_it(seen, coordinator):
    document = arrived(note(seen, status=None))
    user = factories.user("Coordinator")
    taken = reviewing.As("consult_note", "preliminary")
    reviewing.attach_by_hand(
        document=document, referral=seen, taken_for=taken, confirmed="", actor=Actor.staff(user), now=NOW
    )
    body = coordinator.get(f"{page_url(seen).replace('change/', 'act/retract_note/')}").content.decode()
    assert "CONSULTATION NOTE &lt;script&gt;" in body and "data-viewer" in body
    assert "data-viewer" not in coordinator.get(page_url(seen).replace("change/", "act/comment/")).content.decode()


def test_a_note_that_was_uploaded_is_read_for_the_screen(seen, coordinator):
    factories.attach_note(seen, content=b"Seen in consultation, 2026. Palpitations.")
    body = coordinator.get(page_url(seen).replace("change/", "act/reconcile/")).content.decode()
    assert "Palpitations." in body
    version = standing(seen).versions.get()
    place = {"pk": seen.pk, "version": version.pk, "number": 1}
    assert (
        coordinator.get(reverse("admin:referrals_referral_page", kwargs=place)).status_code == 404
    )  # text has no pages
