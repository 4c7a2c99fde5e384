"""The review queue in a real browser: by keyboard, without scripts, on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.intake import pictures
from referrals.models import IncomingDocument
from tests import factories
from tests.browser.test_workspace import overflow
from tests.factories import patient_data
from tests.referrals.admin.incoming_documents import LIST, UPLOAD, WHO, address, arrived, note, patient
from tests.referrals.intake.parsers.making_pdf import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def seen(world):
    return factories.in_status(world, "seen", patient=patient_data(**WHO), now=timezone.now())


@pytest.fixture(autouse=True)
def _no_child_left():
    yield
    pictures._sandbox.close()


def in_review(seen, name: str, **values):
    pages = [(60, 60 + 20 * row, f"{name} line {row}") for row in range(30)]
    reading = note(seen, status=None, pages=2, **values)
    return arrived(reading, content=pdf(pages, [(60, 60, "The end")]), name=name, now=timezone.now())


def test_a_document_is_read_turned_and_attached_by_keyboard(seen, open_page):
    document, following = in_review(seen, "first.pdf"), in_review(seen, "second.pdf")
    page = open_page(factories.user())
    page.goto(LIST)
    page.click("text=first.pdf")
    page.wait_for_selector("[data-help]")
    page.wait_for_function("document.querySelector('[data-picture]').naturalWidth > 0")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('[data-picture]').src.endsWith('/page/2/')")
    page.keyboard.press("?")
    assert page.locator("#rl-keys[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator(".rl-marked").count() == 1
    page.keyboard.press("a")
    page.locator(".rl-marked select[name=status]").select_option("final")
    with page.expect_navigation():
        page.click(".rl-marked button[type=submit]")
    assert page.url.startswith(f"{page.url.split('/admin/')[0]}{address(following)}?after=")
    assert "Attached as a note to" in page.inner_text(".rl-after")
    document.refresh_from_db()
    assert document.state == IncomingDocument.State.MATCHED
    page.click("[data-undo]")
    page.fill("[name=reason]", "another patient's")
    page.click("main button[type=submit]")
    page.wait_for_selector("[data-help]")  # shown once the page listens to keys
    document.refresh_from_db()
    assert document.state == IncomingDocument.State.REVIEW
    page.keyboard.press("x")
    page.check("text=Not our patient")
    with page.expect_navigation():
        page.click("[data-aside] button[type=submit]")
    assert page.complaints == []


def test_a_contradiction_is_asked_for_without_scripts(seen, open_page):
    document = in_review(seen, "swapped.pdf", patients=(patient(born="1961-04-03"),))
    page = open_page(factories.user(), scripts=False)
    page.goto(address(document))
    page.click("summary:has-text('Attach')")
    page.select_option("[name=status]", "final")
    page.click(".rl-candidate button[type=submit]")
    assert "Check that it is the same patient" in page.inner_text(".rl-candidate")
    page.check("[name=confirmed]")
    page.click(".rl-candidate button[type=submit]")
    document.refresh_from_db()
    assert document.state == IncomingDocument.State.MATCHED


def test_files_are_uploaded_and_followed(world, open_page, tmp_path):
    names = ["one.txt", "two.txt"]
    for name in names:
        (tmp_path / name).write_bytes(factories.note_bytes(name))
    page = open_page(factories.user())
    page.goto(UPLOAD)
    page.set_input_files("#files", [str(tmp_path / name) for name in names])
    assert "one.txt" in page.inner_text("[data-chosen]")
    page.click("main button[type=submit]")
    page.wait_for_selector("text=Waiting to be read")
    IncomingDocument.objects.update(state="review")
    page.wait_for_selector("text=All done.")
    assert page.locator(".rl-badge:has-text('In review')").count() == 2
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_on_a_phone(scheme, seen, open_page):
    document = in_review(seen, "a_very_long_name_without_any_place_to_break_it_in_two_lines.pdf")
    page = open_page(factories.user("Manager"), width=390, scheme=scheme)
    for where in (
        LIST, address(document), address(document, "split"), address(document, "capture"), UPLOAD,
        reverse("billing", args=("waiting",)),
    ):  # fmt: skip
        page.goto(where)
        page.wait_for_selector("#page")
        assert overflow(page) <= 0, where
    assert page.complaints == []
