"""Run everybody's journey through simulated time, in order, by the real services."""

import heapq
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import transaction

from referrals.errors import ReferralError
from referrals.lifecycle.stalls import sweep
from referrals.lifecycle.states import Status
from referrals.practice.calendar import one_calendar, practice_calendar
from refloop_site.demo import (
    asks,
    directory,
    incoming,
    mail,
    people,
    steps_answer,
    steps_booking,
    steps_capture,
    steps_note,
)
from refloop_site.demo.acting import Cast
from refloop_site.demo.journey import Journey, Step
from refloop_site.demo.people import Staff

# What happens next to a referral in each status. A status without an entry is the end of the journey.
STEPS: dict[str, Callable[[Journey], Step]] = {
    Status.RECEIVED: steps_answer.unrouted,
    Status.ROUTED: steps_answer.unanswered,
    Status.ON_HOLD: steps_answer.on_hold,
    Status.ACCEPTED: steps_booking.accepted,
    Status.SCHEDULED: steps_booking.scheduled,
    Status.CANCEL_REQUESTED: steps_booking.cancel_asked,
    Status.LOST: steps_booking.lost,
    Status.SEEN: steps_note.seen,
    Status.NOTE_RETURNED: steps_note.note_returned,
    Status.CLOSED: steps_note.closed,
}
SWEEP_EVERY = timedelta(hours=2)  # at 9:00, when most deadlines fall, 11:00 and so on
Progress = Callable[[datetime, int], None]  # simulated now, referrals captured so far


@dataclass(frozen=True)
class History:
    """What was made."""

    staff: Staff
    referrals: int
    first_number: str
    refused: list[str]  # what a service refused to one of the demo's people: a sign that the demo is behind the rules


def make(*, start: datetime, end: datetime, count: int, seed: int, progress: Progress) -> History:
    """Make directory, people and ``count`` referrals from ``start`` until ``end``, on an empty database.

    The same seed, start and end give the same history but for the referral numbers, which are always random."""
    with quiet_logs(), one_calendar():
        with transaction.atomic():
            rows = directory.build()
            staff = people.build(rows, now=end)
        planned = asks.plan(directory=rows, start=start, end=end, count=count, rng=Random(seed))
        cast = Cast(staff)
        journeys = [Journey(planned=one, cast=cast, seed=seed) for one in planned]
        refused = _simulate(journeys, end=end, progress=progress)
        incoming.arrive(journeys, end=end)
        mail.refuse_some(now=end)
        mail.take_as_delivered(now=end)
    captured = [journey.referral for journey in journeys if journey.referral is not None]
    return History(staff, len(captured), captured[0].number, refused)


def _walk(journey: Journey) -> Step:
    """The whole journey: the first hours, then whatever the status calls for, until nothing more happens."""
    yield from steps_capture.first_hours(journey)
    while not journey.over and (step := STEPS.get(journey.referral.status)):
        yield from step(journey)


def _simulate(journeys: list[Journey], *, end: datetime, progress: Progress) -> list[str]:
    """Let the earliest go on until its next wait, again and again, until ``end``; sweep every two hours.

    One transaction for a simulated day: the services' own transactions become savepoints, which saves the commits.
    Returns what was refused."""
    agenda = [(journey.planned.at, order, journey, _walk(journey)) for order, journey in enumerate(journeys)]
    for *_, walk in agenda:
        next(walk)  # to its first wait: the instant of capture
    heapq.heapify(agenda)
    refused: list[str] = []
    captured, next_sweep = 0, agenda[0][0].replace(hour=9, minute=0, second=0, microsecond=0)
    while agenda and agenda[0][0] < end:
        midnight = _next_midnight(agenda[0][0])
        with transaction.atomic(), mail.told_at(midnight, now=end):
            while agenda and agenda[0][0] < min(midnight, end):
                now, order, journey, walk = heapq.heappop(agenda)
                while next_sweep <= now:
                    sweep(now=next_sweep.astimezone(UTC))
                    next_sweep += SWEEP_EVERY
                captured += journey.referral is None
                journey.now = now
                try:
                    goes_on = next(walk, None)
                except ReferralError as error:  # nothing was written; this one journey ends here
                    refused.append(f"{journey.referral}: {error}")
                    continue
                if goes_on is not None:
                    heapq.heappush(agenda, (max(goes_on, now), order, journey, walk))
        progress(min(midnight, end), captured)
    sweep(now=end)
    return refused


def _next_midnight(instant: datetime) -> datetime:
    here = instant.astimezone(practice_calendar().zone)
    return here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


@contextmanager
def quiet_logs() -> Iterator[None]:
    """One line a change is right in operation and noise here."""
    logger = logging.getLogger("refloop.referrals")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)
