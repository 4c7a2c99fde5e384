"""Whoever may change nothing changes nothing: every address of the workspace, GET and POST, and the database afterwards."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from notifications.models import Delivery
from referrals import tokens
from referrals.models import Coordinator
from tests import factories
from tests.notifications.making import delivery
from tests.referrals.admin.conftest import signed_in
from tests.referrals.admin.incoming_documents import arrived, note

# What anybody's visit writes: sessions, sign-ins, what was read, and that the person saw the tour or read a message.
OWN_TRACES = {"sessions.Session", "axes.AccessLog", "referrals.RecordRead", "referrals.TourTaken"}
SIGNING = ("logout", "login", "password_change", "jsi18n")
FORM = {
    "post": "yes", "sure": "yes", "_save": "Save", "_form_submitted": "on", "reason": "x", "comment": "x", "name": "Taken over",
    "until": "2026-12-01", "family_name": "X", "given_name": "Y", "birth_date": "1990-01-01",
}  # fmt: skip


def addresses(patterns=None, before: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of everything below /admin/."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("admin/"):
            yield pattern.name or "", route


def filled(route: str, name: str, values: dict[str, str]) -> str:
    """The route with a row of its own model in it, or with what else fits."""
    model = route.removeprefix("admin/").split("/<")[0].rstrip("/")
    pk = values.get(model, "1")
    while "<" in route:
        start, end = route.index("<"), route.index(">")
        converter, _, argument = route[start + 1 : end].rpartition(":")
        if argument in ("pk", "object_id", "id"):
            value = pk
        elif argument == "action":
            value = "cancel"
        elif argument == "key" and converter == "slug":
            value = "ready"
        elif converter == "int":
            value = values.get(argument, "1")
        else:
            value = "1"
        route = route[:start] + value + route[end + 1 :]
    return "/" + route.replace("^", "").replace("$", "").replace("(?P", "").replace("\\Z", "")


def state() -> dict[str, list]:
    """Every row of every table but OWN_TRACES."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.label not in OWN_TRACES and model._meta.managed
    }


@pytest.fixture
def rows(world) -> dict[str, str]:
    """One row of what can be acted on; ``app/model`` -> pk."""
    on = factories.referral(world, "accepted")
    factories.referral(world, "closed")
    document, sent = arrived(note()), delivery()
    Delivery.objects.filter(pk=sent.pk).update(status="dead", attempts=8)
    tokens.issue(office=world.outside, name="EHR", now=factories.NOW)
    Coordinator.objects.create(name="Rosa Vance")
    values = {"referrals/referral": on.pk, "referrals/incomingdocument": document.pk, "notifications/delivery": sent.pk}
    for model in apps.get_models():
        row = model._base_manager.order_by("pk").first()
        if row is not None:
            values.setdefault(f"{model._meta.app_label}/{model._meta.model_name}", row.pk)
    return {key: str(value) for key, value in values.items()} | {"referral": str(on.pk), "version": "1"}


def nobody() -> Client:
    return Client(raise_request_exception=False)


def without_a_role() -> Client:
    return signed_in(factories.user(""), raise_request_exception=False)


def only_reading() -> Client:
    """May view every table there is, and nothing else."""
    user = User.objects.create_user("reader", password="secret-enough", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return signed_in(user, raise_request_exception=False)


@pytest.mark.parametrize("who", [nobody, without_a_role, only_reading], ids=lambda who: who.__name__)
def test_nobody_changes_anything_without_permission(who, rows):
    client = who()
    before, opened, broken = state(), 0, []
    for name, route in addresses():
        if name in SIGNING:
            continue
        address = filled(route, name, rows)
        actions = ("delete_selected", "send_again", "settle", "tell_now", "snooze_selected", "clear_flag", "try_now")
        posts = [FORM]
        if name.endswith("_changelist"):
            pk = rows.get(route.removeprefix("admin/").rstrip("/"), "1")
            posts += [{"action": action, "_selected_action": pk, **FORM} for action in actions]
        answers = [client.get(address), *(client.post(address, data) for data in posts)]
        opened += 1
        broken += [f"{answer.status_code} {address}" for answer in answers if answer.status_code >= 500]
        if who is nobody:
            assert all(answer.status_code in (302, 404) for answer in answers), address
    assert not broken
    assert opened > 150
    after = state()
    changed = {label for label in before if before[label] != after[label]}
    assert not changed
