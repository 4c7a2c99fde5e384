"""When a stalled referral is looked at, and who is told then: pure functions over values.

A ladder is a tuple of rungs. Each rung is due once, or again and again while it repeats; ``plan`` says, for what fired
already in this stay, what is due now, what was missed while nobody looked, and when to look next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from referrals.practice.business_time import BusinessCalendar


class Unit(StrEnum):
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True)
class Rung:
    """Tell ``audience`` when the referral has not moved for ``after`` ``unit``, then every ``repeat_every`` of them.

    ``key`` tells rungs apart; a rung of a stay fires once per ``key`` and repetition."""

    key: int
    after: int
    unit: Unit
    audience: str
    repeat_every: int | None = None


@dataclass(frozen=True)
class Due:
    """One firing of a rung: its ``repetition`` (0 is the first) is due ``at``."""

    rung: Rung
    repetition: int
    at: datetime

    @property
    def key(self) -> tuple[int, int]:
        return (self.rung.key, self.repetition)


@dataclass(frozen=True)
class Plan:
    """``fire`` now (all due at one instant), ``missed`` were due before that and nobody looked, ``next_at`` is later."""

    fire: tuple[Due, ...]
    missed: tuple[Due, ...]
    next_at: datetime


LOOK_AGAIN_BUSINESS_DAYS = 5  # a ladder that ends without repeating is still looked at: nothing stalls silently


def rung_due(rung: Rung, clock_from: datetime, calendar: BusinessCalendar, repetition: int = 0) -> datetime:
    """The instant a repetition of ``rung`` is due for a clock that runs from ``clock_from``; never before it.

    Business and calendar days are due at the start of business, the latter moved on to a business day."""
    amount = rung.after + repetition * (rung.repeat_every or 0)
    if rung.unit is Unit.HOURS:
        # In UTC: adding to a local time would count the wall clock's hours, wrong when daylight saving changes.
        return clock_from.astimezone(UTC) + timedelta(hours=amount)
    if rung.unit is Unit.CALENDAR_DAYS:
        return calendar.add_business_days(clock_from.astimezone(calendar.zone) + timedelta(days=amount), 0)
    return calendar.add_business_days(clock_from, amount)


def with_an_end_that_repeats(ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """The ladder, its last rung repeating when none does."""
    if any(rung.repeat_every for rung in ladder):
        return ladder
    *rest, last = ladder
    every = LOOK_AGAIN_BUSINESS_DAYS * (24 if last.unit is Unit.HOURS else 1)
    return (*rest, Rung(last.key, last.after, last.unit, last.audience, every))


def _occurrences(rung: Rung, clock_from: datetime, calendar: BusinessCalendar) -> Iterator[Due]:
    repetition = 0
    while True:
        yield Due(rung, repetition, rung_due(rung, clock_from, calendar, repetition))
        if not rung.repeat_every:
            return
        repetition += 1


def plan(
    ladder: tuple[Rung, ...],
    *,
    clock_from: datetime,
    fired: Iterable[tuple[int, int]],
    now: datetime,
    calendar: BusinessCalendar,
) -> Plan:
    """What to do at ``now`` for a stay whose ``fired`` (rung key, repetition) pairs are done.

    Only the latest instant that is due fires; earlier ones are missed, so a late sweep sends no burst."""
    done = set(fired)
    late: list[Due] = []
    coming: list[datetime] = []
    for rung in with_an_end_that_repeats(ladder):
        for due in _occurrences(rung, clock_from, calendar):
            if due.at > now:
                if due.key not in done:
                    coming.append(due.at)
                    break
            elif due.key not in done:
                late.append(due)
    latest = max((due.at for due in late), default=None)
    return Plan(
        fire=tuple(due for due in late if due.at == latest),
        missed=tuple(sorted((due for due in late if due.at != latest), key=lambda due: due.at)),
        next_at=min(coming),
    )


def earliest_unfired(
    ladder: tuple[Rung, ...], *, clock_from: datetime, fired: Iterable[tuple[int, int]], calendar: BusinessCalendar
) -> datetime:
    """When the first rung that has not fired in this stay is due; in the past when it is late."""
    done = set(fired)
    return min(
        due.at
        for rung in with_an_end_that_repeats(ladder)
        for due in _first_not_in(done, _occurrences(rung, clock_from, calendar))
    )


def _first_not_in(done: set[tuple[int, int]], occurrences: Iterator[Due]) -> list[Due]:
    return next(([due] for due in occurrences if due.key not in done), [])
