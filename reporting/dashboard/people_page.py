"""Scorecards: specialists and their offices, referring offices, coordinators."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from reporting.dashboard.asking import Asked
from reporting.dashboard.behind import by_whom, chased_word, leg_word
from reporting.dashboard.tables import NONE, Cell, Row, Table, counted, days, rate, said, share
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import Report, report
from reporting.measures.definitions import MEASURES
from reporting.measures.dimensions import Choice
from reporting.measures.receivers import TO_BOOKING, TO_NOTE, ReceiverCard, receivers
from reporting.measures.scorecards import CoordinatorCard, ReferrerCard, coordinators, referrers

DIMENSIONS = ("receiving_provider", "receiving_office", "referring_office", "owner")
KEYS = ("specialists", "offices", "referrers", "coordinators")
RECEIVER = ("Name", "Referrals", "Days to schedule", "Days to note", "Declined", "Missed visits", "Closed", "Leaked")
RECEIVER_FILE = (
    "Name", "Referrals", "Days to schedule, median", "Days to note, median", "Declined", "Sent there", "Missed visits",
    "Visits", "Closed", "Leaked",
)  # fmt: skip
REFERRER = ("Name", "Referrals", "Asked back", "Declined", "Scheduled", "Closed", "Leaked")
REFERRER_FILE = (
    "Name",
    "Referrals",
    "Asked back",
    "Asked back of",
    "Declined",
    "Declined of",
    "Scheduled",
    "Closed",
    "Leaked",
)
_CLOSED, _LEAKED = ("Closed", MEASURES["closed"].definition), ("Leaked", MEASURES["leaked"].definition)
RECEIVER_DEFINES = (
    ("Referrals", "Those of the period that are with them now."),
    ("Days to schedule", "Median days from being sent there to the first booking."),
    ("Days to note", "Median days from the visit to the note."),
    ("Declined", "Referrals they declined, of all sent there: those there now and those they declined."),
    (
        "Missed visits",
        "Of the visits kept or missed there, of whomever's referrals; it opens the referrals with a missed one.",
    ),
    _CLOSED,
    _LEAKED,
)
REFERRER_DEFINES = (
    ("Asked back", "Referrals for which the specialist had to ask for information."),
    ("Declined", "Referrals that a specialist declined, whoever has them now."),
    ("Scheduled", MEASURES["scheduled"].definition),
    _CLOSED,
    _LEAKED,
)
COORDINATOR_DEFINES = (
    ("Open now", "All referrals they own now, whenever captured."),
    ("Overdue now", "Those of them past a deadline, less those asleep."),
    ("Chase steps", "What they did by hand in the period: contact attempts, status checks, notes matched. It opens the referrals."),
    ("Hours a week", "These steps times the minutes each takes, by week."),
    _CLOSED,
    _LEAKED,
)  # fmt: skip
COORDINATOR = (
    "Name", "Open now", "Overdue now", "Referrals of the period", "Closed", "Leaked", "Chase steps", "Hours a week",
)  # fmt: skip


def content(asked: Asked, *, now: datetime, assumptions: Assumptions) -> dict[str, Any]:
    return {"tables": tables(asked, now=now, assumptions=assumptions)}


def tables(asked: Asked, *, now: datetime, assumptions: Assumptions) -> list[Table]:
    """One for each of KEYS."""
    made = report(asked.cohort, now=now, assumptions=assumptions, by=DIMENSIONS)
    specialists, offices = (receivers(made, key) for key in ("receiving_provider", "receiving_office"))
    return [
        Table("specialists", "Specialists", RECEIVER, RECEIVER_FILE, tuple(receiver_row(asked, card) for card in specialists),
              RECEIVER_DEFINES, "Nobody was referred to in this period."),
        Table("offices", "Specialists' offices", RECEIVER, RECEIVER_FILE, tuple(receiver_row(asked, card) for card in offices),
              RECEIVER_DEFINES, "No office was referred to in this period."),
        Table("referrers", "Referring offices", REFERRER, REFERRER_FILE,
              tuple(referrer_row(asked, card) for card in referrers(made)), REFERRER_DEFINES, "Nobody referred in this period."),
        Table("coordinators", "Coordinators", COORDINATOR, COORDINATOR,
              tuple(coordinator_row(asked, card, made) for card in coordinators(made)), COORDINATOR_DEFINES,
              "There are no coordinators yet."),
    ]  # fmt: skip


def receiver_row(asked: Asked, card: ReceiverCard) -> Row:
    """What is with it now is listed by its own filter; what it declined or missed may be with others now."""
    own, figures = asked.only(card.choice), card.figures
    return Row(
        card.choice.label,
        (
            counted(own, "cohort", figures.cohort),
            days(own, leg_word(TO_BOOKING), card.to_schedule.days, card.to_schedule.count),
            days(own, leg_word(TO_NOTE), card.to_note.days, card.to_note.count),
            rate(asked, by_whom("declined", card.choice), card.declined),
            _missed(asked, card),
            share(own, "closed", figures.closed, figures.cohort),
            share(own, "leaked", figures.leaked, figures.cohort),
        ),
        own.query(),
    )


def _missed(asked: Asked, card: ReceiverCard) -> Cell:
    """Of visits; it opens their referrals."""
    missed, count = card.visits.missed, card.visits.referrals
    of = "visit" if missed.denominator == 1 else "visits"
    text = (
        NONE
        if missed.value is None
        else f"{missed.value * 100:.0f} % ({missed.numerator} of {missed.denominator} {of})"
    )
    query = asked.alone.query(figure=by_whom("missed", card.choice)) if count else ""
    return Cell(text, (missed.numerator, missed.denominator), count, query)


def referrer_row(asked: Asked, card: ReferrerCard) -> Row:
    own, figures = asked.only(card.choice), card.figures
    return Row(
        card.choice.label,
        (
            counted(own, "cohort", figures.cohort),
            rate(own, "asked_back", card.asked_back),
            rate(own, "declined", card.declined),
            *(share(own, key, getattr(figures, key), figures.cohort) for key in ("scheduled", "closed", "leaked")),
        ),
        own.query(),
    )


def coordinator_row(asked: Asked, card: CoordinatorCard, made: Report) -> Row:
    person, figures, chased = card.coordinator, card.figures, card.chase
    own = asked.only(Choice("owner", person.pk, str(person.pk), person.name))
    hours = None if chased is None else chased.hours_per_week(made.cohort.period.until(timezone.localdate(made.at)))
    return Row(
        person.name,
        (
            counted(own, "open_now", card.open_now),
            counted(own, "overdue_now", card.overdue_now),
            counted(own, "cohort", figures.cohort),
            share(own, "closed", figures.closed, figures.cohort),
            share(own, "leaked", figures.leaked, figures.cohort),
            _steps(asked, card),
            said(NONE, None) if hours is None else said(f"{hours:.1f}", round(hours, 2)),
        ),
        own.query(),
    )


def _steps(asked: Asked, card: CoordinatorCard) -> Cell:
    """Steps of theirs, whoever owns the referrals; it opens those."""
    if card.chase is None:
        return Cell(NONE, (None,))
    query = asked.alone.query(figure=chased_word(card.coordinator.user_id)) if card.chased else ""
    return Cell(f"{card.chase.steps:,}", (card.chase.steps,), card.chased, query)
