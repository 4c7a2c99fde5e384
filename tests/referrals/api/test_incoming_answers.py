"""Senders are answered in their own language: HL7 v2 with an ACK, FHIR with 201 or an OperationOutcome."""

import json

import pytest
from lxml import etree

from referrals.intake.parsers.v2.tokens import messages_of
from referrals.models import Arrival, IncomingDocument
from tests.referrals.api.calling import BASE
from tests.referrals.api.test_incoming import ADDRESS, MDM, send

FHIR = b'{"resourceType": "DocumentReference", "status": "current"}'
HL7 = "application/hl7-v2"
PROGRAM = b"MZ\x90\x00\x00\x00"


def acknowledged(response):
    """(MSA-1, MSA-2, MSA-3, ERR-8) of the answer, which is one well-formed message."""
    assert response["Content-Type"].startswith((HL7, "x-application/hl7-v2+er7"))
    (message,) = messages_of(response.content)
    assert message.type == "ACK" and message.header.text(10)
    msa = message.first("MSA")
    return msa.text(1), msa.text(2), msa.text(3), message.first("ERR").text(8)


@pytest.mark.parametrize(
    ("media", "accept"),
    [(HL7, ""), (HL7, "*/*"), ("x-application/hl7-v2+er7; charset=utf-8", ""), ("application/octet-stream", HL7), (HL7, f"{HL7}, application/json;q=0.1")],
)  # fmt: skip
def test_who_posts_or_asks_for_er7_gets_an_ack(world, outside, media, accept):
    response = send(outside, media=media, accept=accept)
    assert response.status_code == 200
    code, control, says, error = acknowledged(response)
    assert (code, error) == ("AA", "") and says == "Stored"
    assert control == ("M1" if "hl7" in media else "")
    message = messages_of(response.content)[0].header
    assert [message.text(n) for n in (3, 4, 5, 6)] == (
        ["REFLOOP", "LC", "EHR", "CHC"] if control else ["REFLOOP", "", "", ""]
    )
    assert outside.get(response["Location"]).json()["state"] == "received"
    assert response["Cache-Control"] == "no-store"


def test_who_asks_for_json_gets_json(world, outside):
    assert send(outside).json()["state"] == "received"


def test_a_repeat_is_accepted_again_and_is_one_document(world, outside):
    first, again = send(outside, accept=""), send(outside, accept="")
    assert acknowledged(first)[:2] == acknowledged(again)[:2] == ("AA", "M1")
    assert first["Location"] == again["Location"]
    assert Arrival.objects.get().source_id == "EHR^CHC^M1"


def test_the_same_control_id_with_other_bytes_is_kept_for_a_person(world, outside):
    send(outside, accept="")
    assert acknowledged(send(outside, MDM + b"OBX|1|TX|||More\r", accept=""))[0] == "AA"
    assert IncomingDocument.objects.count() == 2


def test_a_batch_is_acknowledged_by_its_own_id_and_no_message_lends_it_hers(world, outside):
    batch = b"FHS|^~\\&|EHR|CHC|||||||F-77\rBHS|^~\\&\r" + MDM + MDM.replace(b"|M1|", b"|M2|") + b"BTS|2\rFTS|1\r"
    assert acknowledged(send(outside, batch, accept=""))[:2] == ("AA", "F-77")
    assert Arrival.objects.get().source_id.startswith("sha256:")


@pytest.mark.parametrize(
    ("before", "behind"), [(b"", b""), (b"BHS|^~\\&|EHR\r", b"BTS|2\r"), (b"\xef\xbb\xbf\x0b", b"\x1c\r")]
)
def test_several_messages_without_an_id_of_their_batch_get_an_ack_each(world, outside, before, behind):
    second = MDM.replace(b"|M1|", b"|M2|").replace(b"EHR", b"LAB")
    response = send(outside, before + MDM + second + behind, accept="")
    first, other = messages_of(response.content)
    assert [one.first("MSA").text(n) for one in (first, other) for n in (1, 2)] == ["AA", "M1", "AA", "M2"]
    assert (first.header.text(5), other.header.text(5)) == ("EHR", "LAB")
    assert first.header.text(10) != other.header.text(10)
    assert IncomingDocument.objects.count() == 1


def test_messages_without_ids_and_far_too_many_are_acknowledged_once(world, outside):
    for body in (MDM + MDM.replace(b"|M1|", b"||"), MDM + b"MSH|" * 3 + b"\r", MDM * 600):
        assert acknowledged(send(outside, body, accept=""))[:2] == ("AA", "M1")


def test_what_is_stored_but_no_message_is_an_error(world, outside):
    code, control, says, error = acknowledged(send(outside, b"Dear colleague, thank you.", accept=""))
    assert (code, control) == ("AE", "") and "staff will look" in says and error == says
    assert IncomingDocument.objects.count() == 1


def test_only_what_is_not_stored_is_rejected(world, outside, settings):
    rejected = send(outside, PROGRAM, accept="")
    assert rejected.status_code == 400
    code, _, says, error = acknowledged(rejected)
    assert code == "AR" and "not taken" in says and error == says
    settings.DOCUMENT_MAX_BYTES = 100
    large = send(outside, MDM + b"x" * 100, accept="")
    assert (large.status_code, acknowledged(large)[0]) == (413, "AR")
    outside.token = "wrong"
    unknown = send(outside, accept="")
    assert (unknown.status_code, acknowledged(unknown)[0]) == (401, "AR")
    assert "Bearer" in unknown["WWW-Authenticate"]
    assert not IncomingDocument.objects.exists()


def test_a_header_of_a_stranger_breaks_no_acknowledgment(world, outside):
    hostile = b"MSH|^~\\&|A\\F\\B\x07|X&Y^Z|||||MDM^T02|ID\\R\\1\\X0D\\MSA|P|2.5.1\rPID|1\r"
    response = send(outside, hostile, accept="")
    assert response.content.count(b"\r") == 2
    code, control, *_ = acknowledged(response)
    assert (code, control.split("\n")[0]) == ("AA", "ID~1 MSA")


@pytest.mark.parametrize("media", ["application/fhir+json", "application/fhir+xml"])
def test_a_sender_of_fhir_gets_201_and_the_address(world, outside, media):
    response = send(outside, FHIR, media, accept="")
    assert (response.status_code, response.json()["state"]) == (201, "received")
    assert outside.get(response["Location"]).status_code == 200


def test_a_refused_sender_of_fhir_gets_an_outcome(world, outside):
    refused = send(outside, PROGRAM, "application/fhir+json", accept="")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/fhir+json")
    outcome = json.loads(refused.content)
    assert outcome["resourceType"] == "OperationOutcome"
    (issue,) = outcome["issue"]
    assert (issue["severity"], issue["code"]) == ("error", "invalid") and "not taken" in issue["diagnostics"]
    in_xml = etree.fromstring(send(outside, PROGRAM, "application/fhir+xml", accept="").content)
    assert in_xml.tag == "{http://hl7.org/fhir}OperationOutcome"
    headers = {"Authorization": "Bearer wrong"}
    unknown = outside.client.post(f"{BASE}{ADDRESS}", data=FHIR, content_type="application/fhir+json", headers=headers)
    assert (unknown.status_code, json.loads(unknown.content)["issue"][0]["code"]) == (401, "login")
