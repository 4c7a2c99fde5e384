"""What an office sends teaches it nothing about what others sent: no replay to strangers, no probing by duplicates."""

import pytest
from django.test import Client

from referrals.actions.details import update_details
from referrals.models import Patient, PatientName, Referral
from tests import factories
from tests.referrals.api.calling import body, problem_of


def test_a_repeat_by_an_office_that_is_no_party_shows_nothing(outside, ours, world):
    sent = body(external_id="WB-1")
    made = outside.post("referrals/", sent).json()
    referral = Referral.objects.get(number=made["number"])
    assert referral.receiving_office == world.ours_too
    update_details(
        referral=referral, actor=factories.SYSTEM, now=factories.NOW, changes={"clinical_question": "changed later"}
    )
    answer = ours.post("referrals/", sent | {"referring_office": world.outside.npi})
    text = answer.content.decode()
    assert answer.status_code == 409, text
    assert made["number"] not in text
    assert "changed later" not in text


def test_a_conflict_names_the_referral_only_to_its_parties(outside, ours, world):
    made = outside.post("referrals/", body(external_id="WB-2")).json()
    other = body(external_id="WB-2")
    assert made["number"] in problem_of(outside.post("referrals/", other), 409, "idempotency-conflict")["detail"]
    theirs = ours.post("referrals/", other | {"referring_office": world.outside.npi})
    assert made["number"] not in problem_of(theirs, 409, "idempotency-conflict")["detail"]


@pytest.mark.parametrize("guess", ["Merriweather", "Blackadder"])
def test_a_former_name_cannot_be_guessed_by_pairs_of_creates(outside, ours, world, guess):
    known = body(patient={"phone": "608-555-0166", "identifiers": []})
    number = ours.post("referrals/", known).json()["number"]
    PatientName.objects.create(patient=Patient.objects.get(referrals__number=number), family_name="Merriweather")
    own_number = [{"type": "MR", "value": "WB-710"}]
    first = known | {"patient": known["patient"] | {"identifiers": own_number}}
    outside.post("referrals/", first)
    second = first | {"patient": first["patient"] | {"family_name": guess, "phone": ""}}
    assert outside.post("referrals/", second).json()["warnings"] == []


def test_what_an_office_asked_twice_itself_it_is_told(outside):
    sent = body()
    first = outside.post("referrals/", sent).json()
    again = outside.post("referrals/", sent | {"clinical_question": "Asked again"}).json()
    assert [w["referral"] for w in again["warnings"]] == [first["number"]]


def test_another_office_is_no_payer(outside, world):
    numbers = [{"type": "MB", "value": "DT-1", "assigner": f"npi:{world.ours.npi}"}]
    answer = outside.post("referrals/", body(patient={"identifiers": numbers}))
    assert problem_of(answer, 400, "invalid")["errors"][0]["field"] == "patient.identifiers.0.assigner"


def test_a_draft_sent_again_as_final_is_signed(world, ours, outside):
    referral = factories.referral(world, "seen")
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = factories.note_bytes()
    at = f"referrals/{referral.number}/documents/"
    outside.upload(at, file=SimpleUploadedFile("n.txt", content), status="preliminary")
    signed = outside.upload(at, file=SimpleUploadedFile("n.txt", content), status="final")
    assert (signed.status_code, signed.json()["status"]) == (200, "final")
    referral.refresh_from_db()
    assert referral.status == "note_returned"
    assert [e.kind for e in referral.events.order_by("version")][-2:] == ["note_attached", "note_returned"]


def test_an_outside_office_speaks_for_its_own_clinicians(world, outside):
    from django.core.files.uploadedfile import SimpleUploadedFile

    referral = factories.referral(world, "seen")
    answer = outside.upload(
        f"referrals/{referral.number}/documents/",
        file=SimpleUploadedFile("n.txt", factories.note_bytes()),
        author=world.our_cardiologist.npi,
    )
    assert problem_of(answer, 400, "invalid")["errors"][0]["field"] == "author"


def test_a_wrong_address_is_a_problem_also_to_a_program_without_cookies(world):
    client = Client(enforce_csrf_checks=True)
    for method in (client.post, client.put, client.delete):
        answer = method("/api/v1/referrals", headers={"Authorization": f"Bearer {factories.token(world.ours)}"})
        problem_of(answer, 404, "not-found")
