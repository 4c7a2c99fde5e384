"""Every address of the referral app in the admin, walked by people who may not: GET and POST change nothing."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from referrals.lifecycle.states import Action
from tests import factories
from tests.referrals.admin.conftest import as_role


def addresses(on) -> list[str]:
    """All of them, with a row of each model where one is needed."""
    found = []
    keys = {"object_id": 1, "pk": on.pk, "version": 1, "what": "message", "key": 1, "action": "accept"}
    for model, registered in admin.site._registry.items():
        if model._meta.app_label != "referrals":
            continue
        row = model.objects.order_by("pk").first()
        for pattern in registered.get_urls():
            names = pattern.pattern.converters
            given = {name: keys.get(name, 1) for name in names}
            for name in ("object_id", "pk"):
                if name in given and row is not None:
                    given[name] = on.pk if model is type(on) else row.pk
            actions = [str(action) for action in Action] if "action" in names else [None]
            for action in actions:
                if action:
                    given["action"] = action
                if pattern.name:
                    try:
                        found.append(reverse(f"admin:{pattern.name}", kwargs=given))
                    except NoReverseMatch:
                        found.append(reverse(f"admin:{pattern.name}", args=list(given.values())))
    return sorted(set(found))


def everything() -> dict[str, list]:
    """Every row of the app, read logs aside: who looked is written down."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for app in ("referrals", "notifications")
        for model in apps.get_app_config(app).get_models()
        if "read" not in model.__name__.lower()
    }


@pytest.mark.parametrize("role", ["", "Auditor"])
def test_no_address_lets_them(world, role):
    on = factories.referral(world, "scheduled", now=timezone.now())
    note = factories.referral(world, "note_returned", now=timezone.now())
    walked = sorted({*addresses(on), *addresses(note)})
    assert len(walked) > 100
    client = as_role(role)
    before = everything()
    for address in walked:
        data = {
            "expected_version": on.version,
            "reason": "x",
            "comment": "x",
            "choice": "1:1",
            "row": f"{on.pk}.{on.version}",
        }
        for answer in (client.get(address), client.post(address, data)):
            assert answer.status_code in ((200, 302, 403, 404, 405) if role else (302, 403, 404, 405)), address
    assert everything() == before
