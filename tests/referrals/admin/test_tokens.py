"""Office tokens in the admin: shown once, rotated, revoked, by POST and by those who may."""

from django.urls import reverse
from django.utils import timezone

from referrals import tokens
from referrals.models import OfficeToken
from tests import factories
from tests.referrals.admin.conftest import as_role

ADD = reverse("admin:referrals_officetoken_add")


def address(verb: str, token: OfficeToken) -> str:
    return reverse(f"admin:referrals_officetoken_{verb}", args=(token.pk,))


def test_issued_and_shown_once(world):
    manager = as_role("Manager")
    answer = manager.post(ADD, {"office": world.outside.pk, "name": "Epic", "expires_at_0": "", "expires_at_1": ""})
    text = answer.context["token_text"]
    assert "no-store" in answer["Cache-Control"]
    assert tokens.authenticate(text, now=timezone.now()).office == world.outside
    token = OfficeToken.objects.get()
    for page in (reverse("admin:referrals_officetoken_changelist"), address("change", token)):
        assert text not in manager.get(page).content.decode()


def test_a_past_expiry_is_refused(world):
    values = {"office": world.outside.pk, "name": "Epic", "expires_at_0": "2020-01-01", "expires_at_1": "10:00"}
    answer = as_role("Manager").post(ADD, values)
    assert answer.status_code == 200 and not OfficeToken.objects.exists()


def test_rotate_keeps_both_for_a_while(world):
    old_text = factories.token(world.outside, now=timezone.now())
    old = OfficeToken.objects.get()
    manager = as_role("Manager")
    assert manager.get(address("rotate", old)).status_code == 200 and OfficeToken.objects.count() == 1
    text = manager.post(address("rotate", old)).context["token_text"]
    assert tokens.authenticate(text, now=timezone.now()) and tokens.authenticate(old_text, now=timezone.now())
    again = manager.post(address("rotate", old), follow=True)
    assert "successor already" in again.content.decode() and OfficeToken.objects.count() == 2


def test_revoke_ends_it_at_once(world):
    text = factories.token(world.outside, now=timezone.now())
    token = OfficeToken.objects.get()
    manager = as_role("Manager")
    manager.get(address("revoke", token))
    assert tokens.authenticate(text, now=timezone.now())
    manager.post(address("revoke", token))
    assert tokens.authenticate(text, now=timezone.now()) is None


def test_an_auditor_reads_and_a_coordinator_does_not(world):
    text = factories.token(world.outside, now=timezone.now())
    token = OfficeToken.objects.get()
    auditor = as_role("Auditor")
    listing = auditor.get(reverse("admin:referrals_officetoken_changelist"))
    assert listing.status_code == 200 and "Revoke" not in listing.content.decode()
    for client in (auditor, as_role("Coordinator")):
        assert client.post(address("revoke", token)).status_code == 403
        assert client.post(address("rotate", token)).status_code == 403
    assert tokens.authenticate(text, now=timezone.now())


def test_a_token_is_never_edited(world, superuser):
    factories.token(world.outside, now=timezone.now())
    token = OfficeToken.objects.get()
    assert superuser.post(address("change", token), {"name": "other"}).status_code == 403
