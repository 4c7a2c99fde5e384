"""Scorecards: specialists and their offices, referring offices, coordinators."""

from datetime import datetime
from typing import Any

from reporting.dashboard.asking import Asked
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import report
from reporting.measures.scorecards import Rate, coordinators, receivers, referrers

MOST = 200  # rows of one scorecard; the rest is in the file
DIMENSIONS = ("receiving_provider", "receiving_office", "referring_office", "owner")
NONE = "–"


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    made = report(asked.cohort, now=now, assumptions=assumptions, by=DIMENSIONS)
    cards = {key: receivers(made, key) for key in ("receiving_provider", "receiving_office")}
    return {
        "tables": [
            _table("specialists", "Specialists", RECEIVER_HEAD, [receiver_row(card) for card in cards["receiving_provider"]],
                   "Nobody was referred to in this period."),
            _table("offices", "Specialists' offices", RECEIVER_HEAD,
                   [receiver_row(card) for card in cards["receiving_office"]], "No office was referred to in this period."),
            _table("referrers", "Referring offices", REFERRER_HEAD, [referrer_row(card) for card in referrers(made)],
                   "Nobody referred in this period."),
            _table("coordinators", "Coordinators", COORDINATOR_HEAD,
                   [coordinator_row(card, made) for card in coordinators(made)], "There are no coordinators yet."),
        ]
    }  # fmt: skip


def _table(key: str, name: str, head: tuple[str, ...], rows: list[list[str]], empty: str) -> dict[str, Any]:
    return {"key": key, "name": name, "head": head, "rows": rows[:MOST], "more": max(len(rows) - MOST, 0), "empty": empty,
            "all": rows}  # fmt: skip


RECEIVER_HEAD = (
    "Name", "Referrals", "Days to schedule", "Days to note", "Declined", "Missed visits", "Closed", "Leaked",
)  # fmt: skip


def receiver_row(card) -> list[str]:
    return [
        card.choice.label, f"{card.figures.cohort}", days(card.days_to_schedule), days(card.days_to_note), rate(card.declined),
        rate(card.missed), share(card.figures, card.figures.closed), share(card.figures, card.figures.leaked),
    ]  # fmt: skip


REFERRER_HEAD = ("Name", "Referrals", "Asked back", "Declined", "Scheduled", "Closed", "Leaked")


def referrer_row(card) -> list[str]:
    figures = card.figures
    return [
        card.choice.label, f"{figures.cohort}", rate(card.asked_back), rate(card.declined),
        share(figures, figures.scheduled), share(figures, figures.closed), share(figures, figures.leaked),
    ]  # fmt: skip


COORDINATOR_HEAD = (
    "Name", "Open now", "Overdue now", "Referrals of the period", "Closed", "Leaked", "Chase steps", "Hours a week",
)  # fmt: skip


def coordinator_row(card, made) -> list[str]:
    figures, chased = card.figures, card.chase
    return [
        card.coordinator.name, f"{card.open_now}", f"{card.overdue_now}", f"{figures.cohort}",
        share(figures, figures.closed), share(figures, figures.leaked),
        NONE if chased is None else f"{chased.steps}",
        NONE if chased is None else f"{chased.hours_per_week(made.cohort.period):.1f}",
    ]  # fmt: skip


def days(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def rate(value: Rate) -> str:
    return NONE if value.value is None else f"{value.value * 100:.0f} % ({value.numerator} of {value.denominator})"


def share(figures, count: int) -> str:
    found = figures.share(count)
    return NONE if found is None else f"{found * 100:.0f} %"
