"""What a daily digest says: ``full`` with patients' names, ``minimal`` with referral numbers and initials only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from referrals.lifecycle.states import Status
from referrals.messages.context import staff_link
from referrals.models import Referral

TOPIC = "digest.daily"
LISTED = 10  # of each kind; the rest is a number and a link
OWNERS_LISTED = 15

# Who has the next move while a referral is in this status; in the others it is ours.
WAITING_ON: dict[str, str] = {
    Status.ROUTED: "the specialist's answer",
    Status.SCHEDULED: "the visit",
    Status.SEEN: "the consult note",
    Status.ON_HOLD: "the end of a hold",
    Status.CANCEL_REQUESTED: "an answer to a cancel request",
}


@dataclass(frozen=True)
class Item:
    """A listed referral; ``due`` says when in words."""

    referral: Referral
    deadline: datetime
    due: str


@dataclass
class Work:
    """The open referrals of one or more owners: the LISTED longest due of each kind, and counts of all.

    ``waiting`` counts by status those that are neither overdue nor due today and wait on somebody else."""

    open: int = 0
    overdue_count: int = 0
    due_today_count: int = 0
    overdue: list[Item] = field(default_factory=list)
    due_today: list[Item] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)

    @classmethod
    def together(cls, works: Iterable["Work"]) -> "Work":
        total = cls()
        for work in works:
            total.open += work.open
            total.overdue_count += work.overdue_count
            total.due_today_count += work.due_today_count
            total.overdue += work.overdue
            total.due_today += work.due_today
            total.waiting += work.waiting
        for items in (total.overdue, total.due_today):
            items.sort(key=lambda item: (item.deadline, item.referral.pk))
            del items[LISTED:]
        return total


@dataclass(frozen=True)
class Owner:
    """One line of the team: ``unread`` when nobody present reads this owner's digest."""

    name: str
    work: Work
    unread: bool


@dataclass(frozen=True)
class Team:
    """What a manager is told of everybody's work, and of what is stuck in RefLoop itself."""

    work: Work
    owners: list[Owner]
    unrouted: int
    given_up: int
    unreached: int
    set_aside: int


@dataclass(frozen=True)
class Digest:
    """One person's day: their own work (with that of the colleagues they cover), and the team's for a manager."""

    today: date
    own: Work | None
    covers: tuple[str, ...] = ()
    team: Team | None = None


def full(digest: Digest, *, at: datetime) -> dict[str, Any]:
    return _context(digest, at, lambda one: f"{one.patient.full_name}, {one.specialty.name}")


def minimal(digest: Digest, *, at: datetime) -> dict[str, Any]:
    """Nothing of a patient but initials."""
    return _context(digest, at, lambda one: one.patient.initials)


def _context(digest: Digest, at: datetime, who) -> dict[str, Any]:
    own, team = digest.own, digest.team
    shown = own or team.work
    return {
        "title": f"{'Your day' if own else 'The team'}: {in_words(shown)}",
        "day": f"{digest.today:%A, %B} {digest.today.day}",
        "covers": " and ".join(digest.covers),
        "sections": _sections(own, who) if own else [],
        "facts": _facts(own) if own else [],
        "team": _team(team) if team else None,
        "link": queue_link("mine" if own else "overdue"),
        "link_label": "Open your referrals" if own else "Open what is overdue",
        "at": at.isoformat(),
    }


def in_words(work: Work) -> str:
    """``3 overdue, 2 due today``, or the all-clear."""
    parts = ((work.overdue_count, "overdue"), (work.due_today_count, "due today"))
    return ", ".join(f"{count:,} {words}" for count, words in parts if count) or "nothing overdue or due today"


def queue_link(queue: str) -> str:
    return urljoin(settings.REFLOOP_BASE_URL, f"{reverse('admin:referrals_referral_changelist')}?queue={queue}")


def _sections(work: Work, who) -> list[dict[str, Any]]:
    kinds = (("Overdue", work.overdue_count, work.overdue), ("Due today", work.due_today_count, work.due_today))
    return [
        {
            "title": title,
            "count": count,
            "more": count - len(items),
            "items": [
                {
                    "number": item.referral.number,
                    "who": who(item.referral),
                    "status": Status(item.referral.status).label,
                    "priority": "" if item.referral.priority == "routine" else item.referral.get_priority_display(),
                    "due": item.due,
                    "link": staff_link(item.referral),
                }
                for item in items
            ],
        }
        for title, count, items in kinds
        if count
    ]


def _facts(work: Work) -> list[list[str]]:
    waiting = [[f"Waiting for {words}", f"{work.waiting[status]:,}"] for status, words in WAITING_ON.items()]
    return [["Open in all", f"{work.open:,}"], *(fact for fact in waiting if fact[1] != "0")]


def _team(team: Team) -> dict[str, Any]:
    owners = sorted(team.owners, key=lambda owner: (-owner.work.overdue_count, -owner.work.due_today_count, owner.name))
    counts = (
        ("Open in all", team.work.open),
        ("Overdue", team.work.overdue_count),
        ("Due today", team.work.due_today_count),
        ("To route by hand", team.unrouted),
        ("Messages given up", team.given_up),
        ("Messages that reached nobody", team.unreached),
        ("Set aside by the sweep", team.set_aside),
    )
    return {
        "facts": [[label, f"{count:,}"] for label, count in counts if count or label in ("Open in all", "Overdue")],
        "owners": [
            {"name": owner.name, "words": in_words(owner.work), "open": f"{owner.work.open:,}"}
            for owner in owners[:OWNERS_LISTED]
        ],
        "more_owners": max(0, len(owners) - OWNERS_LISTED),
        "unread": [f"{owner.name} ({owner.work.open:,} open)" for owner in owners if owner.unread],
    }
