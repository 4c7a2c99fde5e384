"""A slow or dead endpoint delays nobody else."""

import threading
import time

import pytest
from django.utils import timezone

from notifications.channels import pinned_post
from notifications.dispatch.run import dispatch
from notifications.models import Delivery, Endpoint
from tests.notifications.making import delivery, endpoint
from tests.notifications.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _this_machine_is_allowed(settings):
    settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE = True


def hook(receiver: Receiver, number: int = 0) -> Endpoint:
    return endpoint(channel="webhook", address=f"http://127.0.0.1:{receiver.port}/{number}")


def run_until(done, *, threads: int = 8, seconds: float = 30) -> None:
    """Dispatch until ``done()``, or so long."""
    began = time.monotonic()
    dispatch(now_fn=timezone.now, threads=threads, keep_going=lambda: not done() and time.monotonic() - began < seconds)


class Slow:
    """Answers nothing before it is let go."""

    def __init__(self) -> None:
        self.go, self.answered = threading.Event(), 0

    def __call__(self, request):
        self.go.wait(30)
        self.answered += 1
        return 204, {}

    def let_go_once(self, done: bool) -> bool:
        """``done``; when it is, nothing is held back any longer."""
        if done and not self.go.is_set():
            self.answered_before = self.answered
            self.go.set()
        return done


def test_one_slow_endpoint_with_a_long_queue_delays_nobody():
    answer = Slow()
    with Receiver(answer) as slow, Receiver() as fast:
        crawling = hook(slow)
        for _ in range(40):
            delivery(crawling)
        for number in range(5):
            quick = hook(fast, number)
            for _ in range(8):
                delivery(quick)
        run_until(lambda: answer.let_go_once(len(fast.requests) == 40))
    assert len(fast.requests) == 40
    assert answer.answered_before == 0, "the quick ones did not wait for one slow answer"


def test_many_endpoints_known_to_be_slow_leave_half_of_the_threads():
    answer = Slow()
    with Receiver(answer) as slow, Receiver() as fast:
        for number in range(20):
            delivery(hook(slow, number))
        Endpoint.objects.update(last_duration_ms=5000)
        for number in range(20):
            delivery(hook(fast, number))
        run_until(lambda: answer.let_go_once(len(fast.requests) == 20))
    assert len(fast.requests) == 20
    assert answer.answered_before == 0
    assert 0 < len(slow.requests) <= 4


def test_a_dead_endpoint_times_out_and_is_then_tried_one_at_a_time(monkeypatch):
    monkeypatch.setattr(pinned_post.post, "__kwdefaults__", {"seconds": 0.3})
    at_once, most, lock = set(), [], threading.Lock()

    def answer(request):
        with lock:
            at_once.add(request.id)
            most.append(len(at_once))
        time.sleep(0.6)
        with lock:
            at_once.discard(request.id)
        return 204, {}

    with Receiver(answer) as dead:
        address = hook(dead)
        Endpoint.objects.update(consecutive_failures=3)
        for _ in range(3):
            delivery(address)
        run_until(lambda: len(dead.requests) == 3)
    assert Delivery.objects.filter(status="waiting_retry", last_error="no answer in time").count() == 3
    assert Endpoint.objects.get().consecutive_failures == 6
    assert max(most) <= 2, "one after the other: at most the one before is still asleep at the receiver"
