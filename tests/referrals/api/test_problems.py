"""Every error is problem details, whatever went wrong."""

import logging

import pytest
from django.test import Client

from referrals.api.problem_types import PROBLEMS
from referrals.api.views.directory import PayersView
from tests.referrals.api.calling import BASE, Caller, body, fields_of, problem_of

CREATE = BASE + "referrals/"


def send(caller: Caller, raw: bytes, content_type: str = "application/json"):
    headers = {"Authorization": f"Bearer {caller.token}"}
    return Client(raise_request_exception=False).post(CREATE, raw, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'{"clinical_question": "\\ud800"}',
        b'{"\\udfff": 1}', b"[" * 100_000, b'{"a":' * 50 + b"1" + b"}" * 50, b'{"n": ' + b"9" * 5000 + b"}",
    ],
    ids=[
        "cut off", "nothing", "not UTF-8", "NaN", "key twice", "half a surrogate", "in a key", "very deep", "deep",
        "huge number",
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_read(ours, raw):
    response = send(ours, raw)
    if raw:
        problem_of(response, 400, "malformed")
    else:
        problem_of(response, 400, "invalid")  # an empty body is an empty object


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"text"', b"5", b"true"])
def test_bodies_that_are_no_object(ours, raw):
    problem = problem_of(send(ours, raw), 400, "invalid")
    assert problem["errors"][0]["field"] == ""


def test_a_body_over_the_limit(ours):
    problem_of(send(ours, b'{"clinical_question": "' + b"x" * 1_100_000 + b'"}'), 413, "too-large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"])
def test_another_content_type(ours, kind):
    problem_of(send(ours, b"{}", kind), 415, "unsupported-media-type")


def test_unknown_fields_are_named_at_every_depth(ours):
    sent = body(prioritty="urgent", patient={"familyname": "Doe", "identifiers": [{"value": "1", "assigned_by": "x"}]})
    assert fields_of(ours.post("referrals/", sent)) == {
        "prioritty", "patient.familyname", "patient.identifiers.0.assigned_by",
    }  # fmt: skip


def test_wrong_types_are_not_converted(ours):
    sent = body(clinical_question=5, diagnoses="I20.9", patient={"needs_interpreter": "yes", "birth_date": 19580701})
    assert fields_of(ours.post("referrals/", sent)) == {
        "clinical_question", "diagnoses", "patient.needs_interpreter", "patient.birth_date",
    }  # fmt: skip


def test_everything_wrong_is_said_at_once_with_its_path(ours):
    sent = body(specialty="heart", diagnoses=["I20.9", "ouch"], patient={"zip_code": "1", "birth_date": "2090-01-01"})
    assert fields_of(ours.post("referrals/", sent)) == {
        "specialty", "diagnoses.1", "patient.zip_code", "patient.birth_date",
    }  # fmt: skip


def test_characters_a_database_refuses(ours):
    assert fields_of(ours.post("referrals/", body(clinical_question="a\x00b"))) == {"clinical_question"}
    assert fields_of(ours.get("referrals/", search="a\x00b")) == {"search"}


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing/", "/api/v2/", "/api/v1/referrals", "/api/v1/referrals/x/y/z/", "/api/v1/a%0Ab/"]
)
def test_unknown_addresses(world, address):
    problem_of(Client().get(address), 404, "not-found")
    problem_of(Client().post(address, {}, content_type="application/json"), 404, "not-found")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_methods_an_address_does_not_know(ours, method):
    response = getattr(Client(), method)(CREATE, headers={"Authorization": f"Bearer {ours.token}"})
    problem_of(response, 405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD, POST"


def test_answers_are_json_whatever_is_accepted(ours):
    headers = {"Authorization": f"Bearer {ours.token}", "Accept": "text/html"}
    assert Client().get(CREATE, headers=headers)["Content-Type"] == "application/json"


def test_a_surprise_is_logged_under_an_id_and_tells_nothing(ours, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("Doe, Jane 1961-03-04")

    monkeypatch.setattr(PayersView, "get", fail)
    with caplog.at_level(logging.ERROR, logger="refloop.api"):
        response = ours.get("payers/")
    problem = problem_of(response, 500, "internal-error")
    assert "Doe" not in response.content.decode()
    record = next(r for r in caplog.records if getattr(r, "error_id", ""))
    assert record.error_id == problem["error_id"]
    assert "Doe" not in record.getMessage()


def test_every_kind_is_described_where_its_type_points(client):
    page = client.get("/api/docs/problems").content.decode()
    assert all(f'id="{code}"' in page for code in PROBLEMS)
