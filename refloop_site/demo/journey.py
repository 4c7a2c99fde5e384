"""One referral's way through the demo: its own dice, its own clock, and who acts for each side."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from referrals.actions import notes
from referrals.intake.receive import store
from referrals.lifecycle.actor import Actor
from referrals.models import Document, Office, Referral
from refloop_site.demo import behaviour as b
from refloop_site.demo import consult_notes
from refloop_site.demo.acting import Acting, Cast
from refloop_site.demo.asks import PlannedAsk
from refloop_site.demo.behaviour import Delay
from refloop_site.demo.office_hours import after, later

Step = Iterator[datetime]  # a step yields the instant at which it goes on


class Journey(Acting):
    """``now`` is set by the simulation before each step goes on. ``memory`` keeps what happens once or is counted."""

    def __init__(self, *, planned: PlannedAsk, cast: Cast, seed: int):
        self.planned = planned
        self.cast = cast
        self.rng = Random(f"{seed}:{planned.index}")
        self.now = planned.at
        self.referral: Referral | None = None
        self.over = False
        self.memory: dict[str, Any] = {}

    # -- chance and time ---------------------------------------------------------------------------------------
    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def once(self, what: str, share: float) -> bool:
        """Draw the first time only; False ever after."""
        if what in self.memory:
            return False
        self.memory[what] = True
        return self.chance(share)

    def later(self, delay: Delay, *, hurried: bool = True) -> datetime:
        """Some time from now; the more urgent the referral, the sooner, unless nobody can hurry it."""
        return later(self.now, delay, self.rng, pace=b.PACE[self.planned.ask.priority] if hurried else 1.0)

    def before(self, deadline: datetime) -> datetime | None:
        """Some office hour between now and ``deadline``, or None when there is none."""
        at = after(self.now + (deadline - self.now) * self.rng.uniform(0.1, 0.8), 0)
        return at if self.now < at < deadline - timedelta(minutes=20) else None

    # -- who acts ----------------------------------------------------------------------------------------------
    @property
    def manager(self) -> Actor:
        return Actor.staff(self.cast.staff.manager)

    @property
    def receiver(self) -> Actor:
        return self._side(self.cast.offices[self.referral.receiving_office_id])

    @property
    def referrer(self) -> Actor:
        return self._side(self.planned.office)

    def _side(self, office: Office) -> Actor:
        """An outside office with the API records for itself; for the others our coordinator writes down the call."""
        by_itself = not office.is_ours and office.contact_preference == Office.Contact.API
        return Actor.of_office(office) if by_itself else self.owner

    # -- doing -------------------------------------------------------------------------------------------------
    def end(self, action: Callable, actor: Actor, code: str, comment: str = "") -> None:
        self.do(action, actor, reason=self.cast.reason(code), comment=comment)

    def attach(self, text: str, *, filename: str = "consult-note.txt", **details) -> Document:
        """Put a text file on the referral, as the receiving side."""
        stored = store(text.encode(), filename=filename)
        details = notes.NoteDetails(**details)
        return self.do(notes.attach, self.receiver, stored=stored, details=details).version.document

    def note_text(self, *, heading: str = "CONSULTATION NOTE", status: str = "Final") -> str:
        return consult_notes.note(
            heading=heading,
            status=status,
            number=self.referral.number,
            person=self.planned.person.data,
            visit_on=self.memory.get("visit_on", self.now.date()),
            office=self.cast.offices[self.referral.receiving_office_id],
            author=self.cast.providers.get(self.referral.receiving_provider_id),
            referrer=self.cast.providers.get(self.referral.referring_provider_id),
            question=self.planned.question,
            written_at=self.now,
        )
