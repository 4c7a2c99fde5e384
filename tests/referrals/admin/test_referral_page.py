"""The page of a referral and its dialogs: the stream, undo, the picker, contacts, what is warned of and what is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referrals.actions import answering, contacts, details, scheduling
from referrals.lifecycle.states import Action
from referrals.models import ContactAttempt, RecordRead, Referral, Specialty
from referrals.practice.calendar import practice_calendar
from tests import factories
from tests.factories import SYSTEM
from tests.referrals.admin.answers import upload
from tests.referrals.admin.conftest import act_url, as_role, page_url

MOST_QUERIES = 20
WORKLIST = reverse("admin:referrals_referral_changelist")


def local(at) -> str:
    return f"{at.astimezone(practice_calendar().zone):%Y-%m-%dT%H:%M}"


def said(answer) -> list:
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


def undo_url(on) -> str:
    return reverse("admin:referrals_referral_undo", kwargs={"pk": on.pk})


@pytest.mark.parametrize("status", ["received", "routed", "accepted", "scheduled", "seen", "note_returned", "closed"])
def test_the_page_costs_few_queries(world, coordinator, status):
    on = factories.referral(world, status, now=timezone.now())
    for _ in range(3):
        contacts.log_contact(
            referral=factories.referral(world, now=timezone.now()), actor=SYSTEM, now=timezone.now(),
            outcome="no_answer",
        )  # fmt: skip
    coordinator.get(page_url(on))
    with CaptureQueriesContext(connection) as captured:
        assert coordinator.get(page_url(on)).status_code == 200
    # Sign-in, and the tour, which is asked about until it was taken.
    others = ("django_session", "auth_", "referrals_tourtaken")
    own = [q for q in captured.captured_queries if not any(table in q["sql"] for table in others)]
    assert len(own) < MOST_QUERIES, "\n".join(q["sql"][:150] for q in own)


def test_the_stream_is_filtered_by_its_address(world, coordinator):
    on = factories.referral(world, "accepted", now=timezone.now())
    contacts.log_contact(referral=on, actor=SYSTEM, now=timezone.now(), outcome="no_answer")
    factories.attach_note(on, kind="result", now=timezone.now())
    page = coordinator.get(page_url(on), {"show": "contacts"})
    assert {f["key"]: f["count"] for f in page.context["filters"]}["contacts"] == 1
    body = page.content.decode()
    assert 'data-kinds="all contacts"' in body and 'data-kinds="all documents" hidden' in body
    assert coordinator.get(page_url(on), {"show": "<script>"}).context["shown"] == "all"


def test_an_escalation_whose_messages_are_gone_stays_in_the_stream(world, coordinator):
    from referrals.actions import nudging

    on = factories.referral(world, now=timezone.now())
    nudging.nudge(referral=on, actor=SYSTEM, now=timezone.now(), audience="manager")
    (entry,) = [
        e for e in coordinator.get(page_url(on)).context["stream"] if "messages" in e["kinds"] and "Nudged" in e["told"]
    ]
    assert entry["messages"] and not entry["forgotten"]
    from notifications.models import Delivery, Message

    Delivery.objects.all().delete()
    Message.objects.all().delete()
    body = coordinator.get(page_url(on), {"show": "messages"}).content.decode()
    assert "Its messages are not kept any more." in body


def test_one_click_undoes_ones_own_last_step_alone(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    coordinator.post(act_url(on, Action.ACCEPT), {"expected_version": on.version})
    on.refresh_from_db()
    body = coordinator.get(page_url(on)).content.decode()
    assert undo_url(on) in body
    assert undo_url(on) not in as_role("Coordinator").get(page_url(on)).content.decode()
    assert coordinator.get(undo_url(on)).status_code == 405
    assert as_role("Auditor").post(undo_url(on), {"expected_version": on.version}).status_code == 403
    stranger = as_role("Coordinator").post(undo_url(on), {"expected_version": on.version}, follow=True)
    assert said(stranger)[0][0] == "warning"
    contacts.comment_on(referral=on, actor=SYSTEM, now=timezone.now(), text="ECG is here")
    late = coordinator.post(undo_url(on), {"expected_version": on.version}, follow=True)
    assert "RefLoop: Comment" in said(late)[0][1]
    assert Referral.objects.get(pk=on.pk).status == "accepted"
    other = factories.referral(world, now=timezone.now())
    coordinator.post(act_url(other, Action.ACCEPT), {"expected_version": other.version})
    done = coordinator.post(undo_url(other), {"expected_version": other.version + 1}, follow=True)
    assert said(done)[-1][0] == "success" and said(done)[-1][1].startswith("Undone. The referral is routed.")


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.COMMENT])
def test_a_step_taken_in_a_list_is_undone_in_the_list(action, world, coordinator):
    on = factories.referral(world, now=timezone.now())
    coordinator.post(act_url(on, action), {"expected_version": on.version, "text": "ECG is here"})
    here = f"{WORKLIST}?queue=unscheduled"
    body = coordinator.get(here).content.decode()
    assert (undo_url(on) in body) == (action == Action.ACCEPT)  # a comment has no undo, and offers none
    if action == Action.ACCEPT:
        assert f'name="back" value="{here}"' in body
        done = coordinator.post(undo_url(on), {"expected_version": on.version + 1, "back": here})
        assert done.headers["Location"] == here
        assert any(on.number in str(message) for message in coordinator.get(here).context["messages"])


@pytest.mark.parametrize("back", ["https://evil.example/admin/", "//evil.example/admin/", "/api/docs/", ""])
def test_an_undo_leads_back_only_into_the_workspace(back, world, coordinator):
    on = factories.referral(world, now=timezone.now())
    coordinator.post(act_url(on, Action.ACCEPT), {"expected_version": on.version})
    done = coordinator.post(undo_url(on), {"expected_version": on.version + 1, "back": back})
    assert done.headers["Location"] == page_url(on)


def test_the_picker_finds_others_and_says_what_speaks_against_them(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    skin = factories.provider(
        world.stranger, specialty=Specialty.objects.get(code="dermatology"), family_name="Zimmer", payers=[],
        accepting_new_patients=False,
    )  # fmt: skip
    key = f"{world.stranger.pk}:{skin.pk}"
    page = coordinator.get(act_url(on, Action.ROUTE), {"find": "zim"})
    body = page.content.decode()
    assert key in body and "does not practise cardiology" in body and "does not accept new patients" in body
    answers = {"expected_version": on.version, "choice": key}
    refused = coordinator.post(act_url(on, Action.ROUTE), answers)
    assert "does not practise cardiology" in refused.context["form"].errors["comment"][0]
    coordinator.post(act_url(on, Action.ROUTE), answers | {"comment": "the patient knows him"})
    sent = Referral.objects.get(pk=on.pk)
    assert sent.receiving_provider == skin
    assert f"although {skin} does not practise cardiology" in sent.routing_decisions.first().reasons


@pytest.mark.parametrize("choice", ["", "x", "1:2:3", "999999:999999", "0:0", "1:99999999999999999999"])
def test_a_choice_that_is_none_is_refused(world, coordinator, choice):
    on = factories.referral(world, now=timezone.now())
    answer = coordinator.post(
        act_url(on, Action.ROUTE), {"expected_version": on.version, "choice": choice, "comment": "x"}
    )
    assert answer.status_code == 200 and "choice" in answer.context["form"].errors


def test_an_inbound_referral_is_offered_our_offices_alone(world, coordinator):
    on = factories.referral(world, inbound=True, now=timezone.now())
    form = coordinator.get(act_url(on, Action.ROUTE), {"find": "osei"}).context["form"]
    assert all(option.office.is_ours for option in (*form.fitting, *form.others))


def test_an_alternative_is_chosen_by_one_click(world, coordinator):
    second = factories.provider(world.stranger, specialty=world.cardiology, payers=[world.aetna], capacity=2)
    on = factories.referral(world, now=timezone.now())
    body = coordinator.get(page_url(on)).content.decode()
    assert f'value="{world.stranger.pk}:{second.pk}"' in body
    answers = {
        "expected_version": on.version,
        "choice": f"{world.stranger.pk}:{second.pk}",
        "comment": "Chosen instead",
    }
    coordinator.post(act_url(on, Action.ROUTE), answers)
    assert Referral.objects.get(pk=on.pk).receiving_provider == second


def test_a_decline_that_finds_nobody_warns_and_says_what_to_do(world, coordinator):
    world.our_cardiologist.delete()
    on = factories.referral(world, now=timezone.now())
    answer = coordinator.post(
        act_url(on, Action.DECLINE), {"expected_version": on.version, "reason": "full"}, follow=True
    )
    ((level, words),) = said(answer)
    assert level == "warning" and "nobody else was found" in words and "Choose a specialist by hand" in words


def test_the_referrers_own_reason_is_offered_once(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    body = coordinator.get(act_url(on, Action.CANCEL)).content.decode()
    assert body.lower().count(">referring office cancelled<") == 1


@pytest.mark.parametrize(("action", "status"), [(Action.BOOK, "accepted"), (Action.RESCHEDULE, "scheduled")])
def test_a_visit_in_the_past_has_to_be_meant(world, coordinator, action, status):
    on = factories.referral(world, status, now=timezone.now())
    answers = {"expected_version": on.version, "starts_at": local(timezone.now() - timedelta(days=3)), "length": "30"}
    warned = coordinator.post(act_url(on, action), answers)
    assert "This time is past" in warned.context["form"].errors["starts_at"][0]
    assert 'type="checkbox" name="past"' in warned.content.decode()
    assert coordinator.post(act_url(on, action), answers | {"past": "on"}).status_code == 302
    assert Referral.objects.get(pk=on.pk).appointment.starts_at < timezone.now()


def test_a_file_need_not_be_chosen_again(world, coordinator):
    on = factories.referral(world, "seen", now=timezone.now())
    answers = {"expected_version": on.version, "kind": "consult_note", "status": "final", "service_date": "2999-01-01"}
    refused = coordinator.post(act_url(on, Action.ATTACH_NOTE), answers | {"file": upload(b"the note of the visit")})
    assert "service_date" in refused.context["form"].errors
    kept = refused.context["form"]["kept"].value()
    assert kept and "note.txt is here already" in refused.content.decode()
    answers |= {"service_date": "", "kept": kept}
    other = factories.referral(world, "seen", now=timezone.now())
    elsewhere = coordinator.post(act_url(other, Action.ATTACH_NOTE), answers | {"expected_version": other.version})
    assert "file" in elsewhere.context["form"].errors, "kept for one referral alone"
    forged = coordinator.post(act_url(on, Action.ATTACH_NOTE), answers | {"kept": kept[:-2] + "xx"})
    assert "file" in forged.context["form"].errors
    assert coordinator.post(act_url(on, Action.ATTACH_NOTE), answers).status_code == 302
    version = Referral.objects.get(pk=on.pk).note.versions.get()
    assert version.filename == "note.txt" and version.file.read() == b"the note of the visit"


def test_a_file_survives_somebody_elses_step(world, coordinator):
    on = factories.referral(world, "seen", now=timezone.now())
    contacts.comment_on(referral=on, actor=SYSTEM, now=timezone.now(), text="called")
    answers = {"expected_version": on.version, "kind": "consult_note", "status": "final", "file": upload()}
    late = coordinator.post(act_url(on, Action.ATTACH_NOTE), answers)
    assert late.status_code == 409 and late.context["form"]["kept"].value()
    shown = {name: late.context["form"].data[name] for name in late.context["form"].data}
    assert coordinator.post(act_url(on, Action.ATTACH_NOTE), shown).status_code == 302


def test_a_contact_with_an_agreed_visit_books_it(world, coordinator):
    on = factories.referral(world, "accepted", now=timezone.now())
    at = timezone.now() + timedelta(days=5)
    answers = {
        "expected_version": on.version,
        "outcome": "scheduled",
        "party": "patient",
        "channel": "phone",
        "starts_at": local(at),
    }
    coordinator.post(act_url(on, Action.LOG_CONTACT), answers)
    after = Referral.objects.get(pk=on.pk)
    assert after.status == "scheduled" and ContactAttempt.objects.get().outcome == "scheduled"
    assert [e.kind for e in after.events.order_by("-version")[:2]] == ["scheduled", "contact_logged"]


def test_three_tries_suggest_the_letter_then_the_end(world, coordinator):
    on = factories.referral(world, "accepted", now=timezone.now())
    for outcome in ("no_answer", "left_message", "no_answer"):
        on.refresh_from_db()
        answers = {"expected_version": on.version, "outcome": outcome, "party": "patient", "channel": "phone"}
        answer = coordinator.post(act_url(on, Action.LOG_CONTACT), answers, follow=True)
    assert "Send the patient a letter: 3 tries" in said(answer)[0][1]
    body = answer.content.decode()
    assert "3 tries without an answer" in body and "channel=letter" in body
    letter = coordinator.get(f"{act_url(on, Action.LOG_CONTACT)}?channel=letter&outcome=sent").context["form"]
    assert (letter["channel"].value(), letter["outcome"].value()) == ("letter", "sent")
    lost = coordinator.get(f"{act_url(on, Action.MARK_LOST)}?reason_code=unreachable").context["form"]
    assert lost["reason"].value() == factories.EndingReason.objects.get(code="unreachable").pk


def test_delivered_is_said_once_until_the_note_changes(world, coordinator):
    on = factories.referral(world, "note_returned", inbound=True, now=timezone.now())
    coordinator.post(act_url(on, Action.ACKNOWLEDGE), {"expected_version": on.version, "how": "fax"})
    on.refresh_from_db()
    again = coordinator.post(act_url(on, Action.ACKNOWLEDGE), {"expected_version": on.version, "how": "fax"})
    assert again.status_code == 409 and "delivered already" in again.content.decode()
    factories.attach_note(on, status="amended", now=timezone.now())
    on.refresh_from_db()
    assert (
        coordinator.post(act_url(on, Action.ACKNOWLEDGE), {"expected_version": on.version, "how": "fax"}).status_code
        == 302
    )


def test_phones_are_tapped_and_mails_written(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    on.patient.email = "jane@example.org"
    on.patient.save()
    body = coordinator.get(page_url(on)).content.decode()
    assert f'href="tel:{on.patient.phone}"' in body and 'href="mailto:jane@example.org"' in body


@pytest.mark.parametrize(
    "status", ["received", "routed", "accepted", "scheduled", "seen", "note_returned", "on_hold", "cancel_requested"]
)
def test_who_waits_for_whom_is_one_sentence(world, coordinator, status):
    on = factories.referral(world, status, now=timezone.now())
    standing = coordinator.get(page_url(on)).context["standing"]
    assert standing.endswith(".") and str(on.owner) + str(on.referring_office) + "patient On hold"
    assert coordinator.get(page_url(factories.referral(world, "closed", now=timezone.now()))).context["standing"] == ""


def test_the_loop_speaks_as_the_badge_and_tells_what_is_late(world, coordinator):
    on = factories.referral(world, "seen", now=timezone.now() - timedelta(days=60))
    loop = coordinator.get(page_url(on)).context["loop"]
    assert [step.label for step in loop] == [
        "Received", "Routed", "Accepted", "Scheduled", "Seen", "Note returned", "Closed",
    ]  # fmt: skip
    assert [step.state for step in loop] == ["done"] * 5 + ["late", "todo"]
    assert [step.label for step in loop if step.is_here] == ["Seen"] and loop[5].note.startswith("not yet, ")
    ended = scheduling.book(
        referral=answering.accept(referral=factories.referral(world, now=timezone.now()), actor=SYSTEM, now=timezone.now()),
        actor=SYSTEM, now=timezone.now(), starts_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    assert [s.state for s in coordinator.get(page_url(ended)).context["loop"]][:5] == ["done"] * 4 + ["next"]


def test_an_open_page_learns_that_somebody_changed_it(world, coordinator):
    on = factories.referral(world, now=timezone.now())
    address = reverse("admin:referrals_referral_changes", kwargs={"pk": on.pk})
    assert f'data-changes="{address}?seen={on.version}"' in coordinator.get(page_url(on)).content.decode()
    read = RecordRead.objects.count()
    assert coordinator.get(address, {"seen": on.version}).json() == {"version": on.version, "by": ""}
    later = answering.accept(referral=on, actor=SYSTEM, now=timezone.now())
    answer = coordinator.get(address, {"seen": on.version})
    assert answer.json() == {"version": later.version, "by": "RefLoop"} and "no-store" in answer["Cache-Control"]
    assert coordinator.get(address, {"seen": "x"}).json()["by"] == ""
    assert RecordRead.objects.count() == read  # it says nothing of the patient
    assert as_role("Directory editor").get(address).status_code == 403
    assert coordinator.post(address).status_code == 405
    assert coordinator.get(address.replace(str(on.pk), "999999")).status_code == 404


def test_it_speaks_in_words_not_in_stored_values(world, coordinator):
    on = factories.referral(world)
    on.patient.needs_interpreter, on.patient.language = True, "so"
    on.patient.save()
    changes = {"authorization_state": "approved", "priority": "urgent", "authorization_number": "PA-1"}
    details.update_details(referral=on, actor=factories.SYSTEM, now=factories.NOW, changes=changes)
    shown = coordinator.get(page_url(on)).content.decode()
    assert "needs an interpreter (Somali)" in shown and "interpreter: Somali" in shown
    for line in (
        "authorization state: not required → approved",
        "priority: routine → urgent",
        "authorization number: empty → PA-1",
    ):
        assert line in shown
