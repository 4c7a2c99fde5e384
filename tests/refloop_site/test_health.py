"""The two addresses a load balancer asks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from referrals import clockwork
from refloop_site import health

NOW = datetime(2026, 11, 4, 16, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "status"),
    [(timedelta(seconds=299), 200), (timedelta(seconds=300), 200), (timedelta(seconds=301), 503)],
)
def test_the_queue_may_be_silent_for_five_minutes(client, age, status):
    clockwork.beat(clockwork.QUEUE, now=NOW - age)
    with time_machine.travel(NOW, tick=False):
        response = client.get("/healthz")
    assert response.status_code == status
    assert response.json()["queue_last_beat"] == (NOW - age).isoformat()


@pytest.mark.django_db
def test_a_queue_that_never_ran_is_said(client):
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["queue"].startswith("silent")
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_healthy_report_says_how_much_waits(client):
    clockwork.beat(clockwork.QUEUE, now=NOW)
    with time_machine.travel(NOW, tick=False):
        report = client.get("/healthz").json()
    assert report == {
        "status": "ok",
        "database": "ok",
        "queue": "ok",
        "queue_last_beat": NOW.isoformat(),
        "queue_waiting": 0,
    }


@pytest.mark.django_db
def test_a_failing_database_is_503_and_its_error_is_not_shown(client, monkeypatch):
    def fail():
        raise OperationalError("could not connect to host db.internal user refloop")

    monkeypatch.setattr(health, "last_beat", fail)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "failing"
    assert b"db.internal" not in response.content


def test_livez_asks_no_database(client):
    response = client.get("/livez")  # without the db mark a query would fail the test
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_only_reading_is_allowed_and_nothing_is_cached(client, path):
    response = client.post(path)
    assert response.status_code == 405
    assert "no-store" in response.headers["Cache-Control"]


def test_probes_over_plain_http_are_not_redirected(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/livez").status_code == 200
    assert client.get("/admin/login/").status_code == 301
