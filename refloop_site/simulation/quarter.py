"""Run one quarter of a simulated group through the real services, in simulated time, on an empty database."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import transaction

from referrals.errors import ReferralError
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.stalls import sweep
from referrals.messages.quiet import quiet
from referrals.models import Office, ReferralEvent
from referrals.practice.calendar import one_calendar, practice_calendar
from refloop_site.demo import asks, directory, people
from refloop_site.demo.acting import Cast
from refloop_site.demo.asks import PlannedAsk
from refloop_site.demo.history import quiet_logs
from refloop_site.simulation.assumptions import Assumptions
from refloop_site.simulation.case import NEVER, Case, Task
from refloop_site.simulation.mailroom import Mailroom
from refloop_site.simulation.story import story

SWEEP_HOURS = (9, 11, 13, 15, 17)
CHECK_HOUR = 10  # when routine status checks are made, where they are
_UNDER_WAY = timedelta(hours=36)
_DESK = ("owner", "manager")  # of those told, who rings up and puts it on record
Progress = Callable[[float], None]  # the part that is done, 0 to 1


@dataclass(frozen=True)
class Plan:
    """``tracked``: the sweep, requests for notes and the matching of documents are on. ``end`` is the last day of
    capture, ``read_at`` when the figures are read."""

    tracked: bool
    start: datetime
    end: datetime
    read_at: datetime
    count: int
    seed: int
    assumed: Assumptions


class _Desks(Cast):
    """Who types a referral in: the office itself when it is reached by API, else one of our coordinators."""

    def desk(self, planned: PlannedAsk) -> Actor:
        if planned.office.contact_preference == Office.Contact.API:
            return Actor.of_office(planned.office)
        users = list(self.staff.user_of.values())
        return Actor.staff(users[planned.index % len(users)])


def run(plan: Plan, *, progress: Progress = lambda part: None) -> list[str]:
    """Fill the database with the quarter, up to ``read_at``. Returns what a service refused: none is expected."""
    with quiet_logs(), one_calendar(), quiet(), Mailroom(matches=plan.tracked) as mailroom:
        with transaction.atomic():
            rows = directory.build()
            staff = people.build(rows, now=plan.start)
        planned = [
            one
            for one in asks.plan(
                directory=rows, start=plan.start, end=plan.end, count=plan.count, rng=Random(plan.seed)
            )
            if not one.repeats
        ]
        cast = _Desks(staff)
        cases = [Case(planned=one, cast=cast, seed=plan.seed, assumed=plan.assumed) for one in planned]
        return _Quarter(plan, cases, mailroom).run(progress)


class _Quarter:
    """The agenda: every case goes on when what it waits for is done; the engine sweeps in between."""

    def __init__(self, plan: Plan, cases: list[Case], mailroom: Mailroom):
        self.plan = plan
        self.cases = cases
        self.stories = {id(case): story(case, mailroom) for case in cases}
        self.agenda: list[tuple[datetime, int, int, Case | None]] = []
        self.turn = 0
        self.by_referral: dict[int, Case] = {}
        self.last_event = 0
        self.refused: list[str] = []

    def run(self, progress: Progress) -> list[str]:
        for case in self.cases:
            self._go_on(case)
        for at in self._rounds():
            self._push(at, None)
        whole = self.plan.read_at - self.plan.start
        while self.agenda and self.agenda[0][0] < self.plan.read_at:
            day_ends = self.agenda[0][0] + timedelta(days=1)
            with transaction.atomic():  # one commit for a simulated day
                while self.agenda and self.agenda[0][0] < min(day_ends, self.plan.read_at):
                    at, _, turn, case = heapq.heappop(self.agenda)
                    if case is None:
                        self._round(at)
                    elif turn == case.memory.get("turn"):
                        case.now = at
                        self._go_on(case)
            progress(min(1.0, (day_ends - self.plan.start) / whole))
        return self.refused

    def _rounds(self) -> list[datetime]:
        """When the engine sweeps (tracked), or the coordinators make their status checks (not tracked)."""
        calendar = practice_calendar()
        day, last = calendar.local_date(self.plan.start), calendar.local_date(self.plan.read_at)
        rounds, business_days = [], 0
        while day <= last:
            if calendar.is_business_day(day):
                midnight = calendar.start_of(day)
                if self.plan.tracked:
                    rounds += [midnight + timedelta(hours=hour) for hour in SWEEP_HOURS]
                elif business_days % self.plan.assumed.status_check_every < 1:
                    rounds.append(midnight + timedelta(hours=CHECK_HOUR))
                business_days += 1
            day += timedelta(days=1)
        return rounds

    def _push(self, at: datetime, case: Case | None) -> None:
        self.turn += 1
        if case is not None:
            case.memory["turn"] = self.turn
        heapq.heappush(self.agenda, (at, self.turn, self.turn, case))

    def _go_on(self, case: Case) -> None:
        """Let the story run to its next wait; a task that nobody means to do keeps the case off the agenda."""
        case.task = None
        try:
            waits = next(self.stories[id(case)], None)
        except ReferralError as error:
            self.refused.append(f"{case.referral}: {error}")
            return
        if case.referral is not None:
            self.by_referral.setdefault(case.referral.pk, case)
        if isinstance(waits, Task):
            case.task = waits
            if waits.due < NEVER:
                self._push(max(waits.due, case.now), case)
        elif waits is not None:
            self._push(max(waits, case.now), case)

    def _round(self, at: datetime) -> None:
        if self.plan.tracked:
            sweep(now=at.astimezone(UTC))
            self._remind(at)
        else:
            self._check(at)

    def _remind(self, at: datetime) -> None:
        """Whoever was told of a referral may act on it."""
        told = ReferralEvent.objects.filter(pk__gt=self.last_event, kind="escalated").order_by("pk")
        for pk, referral, data in told.values_list("pk", "referral_id", "data"):
            self.last_event = pk
            case = self.by_referral.get(referral)
            if case is None or case.task is None or case.task.due <= at + _UNDER_WAY:
                continue  # whoever looks sees that it is being done
            task = case.task
            for audience in data["told"]:
                sooner = case.reminded(at, audience)
                if sooner:
                    self._push(max(task.due, at), case)
                rings = sooner or case.chance("rings in vain", self.plan.assumed.rings_in_vain)
                if rings and audience in _DESK and self.plan.assumed.nudge_effect:
                    case.now = at
                    case.chase(task, "Reminded")

    def _check(self, at: datetime) -> None:
        """The weekly round of an untracked group: ring up and ask how it stands. It asks, it does not push."""
        for case in self.cases:
            if case.task is None or case.referral is None or not case.referral.is_open:
                continue
            if case.chance("status check", self.plan.assumed.status_check_share):
                case.now = at
                case.chase(case.task, "Status check")
