"""Which role opens which page, and what is refused."""

import pytest
from django.urls import reverse

from referrals.models import Office, OfficeToken, Referral
from tests import factories
from tests.referrals.admin.conftest import ROLES, as_role, page_url

CARE = {"Coordinator", "Manager", "Auditor"}
EVERYBODY = {*ROLES}
LISTS = {
    "referral": CARE,
    "patient": CARE,
    "office": CARE | {"Directory editor"},
    "provider": CARE | {"Directory editor"},
    "specialty": CARE | {"Directory editor"},
    "payer": CARE | {"Directory editor"},
    "coordinator": CARE,
    "endingreason": CARE,
    "escalationpolicy": CARE,
    "closure": CARE,
    "referralevent": CARE,
    "routingdecision": CARE,
    "document": CARE,
    "encounter": CARE,
    "appointment": CARE,
    "reconciliation": CARE,
    "officetoken": {"Manager", "Auditor"},
    "heartbeat": {"Manager", "Auditor"},
    "capturereceipt": set(),
}
ADDS = {
    "referral": {"Coordinator", "Manager"},
    "patient": {"Coordinator", "Manager"},
    "office": {"Manager", "Directory editor"},
    "provider": {"Manager", "Directory editor"},
    "specialty": {"Manager", "Directory editor"},
    "payer": {"Manager", "Directory editor"},
    "coordinator": {"Manager"},
    "endingreason": {"Manager"},
    "escalationpolicy": {"Manager"},
    "closure": {"Manager"},
    "officetoken": {"Manager"},
    "referralevent": set(),
    "document": set(),
    "heartbeat": set(),
}


def opened(role: str, model: str, page: str) -> int:
    return as_role(role).get(reverse(f"admin:referrals_{model}_{page}")).status_code


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", LISTS)
def test_lists(model, role, world):
    assert opened(role, model, "changelist") == (200 if role in LISTS[model] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", ADDS)
def test_add_pages(model, role, world):
    assert opened(role, model, "add") == (200 if role in ADDS[model] else 403)


@pytest.mark.parametrize("role", ROLES)
def test_the_referral_page(role, world):
    on = factories.referral(world, "closed")
    assert as_role(role).get(page_url(on)).status_code == (200 if role in CARE else 403)


@pytest.mark.parametrize("role", ROLES)
def test_home_and_patients(role, world):
    """Everybody on staff has a home; who sees no patients learns none from it."""
    on = factories.referral(world, "received")
    body = as_role(role).get("/admin/").content.decode()
    assert ("To route" in body) == (role in CARE)
    assert (on.patient.family_name in body) == (role in CARE)  # among what is to be done next
    suggestions = as_role(role).get(reverse("admin:referrals_referral_patients"), {"term": on.patient.family_name})
    assert suggestions.status_code == (200 if role in CARE else 403)


def test_an_auditor_sees_no_buttons_and_changes_nothing(world):
    on = factories.referral(world, "accepted")
    auditor = as_role("Auditor")
    body = auditor.get(page_url(on)).content.decode()
    assert "/act/" not in body and "your role changes nothing" in body
    office = world.outside
    answer = auditor.post(reverse("admin:referrals_office_change", args=(office.pk,)), {"name": "Mine now"})
    assert answer.status_code == 403 and Office.objects.get(pk=office.pk).name == office.name
    assert auditor.post(reverse("admin:referrals_referral_add"), {}).status_code == 403
    assert auditor.post(reverse("admin:referrals_officetoken_add"), {}).status_code == 403


def test_a_directory_editor_edits_the_directory(world):
    editor = as_role("Directory editor")
    address = reverse("admin:referrals_payer_change", args=(world.aetna.pk,))
    answer = editor.post(address, {"name": "Aetna Open", "code": "aetna-ppo", "active": "on"})
    assert answer.status_code == 302, answer.context["errors"]
    world.aetna.refresh_from_db()
    assert world.aetna.name == "Aetna Open"


def test_nobody_deletes_a_referral_or_a_token(world, superuser):
    on = factories.referral(world)
    factories.token(world.outside)
    for name, row in (("referral", on), ("officetoken", OfficeToken.objects.first())):
        address = reverse(f"admin:referrals_{name}_delete", args=(row.pk,))
        assert superuser.post(address, {"post": "yes"}).status_code == 403
    assert Referral.objects.count() == 1 and OfficeToken.objects.count() == 1


def test_the_sidebar_shows_what_may_be_opened(world):
    auditor = as_role("Auditor").get("/admin/").content.decode()
    assert "Office tokens" in auditor and "Failed tasks" not in auditor and "Add referral" not in auditor
    editor = as_role("Directory editor").get("/admin/").content.decode()
    assert "Providers" in editor and "?queue=mine" not in editor and "/patient/" not in editor
