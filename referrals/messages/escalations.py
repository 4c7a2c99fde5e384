"""Nudges, alerts and note requests: what the rungs of a ladder say, for many referrals at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from notifications.models import Recipient
from notifications.outbox import Outgoing, enqueue_new
from referrals.lifecycle.states import Stage
from referrals.messages import context, subjects, wording
from referrals.messages.quiet import is_quiet
from referrals.messages.recipients import AddressBook
from referrals.messages.subjects import Subject
from referrals.models import Coordinator, EscalationFiring, Office, Referral, ReferralEvent
from referrals.practice.absence import covers_on, present_cover
from referrals.practice.calendar import practice_calendar

NOTE_REQUEST = "note.request"
UNREACHED = "escalation.unreached"


@dataclass(frozen=True)
class ByHand:
    """A person wanted it: who, and a sentence of theirs (free text: for full contexts only).

    ``note_request`` is the number its event gave the request for the note; 0 for any other nudge."""

    actor: str
    comment: str
    note_request: int = 0


@dataclass(frozen=True)
class Escalation:
    """The referral ``referral_id``, the event of its escalation, the audiences to tell; ``by_hand`` when no rung did."""

    referral_id: int
    event_id: int
    audiences: tuple[str, ...]
    by_hand: ByHand | None = None


def tell(escalations: Sequence[Escalation], *, now: datetime) -> int:
    """Enqueue every message of ``escalations`` in the caller's transaction; how many.

    An absent owner's nudge goes to the cover, or to the managers when nobody covers. When an office has no address that
    takes the message, the owner is told to reach it by telephone: an alert that reaches nobody must not be silent."""
    if is_quiet() or not escalations:
        return 0
    referrals = subjects.read([escalation.referral_id for escalation in escalations])
    desk = _Desk(list(referrals.values()), now)
    outgoing = {
        item.dedupe_key: (item, escalation)
        for escalation in escalations
        for item in desk.messages(escalation, referrals[escalation.referral_id])
    }
    unheard = enqueue_new([item for item, _ in outgoing.values()], now=now)
    to_owners = [
        desk.unreached(
            outgoing[item.dedupe_key][1], referrals[outgoing[item.dedupe_key][1].referral_id], item.recipient
        )
        for item in unheard
        if item.recipient.kind == Recipient.Kind.OFFICE
    ]
    if to_owners:
        enqueue_new(to_owners, now=now)
    return len(outgoing) + len(to_owners)


class _Desk:
    """Turns escalations into messages, with what all of them need read once."""

    def __init__(self, referrals: list[Subject], now: datetime):
        self.now = now
        self.calendar = practice_calendar()
        self.away = covers_on(self.calendar.local_date(now))
        covers = Coordinator.objects.select_related("user").in_bulk(set(self.away.values()) - {None})
        self.people = covers | {r.owner_id: r.owner for r in referrals}
        gone = Coordinator.objects.filter(pk__in=self.people, user__is_active=False)
        self.gone = set(gone.values_list("pk", flat=True))
        self.requests = note_requests_so_far(referrals)
        self.book = AddressBook(
            now=now,
            offices={r.referring_office_id for r in referrals} | {r.receiving_office_id for r in referrals} - {None},
            coordinators=self.people,
        )

    def messages(self, escalation: Escalation, referral: Subject) -> Iterable[Outgoing]:
        told: set[tuple[int, str]] = set()
        for audience in escalation.audiences:
            recipient, topic = self._recipient(referral, audience)
            if (recipient.pk, topic) not in told:
                told.add((recipient.pk, topic))
                yield self._outgoing(escalation, referral, recipient, topic, audience)

    def unreached(self, escalation: Escalation, referral: Subject, office: Recipient) -> Outgoing:
        words = wording.unreached(office.name)
        owner = self._nudged(referral.owner)
        link = context.staff_link(referral)
        return self._message(escalation, referral, owner, UNREACHED, words, cause=office.key, link=link)

    def _recipient(self, referral: Subject, audience: str) -> tuple[Recipient, str]:
        topic = f"escalation.{referral.stage}"
        if audience == "manager":
            return self.book.managers(), topic
        if audience == "referring_office":
            return self.book.office(referral.referring_office), topic
        if audience == "receiving_office" and referral.receiving_office is not None:
            asks_for_note = referral.stage == Stage.NOTE_PENDING
            return self.book.office(referral.receiving_office), NOTE_REQUEST if asks_for_note else topic
        return self._nudged(referral.owner), topic

    def _nudged(self, owner: Coordinator) -> Recipient:
        """The owner, or whoever covers; the managers when nobody is there to read it, or the sign-in is switched off."""
        person = self.people.get(present_cover(owner.pk, self.away))
        if person is None or not person.active or person.pk in self.gone:
            return self.book.managers()
        return self.book.coordinator(person)

    def _outgoing(
        self, escalation: Escalation, referral: Subject, recipient: Recipient, topic: str, audience: str
    ) -> Outgoing:
        to_office = audience.endswith("_office") and recipient.kind == Recipient.Kind.OFFICE
        if topic == NOTE_REQUEST:
            seen = (referral.seen_at or referral.stage_since).astimezone(self.calendar.zone)
            asked = escalation.by_hand.note_request if escalation.by_hand else 0
            number = asked or self.requests[referral.pk] + 1
            words = wording.note_request(number=number, seen_on=f"{seen:%b} {seen.day}, {seen.year}")
        else:
            words = self._words(referral, escalation.by_hand, reader=audience if to_office else wording.STAFF)
        if escalation.by_hand is not None:
            by = "" if to_office else escalation.by_hand.actor
            words = wording.remarked(words, by=by, remark=escalation.by_hand.comment)
        link = context.office_link(referral) if to_office else context.staff_link(referral)
        reader = getattr(referral, audience) if to_office else None
        return self._message(
            escalation, referral, recipient, topic, words, cause=recipient.key, link=link, reader=reader
        )

    def _message(
        self,
        escalation: Escalation,
        referral: Subject,
        recipient: Recipient,
        topic: str,
        words: wording.Words,
        *,
        cause: str,
        link: str,
        reader: Office | None = None,
    ) -> Outgoing:
        return Outgoing(
            topic=topic,
            recipient=recipient,
            dedupe_key=f"event:{escalation.event_id}:{topic}:{cause}",
            occurred_at=self.now,
            about=referral.number,
            context_full=context.full(referral, words, link=link, at=self.now, reader=reader),
            context_minimal=context.minimal(referral, words, link=link, at=self.now, reader=reader),
        )

    def _words(self, referral: Subject, by_hand: ByHand | None, *, reader: str) -> wording.Words:
        if by_hand is None:
            return wording.escalation(stage=referral.stage, stalled_for=self._stalled(referral), reader=reader)
        ahead = referral.clock_from > self.now
        waited = self.now - referral.clock_from >= timedelta(hours=1)
        return wording.nudge(
            stage=referral.stage, stalled_for=self._stalled(referral) if waited else "", ahead=ahead, reader=reader
        )

    def _stalled(self, referral: Subject) -> str:
        days = self.calendar.business_days_between(referral.clock_from, self.now)
        if days == 0:
            return f"{max(0, int((self.now - referral.clock_from).total_seconds() // 3600))} hours"
        return "1 business day" if days == 1 else f"{days} business days"


def note_requests_so_far(referrals: Sequence[Referral]) -> Counter[int]:
    """How often the receiving office was asked for the note of each referral, by rungs and by hand, over all its stays."""
    pending = [referral.pk for referral in referrals if referral.stage == Stage.NOTE_PENDING]
    if not pending:
        return Counter()
    rows = EscalationFiring.objects.filter(
        referral__in=pending,
        audience="receiving_office",
        outcome=EscalationFiring.Outcome.SENT,
        stage=Stage.NOTE_PENDING,
    )
    asked = Counter(dict(rows.order_by().values_list("referral").annotate(Count("pk"))))
    by_hand = ReferralEvent.objects.filter(referral__in=pending, kind="nudged", data__has_key="note_request")
    asked.update(by_hand.order_by().values_list("referral", flat=True))
    return asked
