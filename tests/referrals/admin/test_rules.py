"""Policies and closed days in the admin: who may, what is refused, what it means in dates, what a change moves."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from referrals.lifecycle import reviews
from referrals.models import Closure, EscalationFiring, EscalationPolicy, EscalationRung, Referral
from tests import factories
from tests.referrals.admin.conftest import ROLES, as_role

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=CHICAGO)
WHICH, PREVIEW = (reverse(f"admin:referrals_escalationpolicy_{name}") for name in ("which", "preview"))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(world):
    return as_role("Manager")


def routine() -> EscalationPolicy:
    return EscalationPolicy.objects.get(stage="unscheduled", priority="", specialty=None)


def form_of(policy: EscalationPolicy | None, *steps: tuple, **values) -> dict:
    """The policy's form as a browser posts it; a step is (after, unit, audience, repeat) or a saved rung."""
    rungs = list(policy.rungs.order_by("after", "pk")) if policy else []
    data = {
        "stage": policy.stage if policy else "unscheduled",
        "priority": policy.priority if policy else "",
        "direction": policy.direction if policy else "",
        "specialty": (policy.specialty_id or "") if policy else "",
        "rungs-INITIAL_FORMS": len(rungs),
        "rungs-TOTAL_FORMS": len(rungs) + len(steps),
        "policy": policy.pk if policy else "",
        "starts_at": "2026-11-25T14:00",
    }
    for number, rung in enumerate(rungs):
        data |= {f"rungs-{number}-id": rung.pk, f"rungs-{number}-policy": policy.pk}
        data |= _step(number, (rung.after, rung.unit, rung.audience, rung.repeat_every or ""))
    for number, step in enumerate(steps, start=len(rungs)):
        data |= {f"rungs-{number}-id": "", f"rungs-{number}-policy": policy.pk if policy else ""} | _step(number, step)
    return data | values


def _step(number: int, step: tuple) -> dict:
    return {
        f"rungs-{number}-{name}": value
        for name, value in zip(("after", "unit", "audience", "repeat_every"), step, strict=True)
    }


def change_url(policy) -> str:
    return reverse("admin:referrals_escalationpolicy_change", args=(policy.pk,))


def told(answer) -> str:
    return " ".join(map(str, answer.context["messages"]))


def test_an_edit_moves_open_deadlines_and_says_what_was(world, manager):
    on = factories.captured(world, now=NOW).referral
    answer = manager.post(change_url(routine()), form_of(routine(), **{"rungs-0-after": 2}), follow=True)
    assert "1 open referral gets its next alert at another time now" in told(answer)
    assert Referral.objects.get(pk=on.pk).next_escalation_at == datetime(2026, 11, 30, 9, 0, tzinfo=CHICAGO)
    words = LogEntry.objects.get().get_change_message()
    assert "Was: Unscheduled: everything else: Owner (or cover) after 5 business days;" in words
    assert "Now: Unscheduled: everything else: Owner (or cover) after 2 business days;" in words
    listing = manager.get(reverse("admin:referrals_escalationpolicy_changelist")).content.decode()
    assert "Latest changes" in listing and "after 5 business days" in listing
    history = manager.get(reverse("admin:referrals_escalationpolicy_history", args=(routine().pk,))).content.decode()
    assert "after 5 business days" in history


def test_saving_without_a_change_reviews_nothing(world, manager):
    manager.post(change_url(routine()), form_of(routine()))
    assert not reviews.DeadlineReview.objects.exists()


def test_another_stage_concerns_both(world, manager):
    manager.post(change_url(routine()), form_of(routine(), stage="on_hold", direction="inbound"))
    assert reviews.DeadlineReview.objects.get().stages == ["on_hold", "unscheduled"]


def test_many_open_referrals_are_left_to_the_queue(world, manager, monkeypatch):
    monkeypatch.setattr(reviews, "AT_ONCE", 0)
    factories.captured(world, now=NOW)
    answer = manager.post(change_url(routine()), form_of(routine(), **{"rungs-0-after": 2}), follow=True)
    assert "computed anew in the background" in told(answer)
    body = answer.content.decode()
    assert "0 of 1 open referrals looked at" in body and "some deadlines follow the old rules" in body
    reviews.carry_on(now=NOW)
    assert "looked at" not in manager.get(reverse("admin:referrals_escalationpolicy_changelist")).content.decode()


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ((5, "business_days", "owner", ""), "The same as step 1"),
        ((300, "hours", "owner", ""), "give days instead"),
        ((400, "calendar_days", "owner", ""), "At most 365 calendar days"),
        ((9, "business_days", "owner", 0), "give at least 1"),
        ((9, "business_days", "owner", 999), "At most 250 business days"),
    ],
)
def test_steps_that_are_refused(world, manager, step, says):
    answer = manager.post(change_url(routine()), form_of(routine(), step))
    assert answer.status_code == 200 and says in answer.content.decode()
    assert routine().rungs.count() == 3


def test_the_same_case_twice_is_refused(world, manager):
    answer = manager.post(
        reverse("admin:referrals_escalationpolicy_add"), form_of(None, (1, "business_days", "owner", ""))
    )
    assert answer.status_code == 200 and "a policy for this case already" in answer.content.decode()


def test_a_policy_without_steps_says_what_governs_instead(world, manager):
    answer = manager.post(
        reverse("admin:referrals_escalationpolicy_add"), form_of(None, direction="inbound"), follow=True
    )
    assert "has no steps and governs nothing. Instead: “Unscheduled: everything else”." in told(answer)


def test_a_policy_that_tells_offices_only_is_doubted(world, manager):
    data = form_of(None, (3, "business_days", "referring_office", ""), direction="inbound")
    answer = manager.post(reverse("admin:referrals_escalationpolicy_add"), data, follow=True)
    assert "nobody of ours hears of it" in told(answer)


def test_deletion_says_what_governs_instead_and_moves_deadlines(world, manager):
    on = factories.captured(world, now=NOW, priority="urgent").referral
    urgent = EscalationPolicy.objects.get(stage="unscheduled", priority="urgent")
    address = reverse("admin:referrals_escalationpolicy_delete", args=(urgent.pk,))
    assert "governed by “Unscheduled: everything else”" in manager.get(address).content.decode()
    assert EscalationPolicy.objects.filter(pk=urgent.pk).exists(), "asking changes nothing"
    manager.post(address, {"post": "yes"})
    assert Referral.objects.get(pk=on.pk).next_escalation_at == datetime(2026, 12, 3, 9, 0, tzinfo=CHICAGO)
    assert "Deleted: Unscheduled: urgent: Owner" in LogEntry.objects.get().get_change_message()


def test_without_any_policy_the_owner_is_told_daily(world, manager):
    EscalationPolicy.objects.exclude(pk=routine().pk).delete()
    body = manager.get(reverse("admin:referrals_escalationpolicy_delete", args=(routine().pk,))).content.decode()
    assert "no policy: the owner is told every business day" in body


@pytest.mark.parametrize("role", ROLES)
def test_who_deletes(world, role):
    address = reverse("admin:referrals_escalationpolicy_delete", args=(routine().pk,))
    answer = as_role(role).post(address, {"post": "yes"})
    assert answer.status_code == (302 if role == "Manager" else 403)


def test_the_page_shows_the_saved_steps_in_dates(world, manager):
    body = manager.get(change_url(routine())).content.decode()
    for when in ("Thu Dec 3, 2026, 9:00 AM", "Tue Dec 8, 2026, 9:00 AM", "Mon Dec 14, 2026, 9:00 AM"):
        assert when in body
    assert "Thu Nov 26 (Thanksgiving Day)" in body and "again Mon Dec 21, 2026, 9:00 AM" in body


def test_a_coordinator_reads_the_dates_and_cannot_post(world):
    body = as_role("Coordinator").get(change_url(routine())).content.decode()
    assert "Thu Dec 3, 2026, 9:00 AM" in body and "hx-post" not in body
    assert as_role("Coordinator").post(PREVIEW, form_of(routine())).status_code == 403


def test_unsaved_steps_in_dates_change_nothing(world, manager):
    Closure.objects.create(name="Staff training", starts_on=date(2026, 11, 30), ends_on=date(2026, 11, 30))
    data = form_of(routine(), (4, "hours", "manager", ""), **{"rungs-0-after": 2})
    body = manager.post(PREVIEW, data).content.decode()
    assert "Tue Dec 1, 2026, 9:00 AM" in body and "Wed Nov 25, 2026, 6:00 PM" in body
    assert "Mon Nov 30 (Staff training)" in body and "Hours run through nights" in body
    assert [rung.after for rung in routine().rungs.order_by("after")] == [5, 8, 12]
    removed = manager.post(PREVIEW, data | {"rungs-3-DELETE": "on"}).content.decode()
    assert "6:00 PM" not in removed


@pytest.mark.parametrize(
    ("bent", "says"),
    [
        ({"rungs-0-after": ""}, "Complete the steps"),
        ({"rungs-TOTAL_FORMS": "x"}, "Complete the steps"),
        ({"policy": "77777777777777777777777"}, "Complete the steps"),
        ({"starts_at": "soon"}, "Enter a valid date/time."),
        ({"starts_at": "9999-12-31T23:00"}, "within five years"),
    ],
)
def test_a_bent_preview_is_answered(world, manager, bent, says):
    answer = manager.post(PREVIEW, form_of(routine()) | bent)
    assert answer.status_code == 200 and says in answer.content.decode()
    assert manager.get(PREVIEW).status_code == 405


def test_preview_is_csrf_checked(world):
    assert as_role("Manager", enforce_csrf_checks=True).post(PREVIEW, form_of(routine())).status_code == 403


def which(client, world, **values):
    case = {
        "stage": "unscheduled", "direction": "outbound", "priority": "routine", "specialty": world.cardiology.pk,
        "starts_at": "2026-11-25T14:00",
    }  # fmt: skip
    return client.get(WHICH, case | values)


def test_which_policy_governs_and_why(world, manager):
    body = which(manager, world, priority="urgent").content.decode()
    assert "Unscheduled: urgent" in body and "It names the priority: the most of all that fit." in body
    assert "Fri Nov 27, 2026, 9:00 AM" in body and "Unscheduled: everything else" in body
    own = EscalationPolicy.objects.create(stage="unscheduled", priority="urgent", specialty=world.cardiology)
    assert "Govern nothing, because they have no steps" in which(manager, world, priority="urgent").content.decode()
    EscalationRung.objects.create(policy=own, after=9)
    body = which(manager, world, priority="urgent").content.decode()
    assert "It names the specialty and priority" in body


def test_which_says_when_nothing_governs(world, manager):
    EscalationPolicy.objects.all().delete()
    body = which(manager, world).content.decode()
    assert "No policy with steps fits" in body and "Fri Nov 27, 2026, 9:00 AM" in body


def test_which_is_asked_carefully(world, manager):
    assert "Select a valid choice" in which(manager, world, stage="nowhere").content.decode()
    assert manager.get(WHICH).status_code == 200 and manager.post(WHICH).status_code == 405
    assert as_role("Directory editor").get(WHICH).status_code == 403
    assert as_role("Auditor").get(WHICH).status_code == 200


def test_a_closure_moves_deadlines_when_added_changed_and_deleted(world, manager):
    on = factories.captured(world, now=NOW).referral

    def due() -> date:
        return Referral.objects.get(pk=on.pk).next_escalation_at.astimezone(CHICAGO).date()

    add = reverse("admin:referrals_closure_add")
    answer = manager.post(add, {"name": "Training", "starts_on": "2026-12-03", "ends_on": "2026-12-04"}, follow=True)
    assert "1 open referral gets its next alert at another time now" in told(answer) and due() == date(2026, 12, 7)
    made = Closure.objects.get()
    change = reverse("admin:referrals_closure_change", args=(made.pk,))
    manager.post(change, {"name": "Training", "starts_on": "2026-12-03", "ends_on": "2026-12-03"})
    assert due() == date(2026, 12, 4)
    manager.post(reverse("admin:referrals_closure_delete", args=(made.pk,)), {"post": "yes"})
    assert due() == date(2026, 12, 3) and not Closure.objects.exists()
    assert [row.get_change_message()[:8] for row in LogEntry.objects.order_by("pk")] == [
        "Added: T",
        "Was: Tra",
        "Deleted:",
    ]


def test_the_list_of_closures_shows_the_federal_holidays(world, manager):
    Closure.objects.create(name="Winter break", starts_on=date(2026, 12, 24), ends_on=date(2026, 12, 27))
    body = manager.get(reverse("admin:referrals_closure_changelist")).content.decode()
    assert "1 business day" in body, "Thursday; Friday is a holiday and then comes the weekend"
    for words in ("2026", "2027", "Thu Nov 26", "Thanksgiving Day", "Fri Dec 31"):
        assert words in body


def test_a_firing_survives_the_deletion_of_its_policy(world, manager):
    on = factories.captured(world, now=NOW).referral
    EscalationFiring.objects.create(
        referral=on, stay=1, stage="unscheduled", rung_key=routine().rungs.first().pk, audience="owner", due_at=NOW,
        at=NOW, outcome="sent", event=on.events.first(),
    )  # fmt: skip
    manager.post(reverse("admin:referrals_escalationpolicy_delete", args=(routine().pk,)), {"post": "yes"})
    assert on.firings.count() == 1


def test_nobody_else_edits_closures(world):
    for role in ("Coordinator", "Auditor", "Directory editor"):
        posted = as_role(role).post(reverse("admin:referrals_closure_add"), {})
        assert posted.status_code == 403
