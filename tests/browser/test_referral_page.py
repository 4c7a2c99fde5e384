"""A coordinator's day on the page of a referral: every step in its dialog, by mouse, by keyboard and on a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from referrals.actions import contacts, ending
from referrals.models import Document, Referral
from referrals.practice.calendar import practice_calendar
from tests import factories
from tests.browser.test_workspace import act, overflow
from tests.referrals.admin.conftest import page_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.fixture
def at_desk(open_page):
    page = open_page(factories.user("Coordinator", first_name="Maya"))
    yield page
    assert page.complaints == []


def opened(page, on: Referral, **query: str) -> None:
    page.goto(page_url(on) + "".join(f"?{name}={value}" for name, value in query.items()))
    page.wait_for_selector(".rl-loop")


def local(at) -> str:
    return f"{at.astimezone(practice_calendar().zone):%Y-%m-%dT%H:%M}"


def press(page, selector: str) -> None:
    """Send what leads to a new page."""
    with page.expect_navigation():
        page.click(selector)


def head(page) -> str:
    return page.inner_text(".rl-head")


def test_a_contact_leads_to_the_next_try_and_an_agreed_visit_to_the_calendar(world, at_desk):
    on = factories.referral(world, "accepted", now=timezone.now())
    opened(at_desk, on)
    at_desk.click(".rl-people ~ p a")
    at_desk.wait_for_selector("#rl-dialog[open]")
    assert not at_desk.is_visible("#rl-dialog [name=starts_at]")
    at_desk.check("#rl-dialog [name=outcome][value=no_answer]")
    press(at_desk, "#rl-dialog button[type=submit]")
    assert "Call the patient: 2nd try" in at_desk.inner_text(".rl-next")
    at_desk.click(".rl-head .rl-buttons > a >> nth=0")
    at_desk.wait_for_selector("#rl-dialog[open]")
    at_desk.check("#rl-dialog [name=outcome][value=scheduled]")
    at_desk.fill("#rl-dialog [name=starts_at]", local(timezone.now() + timedelta(days=4)))
    press(at_desk, "#rl-dialog button[type=submit]")
    assert "Scheduled" in head(at_desk)
    at_desk.click("[data-stream] [data-show=contacts]")
    assert at_desk.locator("[data-kinds]:visible").count() == 2
    assert at_desk.url.endswith("?show=contacts")


def test_a_day_and_a_time_are_typed_through(world, at_desk):
    """Day, year and hour in one go, as people type them: the hour is not taken for the end of the year."""
    on, year = factories.referral(world, "accepted", now=timezone.now()), timezone.now().year + 1
    opened(at_desk, on)
    at_desk.click(".rl-head .rl-buttons > a >> nth=0")
    at_desk.wait_for_selector("#rl-dialog[open]")
    at_desk.locator("#rl-dialog [name=starts_at]").press_sequentially(f"0304{year}0230PM")
    assert at_desk.input_value("#rl-dialog [name=starts_at]") == f"{year}-03-04T14:30"


def test_booked_missed_and_undone(world, at_desk):
    on = factories.referral(world, "accepted", now=timezone.now())
    opened(at_desk, on)
    at_desk.click(".rl-head a:has-text('Book appointment')")
    at_desk.fill("#rl-dialog [name=starts_at]", local(timezone.now() - timedelta(hours=3)))
    at_desk.click("#rl-dialog button[type=submit]")
    at_desk.wait_for_selector("#rl-dialog [name=past]:visible")
    at_desk.check("#rl-dialog [name=past]")
    press(at_desk, "#rl-dialog button[type=submit]")
    act(at_desk, "No-show", reason="did not come")
    assert "call the patient and book a new time" in at_desk.inner_text("body")
    press(at_desk, ".rl-undo button")
    assert "Scheduled" in head(at_desk)
    act(at_desk, "Patient seen")
    press(at_desk, ".rl-undo button")
    assert Referral.objects.get(pk=on.pk).status == "scheduled"


def test_declined_and_sent_to_somebody_who_fits_less(world, at_desk):
    world.our_cardiologist.delete()
    known = factories.provider(world.stranger, family_name="Zimmer")
    on = factories.referral(world, now=timezone.now())
    opened(at_desk, on)
    act(at_desk, "Decline", reason="full")
    assert "nobody else was found" in at_desk.inner_text("body")
    at_desk.click(".rl-head .rl-buttons > a >> nth=0")
    at_desk.fill("#rl-dialog [data-find]", "zimm")
    at_desk.wait_for_selector("#rl-dialog [data-others] label:has-text('Zimmer')")
    at_desk.click("#rl-dialog [data-others] label:has-text('Zimmer')")
    at_desk.click("#rl-dialog button[type=submit]")
    at_desk.wait_for_selector("#rl-dialog .errorlist:has-text('does not practise cardiology')")
    assert at_desk.is_checked(f"#rl-dialog [value='{world.stranger.pk}:{known.pk}']")
    at_desk.fill("#rl-dialog [name=comment]", "the patient knows him")
    press(at_desk, "#rl-dialog button[type=submit]")
    assert Referral.objects.get(pk=on.pk).receiving_provider == known


def test_a_note_is_dropped_kept_and_reconciled(world, at_desk):
    on = factories.referral(world, "seen", now=timezone.now())
    opened(at_desk, on)
    drop = """() => {
      const data = new DataTransfer();
      data.items.add(new File(["Consult note of a drop."], "dropped.txt", { type: "text/plain" }));
      dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
      dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    at_desk.evaluate(drop)
    at_desk.wait_for_selector("#rl-dialog[open] input[type=file]")
    assert at_desk.evaluate("document.querySelector('#rl-dialog input[type=file]').files[0].name") == "dropped.txt"
    at_desk.fill("#rl-dialog [name=service_date]", "2999-01-01")
    at_desk.click("#rl-dialog button[type=submit]")
    at_desk.wait_for_selector("#rl-dialog .errorlist")
    assert "dropped.txt is here already" in at_desk.inner_text("#rl-dialog")
    at_desk.fill("#rl-dialog [name=service_date]", "")
    press(at_desk, "#rl-dialog button[type=submit]")
    act(at_desk, "Reconcile note")
    assert "loop is complete" in at_desk.inner_text(".rl-next")
    assert Document.objects.get().versions.get().filename == "dropped.txt"


def test_held_cancelled_and_both_undone(world, at_desk):
    on = factories.referral(world, "accepted", now=timezone.now())
    opened(at_desk, on)
    until = (timezone.now() + timedelta(days=6)).astimezone(practice_calendar().zone)
    act(at_desk, "Put on hold", reason="authorization", until=f"{until:%Y-%m-%d}")
    assert "On hold: authorization" in at_desk.inner_text(".rl-next")
    press(at_desk, ".rl-undo button")
    act(at_desk, "Cancel referral", comment="not needed")
    assert "Cancel requested" in head(at_desk)
    press(at_desk, ".rl-undo button")
    assert Referral.objects.get(pk=on.pk).status == "accepted"


def test_the_second_of_two_hears_who_did_what_and_when(world, at_desk):
    on = factories.referral(world, "accepted", now=timezone.now())
    opened(at_desk, on)
    at_desk.click(".rl-head a:has-text('Book appointment')")
    at_desk.fill("#rl-dialog [name=instructions]", "bring films")
    contacts.comment_on(referral=on, actor=factories.SYSTEM, now=timezone.now(), text="patient called")
    at_desk.fill("#rl-dialog [name=starts_at]", local(timezone.now() + timedelta(days=4)))
    at_desk.click("#rl-dialog button[type=submit]")
    at_desk.wait_for_selector("#rl-dialog #problems")
    assert "RefLoop: Comment (" in at_desk.inner_text("#rl-dialog #problems")
    assert at_desk.input_value("#rl-dialog [name=instructions]") == "bring films"
    press(at_desk, "#rl-dialog button[type=submit]")
    assert "Scheduled" in head(at_desk)
    at_desk.complaints.clear()  # the console tells of the refusal (409)


def test_an_old_page_says_so_and_what_was_typed_comes_back(world, at_desk):
    on = factories.referral(world, "accepted", now=timezone.now())
    opened(at_desk, on)
    look_again = "document.dispatchEvent(new Event('visibilitychange'))"
    at_desk.click(".rl-head a:has-text('Log contact')")
    at_desk.check("#rl-dialog [name=outcome][value=left_message]")
    at_desk.fill("#rl-dialog [name=comment]", "asked for a call")
    with at_desk.expect_response("**/changes/**"):
        at_desk.evaluate(look_again)
    assert not at_desk.locator(".rl-meanwhile").count()
    contacts.comment_on(referral=on, actor=factories.SYSTEM, now=timezone.now(), text="ECG is here")
    at_desk.evaluate(look_again)
    at_desk.wait_for_selector("#rl-dialog .rl-meanwhile:has-text('RefLoop changed this referral')")
    with at_desk.expect_navigation():
        at_desk.click(".rl-meanwhile button")
    at_desk.wait_for_selector("#rl-dialog[open]")
    assert "ECG is here" in at_desk.inner_text("[data-stream]")
    assert at_desk.is_checked("#rl-dialog [name=outcome][value=left_message]")
    assert at_desk.input_value("#rl-dialog [name=comment]") == "asked for a call"
    press(at_desk, "#rl-dialog button[type=submit]")
    assert Referral.objects.get(pk=on.pk).contact_attempts.get().comment == "asked for a call"


def test_by_keyboard_alone(world, at_desk):
    on = factories.referral(world, "accepted", now=timezone.now())
    opened(at_desk, on)
    at_desk.focus(".rl-more > summary")
    at_desk.keyboard.press("Enter")
    at_desk.keyboard.press("Tab")
    assert at_desk.evaluate("document.activeElement.closest('.rl-menu') !== null")
    at_desk.focus(".rl-menu a:has-text('Comment')")
    at_desk.keyboard.press("Enter")
    at_desk.wait_for_selector("#rl-dialog[open]")
    assert at_desk.evaluate("document.activeElement.name") == "text"
    at_desk.keyboard.press("Escape")
    at_desk.wait_for_function("document.activeElement.textContent.trim() === 'More'")
    at_desk.focus(".rl-head a:has-text('Book appointment')")
    at_desk.keyboard.press("Enter")
    at_desk.wait_for_selector("#rl-dialog[open]")
    at_desk.keyboard.press("Escape")
    at_desk.wait_for_function("document.activeElement.textContent.trim() === 'Book appointment'")
    at_desk.focus("[data-stream] [data-show=changes]")
    at_desk.keyboard.press("Enter")
    assert at_desk.get_attribute("[data-stream] [data-show=changes]", "aria-current") == "true"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_and_for_everybody(scheme, world, open_page):
    on = factories.referral(world, "accepted", now=timezone.now())
    for outcome in ("no_answer", "left_message", "no_answer"):
        contacts.log_contact(referral=on, actor=factories.SYSTEM, now=timezone.now(), outcome=outcome)
    for width in (390, 1440):
        page = open_page(factories.user("Manager"), width=width, scheme=scheme)
        for label in ("Log contact", "Choose specialist"):
            opened(page, on)
            assert overflow(page) <= 0
            if page.locator(f".rl-head .rl-buttons > a:has-text('{label}')").count():
                page.click(f".rl-head .rl-buttons > a:has-text('{label}')")
            else:
                page.click(".rl-more > summary")
                page.click(f".rl-menu a:has-text('{label}')")
            page.wait_for_selector("#rl-dialog[open]")
            assert overflow(page) <= 0
            broken = Axe().run(page, context="main", options=AA).response["violations"]
            assert not broken, [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in broken]
        if width == 390:
            page.keyboard.press("Escape")
            assert page.locator(f"a[href='tel:{on.patient.phone}']").bounding_box()["height"] >= 44
        assert page.complaints == []


def test_what_was_taken_back_is_still_read(world, open_page):
    on = factories.referral(world, "closed", now=timezone.now())
    ending.reopen(referral=on, actor=factories.SYSTEM, now=timezone.now(), comment="the wrong visit")
    page = open_page(factories.user())
    opened(page, on)
    assert page.locator(".rl-undone").count() == 1
    broken = Axe().run(page, context="main", options=AA).response["violations"]
    assert not broken, [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in broken]
