"""The dispatcher that goes on: soon after a message is due it is sent, and while nothing is due it writes nothing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import tasks
from notifications.dispatch import forever
from notifications.models import Delivery, DispatchBeat
from tests.notifications.making import NOW, SECOND, Scripted, delivery

pytestmark = pytest.mark.django_db


class Clock:
    """Time that passes while the dispatcher sleeps; ``at`` maps seconds since NOW to what happens then."""

    def __init__(self, seconds: float, at=None):
        self.now, self.ends_at, self.at = NOW, NOW + timedelta(seconds=seconds), dict(at or {})

    def run(self) -> None:
        forever.dispatch_forever(now_fn=lambda: self.now, going=lambda: self.now < self.ends_at, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        for due in [due for due in self.at if NOW + timedelta(seconds=due) <= self.now]:
            self.at.pop(due)()


@pytest.fixture
def channel(monkeypatch):
    # A pass closes old connections first; the test's own must stay.
    monkeypatch.setattr(forever, "close_old_connections", lambda: None)
    return Scripted().install(monkeypatch)


def test_a_message_leaves_at_the_next_look(channel):
    Clock(10, at={3: lambda: delivery(now=NOW + 3 * SECOND)}).run()
    assert Delivery.objects.get().delivered_at == NOW + 3 * SECOND


def test_one_that_is_due_later_waits_until_then(channel):
    delivery(now=NOW + 7 * SECOND)
    Clock(10).run()
    assert Delivery.objects.get().delivered_at == NOW + 7 * SECOND


def test_while_nothing_is_due_it_only_reads(channel):
    with CaptureQueriesContext(connection) as queries:
        Clock(14).run()
    writes = [q["sql"] for q in queries if not q["sql"].startswith("SELECT")]
    first_pass = [sql for sql in writes if "dispatchbeat" in sql.lower()]
    assert len(first_pass) == 1, "one sign of life in 14 seconds"
    assert len([q for q in queries if q["sql"].startswith("SELECT") and "delivery" in q["sql"]]) <= 2 * 14 + 3


def test_it_shows_life_while_nothing_is_due(channel):
    Clock(40).run()
    assert DispatchBeat.objects.get().at >= NOW + 25 * SECOND


def test_a_database_that_fails_for_a_while_is_waited_for(channel, monkeypatch):
    calls = []

    def sometimes(**options):
        calls.append(1)
        if calls.count(1) < 3:
            raise OperationalError("gone")
        return dispatch(**options)

    dispatch = forever.dispatch
    monkeypatch.setattr(forever, "dispatch", sometimes)
    monkeypatch.setattr(forever, "connection", SimpleNamespace(close=lambda: calls.append("closed")))
    delivery()
    Clock(30).run()
    assert Delivery.objects.get().status == "delivered"
    assert calls[:4] == [1, "closed", 1, "closed"], "the broken connection is not used again"


@pytest.mark.parametrize(("ago", "sent"), [(timedelta(seconds=20), 0), (timedelta(seconds=40), 1)])
def test_the_schedule_leaves_the_work_to_a_dispatcher_that_is_alive(channel, ago, sent):
    DispatchBeat.objects.create(worker="other:1", at=timezone.now() - ago)
    delivery(now=timezone.now())
    assert tasks.dispatch_due()["delivered"] == sent
