"""An office that is no party gets 404 on every address of a referral, and finds it nowhere."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern

from referrals.api.urls import urlpatterns
from referrals.models import Document, DocumentVersion, ReferralEvent
from tests import factories
from tests.referrals.api.calling import problem_of

# Every address with a referral's number in it: a new one is in this list by itself.
ADDRESSES = [
    f"/api/{pattern.pattern}"
    for pattern in urlpatterns
    if isinstance(pattern, URLPattern) and "<str:number>" in str(pattern.pattern)
]


@pytest.fixture
def closed(world):
    return factories.referral(world, "closed")


def address_of(template: str, referral) -> str:
    document = Document.objects.get(referral=referral)
    return template.replace("<str:number>", referral.number).replace("<int:document_id>", str(document.pk))


def test_the_list_of_addresses_is_whole():
    assert len(ADDRESSES) >= 32


@pytest.mark.parametrize("template", ADDRESSES)
def test_every_address_is_404(closed, stranger, template):
    before = ReferralEvent.objects.count()
    address = address_of(template, closed)
    responses = [stranger.get(address), stranger.post(address, {"comment": "x", "reason": "y"})]
    codes = {response.status_code for response in responses}
    assert codes <= {404, 405} and 404 in codes, codes
    for response in responses:
        assert closed.patient.family_name not in response.content.decode()
    missing = address.replace(closed.number, "RL-0000-0000")
    twin = stranger.get(missing) if responses[0].status_code == 404 else stranger.post(missing)
    told = next(response for response in responses if response.status_code == 404)
    assert told.json()["code"] == twin.json()["code"] == "not-found"
    assert ReferralEvent.objects.count() == before


def test_a_stranger_cannot_upload_and_nothing_is_stored(closed, stranger, tmp_path):
    upload = SimpleUploadedFile("note.pdf", b"%PDF-1.4 secret")
    problem_of(stranger.upload(f"referrals/{closed.number}/documents/", file=upload), 404, "not-found")
    assert DocumentVersion.objects.count() == 1
    assert not [p for p in (tmp_path / "documents").rglob("*") if p.is_file() and b"secret" in p.read_bytes()]


def test_a_stranger_finds_nothing(closed, stranger):
    patient = closed.patient
    queries = [
        {}, {"search": closed.number}, {"search": patient.family_name}, {"search": str(patient.birth_date)},
        {"search": patient.phone}, {"status": "closed"}, {"open": "false"}, {"specialty": "cardiology"},
    ]  # fmt: skip
    for query in queries:
        assert stranger.get("referrals/", **query).json() == {"results": [], "next": None}, query
    feed = stranger.get("events/").json()
    assert (feed["events"], feed["more"]) == ([], False)


def test_a_document_is_found_only_under_its_own_referral(world, closed, ours):
    other = factories.referral(world, "routed")
    document = Document.objects.get(referral=closed)
    for tail in ("", "content/"):
        response = ours.get(f"referrals/{other.number}/documents/{document.pk}/{tail}")
        problem_of(response, 404, "not-found")


def test_an_office_that_declined_is_a_stranger_from_then_on(world, outside):
    referral = factories.referral(world, "accepted")
    base = f"referrals/{referral.number}/"
    declined = outside.post(f"{base}decline/", {"reason": "full", "whole_office": True})
    assert (declined.status_code, declined.content) == (204, b"")
    problem_of(outside.get(base), 404, "not-found")
    assert [event["kind"] for event in outside.get("events/").json()["events"]] == ["left"]
