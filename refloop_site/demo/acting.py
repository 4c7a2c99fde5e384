"""Who can act on a referral in simulated time, and how: by the services."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from referrals.actions import notes
from referrals.actions.ending import reason_for
from referrals.lifecycle.actor import Actor
from referrals.models import EndingReason, Office, Provider, Referral
from refloop_site.demo.people import Staff


@dataclass
class Cast:
    """Everybody who can act, looked up once."""

    staff: Staff
    offices: dict[int, Office] = field(default_factory=lambda: {o.pk: o for o in Office.objects.all()})
    providers: dict[int, Provider] = field(default_factory=lambda: {p.pk: p for p in Provider.objects.all()})
    reasons: dict[str, EndingReason] = field(default_factory=dict)

    def reason(self, code: str) -> EndingReason:
        if code not in self.reasons:
            self.reasons[code] = reason_for(code)
        return self.reasons[code]


class Acting:
    """``now`` is the simulated instant; ``referral`` is as the last service left it."""

    cast: Cast
    now: datetime
    referral: Referral | None

    @property
    def owner(self) -> Actor:
        """The coordinator who owns the referral (the manager for the shared desk)."""
        return Actor.staff(self.cast.staff.user_of.get(self.referral.owner_id, self.cast.staff.manager))

    def do(self, action: Callable, actor: Actor, **values) -> Any:
        """Call one of referrals' services at the simulated now, and keep the fresh referral."""
        result = action(referral=self.referral, actor=actor, now=self.now.astimezone(UTC), **values)
        if isinstance(result, Referral):
            self.referral = result
        elif isinstance(result, notes.Attached):
            self.referral = result.referral
        return result
