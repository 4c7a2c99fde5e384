"""A script that follows only what responses offer closes an outbound and an inbound referral."""

from datetime import timedelta

from django.utils import timezone

from tests import factories
from tests.referrals.api.calling import body


def follow(caller, referral: dict, action: str, **values):
    """Send ``action`` to the address the caller's own reading of the referral offers."""
    offered = caller.get(referral["href"]).json()["allowed_actions"]
    link = next(a for a in offered if a["action"] == action)
    assert link["method"] == "POST"
    if "file" in values:
        response = caller.upload(link["href"], **values)
    else:
        response = caller.post(link["href"], values)
    assert response.status_code in (200, 201), response.content
    return caller.get(referral["href"]).json()


def note(text: str = ""):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("note.txt", factories.note_bytes(text))


def test_outbound_from_capture_to_closed(ours, outside):
    created = ours.post("referrals/", body(direction="outbound"), Idempotency_Key="k1")
    assert created.status_code == 201
    referral = created.json()
    assert created["Location"] == referral["href"]
    assert (referral["status"], referral["direction"]) == ("routed", "outbound")
    assert follow(outside, referral, "accept")["status"] == "accepted"
    assert follow(outside, referral, "log_contact", outcome="no_answer")["contact_attempts"]
    start = (timezone.now() - timedelta(hours=3)).isoformat()
    assert follow(outside, referral, "book", starts_at=start)["status"] == "scheduled"
    assert follow(outside, referral, "mark_seen")["status"] == "seen"
    returned = follow(outside, referral, "attach_note", file=note(), kind="consult_note", status="final")
    assert returned["status"] == "note_returned"
    closed = follow(ours, referral, "reconcile")
    assert closed["status"] == "closed"
    assert closed["encounter"]["documented_for_billing"]
    kinds = [event["kind"] for event in closed["timeline"]]
    assert kinds == [
        "captured", "routed", "accepted", "contact_logged", "scheduled", "seen", "note_returned", "closed",
    ]  # fmt: skip


def test_inbound_from_capture_to_closed(ours, our_heart, outside):
    referral = outside.post("referrals/", body(external_id="order-1")).json()
    assert (referral["status"], referral["direction"]) == ("routed", "inbound")
    follow(our_heart, referral, "accept")
    start = (timezone.now() - timedelta(hours=3)).isoformat()
    follow(our_heart, referral, "book", starts_at=start)
    follow(our_heart, referral, "mark_seen", encounter_id="V-77")
    follow(our_heart, referral, "attach_note", file=note(), status="final")
    waiting = follow(our_heart, referral, "reconcile")
    assert waiting["status"] == "note_returned"  # our note has yet to reach the referrer
    content = outside.get(outside.get(referral["href"]).json()["documents"][0]["content"])
    assert b"Consult note" in content.getvalue()
    closed = follow(outside, referral, "acknowledge")
    assert closed["status"] == "closed"
    assert closed["document_status"] == "delivered"
