"""Nudges, alerts and note requests: what the rungs of a ladder say, for many referrals at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, prefetch_related_objects

from notifications.models import Recipient
from notifications.outbox import Outgoing, enqueue_new
from referrals.lifecycle.states import Stage
from referrals.messages import context, wording
from referrals.messages.quiet import is_quiet
from referrals.messages.recipients import AddressBook
from referrals.models import Coordinator, EscalationFiring, Referral, ReferralEvent
from referrals.practice.absence import covers_on, present_cover
from referrals.practice.calendar import practice_calendar

NOTE_REQUEST = "note.request"
UNREACHED = "escalation.unreached"
_RELATED = (
    "patient", "specialty", "referring_office", "referring_provider", "receiving_office", "receiving_provider",
    "owner__user",
)  # fmt: skip


@dataclass(frozen=True)
class Escalation:
    """A referral, the event of its escalation, and the audiences to tell."""

    referral: Referral
    event: ReferralEvent
    audiences: tuple[str, ...]


def tell(escalations: Sequence[Escalation], *, now: datetime) -> int:
    """Enqueue every message of ``escalations`` in the caller's transaction; how many.

    An absent owner's nudge goes to the cover. When an office has no address that takes the message, the owner is told
    to reach it by telephone: an alert that reaches nobody must not be silent."""
    if is_quiet() or not escalations:
        return 0
    referrals = [escalation.referral for escalation in escalations]
    prefetch_related_objects(referrals, *_RELATED)
    desk = _Desk(referrals, now)
    outgoing = [item for escalation in escalations for item in desk.messages(escalation)]
    messages = enqueue_new([item for _, item in outgoing], now=now)
    unheard = [
        desk.unreached(escalation, message.recipient)
        for (escalation, _), message in zip(outgoing, messages, strict=True)
        if message.nobody_to_tell and message.recipient.kind == Recipient.Kind.OFFICE
    ]
    return len(messages) + (len(enqueue_new(unheard, now=now)) if unheard else 0)


class _Desk:
    """Turns escalations into messages, with what all of them need read once."""

    def __init__(self, referrals: list[Referral], now: datetime):
        self.now = now
        self.calendar = practice_calendar()
        self.away = covers_on(self.calendar.local_date(now))
        covers = Coordinator.objects.select_related("user").in_bulk(set(self.away.values()) - {None})
        self.people = covers | {r.owner_id: r.owner for r in referrals}
        self.requests = _note_requests_so_far(referrals)
        self.book = AddressBook(
            now=now,
            offices={r.referring_office_id for r in referrals} | {r.receiving_office_id for r in referrals} - {None},
            coordinators=self.people,
        )

    def messages(self, escalation: Escalation) -> Iterable[tuple[Escalation, Outgoing]]:
        told: set[tuple[int, str]] = set()
        for audience in escalation.audiences:
            recipient, topic = self._recipient(escalation.referral, audience)
            if (recipient.pk, topic) not in told:
                told.add((recipient.pk, topic))
                yield escalation, self._outgoing(escalation, recipient, topic, audience)

    def _recipient(self, referral: Referral, audience: str) -> tuple[Recipient, str]:
        topic = f"escalation.{referral.stage}"
        if audience == "manager":
            return self.book.managers(), topic
        if audience == "referring_office":
            return self.book.office(referral.referring_office), topic
        if audience == "receiving_office" and referral.receiving_office is not None:
            asks_for_note = referral.stage == Stage.NOTE_PENDING
            return self.book.office(referral.receiving_office), NOTE_REQUEST if asks_for_note else topic
        return self.book.coordinator(self._person(referral.owner, cover=audience == "cover")), topic

    def _person(self, owner: Coordinator, *, cover: bool) -> Coordinator:
        if cover and owner.pk not in self.away:
            return owner  # nobody covers for somebody who is there
        return self.people.get(present_cover(owner.pk, self.away), owner)

    def _outgoing(self, escalation: Escalation, recipient: Recipient, topic: str, audience: str) -> Outgoing:
        referral = escalation.referral
        to_office = audience.endswith("_office") and recipient.kind == Recipient.Kind.OFFICE
        if topic == NOTE_REQUEST:
            seen = (referral.seen_at or referral.stage_since).astimezone(self.calendar.zone)
            number = self.requests.get(referral.pk, 0) + 1
            words = wording.note_request(number=number, seen_on=f"{seen:%b} {seen.day}, {seen.year}")
        else:
            words = wording.escalation(stage=referral.stage, stalled_for=self._stalled(referral), to_office=to_office)
        link = context.office_link(referral) if to_office else context.staff_link(referral)
        return self._message(escalation, recipient, topic, words, cause=recipient.key, link=link)

    def unreached(self, escalation: Escalation, office: Recipient) -> Outgoing:
        referral = escalation.referral
        owner = self.book.coordinator(self._person(referral.owner, cover=False))
        words = wording.unreached(office.name)
        return self._message(escalation, owner, UNREACHED, words, cause=office.key, link=context.staff_link(referral))

    def _message(
        self, escalation: Escalation, recipient: Recipient, topic: str, words: wording.Words, *, cause: str, link: str
    ) -> Outgoing:
        referral = escalation.referral
        return Outgoing(
            topic=topic,
            recipient=recipient,
            dedupe_key=f"event:{escalation.event.pk}:{topic}:{cause}",
            occurred_at=self.now,
            about=referral.number,
            context_full=context.full(referral, words, link=link, at=self.now),
            context_minimal=context.minimal(referral, words, link=link, at=self.now),
        )

    def _stalled(self, referral: Referral) -> str:
        days = self.calendar.business_days_between(referral.clock_from, self.now)
        if days == 0:
            return f"{max(0, int((self.now - referral.clock_from).total_seconds() // 3600))} hours"
        return "1 business day" if days == 1 else f"{days} business days"


def _note_requests_so_far(referrals: list[Referral]) -> dict[int, int]:
    """How often the receiving office was asked for the note of each referral, over all its stays."""
    pending = [referral.pk for referral in referrals if referral.stage == Stage.NOTE_PENDING]
    if not pending:
        return {}
    rows = EscalationFiring.objects.filter(
        referral__in=pending,
        audience="receiving_office",
        outcome=EscalationFiring.Outcome.SENT,
        rung__policy__stage=Stage.NOTE_PENDING,
    )
    return dict(rows.order_by().values_list("referral").annotate(Count("pk")))
