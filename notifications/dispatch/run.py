"""The dispatcher: claims, sends in threads, records."""

import logging
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from notifications.channels import registry
from notifications.channels.protocol import Outcome, Parcel, Result
from notifications.dispatch.claim import LEASE, claim
from notifications.dispatch.record import Tried, record
from notifications.dispatch.recover import recover_leases
from notifications.models import Delivery, DispatchBeat

logger = logging.getLogger("refloop.notifications")

THREADS = 16
LOOK_AGAIN = 0.05  # seconds between claims while threads are busy
LOOK_AGAIN_IDLE = 0.5  # after a claim that found nothing
BREATH = 0.02  # seconds after a claim on a database with one writer (SQLite), so that the web gets its turn
BEAT_EVERY = timedelta(seconds=15)


@dataclass
class Tally:
    """What a pass did. ``refused`` counts tries that were refused for good, ``failed`` the other failures."""

    claimed: int = 0
    delivered: int = 0
    failed: int = 0
    refused: int = 0


def worker_name() -> str:
    """This process, unique among those running."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def dispatch(
    *,
    now_fn: Callable[[], datetime],
    batch: int = 1000,
    worker: str = "",
    threads: int = THREADS,
    lease: timedelta = LEASE,
    keep_going: Callable[[], bool] = lambda: True,
) -> Tally:
    """Send what is due, at most ``batch`` deliveries, until nothing is due or ``keep_going`` says no.

    Several may run at once, in one process or many. What is being sent when ``keep_going`` says no is finished.

    1. Take back expired leases.
    2. Claim as many due deliveries as threads are free; commit.
    3. Send in threads, outside any transaction; record each as it ends, without waiting for the slow ones.
    4. Look again while threads are busy: a slow endpoint holds its own threads and nothing else."""
    return _Pass(now_fn, batch, worker or worker_name(), threads, lease, keep_going).run()


class _Pass:
    def __init__(self, now_fn, batch: int, worker: str, threads: int, lease: timedelta, keep_going):
        self.now_fn, self.batch, self.worker, self.lease = now_fn, batch, worker, lease
        self.threads, self.keep_going = threads, keep_going
        self.tally = Tally()
        self.running: dict[Future, Delivery] = {}
        self.struggling: set[int] = set()  # deliveries in flight to struggling endpoints
        self.beat_at: datetime | None = None

    def run(self) -> Tally:
        recover_leases(now=self.now_fn())
        with ThreadPoolExecutor(self.threads, thread_name_prefix="send") as pool:
            look_at = 0.0
            while True:
                claimed = 0
                if time.monotonic() >= look_at:
                    claimed = self._claim(pool)
                    look_at = time.monotonic() + (LOOK_AGAIN if claimed else LOOK_AGAIN_IDLE)
                    if claimed and not connection.features.has_select_for_update:
                        time.sleep(BREATH)
                if not self.running and not claimed:
                    break
                if self._record_finished(timeout=max(0.0, look_at - time.monotonic())) >= self.threads // 2:
                    look_at = 0.0  # many are free: claim at once
                if not self.running:
                    look_at = 0.0
                self._beat()
        self._beat(last=True)
        return self.tally

    def _claim(self, pool: ThreadPoolExecutor) -> int:
        free = min(self.threads - len(self.running), self.batch - self.tally.claimed)
        if free <= 0 or not self.keep_going():
            return 0
        struggling_free = max(1, self.threads // 2) - len(self.struggling)
        claimed = claim(
            now=self.now_fn(),
            worker=self.worker,
            slots=free,
            struggling_slots=max(0, min(free, struggling_free)),
            lease=self.lease,
        )
        self.tally.claimed += len(claimed)
        local = [delivery for delivery in claimed if registry.channel(delivery.endpoint.channel).local]
        if local:
            self._send_locally(local)
        for delivery in claimed:
            if delivery in local:
                continue
            self.running[pool.submit(_try, delivery, _parcel(delivery, self.now_fn()), self.now_fn)] = delivery
            if delivery.endpoint.is_struggling:
                self.struggling.add(delivery.pk)
        return len(claimed)

    def _send_locally(self, deliveries: list[Delivery]) -> None:
        """The items and the record of them in one transaction."""
        with transaction.atomic():
            self._record([_try(one, _parcel(one, self.now_fn()), self.now_fn) for one in deliveries])

    def _record_finished(self, *, timeout: float) -> int:
        if not self.running:
            return 0
        done, _ = wait(self.running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in done:
            self.struggling.discard(self.running.pop(future).pk)
        if done:
            self._record([future.result() for future in done])
        return len(done)

    def _record(self, tried: list[Tried]) -> None:
        record(tried, now=self.now_fn())
        for one in tried:
            if one.outcome.result == Result.DELIVERED:
                self.tally.delivered += 1
            elif one.outcome.result == Result.REFUSED:
                self.tally.refused += 1
            else:
                self.tally.failed += 1

    def _beat(self, *, last: bool = False) -> None:
        now = self.now_fn()
        if last or self.beat_at is None or now - self.beat_at >= BEAT_EVERY:
            self.beat_at = now
            DispatchBeat.objects.update_or_create(
                worker=self.worker,
                defaults={
                    "at": now,
                    "delivered": self.tally.delivered,
                    "failed": self.tally.failed + self.tally.refused,
                },
            )


def _parcel(delivery: Delivery, now: datetime) -> Parcel:
    message, endpoint = delivery.message, delivery.endpoint
    full = endpoint.detail == endpoint.Detail.FULL
    return Parcel(
        delivery_pk=delivery.pk,
        public_id=delivery.public_id,
        recipient_pk=message.recipient_id,
        recipient_name=message.recipient.name,
        topic=message.topic,
        about=message.about,
        detail=endpoint.detail,
        context=message.context_full if full else message.context_minimal,
        occurred_at=message.occurred_at,
        address=endpoint.address,
        secrets=endpoint.live_secrets(now),
        attachments=tuple(message.attachments),
    )


def _try(delivery: Delivery, parcel: Parcel, now_fn: Callable[[], datetime]) -> Tried:
    began = time.monotonic()
    try:
        outcome = registry.channel(delivery.endpoint.channel).send(parcel, now=now_fn())
    except Exception as error:
        # A broken template, a missing setting: ours to mend, and no reason to lose the message.
        logger.exception("sending failed unexpectedly", extra={"kind": delivery.endpoint.channel})
        outcome = Outcome(Result.RETRY, f"RefLoop could not send it: {type(error).__name__}", our_fault=True)
    return Tried(delivery, outcome, at=now_fn(), duration_ms=int((time.monotonic() - began) * 1000))
