"""Random histories of referrals, made by the real services, and what an honest clerk would note down from their events."""

import random
from datetime import datetime, timedelta

from referrals.errors import IllegalMove, InvalidInput
from referrals.lifecycle import guards
from referrals.lifecycle.states import Action as A
from referrals.models import Coordinator, EndingReason, Payer, Referral, Specialty
from tests import factories
from tests.performing import perform

# How likely each action is taken when it is possible: most histories go the usual way, all of them wander.
LIKELY = {
    A.ACCEPT: 8, A.BOOK: 8, A.MARK_SEEN: 8, A.ATTACH_NOTE: 8, A.RECONCILE: 9, A.ACKNOWLEDGE: 8, A.NUDGE: 2,
    A.LOG_CONTACT: 2, A.MARK_LOST: 2, A.CANCEL: 3, A.CONFIRM_CANCEL: 4, A.VOID: 0.7, A.CLOSE_WITHOUT_NOTE: 4, A.NO_SHOW: 1,
    A.REOPEN: 0.3, A.DETACH_NOTE: 0.5, A.RETRACT_NOTE: 0.5, A.HOLD: 0.7, A.SNOOZE: 0.5,
}  # fmt: skip


def make(
    world: factories.World, rng: random.Random, *, count: int, start: datetime, days: int, until: datetime
) -> None:
    """``count`` referrals captured within ``days`` of ``start``, each with up to 12 steps, hours to weeks apart, none
    after ``until``."""
    people = [world.coordinator, *(Coordinator.objects.create(name=f"Owner {n}") for n in range(2))]
    payers = ["aetna-ppo", Payer.objects.create(code="other", name="Other plan").code, ""]
    ent = Specialty.objects.get(code="ent")
    for place in (world.outside, world.ours_too, world.stranger):
        factories.provider(place, specialty=ent)
        factories.provider(place, specialty=world.cardiology)
    for _ in range(count):
        now = start + timedelta(minutes=rng.randrange(days * 24 * 60))
        ask = factories.inbound_ask if rng.random() < 0.4 else factories.ask
        made = factories.capture(
            ask=ask(
                world, specialty=rng.choice(["cardiology", "ent"]), payer=rng.choice(payers),
                priority=rng.choice(["routine", "routine", "urgent", "asap"]),
            ),
            actor=factories.SYSTEM, now=now,
        ).referral  # fmt: skip
        Referral.objects.filter(pk=made.pk).update(owner=rng.choice(people))
        walk(Referral.objects.get(pk=made.pk), rng, now=now, until=until)


def walk(on: Referral, rng: random.Random, *, now: datetime, until: datetime) -> None:
    for _ in range(rng.randrange(12)):
        now += timedelta(hours=rng.choice([1, 20, 60, 150, 400]))
        if now > until:
            break
        allowed = guards.allowed_actions(on, factories.SYSTEM, now=now)
        action = rng.choices(allowed, [LIKELY.get(action, 0.5) for action in allowed])[0]
        try:
            on = perform(action, on, now=now)
        except (IllegalMove, InvalidInput):
            on = Referral.objects.get(pk=on.pk)
    reasons = EndingReason.objects.filter(ends_as="cancelled", excludes_from_cohort=False)
    if on.status == "cancelled" and not on.ending_reason.excludes_from_cohort and rng.random() < 0.5:
        Referral.objects.filter(pk=on.pk).update(ending_reason=rng.choice(list(reasons)))
