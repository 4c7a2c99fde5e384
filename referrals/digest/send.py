"""Who gets a digest today, and that everybody gets it once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from notifications.models import Recipient
from notifications.outbox import Outgoing, enqueue_many
from notifications.selectors import queue_state
from referrals.clockwork import beat, last_beat
from referrals.digest.collect import work_by_owner
from referrals.lifecycle import retry
from referrals.lifecycle.states import Status
from referrals.messages.digest import TOPIC, Digest, Owner, Team, Work, full, minimal
from referrals.messages.recipients import AddressBook, managers
from referrals.models import Coordinator, Referral
from referrals.practice.absence import covers_on, present_cover
from referrals.practice.business_time import BusinessCalendar
from referrals.practice.calendar import one_calendar

DONE = "digest"  # the heartbeat that says that today's digests are on their way


def send_digests(*, now: datetime) -> int:
    """Enqueue today's digests; how many. Call it at any time and as often as you like.

    1. Not on a closed day, and not before the start of business. When the queue was down then, the first call
       afterwards sends them, still on that day: yesterday's is never sent.
    2. Once a day: the heartbeat is written in the transaction of the messages. Two calls that meet write each message
       once, by its key of day and person.
    3. Whoever is away gets none. What they own is in the digest of whoever covers; when nobody does, managers read so.
    4. A coordinator with open referrals and nothing due gets a short all-clear, so that silence means that something is
       broken; one without open referrals gets none. A manager always gets the team's, in the same message."""
    with one_calendar() as calendar:
        today = calendar.local_date(now)
        opens = calendar.start_of(today)
        last = last_beat(DONE)
        if not calendar.is_business_day(today) or now < opens or (last is not None and last >= opens):
            return 0
        with transaction.atomic():
            office = _Office.on(today, now, calendar)
            sent = enqueue_many(list(_outgoing(office, today, now)), now=now)
            beat(DONE, now=now)
    return len(sent)


@dataclass(frozen=True)
class _Office:
    """Everybody who owns, reads or manages today; read once."""

    people: dict[int, Coordinator]
    away: dict[int, int | None]
    managers: dict[int, object]
    work: dict[int, Work]

    @classmethod
    def on(cls, today: date, now: datetime, calendar: BusinessCalendar) -> "_Office":
        return cls(
            people={person.pk: person for person in Coordinator.objects.select_related("user").order_by("pk")},
            away=covers_on(today),
            managers={user.pk: user for user in managers()},
            work=work_by_owner(now=now, calendar=calendar),
        )

    def reader_of(self, owner: int) -> Coordinator | None:
        """Who reads of this owner's referrals: themselves, or a present cover; None for a desk without a sign-in."""
        reader = self.people.get(present_cover(owner, self.away) or 0)
        reads = reader is not None and reader.active and reader.user is not None and reader.user.is_active
        return reader if reads else None


def _outgoing(office: _Office, today: date, now: datetime) -> Iterator[Outgoing]:
    held: dict[int, list[int]] = defaultdict(list)  # reader -> the owners whose work is theirs today
    for owner in office.work:
        if reader := office.reader_of(owner):
            held[reader.pk].append(owner)
    team = _team(office, now) if office.managers else None
    book = AddressBook(now=now, coordinators=office.people, users=office.managers)
    told = {office.people[owner].user_id for owner in office.away if owner in office.people}
    for pk, person in office.people.items():
        manages = person.user_id in office.managers
        if pk in office.away or office.reader_of(pk) is None or not (manages or held[pk]):
            continue
        told.add(person.user_id)
        digest = Digest(
            today=today,
            own=Work.together(office.work[owner] for owner in held[pk]) if held[pk] else None,
            covers=tuple(office.people[owner].name for owner in held[pk] if owner != pk),
            team=team if manages else None,
        )
        yield _message(digest, book.coordinator(person), now)
    for user in office.managers.values():
        if user.pk not in told:
            yield _message(Digest(today=today, own=None, team=team), book.user(user), now)


def _message(digest: Digest, recipient: Recipient, now: datetime) -> Outgoing:
    return Outgoing(
        topic=TOPIC,
        recipient=recipient,
        dedupe_key=f"digest:{digest.today.isoformat()}:{recipient.key}",
        occurred_at=now,
        context_full=full(digest, at=now),
        context_minimal=minimal(digest, at=now),
    )


def _team(office: _Office, now: datetime) -> Team:
    state = queue_state(now=now)
    return Team(
        work=Work.together(office.work.values()),
        owners=[
            Owner(office.people[owner].name, work, unread=office.reader_of(owner) is None)
            for owner, work in office.work.items()
        ],
        unrouted=Referral.objects.filter(status=Status.RECEIVED, ended_at__isnull=True).count(),
        given_up=state.dead,
        unreached=state.nobody_to_tell,
        set_aside=retry.still_aside().count(),
    )
