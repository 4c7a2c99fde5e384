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
SLOW = 2.0  # seconds


@pytest.fixture(autouse=True)
def _this_machine_is_allowed(settings):
    settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE = True


def hook(receiver: Receiver, number: int = 0) -> Endpoint:
    return endpoint(channel="webhook", address=f"http://127.0.0.1:{receiver.port}/{number}")


def run_until(done, *, threads: int = 8) -> float:
    """Dispatch until ``done()`` or ten seconds; when ``done`` became true, in seconds from the start."""
    began, at = time.monotonic(), []

    def keep_going() -> bool:
        if done() and not at:
            at.append(time.monotonic() - began)
        return not at and time.monotonic() - began < 10

    dispatch(now_fn=timezone.now, threads=threads, keep_going=keep_going)
    return at[0] if at else time.monotonic() - began


def test_one_slow_endpoint_with_a_long_queue_delays_nobody():
    with Receiver(lambda request: time.sleep(SLOW) or (204, {})) as slow, Receiver() as fast:
        crawling = hook(slow)
        for _ in range(40):
            delivery(crawling)
        for number in range(5):
            quick = hook(fast, number)
            for _ in range(8):
                delivery(quick)
        took = run_until(lambda: len(fast.requests) == 40)
    assert len(fast.requests) == 40
    assert took < SLOW, "the quick ones did not wait for one slow answer"


def test_many_endpoints_known_to_be_slow_leave_half_of_the_threads():
    with Receiver(lambda request: time.sleep(SLOW) or (204, {})) as slow, Receiver() as fast:
        for number in range(20):
            delivery(hook(slow, number))
        Endpoint.objects.update(last_duration_ms=5000)
        for number in range(20):
            delivery(hook(fast, number))
        took = run_until(lambda: len(fast.requests) == 20)
    assert took < SLOW
    assert 0 < len(slow.requests) <= 2 * 4


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
