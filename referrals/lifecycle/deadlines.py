"""When a stalled referral is looked at next: the ladder of DESIGN.md 5 as pure functions over values."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from referrals.lifecycle.business_time import BusinessCalendar
from referrals.lifecycle.states import Stage


class Unit(StrEnum):
    HOURS = "hours"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True)
class Rung:
    """Tell ``audience`` when the referral has not moved for ``after`` ``unit``."""

    after: int
    unit: Unit
    audience: str


def _bd(after: int, audience: str) -> Rung:
    return Rung(after, Unit.BUSINESS_DAYS, audience)


_UNSCHEDULED_ROUTINE = (_bd(5, "owner"), _bd(8, "referring_office"), _bd(12, "manager"))
_UNSCHEDULED_URGENT = (_bd(1, "owner"), _bd(2, "referring_office"), _bd(3, "manager"))
_UNSCHEDULED_ASAP = (Rung(4, Unit.HOURS, "owner"), Rung(8, Unit.HOURS, "referring_office"), _bd(1, "manager"))


def _note_pending(first: int, second: int, third: int) -> tuple[Rung, ...]:
    return (
        _bd(first, "owner"),
        _bd(first, "receiving_office"),
        _bd(second, "referring_office"),
        _bd(second, "receiving_office"),
        _bd(third, "manager"),
    )


_BY_PRIORITY: dict[Stage, dict[str, tuple[Rung, ...]]] = {
    Stage.UNSCHEDULED: {
        "routine": _UNSCHEDULED_ROUTINE,
        "urgent": _UNSCHEDULED_URGENT,
        "asap": _UNSCHEDULED_ASAP,
        "stat": _UNSCHEDULED_ASAP,
    },
    Stage.NOTE_PENDING: {
        "routine": _note_pending(10, 13, 18),
        "urgent": _note_pending(5, 7, 10),
        "asap": _note_pending(2, 3, 5),
        "stat": _note_pending(2, 3, 5),
    },
}
_ANY_PRIORITY: dict[Stage, tuple[Rung, ...]] = {
    Stage.AWAITING_VISIT: (_bd(1, "owner"), _bd(3, "receiving_office")),
    Stage.UNRECONCILED: (_bd(1, "owner"), _bd(3, "manager")),
    Stage.ON_HOLD: (_bd(0, "owner"), _bd(3, "manager")),
    Stage.CANCELLING: (_bd(2, "owner"),),
}


def ladder(stage: str, priority: str) -> tuple[Rung, ...]:
    """The rungs that govern a referral in ``stage`` with ``priority``, earliest first."""
    stage = Stage(stage)
    return _BY_PRIORITY[stage][priority] if stage in _BY_PRIORITY else _ANY_PRIORITY[stage]


def rung_due(rung: Rung, clock_from: datetime, calendar: BusinessCalendar) -> datetime:
    """The instant ``rung`` is due for a clock that runs from ``clock_from``; never before it."""
    if rung.unit is Unit.HOURS:
        # In UTC: adding to a local time would count the wall clock's hours, wrong when daylight saving changes.
        return clock_from.astimezone(UTC) + timedelta(hours=rung.after)
    return calendar.add_business_days(clock_from, rung.after)


def first_due(stage: str, priority: str, clock_from: datetime, calendar: BusinessCalendar) -> datetime:
    """When the first rung of the stage's ladder is due."""
    return min(rung_due(rung, clock_from, calendar) for rung in ladder(stage, priority))
