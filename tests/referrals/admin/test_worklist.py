"""The worklist: queues, search, order, and a cost that does not grow with the table."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referrals.actions import contacts, scheduling, snoozing
from referrals.admin import counting, queues
from referrals.lifecycle.stalls import sweep
from referrals.lifecycle.states import Status
from referrals.models import Absence, Coordinator, EndingReason, Referral
from referrals.reconcile.decide import reconcile
from tests import factories
from tests.factories import captured
from tests.referrals.admin.conftest import as_role, signed_in
from tests.referrals.admin.test_every_page_opens import unbounded_counts

LIST = reverse("admin:referrals_referral_changelist")


def listed(client, **query) -> list[Referral]:
    return list(client.get(LIST, query).context["cl"].result_list)


@pytest.mark.parametrize(
    ("status", "queue"),
    [
        ("received", "unrouted"), ("routed", "unscheduled"), ("accepted", "unscheduled"),
        ("scheduled", "awaiting_visit"), ("seen", "note_pending"), ("note_returned", "unreconciled"),
        ("on_hold", "on_hold"), ("cancel_requested", "cancelling"), ("closed", "ended"), ("lost", "ended"),
    ],
)  # fmt: skip
def test_each_status_is_in_its_queue(status, queue, world, coordinator):
    on = factories.referral(world, status, now=timezone.now())
    stages = [key for key in queues.QUEUES if key not in ("open", "mine", "overdue", "today", "snoozed", "all")]
    assert [key for key in stages if on in listed(coordinator, queue=key)] == [queue]
    assert on in listed(coordinator, queue="all")
    assert (on in listed(coordinator)) == on.is_open


@pytest.mark.parametrize(
    ("outcome", "step", "buttons"),
    [
        ("", "Book the visit with", ["Book visit", "Log contact"]),
        ("no_answer", "Call the patient: 2nd try", ["Log contact", "Book visit"]),
        ("scheduled", "Enter the visit the patient agreed to", ["Book visit", "Log contact"]),
    ],
)
def test_the_first_button_of_a_row_does_what_its_next_step_says(outcome, step, buttons, world, coordinator):
    now = timezone.now()
    on = factories.referral(world, "accepted", now=now)
    if outcome:
        contacts.log_contact(referral=on, actor=factories.SYSTEM, now=now, outcome=outcome)
    (row,) = coordinator.get(LIST).context["rows"]
    assert row["step"].startswith(step) and [act["label"] for act in row["acts"]] == buttons


def test_a_visit_to_come_is_confirmed_or_moved_from_its_row(world, coordinator):
    now = timezone.now()
    on = factories.referral(world, "accepted", now=now)
    scheduling.book(referral=on, actor=factories.SYSTEM, now=now, starts_at=now + timedelta(days=3))
    (row,) = coordinator.get(LIST).context["rows"]
    assert [act["label"] for act in row["acts"]] == ["Patient confirmed", "Move visit"]


TRIED = {
    "tried": ("no_answer",),
    "letter due": ("no_answer",) * 3,
    "letter sent": ("no_answer",) * 3 + ("sent",),
    "refused": ("refused",),
}
IN_STATUS = [(status, ()) for status in Status.values]
AFTER_CALLS = [(status, outcomes) for status in ("routed", "accepted") for outcomes in TRIED.values()]


@pytest.mark.parametrize("inbound", [False, True], ids=["outbound", "inbound"])
@pytest.mark.parametrize(("status", "outcomes"), IN_STATUS + AFTER_CALLS)
def test_what_a_row_offers_is_possible(status, outcomes, inbound, world, coordinator):
    now = timezone.now()
    on = factories.referral(world, status, inbound=inbound, now=now)
    for outcome in outcomes:
        channel = "letter" if outcome == "sent" else "phone"
        contacts.log_contact(referral=on, actor=factories.SYSTEM, now=now, outcome=outcome, channel=channel)
    (row,) = coordinator.get(LIST, {"queue": "all"}).context["rows"]
    assert bool(row["acts"]) == Referral.objects.get(pk=on.pk).is_open and len(row["acts"]) <= 3
    for act in row["acts"]:
        form = coordinator.get(act["href"])
        assert form.status_code == 200, act["label"]
        for name, value in parse_qsl(urlsplit(act["href"]).query):
            chosen = form.context["form"].initial["reason" if name == "reason_code" else name]
            assert chosen == (EndingReason.objects.get(code=value).pk if name == "reason_code" else value)


def test_a_row_says_who_declined(world, coordinator):
    now = timezone.now()
    factories.referral(world, "received", now=now)
    captured(world, specialty="dermatology", now=now)
    steps = {row["step"] for row in coordinator.get(LIST, {"queue": "unrouted"}).context["rows"]}
    assert steps == {f"Choose another specialist: {world.ours_too} declined", "Choose a specialist"}


def test_the_list_of_one_owner_leads_to_handing_it_over(world, coordinator):
    factories.referral(world)
    address = reverse("admin:referrals_coordinator_hand_over", args=(world.coordinator.pk,))
    query = {"owner__id__exact": world.coordinator.pk}
    assert address in coordinator.get(LIST, query).content.decode()
    assert address not in coordinator.get(LIST).content.decode()
    assert address not in as_role("Auditor").get(LIST, query).content.decode()


def test_a_reconciled_note_waits_to_be_delivered_not_to_be_reconciled(world, coordinator):
    on = factories.referral(world, "seen", inbound=True)
    on = factories.attach_note(on).referral
    reconcile(referral=on, actor=factories.SYSTEM, now=factories.NOW)
    holding = [key for key in ("unreconciled", "undelivered", "note_pending") if on in listed(coordinator, queue=key)]
    assert holding == ["undelivered"]


def test_mine_holds_what_i_own_and_what_i_cover(world):
    user = factories.user("Coordinator")
    me = Coordinator.objects.create(name="Me", user=user)
    owned, covered, handed_on, other = (factories.referral(world) for _ in range(4))
    away, further = (Coordinator.objects.create(name=name) for name in ("Away", "Further"))
    today = timezone.localdate()
    for absent, cover in ((away, me), (further, away)):  # whoever covers is away as well: it is handed on
        Absence.objects.create(coordinator=absent, starts_on=today, ends_on=today, cover=cover)
    for referral, owner in ((owned, me), (covered, away), (handed_on, further), (other, world.coordinator)):
        Referral.objects.filter(pk=referral.pk).update(owner=owner)
    assert set(listed(signed_in(user), queue="mine")) == {owned, covered, handed_on}
    assert listed(signed_in(factories.user()), queue="mine") == []


def test_it_stays_overdue_after_somebody_was_told(world, coordinator):
    now = timezone.now()
    late = factories.referral(world, now=now - timedelta(days=30))
    fresh = factories.referral(world, now=now)
    assert listed(coordinator, queue="overdue") == [late]
    sweep(now=now)
    assert Referral.objects.get(pk=late.pk).next_escalation_at > now
    rows = listed(coordinator, queue="overdue")
    assert rows == [late] and fresh not in rows
    assert "business days overdue" in coordinator.get(LIST, {"queue": "overdue"}).content.decode()


def test_what_sleeps_is_not_overdue_but_in_a_queue_of_its_own(world, coordinator):
    now = timezone.now()
    late = factories.referral(world, now=now - timedelta(days=30))
    sweep(now=now)
    snoozing.snooze(
        referral=late, actor=factories.SYSTEM, now=now, until=now + timedelta(days=2), reason="patient travels"
    )
    assert listed(coordinator, queue="overdue") == []
    for queue in ("snoozed", "unscheduled", "open"):
        assert listed(coordinator, queue=queue) == [late], queue
    body = coordinator.get(LIST, {"queue": "snoozed"}).content.decode()
    assert "snoozed until" in body and "Wait: patient travels" in body and "snoozed by RefLoop; then: Get an" in body
    assert "business days overdue" not in body
    page = coordinator.get(reverse("admin:referrals_referral_change", args=(late.pk,))).content.decode()
    assert "Snoozed until" in page and "by RefLoop: patient travels" in page and "wake up" in page
    Referral.objects.filter(pk=late.pk).update(snoozed_until=now)
    assert listed(coordinator, queue="overdue") == [late] and listed(coordinator, queue="snoozed") == []
    page = coordinator.get(reverse("admin:referrals_referral_change", args=(late.pk,))).content.decode()
    assert "business days overdue" in page and "wake up" not in page


def test_mine_lists_what_sleeps_last(world):
    user, now = factories.user("Coordinator"), timezone.now()
    me = Coordinator.objects.create(name="Me", user=user)
    asleep, late, fresh = (factories.referral(world, now=now - timedelta(days=days)) for days in (40, 30, 0))
    Referral.objects.update(owner=me)
    sweep(now=now)
    snoozing.snooze(
        referral=asleep, actor=factories.SYSTEM, now=now, until=now + timedelta(hours=1), reason="patient travels"
    )
    assert listed(signed_in(user), queue="mine") == [late, fresh, asleep]


def test_open_work_is_ordered_by_what_is_due_first(world, coordinator):
    now = timezone.now()
    soon, later = factories.referral(world, now=now - timedelta(days=2)), factories.referral(world, now=now)
    assert listed(coordinator) == [soon, later]
    assert listed(coordinator, queue="all") == [later, soon]


def test_search_looks_at_every_referral_whatever_the_queue(world, coordinator):
    zimmer = factories.captured(world, patient=factories.patient_data(family_name="Zimmer")).referral
    closed, other = factories.advance(zimmer, "closed"), factories.referral(world)
    typed = closed.number.lower().replace("-", " ")
    assert listed(coordinator, queue="mine", q=typed) == [closed]
    assert listed(coordinator, q=closed.patient.family_name) == [closed]
    assert set(listed(coordinator, q="03/04/1961")) == {closed, other}
    assert listed(coordinator, q="nobody-of-this-name") == []


def test_an_unknown_queue_is_the_open_one(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    assert listed(coordinator, queue="nonsense") == [on]


def test_an_empty_queue_teaches(world, coordinator):
    assert "None is late." in coordinator.get(LIST, {"queue": "overdue"}).content.decode()
    assert "A name is matched from its beginning" in coordinator.get(LIST, {"q": "Nobody"}).content.decode()


def queries_for(client, **query) -> list[dict]:
    client.get(LIST, query)  # warms what is cached once a process
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST, query).status_code == 200
    return captured.captured_queries


@pytest.mark.parametrize(
    "query", [{}, {"queue": "all"}, {"queue": "mine"}, {"queue": "overdue"}, {"queue": "snoozed"}, {"q": "public"}]
)
def test_the_cost_does_not_grow_with_the_rows(query, world, coordinator):
    for status in ("seen", "routed"):
        factories.referral(world, status, now=timezone.now())
    few = queries_for(coordinator, **query)
    for status in ("routed", "scheduled", "closed", "note_returned", "on_hold"):
        factories.referral(world, status, now=timezone.now())
    many = queries_for(coordinator, **query)
    assert len(many) == len(few) < 20
    assert not unbounded_counts(many)
    assert all("LIMIT" in q["sql"] for q in many if "COUNT(*)" in q["sql"].upper())


def test_the_counter_stops(world, monkeypatch):
    for _ in range(3):
        factories.referral(world)
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    paginator = counting.CappedPaginator(Referral.objects.order_by("pk"), 50)
    assert (paginator.count, paginator.count_in_words, paginator.is_capped) == (2, "2+", True)
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    paginator = counting.CappedPaginator(Referral.objects.order_by("pk"), 50)
    assert (paginator.count, paginator.count_in_words, paginator.is_capped) == (3, "3", False)


def test_the_page_costs_the_same_however_much_happened(world, coordinator):
    def cost(on: Referral) -> int:
        address = reverse("admin:referrals_referral_change", args=(on.pk,))
        coordinator.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert coordinator.get(address).status_code == 200
        assert not unbounded_counts(captured.captured_queries)
        return len(captured)

    busy = factories.referral(world, "seen", now=timezone.now())
    factories.attach_note(busy, now=timezone.now(), status="preliminary")
    once = cost(busy)
    for _ in range(4):
        factories.attach_note(busy, now=timezone.now(), kind="result")
    assert cost(busy) == once <= 25
