"""No fault of WCAG 2.1 level A or AA on the pages people are on all day, by day and by night."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import InboxItem
from referrals.models import Absence, Coordinator, Referral, TourTaken
from reporting.measures.period import Period
from reporting.periods import closing
from tests import factories
from tests.browser.faults import COLOURS, RULES, faults_of
from tests.browser.pages import MAIN, MORE, REPORTS, SIGNED_OUT
from tests.notifications.making import delivery, endpoint, recipient, send_due
from tests.referrals.admin.incoming_documents import arrived, note

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
ALSO = ("policy", "reading-log", "given-up", "coordinators", "password", "not-found")


@pytest.fixture
def busy(world):
    """A workspace with something on every page; the reader is a superuser who owns referrals."""
    user = factories.user("Manager", first_name="Mona", last_name="Reyes", is_superuser=True)
    owner = Coordinator.objects.create(name="Mona Reyes", user=user)
    today = timezone.localdate()
    Absence.objects.create(
        coordinator=owner, starts_on=today, ends_on=today + timedelta(days=3), cover=world.coordinator
    )
    for status in ("received", "accepted", "scheduled", "seen", "note_returned", "on_hold", "closed"):
        factories.referral(world, status)
    Referral.objects.update(owner=owner)
    arrived(note())
    delivery(endpoint(recipient(kind="staff", user=user), "inbox"))
    send_due(timezone.now())
    assert InboxItem.objects.filter(user=user).exists()
    return user


@pytest.mark.parametrize(("scheme", "rules"), [("light", RULES), ("dark", COLOURS)], ids=["light", "dark"])
def test_the_main_pages_have_no_fault(scheme, rules, busy, open_page):
    page, found = open_page(busy, scheme=scheme), []
    pages = MAIN | {name: MORE[name] for name in ALSO}
    for name, address in pages.items():
        assert address(), f"nothing to show on {name}"
        page.goto(address())
        found += [f"{name}: {fault}" for fault in faults_of(page, rules=rules)]
    assert not found


def test_the_reports_have_no_fault(world, open_page):
    """By day, and those with drawings and shades by night too; opened up, as somebody reads them who asks what it counts."""
    for status in ("routed", "seen", "lost", "closed"):
        factories.referral(world, status)
    closing.close(period=Period.month(2026, 11), by="Grace", now=datetime(2026, 12, 2, 18, tzinfo=UTC))
    found = []
    user = factories.user("Manager")
    for scheme, names, rules in (("light", REPORTS, RULES), ("dark", ("reports", "reports-breakdown"), COLOURS)):
        page = open_page(user, scheme=scheme)
        for name in names:
            page.goto(REPORTS[name]())
            page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
            found += [f"{name} {scheme}: {fault}" for fault in faults_of(page, rules=rules)]
        assert not page.complaints
    assert not found


def test_the_frame_of_every_page(busy, open_page):
    """One main landmark, a skip link that leads to it, and a user's menu the keyboard opens."""
    page = open_page(busy)
    for name, address in MAIN.items():
        page.goto(address())
        assert page.locator("main, [role=main]").count() == 1, name
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.locator(".rl-userbutton").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out").wait_for(state="hidden")


def test_the_tour_walks_by_keyboard_ends_and_can_begin_again(busy, open_page):
    page = open_page(busy, is_new=True)
    page.goto("/admin/")
    tour = page.locator("#rl-tour")
    tour.wait_for()
    assert not faults_of(page)
    page.keyboard.press("ArrowRight")
    assert "Today" in tour.inner_text()
    with page.expect_response("**/tour/taken/"):
        page.keyboard.press("Escape")
    page.goto("/admin/")
    assert not tour.is_visible() and TourTaken.objects.filter(user=busy).exists()
    page.locator(".rl-userbutton").click()
    page.get_by_role("button", name="Show me around").click()
    tour.wait_for()
    assert not page.complaints


def test_signed_out_pages(busy, chromium, live_server):
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    for address in SIGNED_OUT.values():
        page.goto(address())
        assert not faults_of(page)
    context.close()
