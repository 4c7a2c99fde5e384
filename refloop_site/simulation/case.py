"""One referral of the simulation and the people around it: their dice, what they wait for, what they do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from referrals.actions import contacts
from referrals.lifecycle.actor import Actor
from referrals.models import Referral
from refloop_site.demo.acting import Acting, Cast
from refloop_site.demo.asks import PlannedAsk
from refloop_site.demo.office_hours import later
from refloop_site.simulation.assumptions import Act, Assumptions, Delay

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Task:
    """What the referral waits for. ``due`` is when it is done, NEVER while nobody means to do it. ``with_patient``: it is
    a talk with the patient; otherwise somebody else's office has to do it."""

    name: str
    act: Act
    with_patient: bool = False
    due: datetime = NEVER


Story = Iterator[Task | datetime]  # a story yields what it waits for: a task, or an instant


class Case(Acting):
    """``now`` is set by the loop before the story goes on.

    Every draw has a name and its own dice made from (seed, referral, name), so the same person decides the same in
    every run that asks the same question, however the runs differ elsewhere."""

    def __init__(self, *, planned: PlannedAsk, cast: Cast, seed: int, assumed: Assumptions):
        self.planned = planned
        self.cast = cast
        self.assumed = assumed
        self.seed = seed
        self.now = planned.at
        self.referral: Referral | None = None
        self.task: Task | None = None
        self._asked: dict[str, int] = {}
        self.memory: dict[str, Any] = {}

    # -- chance and time --------------------------------------------------------------------------------------------
    def dice(self, name: str) -> Random:
        self._asked[name] = turn = self._asked.get(name, 0) + 1
        return Random(f"{self.seed}:{self.planned.index}:{name}:{turn}")

    def chance(self, name: str, share: float) -> bool:
        return self.dice(name).random() < share

    def uniform(self, name: str, low: float, high: float) -> float:
        return self.dice(name).uniform(low, high)

    def later(self, name: str, delay: Delay) -> datetime:
        return later(self.now, delay, self.dice(name))

    # -- waiting ----------------------------------------------------------------------------------------------------
    def waits_for(self, name: str, act: Act, *, with_patient: bool = False) -> Task:
        """The task, with the day it gets done by itself, if at all, or because somebody remembers it late."""
        task = Task(name, act, with_patient)
        if self.chance(f"{name} by itself", act.by_itself):
            task.due = self.later(f"{name} when", act.delay)
        elif self.chance(f"{name} remembered", self.assumed.remembered):
            at = self.later(f"{name} remembered when", self.assumed.remembered_after)
            self._push(task, at, "remembered", 1.0)
        return task

    def reminded(self, at: datetime, audience: str) -> bool:
        """The engine told ``audience``: whether the task gets done sooner for it."""
        return self.task is not None and self._push(self.task, at, f"{audience} reminded", self.assumed.nudge_effect)

    def _push(self, task: Task, at: datetime, by: str, effect: float) -> bool:
        if not self.chance(f"{task.name}: {by}, acts", task.act.reminded * effect):
            return False
        done = later(at, task.act.reminded_delay, self.dice(f"{task.name}: {by}, acts when"))
        sooner = done < task.due
        task.due = min(task.due, done)
        return sooner

    def chase(self, task: Task, why: str) -> None:
        """One of our coordinators rings up: a contact attempt on the record."""
        party = "patient" if task.with_patient else "receiving_office"
        self.do(contacts.log_contact, self.owner, party=party, outcome="left_message", comment=f"{why}: {task.name}")

    # -- who acts ----------------------------------------------------------------------------------------------------
    @property
    def receiver(self) -> Actor:
        office = self.cast.offices[self.referral.receiving_office_id]
        return self.owner if office.is_ours else Actor.of_office(office)

    @property
    def referrer(self) -> Actor:
        office = self.cast.offices[self.referral.referring_office_id]
        return self.owner if office.is_ours else Actor.of_office(office)

    def end(self, action: Callable, code: str, comment: str = "") -> None:
        self.do(action, self.owner, reason=self.cast.reason(code), comment=comment)

    def refresh(self) -> Referral:
        self.referral = Referral.objects.get(pk=self.referral.pk)
        return self.referral
