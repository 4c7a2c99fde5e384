"""When a stalled referral is looked at, and who is told then: pure functions over values.

A ladder is a tuple of rungs. Each rung is due once, or again and again while it repeats; ``plan`` says, for what fired
already in this stay, what is due now, what was missed while nobody looked, and when to look next.

A repetition counts from the instant the one before was due. So an edited rung goes on from where it is: what fired
never fires again, whatever its new amounts or the calendar say, and no repetition is left out. Catching up after years
counts hours by division and steps through days, of which there are never many.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

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


class Fired(NamedTuple):
    """A repetition of the rung ``key`` is done in this stay (it fired, or was missed); it was due ``due_at``."""

    key: int
    repetition: int
    due_at: datetime


class Due(NamedTuple):
    """A repetition of a rung (0 is its first) is due ``at``. It stands for the last ``times`` repetitions in a row."""

    rung: Rung
    repetition: int
    at: datetime
    times: int = 1


@dataclass(frozen=True)
class Plan:
    """``fire`` now (all due at one instant); ``missed`` were due before that and nobody looked; ``next_at`` is later.

    ``late_since`` is when the first of all these was due; None when nothing is due."""

    fire: tuple[Due, ...]
    missed: tuple[Due, ...]
    next_at: datetime
    late_since: datetime | None


LOOK_AGAIN_BUSINESS_DAYS = 5  # a ladder that ends without repeating is still looked at: nothing stalls silently
_DAYS = {Unit.HOURS: 1 / 24, Unit.CALENDAR_DAYS: 1, Unit.BUSINESS_DAYS: 7 / 5}


def in_days(after: int, unit: str) -> float:
    """About how many days ``after`` of ``unit`` are; to put rungs of different units in order."""
    return after * _DAYS[Unit(unit)]


def rung_due(rung: Rung, clock_from: datetime, calendar: BusinessCalendar) -> datetime:
    """The instant ``rung`` is first due for a clock that runs from ``clock_from``; never before it.

    Hours run on through nights and weekends. Business and calendar days are due at the start of business, the latter
    moved on to a business day."""
    return _count_on(clock_from, rung.after, rung.unit, calendar)


def first_times(rung: Rung, clock_from: datetime, calendar: BusinessCalendar, *, most: int) -> list[datetime]:
    """When ``rung`` is due for a referral that does not move and is looked at in time: at most its first ``most`` times."""
    times = [rung_due(rung, clock_from, calendar)]
    while rung.repeat_every and len(times) < most:
        times.append(_count_on(times[-1], rung.repeat_every, rung.unit, calendar))
    return times


def _count_on(start: datetime, amount: int, unit: Unit, calendar: BusinessCalendar) -> datetime:
    if unit is Unit.HOURS:
        # In UTC: adding to a local time would count the wall clock's hours, wrong when daylight saving changes.
        return start.astimezone(UTC) + timedelta(hours=amount)
    if unit is Unit.CALENDAR_DAYS:
        return max(calendar.first_start(calendar.local_date(start) + timedelta(days=amount)), start)
    return calendar.add_business_days(start, amount)


def with_an_end_that_repeats(ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """The ladder, its latest rung repeating when none does."""
    if any(rung.repeat_every for rung in ladder):
        return ladder
    last = max(ladder, key=lambda rung: in_days(rung.after, rung.unit))
    every = LOOK_AGAIN_BUSINESS_DAYS * (24 if last.unit is Unit.HOURS else 1)
    again = Rung(last.key, last.after, last.unit, last.audience, every)
    return tuple(again if rung is last else rung for rung in ladder)


def counts_days_only(ladder: tuple[Rung, ...]) -> bool:
    """Whether clocks that started on one local day have the same deadlines: no rung of hours, or due on that very day."""
    return all(rung.unit is not Unit.HOURS and rung.after for rung in ladder)


def plan(
    ladder: tuple[Rung, ...],
    *,
    clock_from: datetime,
    fired: Iterable[Fired],
    now: datetime,
    calendar: BusinessCalendar,
) -> Plan:
    """What to do at ``now`` for a stay in which ``fired`` is done.

    Only the latest instant that is due fires; earlier ones are missed, so a late sweep sends no burst."""
    late: list[tuple[Due, Due, Due | None]] = []
    coming: list[datetime] = []
    for first in first_undone(ladder, clock_from, fired, calendar):
        if first.at > now:
            coming.append(first.at)
            continue
        latest, before, following = _caught_up(first, now, calendar)
        late.append((first, latest, before))
        if following is not None:
            coming.append(following)
    instant = max((latest.at for _, latest, _ in late), default=None)
    missed = []
    for first, latest, before in late:
        passed = latest.repetition - first.repetition
        if latest.at != instant:
            missed.append(latest._replace(times=passed + 1))
        elif before is not None:
            missed.append(before._replace(times=passed))
    return Plan(
        fire=tuple(latest for _, latest, _ in late if latest.at == instant),
        missed=tuple(sorted(missed, key=lambda due: due.at)),
        next_at=min(coming),
        late_since=min((first.at for first, *_ in late), default=None),
    )


def earliest_unfired(
    ladder: tuple[Rung, ...], *, clock_from: datetime, fired: Iterable[Fired], calendar: BusinessCalendar
) -> datetime:
    """When the first rung that is not done in this stay is due; in the past when it is late."""
    return min(due.at for due in first_undone(ladder, clock_from, fired, calendar))


def first_undone(
    ladder: tuple[Rung, ...], clock_from: datetime, fired: Iterable[Fired], calendar: BusinessCalendar
) -> list[Due]:
    """Of each rung the first repetition that is not done; a rung that is done for good has none. Never empty."""
    done: dict[int, Fired] = {}
    for one in fired:
        if one.key not in done or one.repetition > done[one.key].repetition:
            done[one.key] = one
    undone = []
    for rung in with_an_end_that_repeats(ladder):
        last = done.get(rung.key)
        if last is None:
            undone.append(Due(rung, 0, rung_due(rung, clock_from, calendar)))
        elif rung.repeat_every:
            at = _count_on(last.due_at, rung.repeat_every, rung.unit, calendar)
            undone.append(Due(rung, last.repetition + 1, at))
    return undone


def _caught_up(first: Due, now: datetime, calendar: BusinessCalendar) -> tuple[Due, Due | None, datetime | None]:
    """For ``first``, itself due: the latest repetition that is due, the one before it unless that is earlier than
    ``first``, and when the following one is due (None: it does not repeat)."""
    rung, every = first.rung, first.rung.repeat_every
    if not every:
        return first, None, None
    before, latest = None, first
    if rung.unit is Unit.HOURS:
        skipped = max(0, (now - first.at) // timedelta(hours=every) - 1)
        latest = Due(rung, first.repetition + skipped, _count_on(first.at, skipped * every, rung.unit, calendar))
    while (following := _count_on(latest.at, every, rung.unit, calendar)) <= now:
        before, latest = latest, Due(rung, latest.repetition + 1, following)
    return latest, before, following
