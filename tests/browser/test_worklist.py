"""The worklist in a real browser: a step is taken from a row, what came of it stays in sight, and the list goes on there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from referrals.models import Coordinator, Referral
from tests import factories
from tests.browser.test_referral_page import local
from tests.browser.test_workspace import LIST, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def in_sight(page, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def act_on(page, on: Referral) -> None:
    page.click(f"[data-row='{on.pk}'] [data-dialog] >> nth=0")
    page.wait_for_selector("#rl-dialog[open]")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_visit_is_booked_far_down_the_list(width, world, open_page):
    for _ in range(14):
        factories.referral(world, "accepted", now=timezone.now())
    page = open_page(factories.user(), width=width)
    page.goto(LIST)
    last = Referral.objects.get(pk=page.locator("[data-row]").last.get_attribute("data-row"))
    act_on(page, last)
    page.fill("#rl-dialog [name=starts_at]", local(timezone.now() + timedelta(days=4)))
    assert in_sight(page, "#rl-dialog button[type=submit]")
    with page.expect_navigation():
        page.click("#rl-dialog button[type=submit]")
    page.wait_for_selector(".rl-insight")
    assert in_sight(page, "[data-messages]") and overflow(page) <= 0
    words = page.inner_text("[data-messages]")
    assert "Booked for" in words and last.number in words and last.patient.family_name in words
    assert (
        page.evaluate("[...document.querySelectorAll('[data-row]')].indexOf(document.activeElement.closest('tr'))")
        == 13
    )
    with page.expect_navigation():
        page.click("[data-messages] .rl-undo button")
    assert "Undone" in page.inner_text("[data-messages]") and page.url.endswith(LIST)
    assert Referral.objects.get(pk=last.pk).status == "accepted"
    page.click("[data-close-message]")
    assert not page.locator("[data-messages]").count()
    assert page.complaints == []


def test_on_a_phone_the_open_queue_is_in_sight_and_everything_can_be_selected(world, open_page):
    for _ in range(3):
        factories.referral(world, "scheduled", now=timezone.now())
    user = factories.user()
    Coordinator.objects.create(name="Maya Lindell", user=user)
    page = open_page(user, width=390)
    page.goto(f"{LIST}?queue=note_pending")
    assert not page.locator("[data-bulk]").count()
    page.goto(f"{LIST}?queue=awaiting_visit")
    tab, strip = (page.locator(name).bounding_box() for name in (".wl-tabs [aria-current]", ".wl-tabs"))
    assert strip["x"] <= tab["x"] and tab["x"] + tab["width"] <= strip["x"] + strip["width"]
    page.check("[data-one] >> nth=0")
    page.click("[data-everyone]")
    assert page.inner_text("[data-count]") == "3 selected" and overflow(page) <= 0
    page.click("button[value=assign_selected]")
    page.wait_for_selector("#wl-together[open]")
    assert in_sight(page, "#wl-together button[type=submit]")
    page.select_option("#wl-together [name=owner]", label="Maya Lindell (0 open)")
    with page.expect_navigation():
        page.click("#wl-together button[type=submit]")
    assert "3 referrals handed over to Maya Lindell." in page.inner_text("[data-messages]")
    page.click("[data-row] a:has-text('No-show') >> nth=0")
    page.wait_for_selector("#rl-dialog h2:has-text('No-show')")
    assert page.complaints == []


def test_the_picker_of_the_list_is_the_one_of_the_page(world, open_page):
    world.our_cardiologist.delete()
    factories.provider(world.stranger, family_name="Zimmer")
    on = factories.referral(world, "received", now=timezone.now())
    page = open_page(factories.user())
    page.goto(LIST)
    act_on(page, on)
    page.fill("#rl-dialog [data-find]", "nobody")
    page.wait_for_selector("#rl-dialog [data-nobody]:visible")
    page.fill("#rl-dialog [data-find]", "zimm")
    page.click("#rl-dialog [data-others] label:has-text('Zimmer')")
    assert "✗" in page.evaluate("getComputedStyle(document.querySelector('.rl-misfit'), '::before').content")
    page.click("#rl-dialog a:has-text('end the referral')")
    page.wait_for_selector("#rl-dialog h2:has-text('Cancel referral')")
    assert "No specialist available" in page.inner_text("#rl-dialog [name=reason] option:checked")
    with page.expect_navigation():
        page.click("#rl-dialog button[type=submit]")
    on.refresh_from_db()
    assert (on.status, on.ending_reason.code) == ("cancelled", "no_specialist_available")
    assert page.complaints == []
