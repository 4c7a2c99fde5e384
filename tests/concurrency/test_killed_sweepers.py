"""Sweepers and dispatchers are killed again and again, at random times: every rung fires exactly once, every message
arrives at least once under one id, and none is lost.

REFLOOP_KILLS sets how often (16 on PostgreSQL and 4 on SQLite unless told)."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests.concurrency.clockworks import simulated
from tests.concurrency.forking import Forker
from tests.concurrency.processes import test_database_url as database_url
from tests.notifications.receiver import Receiver

KILLS = int(os.environ.get("REFLOOP_KILLS", "0"))
REFERRALS = 40
WORKERS = ("sweep", "sweep", "sweep", "dispatch", "dispatch")
DRAIN_SECONDS = 90


def answer(request):
    time.sleep(random.uniform(0.0, 0.02))
    return (500 if random.random() < 0.03 else 204), {}


def check_deliveries(state: dict, receiver: Receiver) -> int:
    """All arrived, each under its own id; how many arrived twice."""
    assert state["statuses"].keys() == {"delivered"}, state["given_up"]
    about: dict[str, set[str]] = {}
    for request in receiver.requests:
        about.setdefault(request.id, set()).add(request.content["data"]["referral"]["number"])
    assert about.keys() == state["ids"].keys(), "every delivery arrived at least once, under its own id"
    assert all(numbers == {state["ids"][id_]} for id_, numbers in about.items())
    return len(receiver.requests) - len(about)


def drained(running: Forker, expected: int | None = None) -> dict:
    """The state when every message has arrived (and ``expected`` were told in all), at the latest after DRAIN_SECONDS."""
    ends_at = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < ends_at:
        state = running.do("state")
        told = sum(times for times, _ in state["told"].values())
        if state["statuses"].keys() <= {"delivered", "dead"} and expected in (None, told):
            return state
        time.sleep(0.3)
    raise AssertionError(f"not drained: {state['statuses']}, {told} told")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_three_sweepers_and_two_dispatchers_on_postgresql(tmp_path):
    kills = KILLS or 16
    base = timezone.now() - timedelta(days=60)
    marks = tmp_path / "marks"
    job = {"base": base.isoformat(), "marks": str(marks)}
    with Receiver(answer) as receiver, Forker("tests.concurrency.clockworks", database_url()) as running:
        rungs = [(1, "owner", None), (2, "referring_office", 1)]
        url = f"http://127.0.0.1:{receiver.port}/"
        running.do("prepare", referrals=REFERRALS, url=url, rungs=rungs, **job)
        job["began"] = began = time.time()
        workers = [(what, running.do(what, **job)) for what in WORKERS]
        for _ in range(kills):
            time.sleep(random.uniform(0.05, 0.5))
            what, pid = workers.pop(random.randrange(len(workers)))
            os.kill(pid, signal.SIGKILL)
            workers.append((what, running.do(what, **job)))
        for pid in [pid for what, pid in workers if what == "sweep"]:
            os.kill(pid, signal.SIGKILL)
        ended = simulated(job)
        time.sleep(0.2)  # until the database has noticed the last deaths
        running.do("finish", at=ended.isoformat())
        state = drained(running)
        seconds = time.time() - began
    hours = int((ended - base) / timedelta(hours=1))
    assert hours > 3
    told = {key: sent + missed for key, (sent, missed) in state["told"].items()}
    assert sorted(told.values()) == [1] * REFERRALS + [hours - 1] * REFERRALS, "every rung exactly once, none left out"
    repeats = check_deliveries(state, receiver)
    words = marks.read_text().split()
    cut = words.count("begin") - words.count("end")
    assert cut > 0, "no kill ever hit a sweep at work: the test shows nothing"
    sent = sum(times for times, _ in state["told"].values())
    print(  # noqa: T201  (shown with -s)
        f"\n{kills} kills, {cut} of them within a sweep's transaction; {sent} rungs sent, {sum(told.values()) - sent} noted "
        f"as missed; {len(state['ids'])} webhooks, {repeats} arrived twice; {seconds:.0f} s"
    )


@pytest.mark.sqlite
def test_one_cluster_on_sqlite(tmp_path):
    kills = KILLS or 4
    url = f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    seconds = 3 * kills
    base = (timezone.now() - timedelta(days=60)).isoformat()
    with Receiver(answer) as receiver, Forker("tests.concurrency.clockworks", url) as running:
        running.do("migrate")
        rungs = [(1, "owner", None), (1, "referring_office", None)]
        address = f"http://127.0.0.1:{receiver.port}/"
        running.do("prepare", referrals=REFERRALS, url=address, rungs=rungs, base=base)
        running.do("spread", seconds=seconds)
        began = time.time()
        for _ in range(kills):
            with _cluster(url):
                until = time.time() + random.uniform(1.5, 4.5)
                while time.time() < until:
                    running.do("poke")
                    time.sleep(random.uniform(0.1, 0.4))
        while time.time() < began + seconds:
            time.sleep(0.1)
        with _cluster(url):
            for _ in range(DRAIN_SECONDS):
                running.do("poke")
                time.sleep(1)
                state = running.do("state")
                if state["statuses"].keys() == {"delivered"} and not state["due"]:
                    break
    assert len(state["told"]) == 2 * REFERRALS
    assert all(told == [1, 0] for told in state["told"].values()), "every rung exactly once"
    repeats = check_deliveries(state, receiver)
    print(  # noqa: T201  (shown with -s)
        f"\n{kills} clusters killed; {2 * REFERRALS} rungs, {len(state['ids'])} webhooks, {repeats} arrived twice; "
        f"{time.time() - began:.0f} s"
    )


class _cluster:
    """A running cluster that is killed, with all its processes, at the end of the block."""

    def __init__(self, url: str):
        self.url = url

    def __enter__(self) -> None:
        environment = {"DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "CRITICAL"}
        environment |= {"REFLOOP_WEBHOOK_ALLOW_PRIVATE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.cluster"],
            cwd=settings.BASE_DIR,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __exit__(self, *exception) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
