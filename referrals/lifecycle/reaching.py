"""What the attempts to reach a patient amount to: how many failed in a row, and what follows from the last. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

TRIES_BEFORE_LETTER = 3  # on different days, as practices count before they call a patient unreachable
FAILED = frozenset({"no_answer", "left_message", "wrong_number"})
_ANSWERED = frozenset({"reached", "call_back", "scheduled", "refused"})


class Attempt(Protocol):
    at: datetime
    party: str
    channel: str
    outcome: str
    call_back_on: date | None


@dataclass(frozen=True)
class Reached:
    """``tries`` failed in a row since the patient last answered; ``last`` is the last outcome, empty without any.

    ``letter_at`` is when a letter went out after these tries."""

    tries: int = 0
    last: str = ""
    call_back_on: date | None = None
    letter_at: datetime | None = None

    @property
    def unreachable(self) -> bool:
        return self.tries >= TRIES_BEFORE_LETTER


def reached(attempts: Iterable[Attempt], *, since: datetime | None) -> Reached:
    """Read the attempts at the patient made from ``since`` on (all for None), in any order."""
    tries, last, call_back_on, letter_at = 0, "", None, None
    for attempt in sorted(attempts, key=lambda one: one.at):
        if attempt.party != "patient" or (since is not None and attempt.at < since):
            continue
        last, call_back_on = attempt.outcome, attempt.call_back_on
        if attempt.outcome in _ANSWERED:
            tries, letter_at = 0, None
        elif attempt.outcome in FAILED:
            tries += 1
        elif attempt.channel == "letter":
            letter_at = attempt.at
    return Reached(tries, last, call_back_on, letter_at)
