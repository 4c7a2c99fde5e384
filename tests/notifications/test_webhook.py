"""Webhooks against a real HTTP server whose receiver knows only the text of Standard Webhooks."""

import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications import endpoints
from notifications.channels import pinned_post, registry, web_address
from notifications.channels.protocol import Result
from tests.notifications.making import FULL, MINIMAL, NOW, recipient
from tests.notifications.receiver import NotGenuine, Receiver, verify
from tests.notifications.test_email import parcel

SECRET = endpoints.new_secret()


@pytest.fixture(autouse=True)
def _this_machine_is_allowed(settings):
    settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE = True


def send(receiver: Receiver, now: datetime | None = None, **values):
    values = {"address": receiver.url, "secrets": (SECRET,), "topic": "referral.seen"} | values
    return registry.channel("webhook").send(parcel(**values), now=now or timezone.now())


def test_a_delivery_is_verified_and_says_what_happened():
    with Receiver() as receiver:
        outcome = send(receiver)
    (request,) = receiver.requests
    assert (outcome.result, outcome.code) == (Result.DELIVERED, 204)
    assert verify(request.headers, request.body, SECRET) == "msg_0123456789abcdef0123456789abcdef"
    assert request.content == {"type": "referral.seen", "timestamp": "2026-11-04T16:00:00.000Z", "data": FULL}
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["content-type"] == "application/json"


def test_the_receiver_would_notice_any_change():
    with Receiver() as receiver:
        send(receiver)
    (request,) = receiver.requests
    for headers, body in (
        (request.headers, request.body + b" "),
        (request.headers | {"webhook-id": "msg_other"}, request.body),
        (request.headers | {"webhook-timestamp": str(int(request.headers["webhook-timestamp"]) + 1)}, request.body),
    ):
        with pytest.raises(NotGenuine):
            verify(headers, body, SECRET)
    with pytest.raises(NotGenuine):
        verify(request.headers, request.body, endpoints.new_secret())


def test_minimal_sends_the_minimal_context():
    with Receiver() as receiver:
        send(receiver, context=MINIMAL, detail="minimal")
    assert b"Jane" not in receiver.requests[0].body and receiver.requests[0].content["data"] == MINIMAL


def test_the_time_of_signing_is_the_time_of_the_try():
    now = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    with Receiver() as receiver:
        send(receiver, now=now)
    (request,) = receiver.requests
    assert verify(request.headers, request.body, SECRET, at=now.timestamp())


@pytest.mark.django_db
def test_rotation_signs_with_both_until_the_overlap_ends():
    with Receiver() as receiver:
        added = endpoints.add(recipient=recipient(), channel="webhook", address=receiver.url, now=NOW)
        new = endpoints.rotate_secret(endpoint=added.endpoint, now=NOW)
        added.endpoint.refresh_from_db()
        end = NOW + endpoints.ROTATION_OVERLAP
        for at, accepted in ((end - timedelta(seconds=1), 2), (end, 1), (end + timedelta(seconds=1), 1)):
            send(receiver, now=at, secrets=added.endpoint.live_secrets(at))
            request = receiver.requests[-1]
            verify(request.headers, request.body, new, at=at.timestamp())
            assert len(request.headers["webhook-signature"].split(" ")) == accepted
            if accepted == 2:
                verify(request.headers, request.body, added.secret, at=at.timestamp())
            else:
                with pytest.raises(NotGenuine):
                    verify(request.headers, request.body, added.secret, at=at.timestamp())


@pytest.mark.django_db
def test_a_leaked_secret_is_dropped_at_once():
    with Receiver() as receiver:
        added = endpoints.add(recipient=recipient(), channel="webhook", address=receiver.url, now=NOW)
    new = endpoints.rotate_secret(endpoint=added.endpoint, now=NOW, overlap=timedelta(0))
    added.endpoint.refresh_from_db()
    assert added.endpoint.live_secrets(NOW) == (new,)


@pytest.mark.parametrize(
    ("status", "headers", "result", "retry_after"),
    [
        (200, {}, Result.DELIVERED, None),
        (299, {}, Result.DELIVERED, None),
        (301, {"Location": "/elsewhere"}, Result.RETRY, None),
        (307, {"Location": "http://127.0.0.1:1/"}, Result.RETRY, None),
        (400, {}, Result.RETRY, None),
        (404, {}, Result.RETRY, None),
        (410, {}, Result.REFUSED, None),
        (429, {"Retry-After": "7200"}, Result.RETRY, timedelta(hours=2)),
        (500, {}, Result.RETRY, None),
        (503, {"Retry-After": "nonsense"}, Result.RETRY, None),
    ],
)
def test_answers(status, headers, result, retry_after):
    with Receiver(lambda request: (status, headers)) as receiver:
        outcome = send(receiver)
    assert (outcome.result, outcome.code, outcome.retry_after) == (result, status, retry_after)
    assert len(receiver.requests) == 1, "redirects are not followed"


def test_a_server_that_is_not_there():
    with Receiver() as receiver:
        pass
    outcome = send(receiver)
    assert (outcome.result, outcome.detail) == (Result.RETRY, "it refused the connection")


@pytest.mark.parametrize("drip", [False, True], ids=["silent", "one byte at a time"])
def test_time_is_up_whatever_the_receiver_does(monkeypatch, drip):
    monkeypatch.setattr(pinned_post.post, "__kwdefaults__", {"seconds": 0.6})

    def answer(request):
        if not drip:
            time.sleep(5)
        return 204, {}

    with Receiver(answer, drip=drip) as receiver:
        began = time.monotonic()
        outcome = send(receiver)
    assert (outcome.result, outcome.detail) == (Result.RETRY, "no answer in time")
    assert time.monotonic() - began < 2.5


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Receiver() as receiver:
        assert send(receiver).result == Result.DELIVERED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for hook.example that is its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=hook.example",
         "-addext", "subjectAltName=DNS:hook.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize(
    ("host", "trusted", "result"),
    [("hook.example", True, "delivered"), ("other.example", True, "retry"), ("hook.example", False, "retry")],
)
def test_tls_is_checked_against_the_name_not_the_ip(monkeypatch, settings, certificate, host, trusted, result):
    monkeypatch.setattr(web_address, "resolve", lambda host, port: ["127.0.0.1"])
    settings.REFLOOP_WEBHOOK_CA_FILE = str(certificate / "cert.pem") if trusted else ""
    with Receiver(tls=certificate) as receiver:
        outcome = send(receiver, address=f"https://{host}:{receiver.port}/")
    assert outcome.result == result
    if result == "delivered":
        assert receiver.server_names == [host], "SNI names the host"
    else:
        assert outcome.detail == "its certificate is not valid for its name" and not receiver.requests
