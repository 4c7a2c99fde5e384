"""Documents leave through a checked view, as files and never as pages."""

from django.urls import reverse

from tests import factories
from tests.referrals.admin.conftest import as_role


def test_the_bytes_come_as_an_attachment(world, coordinator):
    on = factories.referral(world, "seen")
    version = factories.attach_note(on, content=b"<html><script>alert(1)</script></html>").version
    address = reverse("admin:referrals_referral_file", kwargs={"pk": on.pk, "version": version.pk})
    answer = coordinator.get(address)
    assert b"".join(answer.streaming_content).startswith(b"<html>")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert coordinator.post(address).status_code == 405
    assert as_role("Auditor").get(address).status_code == 200
    for role in ("Directory editor", ""):
        assert as_role(role).get(address).status_code == 403


def test_a_version_of_another_referral_is_not_found(world, coordinator):
    on, other = factories.referral(world, "seen"), factories.referral(world)
    version = factories.attach_note(on).version
    address = reverse("admin:referrals_referral_file", kwargs={"pk": other.pk, "version": version.pk})
    assert coordinator.get(address).status_code == 404
