"""What a ladder means in dates: who is told when, for a referral that does not move. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from referrals.lifecycle.deadlines import Rung, first_times, with_an_end_that_repeats
from referrals.practice.business_time import BusinessCalendar

TIMES_SHOWN = 3  # the first time and two repetitions


@dataclass(frozen=True)
class Forecast:
    """A rung and when it is due: the first time, then the repetitions that are shown."""

    rung: Rung
    times: tuple[datetime, ...]

    @property
    def at(self) -> datetime:
        return self.times[0]


def forecast(ladder: Sequence[Rung], *, clock_from: datetime, calendar: BusinessCalendar) -> list[Forecast]:
    """The rungs in the order they are due, for a clock that runs from ``clock_from``.

    As the sweep does, the last rung repeats when none is said to."""
    rungs = with_an_end_that_repeats(tuple(ladder)) if ladder else ()
    found = [Forecast(rung, tuple(first_times(rung, clock_from, calendar, most=TIMES_SHOWN))) for rung in rungs]
    return sorted(found, key=lambda row: row.at)
