"""Two dispatchers are killed again and again, at random times, while messages flow: none is lost, ids stay.

REFLOOP_KILLS sets how often (20 unless told)."""

import os
import random
import signal
import time
from collections import defaultdict

import pytest

from tests.concurrency.forking import Forker
from tests.concurrency.processes import test_database_url as database_url
from tests.notifications.receiver import Receiver, verify

KILLS = int(os.environ.get("REFLOOP_KILLS", "20"))
EACH_ROUND = 20  # messages enqueued between two kills
ENDPOINTS = 3
DRAIN_SECONDS = 90


def kill_while_sending(running: Forker, rounds: int) -> int:
    """Kill one of two senders a round, at random, and start another; the number of the next message."""
    senders = [running.do("dispatch"), running.do("dispatch")]
    for number in range(rounds):
        running.do("enqueue", first=number * EACH_ROUND, count=EACH_ROUND)
        time.sleep(random.uniform(0.02, 0.4))
        os.kill(senders.pop(random.randrange(2)), signal.SIGKILL)
        senders.append(running.do("dispatch"))
    return rounds * EACH_ROUND


def drained(running: Forker) -> dict:
    """The state when everything is over, at the latest after DRAIN_SECONDS."""
    ends_at = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < ends_at:
        state = running.do("state")
        if set(state["statuses"]) <= {"delivered", "dead"}:
            return state
        time.sleep(0.3)
    raise AssertionError(f"not drained: {state['statuses']}")


def check(url: str) -> None:
    def answer(request):
        time.sleep(random.uniform(0.0, 0.08))
        return (500 if random.random() < 0.03 else 204), {}

    with Receiver(answer) as receiver, Forker("tests.notifications.dispatcher", url) as running:
        if url.startswith("sqlite"):
            running.do("migrate")
        began = time.monotonic()
        urls = [f"http://127.0.0.1:{receiver.port}/{n}" for n in range(ENDPOINTS)]
        secrets = running.do("prepare", urls=urls)
        total = kill_while_sending(running, KILLS)
        state = drained(running)
        seconds = time.monotonic() - began

    committed = {str(n) for n in range(total) if n % 10 != 9}
    assert set(state["ids"].values()) == committed, "messages exist for what was committed and nothing else"
    assert state["statuses"] == {"delivered": len(committed) * ENDPOINTS}
    numbers = defaultdict(set)
    for request in receiver.requests:
        genuine = [secret for secret in secrets.values() if _genuine(request, secret)]
        assert len(genuine) == 1, "each request is signed for its endpoint alone"
        numbers[request.id].add(str(request.content["data"]["number"]))
    assert numbers.keys() == state["ids"].keys(), "every delivery arrived at least once, under its own id"
    assert all(seen == {state["ids"][id_]} for id_, seen in numbers.items()), "an id always carries its own message"
    assert state["outcomes"].get("lost", 0) > 0, "no kill ever hit a delivery under way: the test shows nothing"
    repeats = len(receiver.requests) - len(numbers)
    print(  # noqa: T201  (shown with -s)
        f"\n{KILLS} kills, {len(numbers)} deliveries, {repeats} repeats, outcomes {state['outcomes']}, {seconds:.1f} s"
    )


def _genuine(request, secret: str) -> bool:
    try:
        return verify(request.headers, request.body, secret, at=request.at) == request.id
    except Exception:
        return False


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_killed_on_postgresql():
    check(database_url())


@pytest.mark.sqlite
def test_killed_on_sqlite(tmp_path):
    check(f"sqlite:///{tmp_path / 'killed.sqlite3'}")
