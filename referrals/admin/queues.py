"""The queues of the worklist: what each holds, what it is for, and bounded counts of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from referrals import selectors
from referrals.admin.counting import counts_up_to, in_words
from referrals.lifecycle.states import Status
from referrals.models import Coordinator, Referral
from referrals.practice.absence import covers_on, present_cover
from referrals.practice.calendar import practice_calendar

MOST_SHOWN = 999  # a tab says "999+" beyond; nobody plans a day by a larger number
OPEN_QUEUE, MINE, OVERDUE, SNOOZED, ENDED, ALL = "open", "mine", "overdue", "snoozed", "ended", "all"
# what the home page's cards count
MY_OVERDUE, MY_TODAY, MY_WAITING, TODAY = "my_overdue", "my_today", "my_waiting", "today"
PERSONAL = (MINE, MY_OVERDUE, MY_TODAY, MY_WAITING)
SHORT = (*PERSONAL, OVERDUE, TODAY)


@dataclass(frozen=True)
class Queue:
    """``teaches`` is what an empty list says: what would be here, and that nothing is."""

    key: str
    label: str
    teaches: str
    is_counted: bool = True
    has_tab: bool = True

    @property
    def is_personal(self) -> bool:
        return self.key in PERSONAL

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
        Queue(MY_TODAY, "My due today", "Of what you own or cover, nothing falls due today.", has_tab=False),
        Queue(
            MY_WAITING,
            "Waiting on others",
            "Of what you own or cover, nothing waits for a specialist, a visit, a note or a date.",
            has_tab=False,
        ),
        Queue(OVERDUE, "Overdue", "Referrals that have not moved in time come here. None is late."),
        Queue(TODAY, "Due today", "Nothing falls due before the day ends.", has_tab=False),
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


@dataclass(frozen=True)
class Desk:
    """Whose referrals somebody works on today: their own, and those of absent colleagues they stand in for."""

    person: Coordinator | None  # None: no coordinator is tied to the sign-in
    owners: tuple[int, ...] = ()
    covered: tuple[int, ...] = ()  # the absent among the owners

    @property
    def mine(self) -> Q:
        return Q(owner__in=self.owners)


def desk_of(user, *, now: datetime) -> Desk:
    """The desk of a sign-in (two queries). Whom an absent cover stands in for comes to the next one in line."""
    person = Coordinator.objects.filter(user=user).first()
    if person is None:
        return Desk(None)
    away = covers_on(practice_calendar().local_date(now))
    covered = tuple(absent for absent in away if absent != person.pk and present_cover(absent, away) == person.pk)
    return Desk(person, (person.pk, *covered), covered)


def rows_of(key: str, *, desk: Desk, now: datetime) -> QuerySet[Referral]:
    """The referrals of one queue, unordered. Raises KeyError for an unknown one."""
    special: dict[str, Callable[[], QuerySet[Referral]]] = {
        OPEN_QUEUE: lambda: Referral.objects.filter(ended_at__isnull=True),
        MINE: lambda: Referral.objects.filter(desk.mine, ended_at__isnull=True),
        MY_OVERDUE: lambda: selectors.overdue(Referral.objects.filter(desk.mine), now=now),
        MY_TODAY: lambda: Referral.objects.filter(desk.mine, _due_today(now), ended_at__isnull=True),
        MY_WAITING: lambda: Referral.objects.filter(desk.mine, _waits_for_others(now), ended_at__isnull=True),
        OVERDUE: lambda: selectors.overdue(Referral.objects.all(), now=now),
        TODAY: lambda: Referral.objects.filter(_due_today(now), ended_at__isnull=True),
        SNOOZED: lambda: selectors.snoozed(Referral.objects.all(), now=now),
        ENDED: lambda: Referral.objects.filter(ended_at__isnull=False),
        ALL: Referral.objects.all,
    }
    return special[key]() if key in special else Referral.objects.filter(selectors.QUEUES[key], ended_at__isnull=True)


def _due_today(now: datetime) -> Q:
    """Not late yet, awake, and somebody is told before the day ends."""
    calendar = practice_calendar()
    midnight = calendar.start_of(calendar.local_date(now) + timedelta(days=1)).replace(hour=0, minute=0)
    return Q(next_escalation_at__gt=now, next_escalation_at__lt=midnight, overdue_since__isnull=True) & awake(now)


def _waits_for_others(now: datetime) -> Q:
    """On time, and the next move is somebody else's: the specialist's answer, the visit, the note, a date on hold."""
    theirs = Q(status__in=(Status.ROUTED, Status.SCHEDULED, Status.ON_HOLD, Status.CANCEL_REQUESTED)) | Q(
        status=Status.SEEN
    ) & ~Q(direction=Referral.Direction.INBOUND)
    return theirs & Q(next_escalation_at__gt=now, overdue_since__isnull=True) & awake(now)


def awake(now: datetime) -> Q:
    """Not asleep."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)


def counts_of(keys: Iterable[str], *, desk: Desk, now: datetime, only_mine: bool = False) -> dict[str, str]:
    """``7``, or ``999+``, for each queue, in one query that reads at most 1,000 rows of each."""
    lists = {key: rows_of(key, desk=desk, now=now) for key in keys}
    if only_mine:
        lists = {key: rows.filter(desk.mine) for key, rows in lists.items()}
    return {key: in_words(count, MOST_SHOWN) for key, count in counts_up_to(lists, MOST_SHOWN).items()}


def tabs(*, current: str, desk: Desk, now: datetime, only_mine: bool = False) -> list[dict]:
    """The tab links of the worklist with bounded counts."""
    shown = [queue for queue in QUEUES.values() if queue.has_tab or queue.key == current]
    counts = counts_of((queue.key for queue in shown if queue.is_counted), desk=desk, now=now, only_mine=only_mine)
    return [
        {
            "key": queue.key,
            "label": queue.label,
            "current": queue.key == current,
            "count": counts.get(queue.key, ""),
        }
        for queue in shown
    ]
