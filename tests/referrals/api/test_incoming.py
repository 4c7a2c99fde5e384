"""Documents sent in without a referral: stored at once, and no oracle of who is a patient."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from referrals.models import Arrival, IncomingDocument
from tests.referrals.api.calling import BASE, fields_of, problem_of

MDM = b"MSH|^~\\&|EHR|CHC|REFLOOP|LC|20261104||MDM^T02|M1|P|2.5.1\rPID|1||4711^^^CHC^MR||Public^Jane||19610304|F\r"
ADDRESS = "incoming-documents/"


def send(caller, content: bytes = MDM, media: str = "application/hl7-v2", query: str = "", accept="application/json"):
    headers = {"Authorization": f"Bearer {caller.token}", "Accept": accept}
    return caller.client.post(f"{BASE}{ADDRESS}{query}", data=content, content_type=media, headers=headers)


def test_a_message_is_stored_before_the_answer(world, outside):
    response = send(outside, query="?source_id=M1")
    assert response.status_code == 202, response.content
    body = response.json()
    assert (body["state"], body["source_id"], body["referral"]) == ("received", "M1", None)
    assert response["Location"] == body["href"]
    assert outside.get(body["href"]).json() == body
    document = IncomingDocument.objects.get()
    assert document.file.read() == MDM
    assert document.arrivals.get().source == "hl7"


def test_a_repeat_is_the_same_arrival_and_a_form_is_as_good(world, outside):
    first = send(outside).json()
    assert send(outside).json() == first
    form = outside.upload(ADDRESS, file=SimpleUploadedFile("m.hl7", MDM)).json()
    assert form["id"] == first["id"]
    assert Arrival.objects.count() == 1


def test_another_office_neither_sees_it_nor_learns_that_it_was_there(world, outside, stranger):
    mine = send(outside).json()
    problem_of(stranger.get(mine["href"]), 404, "not-found")
    theirs = send(stranger).json()
    assert theirs["id"] != mine["id"]
    assert theirs | {"id": "", "href": "", "received_at": ""} == mine | {"id": "", "href": "", "received_at": ""}


def test_what_cannot_be_taken_is_said(world, outside):
    assert fields_of(send(outside, b"", "application/pdf")) == {"file"}
    assert fields_of(send(outside, b"MZ\x90\x00\x00\x00", "application/octet-stream")) == {"file"}
    problem_of(send(outside, b"x", "image/gif"), 415, "unsupported-media-type")
    problem_of(outside.get(f"{ADDRESS}arr_nothing/"), 404, "not-found")


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n1"),
        ("image/tiff", b"II*\x001"),
        ("image/jpeg", b"\xff\xd8\xff1"),
        ("text/plain", b"A note."),
    ],
)
def test_a_scan_or_a_text_may_be_the_whole_body(world, outside, media, content):
    assert send(outside, content, media).status_code == 202
    assert IncomingDocument.objects.get().file.read() == content


def test_a_media_type_not_taken_hears_which_are(outside):
    detail = problem_of(send(outside, media="video/mp4"), 415, "unsupported-media-type")["detail"]
    assert "multipart/form-data" in detail and "image/tiff" in detail
