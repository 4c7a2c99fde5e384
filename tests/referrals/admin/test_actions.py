"""Every action through the admin: POST does it once, GET and the wrong people change nothing."""

import pytest
from django.test import Client
from django.utils import timezone

from referrals.actions import contacts
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import EVENT_KIND
from referrals.models import Referral, ReferralEvent
from tests import factories
from tests.performing import check_invariants
from tests.referrals.admin.answers import BECOMES, answers_for, details_of, referral_for, upload
from tests.referrals.admin.conftest import act_url, as_role, page_url, signed_in
from tests.referrals.admin.incoming_documents import arrived, note, patient

ACTIONS = [action for action in Action if action != Action.CAPTURE]


@pytest.mark.parametrize("action", ACTIONS)
def test_post_does_it_and_says_so(action, world):
    now = timezone.now()
    on = referral_for(world, action, now=now)
    manager = as_role("Manager")
    answer = manager.post(act_url(on, action), answers_for(action, on, now=now))
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == page_url(on)
    changed = Referral.objects.get(pk=on.pk)
    assert changed.version > on.version
    assert changed.events.last().kind == BECOMES.get(action, EVENT_KIND[action])
    check_invariants(changed)
    page = manager.get(page_url(on))
    assert page.status_code == 200 and list(page.context["messages"])


@pytest.mark.parametrize("action", ACTIONS)
def test_get_changes_nothing(action, world):
    on = referral_for(world, action, now=timezone.now())
    events = ReferralEvent.objects.count()
    answer = as_role("Manager").get(act_url(on, action))
    assert answer.status_code == 200
    assert 'name="csrfmiddlewaretoken"' in answer.content.decode()
    assert ReferralEvent.objects.count() == events and Referral.objects.get(pk=on.pk).version == on.version


@pytest.mark.parametrize("role", ["Auditor", "Directory editor", ""])
@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_only_look_is_refused(action, role, world):
    now = timezone.now()
    on = referral_for(world, action, now=now)
    client = as_role(role)
    assert client.post(act_url(on, action), answers_for(action, on, now=now)).status_code == 403
    assert client.get(act_url(on, action)).status_code == 403
    assert Referral.objects.get(pk=on.pk).version == on.version


def test_a_coordinator_may_not_void(world, coordinator):
    on = factories.referral(world)
    answers = answers_for(Action.VOID, on, now=timezone.now())
    assert coordinator.post(act_url(on, Action.VOID), answers).status_code == 403
    assert "Entered in error" not in coordinator.get(page_url(on)).content.decode()


def test_nobody_signed_in_is_sent_to_the_sign_in(world):
    on = factories.referral(world)
    answer = Client().post(act_url(on, Action.ACCEPT), {"expected_version": on.version})
    assert answer.status_code == 302 and "/login/" in answer["Location"]
    assert Referral.objects.get(pk=on.pk).version == on.version


def test_without_the_csrf_token_nothing_happens(world):
    on = factories.referral(world)
    client = as_role("Manager", enforce_csrf_checks=True)
    assert client.post(act_url(on, Action.ACCEPT), {"expected_version": on.version}).status_code == 403
    assert Referral.objects.get(pk=on.pk).status == "routed"


def test_the_second_of_two_hears_what_changed_and_loses_nothing(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    seen = answers_for(Action.HOLD, on, now=timezone.now()) | {"reason": "waits for the MRI"}
    contacts.comment_on(referral=on, actor=factories.SYSTEM, now=timezone.now(), text="patient called")
    answer = coordinator.post(act_url(on, Action.HOLD), seen)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "RefLoop: Comment" in body and "waits for the MRI" in body
    assert Referral.objects.get(pk=on.pk).status == "routed"
    again = seen | {"expected_version": answer.context["form"]["expected_version"].value()}
    assert coordinator.post(act_url(on, Action.HOLD), again).status_code == 302
    assert Referral.objects.get(pk=on.pk).status == "on_hold"


def test_a_late_edit_overwrites_only_what_it_changed(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    late = details_of(on) | {"expected_version": on.version, "member_id": "LATE"}
    first = details_of(on) | {"expected_version": on.version, "priority": "urgent"}
    assert coordinator.post(act_url(on, Action.UPDATE_DETAILS), first).status_code == 302
    answer = coordinator.post(act_url(on, Action.UPDATE_DETAILS), late)
    assert answer.status_code == 409
    form = answer.context["form"]
    assert form["member_id"].value() == "LATE" and form["priority"].value() == "urgent"
    shown = {name: form.data[name] for name in form.data}
    assert coordinator.post(act_url(on, Action.UPDATE_DETAILS), shown).status_code == 302
    changed = Referral.objects.get(pk=on.pk)
    assert (changed.priority, changed.member_id) == ("urgent", "LATE")


def test_what_the_service_refuses_stands_beside_what_was_typed(world, coordinator):
    on = factories.referral(world, "accepted", now=timezone.now())
    answers = {"expected_version": on.version, "starts_at": "2019-01-01T09:00", "length": "30", "instructions": "fast"}
    answer = coordinator.post(act_url(on, Action.BOOK), answers)
    assert answer.status_code == 200
    assert "starts_at" in answer.context["form"].errors
    assert 'value="fast"' in answer.content.decode()
    assert Referral.objects.get(pk=on.pk).version == on.version


def test_a_move_that_is_not_possible_any_more_says_what_is(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    factories.advance(on, "cancelled", now=timezone.now())
    on.refresh_from_db()
    answer = coordinator.post(act_url(on, Action.ACCEPT), {"expected_version": on.version})
    assert answer.status_code == 409
    assert "Possible now: add document, reopen, comment." in answer.content.decode()
    led_back = coordinator.get(act_url(on, Action.ACCEPT), follow=True)
    assert led_back.redirect_chain == [(page_url(on), 302)]
    assert "not possible while the referral is cancelled" in led_back.content.decode()


def test_the_first_suggestion_needs_no_reason_and_another_does(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    second = factories.provider(world.stranger, specialty=world.cardiology, payers=[world.aetna], capacity=2)
    url = act_url(on, Action.ROUTE)
    form = coordinator.get(url).context["form"]
    assert form.fields["choice"].choices[0][0] == f"{world.outside.pk}:{world.outside_cardiologist.pk}"
    answers = {"expected_version": on.version, "choice": f"{world.stranger.pk}:{second.pk}"}
    refused = coordinator.post(url, answers)
    assert "comment" in refused.context["form"].errors
    assert coordinator.post(url, answers | {"comment": "nearer to work"}).status_code == 302
    assert Referral.objects.get(pk=on.pk).receiving_provider == second


def test_an_upload_of_nothing_we_take_is_refused(world, coordinator):
    on = factories.referral(world, "seen", now=timezone.now())
    answers = {
        "expected_version": on.version, "kind": "consult_note", "status": "final", "file": upload(b"MZ\x00\x00binary"),
    }  # fmt: skip
    answer = coordinator.post(act_url(on, Action.ATTACH_NOTE), answers)
    assert "file" in answer.context["form"].errors
    assert Referral.objects.get(pk=on.pk).documents.count() == 0


def test_an_unknown_action_or_referral_is_not_found(world, coordinator):
    on = factories.referral(world)
    assert coordinator.get(act_url(on, "capture")).status_code == 404
    assert coordinator.get(act_url(on, "explode")).status_code == 404
    on.pk = 999_999
    assert coordinator.get(act_url(on, Action.ACCEPT)).status_code == 404


def test_the_page_itself_takes_no_post(world, superuser):
    on = factories.referral(world)
    assert superuser.post(page_url(on), {"priority": "stat"}).status_code == 405
    assert Referral.objects.get(pk=on.pk).priority == "routine"


def test_somebody_switched_off_may_do_nothing(world):
    on = factories.referral(world)
    user = factories.user("Manager")
    client = signed_in(user)
    user.is_active = False
    user.save()
    assert client.post(act_url(on, Action.ACCEPT), {"expected_version": on.version}).status_code == 302
    assert Referral.objects.get(pk=on.pk).status == "routed"


def attached(client, on, **values):
    form = {"file": upload(), "kind": "consult_note", "status": "final", "expected_version": on.version, "title": ""}
    return client.post(act_url(on, Action.ATTACH_NOTE), form | values)


def test_a_note_is_reconciled_to_the_recorded_visit_as_it_is_attached(world, coordinator):
    on = factories.referral(world, "seen", now=timezone.now())
    offer = coordinator.get(act_url(on, Action.ATTACH_NOTE)).context["form"]["reconciles"]
    assert offer.label.startswith("It documents the visit of ") and not offer.value()
    unsigned = attached(coordinator, on, status="preliminary", reconciles="on")
    assert "reconciles" in unsigned.context["form"].errors
    other_day = attached(coordinator, on, service_date="2020-01-02", reconciles="on")
    assert "service_date" in other_day.context["form"].errors
    assert attached(coordinator, on, reconciles="on").status_code == 302
    closed = Referral.objects.get(pk=on.pk)
    assert (closed.status, closed.encounter_id) == ("closed", on.encounter_id)
    check_invariants(closed)


@pytest.mark.parametrize("status", ["accepted", "note_returned"])
def test_what_has_no_recorded_visit_or_a_note_is_not_reconciled_unseen(status, world, coordinator):
    on = factories.referral(world, status, now=timezone.now())
    assert "reconciles" not in coordinator.get(act_url(on, Action.ATTACH_NOTE)).context["form"].fields
    attached(coordinator, on, reconciles="on")
    assert Referral.objects.get(pk=on.pk).status == "note_returned"


def about(who):
    return patient(born=who.birth_date.isoformat(), family=who.family_name, given=who.given_name)


def test_what_waits_in_review_is_told_to_whoever_attaches(world, coordinator):
    on = factories.referral(world, "seen", now=timezone.now())
    waiting = arrived(note(on, status=None, patients=(about(on.patient),)), name="letter.txt", now=timezone.now())
    assert waiting.state == "review" and waiting.suggestions[0]["referral"] == on.pk
    page = coordinator.get(act_url(on, Action.ATTACH_NOTE))
    assert page.context["came_in"] == [waiting] and "letter.txt came in" in page.content.decode()
    other = factories.referral(world, "seen", now=timezone.now())
    assert coordinator.get(act_url(other, Action.ATTACH_NOTE)).context["came_in"] == []
