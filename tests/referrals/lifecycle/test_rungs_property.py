"""Whatever happens to a referral and its policies, and whenever the sweep runs: each rung fires at most once per stay,
never early, and is never skipped while the referral stays put."""

from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.actions import details, snoozing
from referrals.errors import InvalidInput
from referrals.lifecycle import guards, reviews, stalls
from referrals.lifecycle.states import Stage
from referrals.messages.quiet import quiet
from referrals.models import Closure, EscalationPolicy, EscalationRung, Referral, SweepFailure
from referrals.practice.calendar import closed_days
from tests import factories
from tests.performing import perform
from tests.referrals.lifecycle.naive_ladder import count_on, rungs_of, undone

INSTANT = timedelta(microseconds=1)
# Over Thanksgiving, the year's end and the start of daylight saving.
STARTS = [datetime(2026, 11, 20, 3, 0, tzinfo=UTC), datetime(2027, 3, 12, 15, 30, tzinfo=UTC)]
WAITS = st.sampled_from(["just before", "due", "just after", 0, 1, 5, 30, 100, 900])
STEPS = st.tuples(
    WAITS, st.sampled_from(["sweep"] * 5 + ["move", "move", "snooze", "edit", "edit", "close", "priority"])
)


class Story:
    """One referral through time; every step ends with the law that it will be looked at when its next rung is due."""

    def __init__(self, world, now: datetime, inbound: bool, holidays: set[date]):
        self.now, self.closed = now, holidays
        self.referral = factories.referral(world, "routed", inbound=inbound, now=now)

    def wait(self, how: str | int) -> None:
        due = self.referral.next_escalation_at
        if isinstance(how, int) or due is None:
            self.now += timedelta(hours=how if isinstance(how, int) else 50)
        else:
            self.now = max(self.now, due + {"just before": -INSTANT, "due": INSTANT * 0, "just after": INSTANT}[how])

    def step(self, what: str, pick: int) -> None:
        getattr(self, what)(pick)
        self.referral = Referral.objects.get(pk=self.referral.pk)
        self.check_next_look()

    def check_next_look(self) -> None:
        on = self.referral
        if on.ended_at is not None:
            assert on.next_escalation_at is None
            return
        first = min(min(instants) for instants in undone(on, self.closed, self.now).values())
        expected = max(first, on.snoozed_until or first)
        is_due = max(on.next_escalation_at, expected) <= self.now  # the next sweep takes it, whichever it is
        assert is_due or on.next_escalation_at == expected, "late, or for nothing"

    def sweep(self, pick: int) -> None:
        on, before = self.referral, set(self.referral.firings.values_list("pk", flat=True))
        expected = {} if on.ended_at or (on.snoozed_until or self.now) > self.now else self._due()
        swept = stalls.sweep(now=self.now)
        assert swept.failed == 0 and not SweepFailure.objects.exists()
        assert swept.escalated == bool(expected), "each time something is due there is one escalation, else none"
        new = list(on.firings.exclude(pk__in=before))
        done = {firing.rung_key: firing.due_at for firing in sorted(new, key=lambda firing: firing.repetition)}
        assert done == {key: instants[-1] for key, instants in expected.items()}, "all that was due is done, no more"
        latest = max(done.values(), default=None)
        assert all((firing.due_at == latest) == (firing.outcome == "sent") for firing in new), "no burst of old rungs"
        assert stalls.sweep(now=self.now).looked_at == 0
        self.check_laws()

    def _due(self) -> dict[int, list[datetime]]:
        instants = undone(self.referral, self.closed, self.now).items()
        found = {key: [at for at in ats if at <= self.now] for key, ats in instants}
        return {key: ats for key, ats in found.items() if ats}

    def check_laws(self) -> None:
        last: dict[tuple[int, int], datetime] = {}
        for firing in self.referral.firings.order_by("stay", "rung_key", "repetition"):
            rung = (firing.stay, firing.rung_key)
            assert firing.at >= firing.due_at, "early"
            assert rung not in last or firing.due_at > last[rung], "the same instant twice"
            last[rung] = firing.due_at

    def move(self, pick: int) -> None:
        allowed = guards.allowed_actions(self.referral, factories.SYSTEM, now=self.now)
        with suppress(InvalidInput):  # nudged a moment ago
            perform(allowed[pick % len(allowed)], self.referral, now=self.now)

    def snooze(self, pick: int) -> None:
        if self.referral.ended_at is None:
            until = self.now + timedelta(hours=1 + pick % 400)
            snoozing.snooze(
                referral=self.referral,
                actor=factories.SYSTEM,
                now=self.now,
                until=until,
                reason="waits for the patient",
            )

    def priority(self, pick: int) -> None:
        if self.referral.ended_at is None:
            values = {"priority": Referral.Priority.values[pick % 4]}
            details.update_details(referral=self.referral, actor=factories.SYSTEM, now=self.now, changes=values)

    def edit(self, pick: int) -> None:
        stage = self.referral.stage or Stage.UNSCHEDULED
        rungs = list(EscalationRung.objects.filter(policy__stage=stage).order_by("pk"))
        rung = rungs[pick // 7 % len(rungs)] if rungs else None
        if pick % 7 == 0:
            EscalationPolicy.objects.filter(stage=stage).delete()
        elif pick % 7 == 1 or rung is None:
            policy, _ = EscalationPolicy.objects.get_or_create(stage=stage, direction="", priority="", specialty=None)
            policy.rungs.create(after=pick % 11, unit="hours" if pick % 2 else "calendar_days")
        elif pick % 7 == 2:
            rung.delete()
        else:
            rung.after = (rung.after, pick % 13)[pick % 2]
            rung.repeat_every = (rung.repeat_every, None, 1, pick % 9 + 1)[pick % 4]
            rung.unit = (rung.unit, "hours", "calendar_days", "business_days")[pick % 5 % 4]
            rung.save()
        reviews.ask(stages=[stage], because="a policy was edited", now=self.now)

    def close(self, pick: int) -> None:
        """Open or close a day around now, as the practice may do late."""
        day = (self.now + timedelta(days=pick % 9 - 2)).date()
        if day in self.closed and not Closure.objects.filter(starts_on=day).delete()[0]:
            return  # a holiday
        if day not in self.closed:
            Closure.objects.create(name="Closed", starts_on=day, ends_on=day)
        self.closed ^= {day}
        reviews.ask(because="closed days changed", now=self.now)


@contextmanager
def rolled_back():
    """Take back what an example wrote."""
    with transaction.atomic(), quiet():
        yield
        transaction.set_rollback(True)


def _holidays() -> set[date]:
    first = date(2026, 1, 1)
    return {day for day, why in closed_days(first, first + timedelta(days=365 * 12)) if why != "weekend"}


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(STARTS),
    inbound=st.booleans(),
    steps=st.lists(st.tuples(STEPS, st.integers(0, 10_000)), min_size=3, max_size=20),
)
def test_each_rung_once_never_early_never_skipped(world, start, inbound, steps):
    with rolled_back():
        story = Story(world, start, inbound, _holidays())
        for (wait, what), pick in steps:
            story.wait(wait)
            story.step(what, pick)
        story.step("sweep", 0)
        if story.referral.ended_at is None:
            story.now = story.referral.next_escalation_at - INSTANT
            assert stalls.sweep(now=story.now).looked_at == 0
            story.now += INSTANT
            story.step("sweep", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["routed", "scheduled", "seen", "note_returned", "on_hold", "cancel_requested"])
@pytest.mark.parametrize("priority", ["routine", "urgent", "asap"])
def test_boundary_triples_around_every_rung(world, status, priority):
    """Every rung of every seeded ladder, in order, with its first three repetitions: not before, at, not again after."""
    start = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    with rolled_back():
        referral = factories.captured(world, now=start, priority=priority).referral
        referral = Referral.objects.get(pk=factories.advance(referral, status, now=start).pk)
        holidays = _holidays()
        instants = {
            at
            for _, after, unit, repeat in rungs_of(referral)
            for at in _first_times(referral.clock_from, after, unit, repeat, holidays)
        }
        for at in sorted(instants):
            assert stalls.sweep(now=at - INSTANT).looked_at == 0
            assert stalls.sweep(now=at).escalated == 1
            assert stalls.sweep(now=at + INSTANT).looked_at == 0
        assert not referral.firings.filter(outcome="missed").exists()


def _first_times(clock_from, after, unit, repeat, holidays) -> list[datetime]:
    found = [count_on(clock_from, after, unit, holidays)]
    while repeat and len(found) < 4:
        found.append(count_on(found[-1], repeat, unit, holidays))
    return found
