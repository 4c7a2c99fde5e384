"""The packet in the workspace: one click from the referral, for those who may see it."""

from django.urls import reverse

from tests import factories
from tests.referrals.admin.conftest import as_role, page_url
from tests.referrals.packet.rendering import texts


def address_of(referral) -> str:
    return reverse("admin:referrals_referral_packet", kwargs={"pk": referral.pk})


def test_it_opens_from_the_page_and_no_cache_keeps_it(world, coordinator):
    on = factories.referral(world)
    assert f'href="{address_of(on)}"' in coordinator.get(page_url(on)).content.decode()
    answer = coordinator.get(address_of(on))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{on.number}.pdf"'
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    (page,) = texts(answer.content)
    assert on.number in page and on.patient.family_name in page


def test_readers_may_and_others_may_not(world, coordinator):
    on = factories.referral(world, "closed")
    auditor = as_role("Auditor")
    assert address_of(on) in auditor.get(page_url(on)).content.decode()
    assert auditor.get(address_of(on)).status_code == 200
    for role in ("Directory editor", ""):
        assert as_role(role).get(address_of(on)).status_code == 403
    assert coordinator.post(address_of(on)).status_code == 405
    missing = reverse("admin:referrals_referral_packet", kwargs={"pk": on.pk + 1000})
    assert coordinator.get(missing).status_code == 404
