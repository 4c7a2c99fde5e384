"""Email through a real SMTP server."""

import email
import email.policy
from dataclasses import replace

import pytest

from notifications import endpoints
from notifications.channels import registry
from notifications.channels.protocol import Parcel, Result
from notifications.errors import InvalidEndpoint
from tests.notifications.mailbox import Mailbox
from tests.notifications.making import FULL, MINIMAL, NOW, recipient

PHI = ("Jane", "Public", "1961")


@pytest.fixture
def mailbox(settings):
    with Mailbox.open(settings) as box:
        yield box


def parcel(**values) -> Parcel:
    defaults = {
        "delivery_pk": 1, "public_id": "msg_0123456789abcdef0123456789abcdef", "recipient_pk": 1,
        "recipient_name": "Office", "topic": "referral.scheduled", "about": "RL-7K3M-9QXC", "detail": "full",
        "context": FULL, "occurred_at": NOW, "address": "desk@office.example",
    }  # fmt: skip
    return Parcel(**defaults | values)


def send(**values):
    return registry.channel("email").send(parcel(**values), now=NOW)


def test_text_and_html(mailbox):
    assert send(context=FULL | {"text": "Dr O'Brien <cardiology>"}).result == Result.DELIVERED
    mail = mailbox.only()
    assert mail["From"] == "RefLoop <loop@clinic.example>" and mail["To"] == "desk@office.example"
    assert mail["Subject"] == "Jane Public is scheduled"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "Dr O'Brien <cardiology>" in text and "Patient: Jane Public, born 4 March 1961" in text
    assert "Dr O&#x27;Brien &lt;cardiology&gt;" in html and "born 4 March 1961" in html


def test_minimal_leaks_no_patient_data(mailbox):
    send(context=MINIMAL, detail="minimal")
    ((_, raw),) = mailbox.received
    decoded = "".join(
        part.get_content() for part in mailbox.only().walk() if part.get_content_maintype() == "text"
    ) + str(raw)
    assert "RL-7K3M-9QXC" in decoded and "J. P." in decoded
    assert not [word for word in PHI if word in decoded]


def test_a_repeat_carries_the_same_message_id(mailbox):
    send(), send()
    ids = {email.message_from_bytes(content)["Message-ID"] for _, content in mailbox.received}
    assert ids == {"<msg_0123456789abcdef0123456789abcdef@clinic.example>"}


@pytest.mark.parametrize("title", ["Hello\nBcc: thief@evil.example", "Hello\r\nBcc: thief@evil.example\r\n\r\nbody"])
def test_a_subject_cannot_add_headers(mailbox, title):
    assert send(context={"title": title}).result == Result.DELIVERED
    mail = mailbox.only()
    assert mail["Bcc"] is None and "Hello Bcc: thief@evil.example" in mail["Subject"]
    assert mailbox.received[0][0] == ["desk@office.example"]


@pytest.mark.parametrize(
    "address", ["a@b.example\nBcc: thief@evil.example", "a@b.example, thief@evil.example", "nobody"]
)
def test_an_address_cannot_add_recipients(mailbox, address):
    assert send(address=address).result == Result.REFUSED
    assert not mailbox.received


def test_letters_of_the_world(mailbox):
    send(context={"title": "Überweisung für José", "text": "Łódź 東京"})
    mail = mailbox.only()
    assert mail["Subject"] == "Überweisung für José"
    assert "Łódź 東京" in mail.get_body(["plain"]).get_content()


@pytest.mark.parametrize(
    ("answer", "result"),
    [("550 5.1.1 Jane Public has left", Result.REFUSED), ("451 4.7.1 greylisted", Result.RETRY)],
)
def test_refused_recipient_is_the_endpoints(mailbox, answer, result):
    mailbox.refuse = {"desk@office.example": answer}
    outcome = send()
    assert (outcome.result, outcome.code, outcome.our_fault) == (result, int(answer[:3]), False)
    assert "Jane" not in outcome.detail, "the server's words stay out of our records"


@pytest.mark.parametrize(("answer", "result"), [("554 spam", Result.REFUSED), ("452 full", Result.RETRY)])
def test_refused_message(mailbox, answer, result):
    mailbox.data_answer = answer
    assert (send().result, send().our_fault) == (result, False)


def test_a_relay_that_is_down_is_our_fault(mailbox, settings):
    settings.EMAIL_PORT = 1
    outcome = send()
    assert (outcome.result, outcome.our_fault) == (Result.RETRY, True)


def test_a_topics_own_template_is_used(mailbox, settings, tmp_path):
    folder = tmp_path / "messages" / "escalation"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("{{ about }}: {{ detail }}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    send(topic="escalation.unscheduled")
    assert mailbox.only()["Subject"] == "RL-7K3M-9QXC: full"
    assert "born 4 March 1961" in mailbox.only().get_body(["plain"]).get_content(), "the other files fall back"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@c.example", "x@y.example\n"])
def test_malformed_addresses_are_refused_at_configuration(address):
    if address.endswith("\n"):
        added = endpoints.add(recipient=recipient(), channel="email", address=address, now=NOW)
        assert added.endpoint.address == address.strip()
        return
    with pytest.raises(InvalidEndpoint):
        endpoints.add(recipient=recipient(), channel="email", address=address, now=NOW)


@pytest.mark.django_db
def test_plain_email_is_minimal_unless_chosen():
    assert endpoints.add(recipient=recipient(), channel="email", address="a@b.example", now=NOW).endpoint.detail == (
        "minimal"
    )


def test_parcels_do_not_print_patient_data():
    assert not [word for word in PHI if word in repr(replace(parcel(), secrets=("whsec_x",)))]
