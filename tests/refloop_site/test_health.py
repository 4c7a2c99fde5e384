"""The addresses a load balancer asks, and what stands still when the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from notifications.models import DispatchBeat
from referrals import clockwork
from referrals.intake.arrivals import Sender, take_in
from referrals.models import Heartbeat, Referral
from refloop_site import health, pulse
from tests import factories
from tests.notifications.making import delivery, endpoint

NOW = datetime(2026, 11, 4, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def beat_all(at: datetime = NOW) -> None:
    """Everything ran at ``at``."""
    clockwork.beat(clockwork.QUEUE, now=at)
    clockwork.beat(clockwork.SWEEP, now=at)
    clockwork.beat(clockwork.READER, now=at)
    DispatchBeat.objects.update_or_create(worker="host:1", defaults={"at": at})


def asked(client, now: datetime = NOW):
    cache.clear()
    with time_machine.travel(now, tick=False):
        return client.get("/healthz")


def failing_parts(response) -> list[str]:
    return [problem["part"] for problem in response.json()["problems"]]


@pytest.mark.django_db
def test_a_running_clock_is_well_and_says_what_there_is(client, django_assert_max_num_queries):
    beat_all()
    clockwork.beat_of_cluster(now=NOW)
    with django_assert_max_num_queries(17):
        response = asked(client)
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "problems": [],
        "queue": {"last_seen": "2026-11-04T16:00:00Z", "clusters": 1, "waiting_tasks": 0},
        "sweep": {"last_run": "2026-11-04T16:00:00Z", "due": 0, "due_since": None, "set_aside": 0},
        "documents": {
            "last_run": "2026-11-04T16:00:00Z", "waiting": 0, "waiting_since": None, "in_review": 0, "inbox_last_run": None,
        },
        "messages": {
            "last_run": "2026-11-04T16:00:00Z", "waiting": 0, "in_flight": 0, "late": 0, "oldest_due_seconds": 0,
            "given_up": 0, "nobody_to_tell": 0, "failing_addresses": 0, "failing_channels": [],
        },
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("silent", ["queue", "sweep", "messages"])
@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 200), (301, 503)])
def test_each_part_may_be_silent_for_five_minutes(client, silent, seconds, status):
    beat_all()
    then = NOW - timedelta(seconds=seconds)
    if silent == "messages":
        DispatchBeat.objects.update(at=then)
    else:
        clockwork.beat(silent, now=then)
    response = asked(client)
    assert response.status_code == status
    assert failing_parts(response) == ([silent] if status == 503 else [])


@pytest.mark.django_db
def test_what_never_ran_is_said_with_what_to_do(client):
    response = asked(client)
    assert response.status_code == 503
    assert failing_parts(response) == ["queue", "messages"]
    for problem in response.json()["problems"]:
        assert "never ran" in problem["says"] and "manage.py serve" in problem["do"]


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "found"), [(10 * MINUTE, []), (10 * MINUTE + timedelta(seconds=1), ["sweep"])])
def test_referrals_the_sweep_does_not_come_to(world, client, late, found):
    beat_all()
    factories.referral(world)
    Referral.objects.update(next_escalation_at=NOW - late, changed_at=NOW - late)
    response = asked(client)
    assert failing_parts(response) == found
    assert response.json()["sweep"]["due"] == 1
    assert Referral.objects.get().patient.family_name not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "found"), [(10 * MINUTE, []), (10 * MINUTE + timedelta(seconds=1), ["messages"])])
def test_messages_nobody_sends(client, late, found):
    beat_all()
    delivery(now=NOW - late)
    response = asked(client)
    assert failing_parts(response) == found
    assert response.json()["messages"]["late"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("waited", "silent", "found"),
    [
        (10 * MINUTE, 6 * MINUTE, []),
        (10 * MINUTE + timedelta(seconds=1), 6 * MINUTE, ["documents"]),
        (60 * MINUTE, MINUTE, []),  # a pile of scans, and somebody reads
    ],
)
@pytest.mark.parametrize("reader", [clockwork.READER, clockwork.READ])
def test_documents_nobody_reads(client, waited, silent, found, reader):
    beat_all()
    Heartbeat.objects.filter(name=clockwork.READER).delete()
    clockwork.beat(reader, now=NOW - silent)
    take_in(b"Dear Dr. Gray", filename="Delgado.txt", sender=Sender("folder", "folder:fax", "fax"), now=NOW - waited)
    response = asked(client)
    assert failing_parts(response) == found
    assert response.json()["documents"]["waiting"] == 1
    assert "Delgado" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "found"), [(5 * MINUTE, []), (6 * MINUTE, ["inbox"])])
def test_an_inbox_folder_nobody_watches(client, settings, ago, found):
    beat_all()
    clockwork.beat(clockwork.INBOX, now=NOW - ago)
    assert failing_parts(asked(client)) == []  # none is configured
    settings.REFLOOP_INBOX_FOLDER = "/srv/fax"
    response = asked(client)
    assert failing_parts(response) == found
    assert "/srv/fax" not in response.content.decode()


@pytest.mark.django_db
def test_messages_that_wait_for_a_broken_address_are_no_standstill(client):
    beat_all()
    bad = endpoint()
    bad.consecutive_failures = 5
    bad.save()
    delivery(bad, now=NOW - timedelta(hours=3))
    response = asked(client)
    assert response.status_code == 200
    assert response.json()["messages"]["late"] == 1


@pytest.mark.django_db
def test_asking_again_is_cheap(client, django_assert_num_queries):
    beat_all()
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")


@pytest.mark.django_db
def test_a_failing_database_is_503_and_its_error_is_not_shown(client, monkeypatch):
    def fail():
        raise OperationalError("could not connect to host db.internal user refloop")

    monkeypatch.setattr(pulse, "recent", fail)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "failing"
    assert b"db.internal" not in response.content


def test_livez_asks_no_database(client):
    response = client.get("/livez")  # without the db mark a query would fail the test
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.parametrize("view", [health.livez, health.healthz])
def test_only_reading_is_allowed_and_nothing_is_cached(rf, view):
    response = view(rf.post("/"))
    assert response.status_code == 405
    assert "no-store" in response.headers["Cache-Control"]


def test_probes_over_plain_http_are_not_redirected(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/livez").status_code == 200
    assert client.get("/admin/login/").status_code == 301
