"""Many selected referrals at once: asked once, each through its service, and who could not be is named."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications import endpoints
from notifications.models import Message
from referrals.actions import contacts
from referrals.admin.actions.escalating import handy_ends
from referrals.admin.referral import together
from referrals.admin.referral.together import MOST, TOGETHER
from referrals.messages.recipients import of_office
from referrals.models import ContactAttempt, Coordinator, Referral, ReferralEvent
from tests import factories
from tests.referrals.admin.conftest import as_role

LIST = reverse("admin:referrals_referral_changelist")
CHICAGO = ZoneInfo("America/Chicago")


def address(action: str) -> str:
    return reverse("admin:referrals_referral_together", kwargs={"action": action})


def select(client, *rows: Referral, action="snooze_selected", where=LIST, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0", "select_across": "0"}
    return client.post(where, data | more)


def sent(*rows: Referral, **values) -> dict:
    """What the page sends for these rows."""
    return {"row": [f"{row.pk}.{row.version}" for row in rows]} | values


def snooze_of(*rows: Referral, **values) -> dict:
    day = f"{timezone.localdate() + timedelta(days=9):%Y-%m-%d}"
    return sent(*rows, when="other", until=day, reason="office moves") | values


def became(answer) -> dict[str, str]:
    """number -> what became of it, as the worklist shows it next."""
    result = together.result_of(answer.wsgi_request)
    return {line["referral"].number: f"{line['state']}: {line['words']}" for line in result["lines"]} if result else {}


def said(answer) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]


@pytest.fixture
def three(world) -> list[Referral]:
    return [factories.referral(world, status, now=timezone.now()) for status in ("routed", "accepted", "seen")]


def test_selecting_asks_first_and_changes_nothing(three, coordinator):
    page = select(coordinator, *three, where=f"{LIST}?queue=open")
    body = page.content.decode()
    assert page.status_code == 200
    assert all(f'value="{row.pk}.{row.version}"' in body and row.number in body for row in three)
    assert 'value="/admin/referrals/referral/?queue=open"' in body and "Snooze 3 referrals" in body
    assert not ReferralEvent.objects.filter(kind="snoozed").exists()


def test_each_is_snoozed_and_the_person_is_back_where_they_were(three, coordinator):
    answer = coordinator.post(address("snooze"), snooze_of(*three, back=f"{LIST}?queue=mine"))
    assert answer["Location"] == f"{LIST}?queue=mine"
    assert said(answer) == ["3 referrals snoozed."]
    for row in three:
        after = Referral.objects.get(pk=row.pk)
        assert (after.snooze_reason, after.version) == ("office moves", row.version + 1)


def test_who_could_not_be_is_named_and_the_others_are_done(world, three, coordinator):
    ended, changed, fine = three
    factories.advance(ended, "lost", now=timezone.now())
    ended.refresh_from_db()
    contacts.comment_on(referral=changed, actor=factories.SYSTEM, now=timezone.now(), text="wait")
    answer = coordinator.post(address("snooze"), snooze_of(*three))
    assert said(answer) == ["1 referral snoozed.", "2 referrals not snoozed: the list below says why."]
    shown = became(answer)
    assert list(shown)[-1] == fine.number, "what was refused stands first"
    assert shown[ended.number] == "refused: 'Snooze' is not possible while the referral is lost."
    assert shown[changed.number] == "refused: Somebody changed it meanwhile; look at it first."
    assert shown[fine.number].startswith("done: Snoozed until ")
    asleep = Referral.objects.filter(snoozed_until__isnull=False)
    assert list(asleep) == [fine]


def test_a_second_click_does_nothing_more(three, coordinator):
    answers = snooze_of(*three)
    coordinator.post(address("snooze"), answers)
    assert said(coordinator.post(address("snooze"), answers))[-1].startswith("3 referrals not snoozed")
    assert ReferralEvent.objects.filter(kind="snoozed").count() == 3


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"reason": " "}, "reason"), ({"until": ""}, "until"), ({"until": "2019-01-01"}, "until"),
        ({"until": "9999-12-31"}, "until"), ({"when": "1999"}, "when"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_shown_and_the_selection_stays(three, coordinator, values, wrong):
    answer = coordinator.post(address("snooze"), snooze_of(*three, **values))
    assert list(answer.context["form"].errors) == [wrong]
    assert all(row.number in answer.content.decode() for row in three)
    assert not Referral.objects.filter(snoozed_until__isnull=False).exists()


def test_nudging_many(world, three, coordinator):
    endpoints.add(
        recipient=of_office(world.outside, now=factories.NOW),
        channel="email",
        address="h@example.org",
        now=factories.NOW,
    )
    received = factories.referral(world, "received", now=timezone.now())
    page = select(coordinator, *three, received, action="nudge_selected")
    assert "Nudge 4 referrals" in page.content.decode()
    rows = sent(*three, received, audience="receiving_office", comment="by Friday, please")
    answer = coordinator.post(address("nudge"), rows)
    assert said(answer)[0] == "3 referrals nudged."
    assert (
        became(answer)[received.number]
        == "refused: No specialist has been chosen yet: there is no receiving office to nudge."
    )
    topics = Message.objects.filter(about__in=[row.number for row in three]).exclude(topic__startswith="referral.")
    assert sorted(topics.values_list("topic", flat=True)) == [
        "escalation.unscheduled", "escalation.unscheduled", "note.request",
    ]  # fmt: skip


def test_an_office_that_cannot_be_reached_is_named(three, coordinator):
    answer = coordinator.post(address("nudge"), sent(three[0], audience="referring_office"))
    assert became(answer) == {
        three[0].number: "look: Lakeside Clinic has no address that takes this message: call or fax them."
    }


def test_a_contact_is_logged_on_each(three, coordinator):
    rows = sent(*three, party="receiving_office", channel="phone", outcome="reached", comment="they look for all three")
    answer = coordinator.post(address("log_contact"), rows)
    assert said(answer) == ["3 referrals logged."]
    assert set(became(answer).values()) == {"done: Phone to receiving office: reached."}
    assert [row.contact_attempts.get().comment for row in three] == ["they look for all three"] * 3


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"outcome": ""}, "outcome"), ({"at": "2019-01-01T10:00"}, "at"), ({"party": "nobody"}, "party"),
        ({"outcome": "call_back"}, "outcome"), ({"outcome": "scheduled"}, "outcome"),  # of one patient, with a day
    ],
)  # fmt: skip
def test_a_contact_that_cannot_be_is_asked_again(three, coordinator, values, wrong):
    rows = sent(*three, party="patient", channel="phone", outcome="no_answer") | values
    answer = coordinator.post(address("log_contact"), rows)
    assert list(answer.context["form"].errors) == [wrong]
    assert not ContactAttempt.objects.exists()


def test_a_list_is_handed_over(three, coordinator):
    new = Coordinator.objects.create(name="Terrence Osei")
    page = select(coordinator, *three, action="assign_selected")
    assert "Terrence Osei (0 open)" in page.content.decode() and "Change owner of 3 referrals" in page.content.decode()
    answer = coordinator.post(address("assign"), sent(*three, owner=new.pk, comment="on leave"))
    assert said(answer) == ["3 referrals handed over to Terrence Osei."]
    assert set(Referral.objects.filter(owner=new)) == set(three)
    gone = Coordinator.objects.create(name="Left", active=False)
    assert "owner" in coordinator.post(address("assign"), sent(*three, owner=gone.pk)).context["form"].errors


def test_those_asleep_are_woken_and_the_others_named(three, coordinator):
    coordinator.post(address("snooze"), snooze_of(*three[:2]))
    rows = list(Referral.objects.order_by("pk"))
    answer = coordinator.post(address("wake"), sent(*rows))
    assert said(answer)[-2:] == ["2 referrals woken.", "1 referral not woken: the list below says why."]
    assert became(answer)[three[2].number] == "refused: The referral is not snoozed."


def test_what_became_of_each_is_shown_once(three, coordinator):
    coordinator.post(address("snooze"), snooze_of(*three))
    body = coordinator.get(LIST, {"queue": "snoozed"}).content.decode()
    assert "What became of the 3 referrals" in body and body.count("Snoozed until") >= 3
    assert "What became of" not in coordinator.get(LIST, {"queue": "snoozed"}).content.decode()


def test_nothing_selected(coordinator):
    assert said(coordinator.post(address("snooze"), snooze_of()))[-1] == "Choose at least one referral first."


def test_rows_of_nonsense_are_dropped(three, coordinator):
    rows = snooze_of() | {"row": ["x", "1", "1.x", ".", "9" * 30 + ".1", f"{three[0].pk}.{three[0].version}"]}
    coordinator.post(address("snooze"), rows)
    assert Referral.objects.filter(snoozed_until__isnull=False).count() == 1


def test_never_more_than_a_page(world, coordinator, monkeypatch):
    monkeypatch.setattr("referrals.admin.referral.together.MOST", 2)
    rows = [factories.referral(world, now=timezone.now()) for _ in range(3)]
    answer = select(coordinator, *rows, select_across="1")
    assert answer.status_code == 302 and said(answer)[-1] == "Choose at most 2 referrals at a time."
    coordinator.post(address("snooze"), snooze_of(*rows))
    assert Referral.objects.filter(snoozed_until__isnull=False).count() == 2
    assert MOST == 50


@pytest.mark.parametrize("action", TOGETHER)
@pytest.mark.parametrize("role", ["Auditor", "Directory editor", ""])
def test_who_may_only_look_is_refused_by_any_address(three, role, action):
    client = as_role(role)
    rows = snooze_of(*three, audience="owner", owner="1", party="patient", channel="phone", outcome="sent")
    assert client.post(address(action), rows).status_code == 403
    assert client.get(address(action)).status_code == 403
    listed = select(client, *three, action=f"{action}_selected")
    assert listed.status_code in (302, 403) or "together/" not in listed.content.decode()
    assert not ReferralEvent.objects.filter(
        kind__in=("snoozed", "nudged", "assigned", "contact_logged", "woken")
    ).exists()


def test_an_auditors_worklist_offers_none(three):
    assert "snooze_selected" not in as_role("Auditor").get(LIST).content.decode()
    assert "snooze_selected" in as_role("Coordinator").get(LIST).content.decode()


def test_get_csrf_unknown_and_strange_addresses(three, coordinator):
    assert coordinator.get(address("snooze")).status_code == 405
    assert coordinator.post(address("void"), snooze_of(*three)).status_code == 404
    checked = as_role("Coordinator", enforce_csrf_checks=True)
    assert checked.post(address("snooze"), snooze_of(*three)).status_code == 403
    for elsewhere in ("https://evil.example/", "//evil.example/", "/admin/logout/", ""):
        assert coordinator.post(address("snooze"), snooze_of(back=elsewhere))["Location"] == f"{LIST}?queue=open"


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        # Tuesday before Thanksgiving: the holiday is no business day
        (datetime(2026, 11, 24, 17), [("Tomorrow", 25), ("In 2 business days", 27), ("Next week", 30)]),
        (datetime(2026, 11, 25, 8), [("Next business day", 27), ("In 2 business days", 30)]),
        (datetime(2026, 11, 13, 12), [("Next business day", 16), ("In 2 business days", 17)]),
        (datetime(2026, 11, 15, 12), [("Tomorrow", 16), ("In 2 business days", 17)]),
    ],
)  # fmt: skip
def test_handy_ends_are_starts_of_business_and_never_the_same_twice(db, now, offered):
    ends = handy_ends(now.replace(tzinfo=CHICAGO))
    assert [(words, end.astimezone(CHICAGO).day) for words, end in ends] == offered
    assert all((end.astimezone(CHICAGO).hour, end.minute) == (9, 0) for _, end in ends)
