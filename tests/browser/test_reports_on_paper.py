"""A report on paper has all its columns, from the first page on."""

from datetime import timedelta

import pytest

from tests import factories

LETTER = 720  # pixels between the margins
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.mark.parametrize("page", ["breakdown/", "scorecards/"])
def test_a_table_fits_on_paper(open_page, world, page):
    for status in ("closed", "lost"):
        factories.referral(world, status, now=factories.NOW - timedelta(days=40))
    shown = open_page(factories.user("Manager"), width=LETTER)
    shown.emulate_media(media="print")
    shown.goto(f"/admin/reports/{page}?period=days&from=2026-01-01&to=2026-12-31")
    cut = shown.evaluate(
        "[...document.querySelectorAll('.rl-wideable')].map(table => table.scrollWidth - table.clientWidth)"
    )
    assert cut and not any(cut)
    breaks = shown.evaluate("getComputedStyle(document.querySelector('.rl-card:has(.rl-long)')).breakInside")
    assert breaks == "auto"
    red = shown.locator(".rl-parts .rl-badge.rl-red")
    if page == "breakdown/":
        assert red.first.evaluate("badge => getComputedStyle(badge).borderTopWidth") == "2px"
