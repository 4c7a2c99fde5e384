"""The founding scenario worked through time, to what people really get: an inbox item, a mail, a signed webhook.

A clock runs from the Wednesday before Thanksgiving over nineteen days. It sweeps and dispatches as the queue does: every
hour, and every minute around the start of business, when the rungs are due."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications import endpoints
from notifications.dispatch.run import dispatch
from notifications.models import Delivery, InboxItem
from referrals.actions import scheduling
from referrals.lifecycle import stalls
from referrals.messages.recipients import of_office
from referrals.models import Referral
from tests import factories
from tests.notifications.mailbox import Mailbox
from tests.notifications.receiver import Receiver, verify
from tests.performing import check_invariants

CHICAGO = ZoneInfo("America/Chicago")
CAPTURED = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
FIFTH, EIGHTH, TWELFTH = (datetime(2026, 12, day, 9, 0, tzinfo=CHICAGO) for day in (3, 8, 14))
BUSY = (time(8, 57), time(9, 3))  # swept every minute


def ticks(start: datetime, end: datetime) -> Iterator[datetime]:
    moment = start
    while moment <= end:
        yield moment
        here = moment.astimezone(CHICAGO)
        every_minute = BUSY[0] <= here.time() < BUSY[1]
        moment = here + timedelta(minutes=1) if every_minute else _next_stop(here)


def _next_stop(here: datetime) -> datetime:
    hour = here.replace(minute=0, second=0) + timedelta(hours=1)
    busy = datetime.combine(here.date(), BUSY[0], tzinfo=CHICAGO)
    return busy if here < busy < hour else hour


class Office:
    """The referring office: mail in minimal detail, and a webhook with everything."""

    def __init__(self, mailbox: Mailbox, receiver: Receiver, secret: str):
        self.mailbox, self.receiver, self.secret = mailbox, receiver, secret

    def mails(self) -> list:
        return [mail for mail in self.mailbox.letters() if mail["To"] == "front-desk@lakeside.example"]

    def alerts(self) -> list:
        return [call for call in self.receiver.requests if call.content["type"].startswith("escalation.")]


@pytest.fixture
def office(world, settings) -> Iterator[Office]:
    settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE = True  # the receiver is on this machine
    world.ours.email = "front-desk@lakeside.example"
    world.ours.save()
    with Mailbox.open(settings) as mailbox, Receiver() as receiver:
        hook = endpoints.add(
            recipient=of_office(world.ours, now=CAPTURED), channel="webhook", address=receiver.url, detail="full",
            now=CAPTURED,
        )  # fmt: skip
        yield Office(mailbox, receiver, hook.secret)


@pytest.fixture
def casey(world):
    """The owner, with a sign-in and mail."""
    world.coordinator.user = factories.user("Coordinator", email="casey@lakeside.example")
    world.coordinator.save()
    return world.coordinator.user


def live(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Sweep and dispatch through time; when each message about a stall arrived, and with whom."""
    delivered = Delivery.objects.filter(status="delivered")
    arrived, seen = [], set(delivered.values_list("pk", flat=True))
    for moment in ticks(start, end):
        stalls.sweep(now=moment)
        if Delivery.objects.filter(status__in=Delivery.DUE).exists():
            dispatch(now_fn=lambda now=moment: now, worker="test")
        new = delivered.exclude(pk__in=seen).select_related("message__recipient", "endpoint")
        for delivery in new.order_by("endpoint__channel", "pk"):
            seen.add(delivery.pk)
            if delivery.message.topic.startswith("escalation."):
                arrived.append((moment, f"{delivery.message.recipient.name} by {delivery.endpoint.channel}"))
    return arrived


def test_from_the_wednesday_before_thanksgiving(world, office, casey):
    manager = factories.user("Manager")
    referral = factories.captured(world, now=CAPTURED).referral
    assert live(CAPTURED, TWELFTH + timedelta(hours=3)) == [
        (FIFTH, "Casey Jones by email"),
        (FIFTH, "Casey Jones by inbox"),
        (EIGHTH, "Lakeside Clinic by email"),
        (EIGHTH, "Lakeside Clinic by webhook"),
        (TWELFTH, "Managers by inbox"),
    ]
    _the_owners_nudge(referral, office, casey)
    _the_offices_mail(referral, office)
    _the_offices_webhook(referral, office)
    assert InboxItem.objects.filter(user=manager).count() == 1
    check_invariants(referral)
    assert not Delivery.objects.exclude(status="delivered").exists(), "nothing is left undelivered"


def _the_owners_nudge(referral: Referral, office: Office, casey) -> None:
    item = InboxItem.objects.get(user=casey)
    assert (item.about, item.created_at) == (referral.number, FIFTH)
    assert item.title == f"{referral.number}: Stalled: no visit booked"
    for words in (
        "has no appointment yet. It has not moved for 5 business days.", referral.patient.full_name,
        referral.clinical_question, "What to do: Book the visit, or find another specialist.",
    ):  # fmt: skip
        assert words in item.body
    assert item.link.endswith(f"/admin/referrals/referral/{referral.pk}/change/")
    (mail,) = (mail for mail in office.mailbox.letters() if mail["To"] == "casey@lakeside.example")
    assert_nothing_of_the_patient(mail, referral)


def _the_offices_mail(referral: Referral, office: Office) -> None:
    mails = [mail for mail in office.mails() if "has not moved" in mail["Subject"]]
    (mail,) = mails
    assert mail["Subject"] == f"{referral.number}: Referral has not moved"
    assert_nothing_of_the_patient(mail, referral)
    assert referral.patient.initials in mail.get_body(["plain"]).get_content()


def assert_nothing_of_the_patient(mail, referral: Referral) -> None:
    patient = referral.patient
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    for text in (str(mail["Subject"]), *parts):
        for secret in (patient.family_name, patient.given_name, patient.phone, "1961", referral.clinical_question):
            assert secret not in text


def _the_offices_webhook(referral: Referral, office: Office) -> None:
    (call,) = office.alerts()
    sent_at = float(call.headers["webhook-timestamp"])
    assert verify(call.headers, call.body, office.secret, at=sent_at) == call.id
    assert datetime.fromtimestamp(sent_at, tz=CHICAGO) == EIGHTH
    assert call.content["type"] == "escalation.unscheduled"
    data, patient = call.content["data"], referral.patient
    assert data["patient"] == {
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "birth_date": patient.birth_date.isoformat(),
    }
    assert data["referral"]["number"] == referral.number
    assert "It has not moved for 8 business days." in data["text"]
    facts = dict(data["facts"])
    assert facts["Question"] == referral.clinical_question and facts["Patient's phone"] == patient.phone
    assert facts["To"].endswith("Capitol Heart Center")


def test_a_booking_in_between_silences_the_alert(world, office, casey):
    referral = factories.captured(world, now=CAPTURED).referral
    assert len(live(FIFTH, FIFTH + timedelta(minutes=2))) == 2
    booked_at = FIFTH + timedelta(hours=5)
    visit = EIGHTH + timedelta(days=30)
    scheduling.book(referral=referral, actor=factories.SYSTEM, now=booked_at, starts_at=visit)
    assert live(EIGHTH - timedelta(hours=2), EIGHTH + timedelta(hours=2)) == []
    assert not office.alerts()


def test_an_office_that_was_down_gets_the_same_alert_later(world, office, casey):
    """The alert is late, once, and says what was true when it was due."""
    factories.captured(world, now=CAPTURED)
    live(FIFTH, FIFTH + timedelta(minutes=2))
    office.receiver.answer = lambda request: (503, {})
    assert (EIGHTH, "Lakeside Clinic by webhook") not in live(EIGHTH, EIGHTH + timedelta(minutes=1))
    office.receiver.answer = lambda request: (204, {})
    assert "Lakeside Clinic by webhook" in [who for _, who in live(EIGHTH, EIGHTH + timedelta(hours=2))]
    first, *_, last = office.alerts()
    assert first.id == last.id and first.content == last.content
