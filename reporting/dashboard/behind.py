"""The referrals behind any figure, bar or cell of a reports page. Each is named by a word an address can carry."""

from datetime import datetime

from django.db.models import QuerySet

from referrals.lifecycle.states import Stage
from referrals.models import Referral
from reporting.measures import aging, breaks, durations
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import behind
from reporting.measures.cohort import Cohort
from reporting.measures.figures import Step

FIGURES = {
    "cohort": "All referrals of the period",
    "scheduled": "Scheduled",
    "closed": "Loop closed",
    "closed_within_14": "Closed within 14 days",
    "leaked": "Leaked",
    "leaked_known": "Leaked, known",
    "leaked_estimated": "Standing still",
    "in_progress": "In progress",
    "open": "Open",
    "cancelled_not_leaked": "Cancelled",
    **{f"reached_{step.name.lower()}": f"Came to: {step.label.lower()}" for step in Step},
}


class UnknownFigure(KeyError):
    """No figure is called so."""


def aging_word(stage: Stage, number: int) -> str:
    return f"aging-{stage.value}-{number}"


def days_word(number: int) -> str:
    return f"days-{number}"


def break_word(one: breaks.Break) -> str:
    return f"break-{one.step.value}-{one.reason or 'none'}"


def referrals_behind(
    word: str, cohort: Cohort, *, now: datetime, assumptions: Assumptions
) -> tuple[str, QuerySet[Referral]]:
    """What it is called, and its referrals in no order. Raises UnknownFigure."""
    if word in FIGURES:
        return FIGURES[word], behind(word, cohort, now=now, assumptions=assumptions)
    kind, *rest = word.split("-")
    try:
        match kind, rest:
            case "aging", [stage, number]:
                bin = durations.bins(aging.EDGES)[_index(number)]
                found = aging.aged(cohort.filters, stage=Stage(stage), bin=bin, now=now)
                return f"Open, {Stage(stage).label.lower()}, {bin.label} old", found
            case "days", [number]:
                bin = durations.bins()[_index(number)]
                return f"Closed in {bin.label}", durations.closed_in(cohort, bin)
            case "break", [step, reason]:
                one = breaks.Break(Step(_index(step)), None if reason == "none" else _index(reason), "", 0)
                found = breaks.broken_at(cohort, one, now=now, assumptions=assumptions)
                return f"Leaked after: {one.step.label.lower()}", found
    except (ValueError, IndexError):
        raise UnknownFigure(word) from None
    raise UnknownFigure(word)


def _index(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(text)
    return int(text)
