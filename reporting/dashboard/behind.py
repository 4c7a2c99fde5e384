"""The referrals behind any figure, bar or cell of a reports page. Each is named by a word an address can carry."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from referrals.lifecycle.states import Stage
from referrals.models import Referral
from reporting.measures import aging, breaks, chase, durations, receivers, scorecards, survival
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import behind
from reporting.measures.cohort import Cohort
from reporting.measures.dimensions import DIMENSIONS, Choice
from reporting.measures.figures import Step


def reached_word(step: Step) -> str:
    return f"reached_{step.name.lower()}"


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
    **{reached_word(step): f"Came to: {step.label.lower()}" for step in Step},
}
EVER = "whenever captured"
OTHERS: dict[str, tuple[str, Callable[[Cohort, datetime], QuerySet[Referral]]]] = {
    "open_now": (f"Open now, {EVER}", lambda cohort, now: aging.open_referrals(cohort.filters)),
    "overdue_now": (f"Overdue now, {EVER}", lambda cohort, now: aging.overdue_referrals(cohort.filters, now=now)),
    "chased": (f"Chased in the period, {EVER}", lambda cohort, now: chase.chased(cohort)),
    "asked_back": ("Asked back", lambda cohort, now: scorecards.with_event(cohort, scorecards.ASKED_BACK)),
    "declined": ("Declined", lambda cohort, now: scorecards.with_event(cohort, scorecards.DECLINED)),
}
ALL = "all"
_BY_WHOM = {
    "declined": ("Declined by", receivers.declined_by),
    "missed": ("A visit missed at", receivers.missed_at),
}


class UnknownFigure(KeyError):
    """No figure is called so."""


def aging_word(stage: Stage, number: int | None = None) -> str:
    """Of the bin of that number, or of the whole stage."""
    return f"aging-{stage.value}-{ALL if number is None else number}"


def days_word(number: int) -> str:
    return f"days-{number}"


def leg_word(key: str) -> str:
    return f"leg-{key}"


def watched_word(day: int) -> str:
    return f"watched-{day}"


def break_word(one: breaks.Break) -> str:
    return f"break-{one.step.value}-{one.reason or 'none'}"


def step_word(step: Step) -> str:
    """Of all breaks after ``step``."""
    return f"break-{step.value}-{ALL}"


def by_whom(what: str, choice: Choice) -> str:
    """``what`` is ``declined`` or ``missed``, ``choice`` a receiving provider or office."""
    return f"{what}-{choice.dimension}-{choice.word}"


def chased_word(user: int) -> str:
    return f"chased-{user}"


def referrals_behind(
    word: str, cohort: Cohort, *, now: datetime, assumptions: Assumptions
) -> tuple[str, QuerySet[Referral]]:
    """What it is called, and its referrals in no order. Raises UnknownFigure."""
    if word in FIGURES:
        return FIGURES[word], behind(word, cohort, now=now, assumptions=assumptions)
    if word in OTHERS:
        name, found = OTHERS[word]
        return name, found(cohort, now)
    try:
        return _named(word.split("-"), cohort, now, assumptions)
    except (KeyError, ValueError, IndexError):
        raise UnknownFigure(word) from None


def _named(parts: list[str], cohort: Cohort, now: datetime, assumptions: Assumptions) -> tuple[str, QuerySet[Referral]]:
    """Raises KeyError, ValueError or IndexError for what there is not."""
    match parts:
        case ["aging", stage, number]:
            bin = None if number == ALL else durations.bins(aging.EDGES)[_index(number)]
            found = aging.aged(cohort.filters, stage=Stage(stage), bin=bin, now=now)
            return f"Open, {Stage(stage).label.lower()}, {f'{bin.label} old, ' if bin else ''}{EVER}", found
        case ["days", number]:
            bin = durations.bins()[_index(number)]
            return f"Closed in {bin.label}", durations.closed_in(cohort, bin)
        case ["leg", key]:
            return durations.LEG_NAMES[key], durations.on_leg(cohort, key)
        case ["watched", day]:
            days = _index(day, digits=4)
            return f"Open, watched for less than {days} days", survival.watched_less(cohort, days, now=now)
        case ["break", number, reason]:
            step = Step(_index(number))
            name = f"Leaked after: {step.label.lower()}"
            if reason == ALL:
                return name, breaks.broken_after(cohort, step, now=now, assumptions=assumptions)
            one = breaks.Break(step, None if reason == "none" else _index(reason), "", 0)
            return name, breaks.broken_at(cohort, one, now=now, assumptions=assumptions)
        case ["chased", user]:
            who = get_user_model().objects.filter(pk=_index(user)).first()
            return f"Chased by {_name(who)} in the period, {EVER}", chase.chased(cohort, who.pk)
        case ["declined" | "missed" as what, "receiving_provider" | "receiving_office" as dimension, word]:
            (choice,), _ = DIMENSIONS[dimension].read([word])
            name, found = _BY_WHOM[what]
            if choice.value is not None:
                return f"{name} {choice.label}", found(cohort, choice)
    raise KeyError(parts[0])


def _name(user) -> str:
    if user is None:
        raise KeyError("user")
    return user.get_full_name() or user.get_username()


def _index(text: str, *, digits: int = 9) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > digits:
        raise ValueError(text)
    return int(text)
