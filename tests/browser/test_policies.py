"""A policy's dates follow the form while it is edited, under the page's own security policy."""

import pytest

from referrals.models import EscalationPolicy
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_the_dates_follow_unsaved_steps(open_page):
    policy = EscalationPolicy.objects.get(stage="unscheduled", priority="")
    page = open_page(factories.user("Manager"))
    page.goto(f"/admin/referrals/escalationpolicy/{policy.pk}/change/")
    dates = page.locator("#policy-preview")
    page.locator("[name=starts_at]").fill("2026-11-25T14:00")
    dates.get_by_text("Thu Dec 3, 2026, 9:00 AM").wait_for()
    page.locator("[name=rungs-0-after]").fill("2")
    dates.get_by_text("Mon Nov 30, 2026, 9:00 AM").wait_for()
    page.locator("[name=rungs-0-after]").fill("")
    dates.get_by_text("Complete the steps above to see their dates.").wait_for()
    assert not page.complaints
    assert [rung.after for rung in policy.rungs.order_by("after")] == [5, 8, 12]
