"""Documents: uploaded once, of the right kind by the right office, downloaded safely."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from referrals.actions import notes, taking_off
from referrals.models import Document, DocumentVersion, Referral
from tests import factories
from tests.referrals.api.calling import fields_of, problem_of

PDF = b"%PDF-1.4\nconsult note"


def file(content: bytes = PDF, name: str = "note.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def seen(world) -> Referral:
    return factories.referral(world, "seen")


def upload(caller, referral: Referral, **form):
    return caller.upload(f"referrals/{referral.number}/documents/", **({"file": file()} | form))


def test_a_final_note_returns_and_the_same_bytes_are_one_document(seen, outside):
    first = upload(outside, seen, service_date="2026-11-03", title="Cardiology consult")
    assert first.status_code == 201
    document = first.json()
    assert first["Location"] == document["href"]
    assert (document["kind"], document["status"], document["counts_as_note"]) == ("consult_note", "final", True)
    again = upload(outside, seen)
    assert (again.status_code, again.json()) == (200, document)
    assert Referral.objects.get(pk=seen.pk).status == "note_returned"
    listed = outside.get(f"referrals/{seen.number}/documents/").json()["results"]
    assert listed == [document] == [outside.get(document["href"]).json()]


def test_the_bytes_come_back_as_an_attachment_that_runs_nothing(seen, outside):
    page = b"<html><script>alert(1)</script></html>"
    document = upload(outside, seen, file=file(page, '../../x"y.html')).json()
    response = outside.get(document["content"])
    assert response.getvalue() == page
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "/" not in document["versions"][0]["filename"]


def test_an_amendment_is_a_version_and_old_bytes_stay(seen, outside):
    document = upload(outside, seen).json()
    amended = upload(outside, seen, file=file(PDF + b" amended"), status="amended").json()
    assert (amended["id"], [v["status"] for v in amended["versions"]]) == (document["id"], ["final", "amended"])
    assert outside.get(amended["content"]).getvalue().endswith(b"amended")
    assert outside.get(amended["versions"][0]["content"]).getvalue() == PDF
    problem_of(outside.get(f"{amended['href']}content/", version="3"), 404, "not-found")
    assert fields_of(outside.get(f"{amended['href']}content/", version="x")) == {"version"}


def test_a_referrer_adds_letters_not_notes(world, seen, ours, outside):
    inbound = factories.referral(world, "seen", inbound=True)
    problem_of(upload(outside, inbound), 403, "not-permitted")
    letter = upload(outside, inbound, kind="referral_letter")
    assert letter.status_code == 201
    assert letter.json()["author_office"]["npi"] == world.outside.npi
    assert Referral.objects.get(pk=inbound.pk).status == "seen"
    note = upload(ours, seen, file=file(PDF + b" of the outside office"))
    assert note.status_code == 201  # the group keeps the record for both sides


def test_a_letter_never_becomes_a_version_of_the_note(world, our_heart, outside):
    inbound = factories.referral(world, "note_returned", inbound=True)
    note = inbound.documents.get()
    amended = upload(outside, inbound, kind="other", status="amended")
    assert (amended.status_code, amended.json()["id"] == note.pk) == (201, False)
    refused = upload(outside, inbound, file=file(PDF + b"2"), kind="other", status="preliminary", supersedes=note.pk)
    assert fields_of(refused) == {"supersedes"}
    assert Document.objects.get(pk=note.pk).versions.count() == 1


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ({"file": ""}, {"file"}),
        ({"file": b""}, {"file"}),
        ({"file": b"\x00\x01\x02MZ"}, {"file"}),
        ({"kind": "selfie"}, {"kind"}),
        ({"status": "retracted"}, {"status"}),
        ({"service_date": "2999-01-01"}, {"service_date"}),
        ({"service_date": "1900-01-01"}, {"service_date"}),
        ({"supersedes": "999999"}, {"supersedes"}),
        ({"supersedes": "x"}, {"supersedes"}),
        ({"author": "123"}, {"author"}),
        ({"titel": "x"}, {"titel"}),
        ({"title": "a\x00b"}, {"title"}),
    ],
)
def test_bad_uploads_are_named_and_nothing_is_attached(seen, outside, form, names):
    if isinstance(form.get("file"), bytes):
        form = {"file": file(form["file"])}
    assert fields_of(upload(outside, seen, **form)) == names
    assert not DocumentVersion.objects.exists()


def test_a_form_over_the_limit_is_not_read(seen, outside, settings):
    settings.DOCUMENT_MAX_BYTES = 1000
    problem_of(upload(outside, seen, file=file(PDF + b"x" * 80_000)), 413, "too-large")
    assert fields_of(upload(outside, seen, file=file(PDF + b"x" * 2000))) == {"file"}


def test_an_upload_is_a_form(seen, outside):
    problem_of(outside.post(f"referrals/{seen.number}/documents/", {}), 415, "unsupported-media-type")


def test_a_stale_upload_is_refused(seen, outside):
    stale = upload(outside, seen, expected_version=seen.version - 1)
    assert problem_of(stale, 409, "stale-version")["current_version"] == seen.version


def test_a_note_on_a_cancelled_referral_is_refused(world, outside):
    cancelled = factories.referral(world, "cancelled")
    problem = problem_of(upload(outside, cancelled), 409, "illegal-move")
    assert problem["status_now"] == "cancelled"


def test_missing_bytes_are_a_404_not_a_crash(seen, outside):
    document = upload(outside, seen).json()
    DocumentVersion.objects.update(file="gone")
    problem_of(outside.get(document["content"]), 404, "not-found")


def test_bytes_filed_as_something_else_never_swallow_the_note(seen, outside):
    filed = upload(outside, seen, kind="other").json()
    refused = upload(outside, seen, kind="consult_note")
    assert fields_of(refused) == {"kind"}
    assert f"document {filed['id']} (other)" in refused.json()["errors"][0]["message"]
    assert Referral.objects.get(pk=seen.pk).note is None
    assert upload(outside, seen, kind="other").status_code == 200


def test_a_document_taken_off_while_it_is_answered_is_no_crash(seen, outside, monkeypatch):
    attach = notes.attach

    def attached_and_taken_off(**values):
        attached = attach(**values)
        staff = {"actor": factories.SYSTEM, "now": factories.NOW, "reason": "Another patient's."}
        taking_off.take_off(version=attached.version, **staff)
        return attached

    monkeypatch.setattr(notes, "attach", attached_and_taken_off)
    assert upload(outside, seen).status_code == 201
    assert outside.get(f"referrals/{seen.number}/documents/").json()["results"] == []


def test_bytes_of_a_referral_the_office_is_no_party_to_tell_it_nothing(world, seen, outside):
    elsewhere = factories.captured(world, referring_office_id=world.ours_too.pk, receiving_office_id=world.stranger.pk)
    factories.attach_note(elsewhere.referral, content=PDF)
    problem = problem_of(upload(outside, seen), 400, "invalid")
    told = problem["errors"][0]["message"]
    assert (
        told
        == "This file cannot be added to this referral. Check that it is the right one; if it is, ask the group's staff."
    )
    assert not seen.documents.exists()


def test_the_office_hears_of_another_patient_of_its_own(world, seen, outside):
    factories.attach_note(factories.referral(world, "seen"), content=PDF)
    assert "another patient's referral" in upload(outside, seen).json()["errors"][0]["message"]
