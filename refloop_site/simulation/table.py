"""The outcome of simulated quarters as a table, before beside after, with the published bands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from refloop_site.simulation.outcome import Outcome
from reporting.measures.definitions import MEASURES, Band, Unit
from reporting.measures.words import band_in_words, in_words


@dataclass(frozen=True)
class _Line:
    name: str
    field: str
    unit: Unit
    untracked: Band | None = None
    target: Band | None = None


def _of(key: str, field: str) -> _Line:
    measure = MEASURES[key]
    return _Line(measure.name, field, measure.unit, measure.untracked, measure.target)


LINES = (
    _of("leaked", "leaked"),
    _of("closed", "closed"),
    _of("closed_within_14", "closed_within_14"),
    _of("scheduled", "scheduled"),
    _of("days_median", "days_median"),
    _of("days_mean", "days_mean"),
    _of("chase_hours_per_week", "hours_per_week"),
    _Line("Notes matched by themselves", "matched_by_itself", Unit.SHARE),
    _of("in_progress", "in_progress"),
)
_WIDE = 30


def compared(before: Outcome, after: Outcome) -> Iterator[str]:
    """The worked example."""
    yield f"{'':{_WIDE}} {'untracked':>12} {'with RefLoop':>14}   {'published untracked':>20} {'target':>14}"
    for line in LINES:
        cells = [_text(line.unit, getattr(outcome, line.field)) for outcome in (before, after)]
        yield (
            f"{line.name:{_WIDE}} {cells[0]:>12} {cells[1]:>14}   "
            f"{band_in_words(line.unit, line.untracked):>20} {band_in_words(line.unit, line.target):>14}"
        )
    yield f"{'Leaked, of':{_WIDE}} {_leaked(before):>12} {_leaked(after):>14}"
    yield f"{'Revenue at risk':{_WIDE}} {before.at_risk:>12,} {after.at_risk:>14,}   dollars"
    yield f"{'Reminders by the engine':{_WIDE}} {before.nudges:>12,} {after.nudges:>14,}"


def varied(rows: Sequence[tuple[str, Outcome, Outcome]]) -> Iterator[str]:
    """How the result moves when an assumption is wrong: (what is assumed, untracked, with RefLoop)."""
    heads = ("closed", "leaked", "days", "h/week")
    yield f"{'':38} {'untracked':>31}   {'with RefLoop':>31}"
    yield f"{'':38} " + "   ".join(" ".join(f"{head:>7}" for head in heads) for _ in range(2))
    for name, before, after in rows:
        yield f"{name:38} " + "   ".join(_short(outcome) for outcome in (before, after))


def _short(outcome: Outcome) -> str:
    days = outcome.days_median or 0.0
    return f"{outcome.closed:7.1%} {outcome.leaked:7.1%} {days:7.1f} {outcome.hours_per_week:7.1f}"


def _leaked(outcome: Outcome) -> str:
    return f"{outcome.leaked_count} / {outcome.referrals}"


def _text(unit: Unit, value: float | None) -> str:
    return "-" if value is None else in_words(unit, value)
