"""The workspace in a real browser: one referral all the way round, at a desk and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Coordinator, Referral
from referrals.practice.calendar import practice_calendar
from tests import factories
from tests.referrals.admin.conftest import page_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
ADD = reverse("admin:referrals_referral_add")
LIST = reverse("admin:referrals_referral_changelist")


def choose(page, field: str, typed: str) -> None:
    """Pick the first suggestion of an autocomplete box."""
    page.click(f"#id_{field} + .select2-container")
    page.fill(".select2-search__field", typed)
    page.click(f".select2-results__option:has-text('{typed}')")


def act(page, label: str, **values: str) -> None:
    """Press a button of the referral page, fill its dialog, or the page of a form that shows a document, and send it."""
    button = page.locator(".rl-head .rl-buttons > a", has_text=label)
    if not button.count():
        page.click(".rl-more > summary")
        button = page.locator(".rl-menu a", has_text=label)
    button.first.click()
    page.wait_for_selector("#act")
    for name, value in values.items():
        field = page.locator(f"#act [name={name}]")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)
    with page.expect_navigation():
        page.click("#act button[type=submit]")


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_referral_all_the_way_round(world, open_page, tmp_path):
    user = factories.user("Coordinator", first_name="Maya", last_name="Lindell")
    Coordinator.objects.create(name="Maya Lindell", user=user)
    page = open_page(user)
    page.goto(ADD)
    for name, value in {
        "given_name": "Jane", "family_name": "Doe", "birth_date": "1961-03-04", "zip_code": "53704",
        "clinical_question": "Exertional chest pain?", "diagnoses": "I20.9",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    choose(page, "specialty", "Cardiology")
    choose(page, "referring_office", "Lakeside Clinic")
    page.click("text=Capture referral")
    page.wait_for_selector(".rl-loop")
    made = Referral.objects.get()
    assert made.number in page.inner_text("main")
    assert "captured" in page.inner_text("body")

    act(page, "Accept", comment="glad to")
    assert "Accepted" in page.inner_text(".rl-head")
    visit = timezone.now().astimezone(practice_calendar().zone) - timedelta(hours=3)
    page.click(".rl-head .rl-buttons > a:has-text('Book appointment')")
    page.fill("#rl-dialog [name=starts_at]", f"{visit:%Y-%m-%dT%H:%M}")
    page.click("#rl-dialog button[type=submit]")
    page.wait_for_selector("#rl-dialog [name=past]:visible")
    page.check("#rl-dialog [name=past]")  # entered late, and meant so
    with page.expect_navigation():
        page.click("#rl-dialog button[type=submit]")
    assert "Scheduled" in page.inner_text(".rl-head")
    act(page, "Patient seen")
    assert "for the consult note" in page.inner_text(".rl-next")

    note = tmp_path / "note.txt"
    note.write_bytes(factories.note_bytes())
    page.click(".rl-head a:has-text('Attach note')")
    page.set_input_files("#rl-dialog [name=file]", str(note))
    with page.expect_navigation():
        page.click("#rl-dialog button[type=submit]")
    act(page, "Reconcile note")
    assert "loop is complete" in page.inner_text(".rl-next")
    made.refresh_from_db()
    assert made.status == "closed" and made.encounter.documented_for_billing
    assert page.complaints == []


def test_what_is_refused_stays_in_the_dialog(world, open_page):
    on = factories.referral(world, "accepted", now=timezone.now())
    page = open_page(factories.user())
    page.goto(page_url(on))
    page.click("text=Book appointment")
    page.fill("#rl-dialog [name=starts_at]", "2015-01-01T09:00")
    page.fill("#rl-dialog [name=instructions]", "bring films")
    page.click("#rl-dialog button[type=submit]")
    page.wait_for_selector("#rl-dialog .errorlist")
    assert page.input_value("#rl-dialog [name=instructions]") == "bring films"
    page.keyboard.press("Escape")
    assert not page.locator("#rl-dialog[open]").count()


def test_it_works_without_scripts(world, open_page):
    on = factories.referral(world, now=timezone.now())
    page = open_page(factories.user(), scripts=False)
    page.goto(page_url(on))
    page.click(".rl-head .rl-buttons > a:has-text('Accept')")
    page.fill("[name=comment]", "yes")
    page.click("main button[type=submit]")
    assert "Accepted" in page.inner_text(".rl-head")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_on_a_phone(scheme, world, open_page):
    seen = factories.referral(world, "note_returned", now=timezone.now())
    factories.referral(world, "received", now=timezone.now())
    page = open_page(factories.user("Manager"), width=390, scheme=scheme)
    for address in (
        "/admin/", LIST, f"{LIST}?queue=overdue", ADD, page_url(seen), f"{page_url(seen)[:-7]}act/reconcile/",
        reverse("admin:referrals_patient_change", args=(seen.patient_id,)),
    ):  # fmt: skip
        page.goto(address)
        page.wait_for_selector("#page")
        assert overflow(page) <= 0, address
    assert page.complaints == []
