"""Requests made from our own schema, good and bad: never a 5xx, never an answer the schema does not describe.

``REFLOOP_FUZZ_EXAMPLES=2000`` makes a long run of it (examples per operation)."""

import os

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from notifications.channels import web_address
from referrals import office_endpoints
from referrals.lifecycle.states import Status
from tests import factories

EXAMPLES = int(os.environ.get("REFLOOP_FUZZ_EXAMPLES", "12"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
API = schemathesis.openapi.from_wsgi("/api/schema/", WSGIHandler())
OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (result.ok() for result in API.get_all_operations())
}


@pytest.fixture
def one_connection():
    """The server must not close the connection that holds the test's transaction (Django's test client sees to it)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token_and_known(world, settings, one_connection, monkeypatch):
    """A token that is a party to a referral in every status and manages an endpoint, and values that exist here."""
    monkeypatch.setattr(web_address, "resolve", lambda host, port: ["93.184.216.34"])
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": dict.fromkeys(("token", "refused", "endpoints"), "1000000/min"),
    }
    made = [factories.referral(world, status, inbound=True) for status in Status.values]
    hook = office_endpoints.add(
        office=world.ours_too, channel="webhook", address="https://hooks.example.org/", by="test", now=factories.NOW
    ).endpoint
    waiting = office_endpoints.send_test(endpoint=hook, now=factories.NOW)
    token = factories.token(world.ours_too, manages_endpoints=True)
    known = plausible(world, [referral.number for referral in made])
    return token, known | {"endpoint_id": [hook.pk], "delivery_id": [waiting.public_id]}


def plausible(world, numbers: list[str]) -> dict[str, list]:
    """Values that exist here, by the name of the field or parameter."""
    npis = [world.ours.npi, world.ours_too.npi, world.outside.npi]
    return {
        "number": numbers,
        "specialty": ["cardiology"],
        "payer": ["aetna-ppo"],
        "office": npis,
        "referring_office": npis,
        "receiving_office": npis,
        "provider": [world.our_cardiologist.npi, world.outside_cardiologist.npi],
        "reason": ["referrer_cancelled", "unreachable", "duplicate", "note_not_obtainable"],
        "owner": [world.coordinator.pk],
        "starts_at": ["2026-11-24T09:30:00-06:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
        "until": ["2027-01-04T09:00:00-06:00"],
        "address": [
            "https://hooks.example.org/",
            "https://hooks.example.org/other",
            "a@example.org",
            "http://10.0.0.1/",
        ],
        "channel": ["webhook", "email"],
        "topics": [["referral.*"], [], ["note.request", "*"]],
        "birth_date": ["1961-03-04", "0001-01-01", "9999-12-31"],
        "expected_version": [1, 2, 2**31 - 1],
    }


def mix_in(values: dict, known: dict[str, list], data: st.DataObject) -> None:
    for name in sorted(set(values) & set(known), key=str):
        if data.draw(st.booleans()):
            values[name] = data.draw(st.sampled_from(known[name]))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_as_described(name, token_and_known):
    token, known = token_and_known
    operation = OPERATIONS[name]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def run(data):
        good = data.draw(st.booleans())
        mode = GenerationMode.POSITIVE if good else GenerationMode.NEGATIVE
        case = data.draw(operation.as_strategy(mode))
        for part in (case.path_parameters, case.query, case.body):
            if isinstance(part, dict):
                mix_in(part, known, data)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    run()
