"""Create: once, with what the caller may claim, and without telling what is not the caller's."""

import pytest

from referrals.models import CaptureReceipt, Referral
from tests.referrals.api.calling import Caller, body, fields_of, problem_of


def test_a_minimal_create(ours):
    minimal = body()
    for name in ("diagnoses", "payer"):
        del minimal[name]
    minimal["patient"] = {"family_name": "Doe", "given_name": "Jane", "birth_date": "1961-03-04"}
    created = ours.post("referrals/", minimal)
    assert created.status_code == 201, created.content
    referral = created.json()
    assert created["Location"] == f"/api/v1/referrals/{referral['number']}/"
    assert referral["warnings"] == []
    assert Referral.objects.get(number=referral["number"]).source == "api"


def test_everything_a_create_can_say_comes_back(world, outside):
    sent = body(
        priority="urgent",
        service_requested="stress test",
        member_id="W123",
        authorization_state="approved",
        authorization_number="A-1",
        authorization_expires_on="2030-01-31",
        needed_by=None,
        external_id="ord-9",
        referring_provider=world.outside_gp.npi,
        receiving_office=world.ours_too.npi,
        receiving_provider=world.our_cardiologist.npi,
        patient={
            "sex": "female", "street": "1 Main St", "city": "Madison", "state": "WI", "language": "es",
            "needs_interpreter": True, "identifiers": [{"value": "M-1"}],
            "other_names": [{"use": "former", "family_name": "Smith"}],
        },
    )  # fmt: skip
    referral = outside.post("referrals/", sent).json()
    for name in ("priority", "service_requested", "member_id", "external_id", "clinical_question", "diagnoses"):
        assert referral[name] == sent[name]
    assert referral["authorization"] == {"state": "approved", "number": "A-1", "expires_on": "2030-01-31"}
    assert referral["payer"]["code"] == "aetna-ppo"
    assert referral["receiving_provider"]["npi"] == world.our_cardiologist.npi
    assert referral["referring_provider"]["npi"] == world.outside_gp.npi
    assert referral["patient"]["identifiers"] == [
        {"type": "MR", "assigner": f"npi:{world.outside.npi}", "value": "M-1"}
    ]
    assert referral["patient"]["needs_interpreter"] is True


def test_unknown_and_mismatched_names(world, ours):
    assert fields_of(
        ours.post("referrals/", body(specialty="nope", payer="nope", referring_provider=world.our_cardiologist.npi))
    ) == {"specialty", "payer", "referring_provider"}
    assert fields_of(ours.post("referrals/", body(receiving_office="1234567890", receiving_provider="x"))) == {
        "receiving_office", "receiving_provider",
    }  # fmt: skip


def test_an_outside_office_refers_only_for_itself(world, outside):
    refused = outside.post("referrals/", body(referring_office=world.stranger.npi))
    assert fields_of(refused) == {"referring_office"}
    assert outside.post("referrals/", body(referring_office=world.outside.npi)).status_code == 201


def test_an_outside_office_refers_only_to_us(world, outside):
    assert fields_of(outside.post("referrals/", body(receiving_office=world.stranger.npi))) == {"receiving_office"}


def test_our_front_desk_records_an_outside_referral_it_receives(world, our_heart, outside):
    referral = our_heart.post("referrals/", body(referring_office=world.outside.npi, external_id="o-1")).json()
    assert (referral["direction"], referral["your_roles"]) == ("inbound", ["group", "receiving"])
    assert outside.get(referral["href"]).json()["your_roles"] == ["referring"]


def test_our_front_desk_may_leave_the_choice_to_routing_in_the_group(world, ours):
    created = ours.post("referrals/", body(referring_office=world.outside.npi))
    referral = created.json()
    assert (created.status_code, referral["direction"]) == (201, "inbound")
    assert referral["receiving_office"]["npi"] == world.ours_too.npi
    assert (referral["your_roles"], referral["allowed_actions"]) == ([], [])
    problem_of(ours.get(referral["href"]), 404, "not-found")


def test_our_office_does_not_send_an_outside_referral_to_third_offices(world, ours):
    sent = body(referring_office=world.outside.npi, receiving_office=world.ours_too.npi, direction="outbound")
    assert fields_of(ours.post("referrals/", sent)) == {"receiving_office", "direction"}


def test_record_numbers_of_other_assigners(world, ours, outside):
    theirs = {"identifiers": [{"value": "1", "assigner": f"npi:{world.ours.npi}"}, {"value": "2", "assigner": "x"}]}
    assert fields_of(outside.post("referrals/", body(patient=theirs))) == {
        "patient.identifiers.0.assigner", "patient.identifiers.1.assigner",
    }  # fmt: skip
    member = {"identifiers": [{"type": "MB", "value": "W1", "assigner": "aetna"}]}
    assert outside.post("referrals/", body(patient=member)).status_code == 201
    assert ours.post("referrals/", body(patient=theirs)).status_code == 201


def test_an_outside_office_does_not_learn_that_a_number_is_somebody_elses(ours, outside):
    number = {"identifiers": [{"type": "MB", "value": "W1", "assigner": "aetna"}]}
    outside.post("referrals/", body(patient=number))
    assert outside.post("referrals/", body(patient=number)).json()["warnings"] == []
    assert [w["code"] for w in ours.post("referrals/", body(patient=number)).json()["warnings"]] == ["identity"]


def test_likely_duplicates_are_told_to_their_parties_only(world, ours, outside):
    same = body()["patient"]
    first = ours.post("referrals/", body(patient=same, direction="outbound")).json()
    again = ours.post("referrals/", body(patient=same, direction="outbound")).json()
    assert [w["referral"] for w in again["warnings"]] == [first["number"]]
    stranger = Caller(world.stranger)
    assert stranger.post("referrals/", body(patient=same)).json()["warnings"] == []


def test_linking_to_a_known_patient_tells_the_sender_nothing(ours, outside):
    known = body()["patient"] | {
        "street": "5 Elm St", "email": "a@example.org", "identifiers": [{"value": "OUR-1"}], "middle_name": "Q",
        "other_names": [{"family_name": "Maiden"}],
    }  # fmt: skip
    ours.post("referrals/", body(patient=known))
    bare = {name: known[name] for name in ("family_name", "given_name", "birth_date", "phone")}
    sent = body()
    sent["patient"] = bare
    referral = outside.post("referrals/", sent).json()
    assert Referral.objects.values("patient").distinct().count() == 1
    shown = referral["patient"]
    assert (shown["street"], shown["email"], shown["middle_name"]) == ("", "", "")
    assert (shown["identifiers"], shown["other_names"]) == ([], [])
    for probe in ("OUR-1", "Maiden"):
        assert outside.get("referrals/", search=probe).json()["results"] == []
    assert len(outside.get("referrals/", search=bare["phone"]).json()["results"]) == 1


def test_nothing_is_kept_of_a_create_that_failed(ours):
    ours.post("referrals/", body(specialty="nope", external_id="e"), Idempotency_Key="k")
    assert not CaptureReceipt.objects.exists()
    assert ours.post("referrals/", body(external_id="e"), Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-13-01", "2026-02-30", "20260101", "١٩٥٨-٠٧-٠١"])
def test_odd_days(ours, day):
    assert "patient.birth_date" in fields_of(ours.post("referrals/", body(patient={"birth_date": day})))
