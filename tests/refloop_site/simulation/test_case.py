"""A person decides the same in every run that asks the same question."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from refloop_site.simulation.assumptions import Act, Assumptions
from refloop_site.simulation.case import NEVER, Case

pytestmark = pytest.mark.django_db  # working days know the practice's closed days
AT = datetime(2025, 3, 3, 9, tzinfo=ZoneInfo("America/Chicago"))
DELAY = (0.5, 1.0, 2.0)


@dataclass
class Planned:
    index: int = 3
    at: datetime = AT


def case(*, seed: int = 1, index: int = 3, **assumed) -> Case:
    return Case(planned=Planned(index), cast=None, seed=seed, assumed=Assumptions(**assumed))


def test_the_same_question_to_the_same_person_gets_the_same_answer():
    assert case().uniform("wait", 0, 1) == case().uniform("wait", 0, 1)
    asked_more = case()
    asked_more.uniform("something else", 0, 1)
    assert asked_more.uniform("wait", 0, 1) == case().uniform("wait", 0, 1)


def test_another_person_another_seed_or_asking_again_is_another_draw():
    again = case()
    draws = {again.uniform("wait", 0, 1), again.uniform("wait", 0, 1)}
    draws |= {case(seed=2).uniform("wait", 0, 1), case(index=4).uniform("wait", 0, 1)}
    assert len(draws) == 4


def test_who_never_acts_waits_for_ever_until_reminded():
    one = case(remembered=0.0)
    one.task = one.waits_for("answers", Act(0.0, DELAY, 1.0, DELAY))
    assert one.task.due == NEVER
    assert one.reminded(AT, "owner")
    assert AT < one.task.due < NEVER


def test_a_reminder_without_effect_changes_nothing():
    one = case(remembered=0.0, nudge_effect=0.0)
    one.task = one.waits_for("answers", Act(0.0, DELAY, 1.0, DELAY))
    assert not one.reminded(AT, "owner")
    assert one.task.due == NEVER


def test_a_reminder_never_makes_it_later():
    one = case(remembered=0.0)
    one.task = one.waits_for("answers", Act(1.0, (0.1, 0.1, 0.1), 1.0, (3.0, 3.0, 3.0)))
    due = one.task.due
    assert not one.reminded(AT, "owner")
    assert one.task.due == due
