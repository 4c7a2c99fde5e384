"""Upload by staff: every file has its own outcome, and a page follows those that are being read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from referrals import pipeline
from referrals.models import Arrival, IncomingDocument
from tests import factories
from tests.factories import NOW, note_bytes, patient_data
from tests.referrals.admin.conftest import ROLES, as_role
from tests.referrals.admin.incoming_documents import UPLOAD, WHO, Reads, address, note


def upload(client, *files: tuple[str, bytes]):
    return client.post(UPLOAD, {"files": [SimpleUploadedFile(name, content) for name, content in files]})


@pytest.mark.parametrize("role", ROLES)
def test_who_uploads(role, world):
    client = as_role(role)
    allowed = role in {"Coordinator", "Manager"}
    assert client.get(UPLOAD).status_code == (200 if allowed else 403)
    assert upload(client, ("note.txt", note_bytes())).status_code == (302 if allowed else 403)
    assert IncomingDocument.objects.exists() == allowed


def test_it_needs_the_token_of_the_form(world):
    client = as_role("Coordinator", enforce_csrf_checks=True)
    assert upload(client, ("note.txt", note_bytes())).status_code == 403


def test_each_file_has_its_own_outcome(coordinator):
    twice = note_bytes()
    upload(coordinator, ("first.txt", twice))
    answer = upload(
        coordinator, ("again.txt", twice), ("new.txt", note_bytes()), ("empty.txt", b""), ("a.exe", b"MZ\x00\x00" * 9)
    )  # fmt: skip
    body = coordinator.get(answer.url).content.decode()
    assert "the same as one we have" in body
    assert "The submitted file is empty" in body or "The file is empty." in body
    assert "This kind of file is not taken." in body
    first, second = IncomingDocument.objects.order_by("pk")
    assert address(first) in body and address(second) in body
    assert set(Arrival.objects.values_list("source", flat=True)) == {"upload"}


def test_nothing_chosen_is_said(coordinator):
    assert "Choose at least one file." in coordinator.post(UPLOAD, {}).content.decode()


def test_the_page_follows_the_files_until_they_are_settled(world, coordinator):
    seen = factories.in_status(world, "seen", patient=patient_data(**WHO))
    page = upload(coordinator, ("one.txt", note_bytes()), ("two.txt", note_bytes())).url
    assert "data-states" in coordinator.get(page).content.decode()
    states = coordinator.get(f"{page}states/")
    assert states["Cache-Control"].startswith("private, no-store")
    assert [file["words"] for file in states.json()["files"]] == ["Waiting to be read"] * 2
    for pk, reading in zip(IncomingDocument.objects.order_by("pk").values_list("pk", flat=True),
                           (note(seen), note(None, patients=())), strict=True):  # fmt: skip
        pipeline.process(pk, sandbox=Reads(reading), now_fn=lambda: NOW)
    after = coordinator.get(f"{page}states/").json()
    assert after["settled"]
    assert [file["words"] for file in after["files"]] == [f"Matched to {seen.number}", "In review"]
    assert "data-states" not in coordinator.get(page).content.decode()


def test_an_upload_is_its_uploaders_alone(coordinator, world):
    page = upload(coordinator, ("one.txt", note_bytes())).url
    assert as_role("Coordinator").get(page).status_code == 404
    assert as_role("Coordinator").get(f"{page}states/").status_code == 404
