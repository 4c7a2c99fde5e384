"""The queues of the worklist: what each holds, what it is for, and bounded counts of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from referrals import selectors
from referrals.admin.counting import count_up_to, in_words
from referrals.models import Coordinator, Referral
from referrals.practice.absence import covers_on, present_cover
from referrals.practice.calendar import practice_calendar

MOST_SHOWN = 99  # a tab says "99+" beyond; nobody plans a day by a larger number
OPEN_QUEUE, MINE, OVERDUE, SNOOZED, ENDED, ALL = "open", "mine", "overdue", "snoozed", "ended", "all"
MY_OVERDUE, MY_TODAY = "my_overdue", "my_today"  # what the home page's cards count
SHORT = (MINE, MY_OVERDUE, MY_TODAY, OVERDUE)


@dataclass(frozen=True)
class Queue:
    """``teaches`` is what an empty list says: what would be here, and that nothing is."""

    key: str
    label: str
    teaches: str
    is_counted: bool = True
    has_tab: bool = True

    @property
    def by_urgency(self) -> bool:
        """Open work is listed by what is due first, everything else by capture, newest first."""
        return self.key not in (ENDED, ALL)


QUEUES: dict[str, Queue] = {
    queue.key: queue
    for queue in (
        Queue(OPEN_QUEUE, "Open", "Every referral that has not ended is here, what is late longest on top."),
        Queue(MINE, "Mine", "Open referrals you own, and those of colleagues you cover for today."),
        Queue(MY_OVERDUE, "My overdue", "Of what you own or cover, nothing is late.", has_tab=False),
        Queue(MY_TODAY, "Mine due today", "Of what you own or cover, nothing falls due today.", has_tab=False),
        Queue(OVERDUE, "Overdue", "Referrals that have not moved in time come here. None is late."),
        Queue(
            SNOOZED,
            "Snoozed",
            "Referrals somebody lets wait until a day of their choice; they come back by themselves.",
        ),
        Queue("unrouted", "To route", "Referrals for which no specialist was found wait here for your choice."),
        Queue("unscheduled", "Unscheduled", "A specialist is chosen, but no visit is booked yet."),
        Queue("awaiting_visit", "Awaiting visit", "A visit is booked and has not been recorded as seen."),
        Queue("note_pending", "Note pending", "The patient was seen; the consult note is not here yet."),
        Queue("unreconciled", "To reconcile", "A final note is here and waits to be reconciled to the visit."),
        Queue("undelivered", "To deliver", "Our note is reconciled; the referrer has yet to have it."),
        Queue("on_hold", "On hold", "Referrals that wait on purpose, with a reason and a date."),
        Queue("cancelling", "Cancelling", "The referrer asked to cancel; the specialist has to confirm."),
        Queue(ENDED, "Ended", "Referrals that closed or ended otherwise.", is_counted=False),
        Queue(ALL, "All", "Every referral ever captured.", is_counted=False),
    )
}


def rows_of(key: str, *, user, now: datetime) -> QuerySet[Referral]:
    """The referrals of one queue, unordered. Raises KeyError for an unknown one."""
    special: dict[str, Callable[[], QuerySet[Referral]]] = {
        OPEN_QUEUE: lambda: Referral.objects.filter(ended_at__isnull=True),
        MINE: lambda: Referral.objects.filter(mine(user, now=now), ended_at__isnull=True),
        MY_OVERDUE: lambda: selectors.overdue(Referral.objects.filter(mine(user, now=now)), now=now),
        MY_TODAY: lambda: Referral.objects.filter(mine(user, now=now), _due_today(now), ended_at__isnull=True),
        OVERDUE: lambda: selectors.overdue(Referral.objects.all(), now=now),
        SNOOZED: lambda: selectors.snoozed(Referral.objects.all(), now=now),
        ENDED: lambda: Referral.objects.filter(ended_at__isnull=False),
        ALL: Referral.objects.all,
    }
    return special[key]() if key in special else Referral.objects.filter(selectors.QUEUES[key], ended_at__isnull=True)


def _due_today(now: datetime) -> Q:
    calendar = practice_calendar()
    midnight = calendar.start_of(calendar.local_date(now) + timedelta(days=1)).replace(hour=0, minute=0)
    return Q(next_escalation_at__gt=now, next_escalation_at__lt=midnight)


def mine(user, *, now: datetime) -> Q:
    """Referrals the user owns, or whose absent owner they stand in for today, also for an absent cover; nothing without
    a coordinator."""
    person = Coordinator.objects.filter(user=user).first()
    if person is None:
        return Q(pk__in=())
    away = covers_on(practice_calendar().local_date(now))
    return Q(owner__in=[person.pk, *(absent for absent in away if present_cover(absent, away) == person.pk)])


def tabs(*, current: str, user, now: datetime) -> list[dict]:
    """The tab links of the worklist with bounded counts: at most 100 rows are read for each."""
    return [
        {
            "key": queue.key,
            "label": queue.label,
            "current": queue.key == current,
            "count": counted(queue.key, user=user, now=now) if queue.is_counted else "",
        }
        for queue in QUEUES.values()
        if queue.has_tab or queue.key == current
    ]


def counted(key: str, *, user, now: datetime) -> str:
    """``7``, or ``99+``."""
    return in_words(count_up_to(rows_of(key, user=user, now=now), MOST_SHOWN), MOST_SHOWN)
