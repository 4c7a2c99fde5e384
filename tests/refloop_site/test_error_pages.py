"""What people see when something is refused, missing or broken: our own page, which says what to do."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from referrals.admin.referral import page
from tests import factories
from tests.referrals.admin.conftest import as_role, page_url, signed_in


def body(response) -> str:
    return response.content.decode()


def test_nothing_at_the_address(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in body(answer) and "/admin/referrals/referral/" in body(answer)


def test_a_role_that_does_not_open_it(world):
    user = factories.user("Directory editor", first_name="Dana", last_name="Whit")
    answer = signed_in(user).get(page_url(factories.referral(world)))
    assert answer.status_code == 403
    assert "Dana Whit" in body(answer) and "ask a manager" in body(answer)


def test_a_form_from_another_time(world):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("admin:login"), {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "nothing was changed" in body(answer)


def test_a_failure_of_ours(world, monkeypatch):
    def breaks(*values):
        raise RuntimeError("Jane Public")

    on = factories.referral(world)
    monkeypatch.setattr(page, "referral_view", breaks)
    client = as_role("Coordinator", raise_request_exception=False)
    answer = client.get(page_url(on))
    assert answer.status_code == 500
    assert "Something broke on our side" in body(answer) and "Jane" not in body(answer)


def test_too_many_wrong_passwords(client, db, settings):
    settings.AXES_ENABLED = True
    User.objects.create_user("maya", password="right-enough", is_staff=True)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("admin:login"), {"username": "maya", "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many wrong passwords" in body(answer) and "15 minutes" in body(answer)


@pytest.mark.parametrize("name", ["404", "403", "403_csrf", "500", "locked_out"])
def test_the_pages_need_nothing_of_the_request(name):
    from django.template.loader import render_to_string

    assert "<main>" in render_to_string(f"{name}.html")


def test_signing_out_says_so_in_plain_words(world):
    answer = as_role("Coordinator").post(reverse("admin:logout"))
    assert "You are signed out" in body(answer) and "quality time" not in body(answer)


def test_the_words_of_the_admin_are_the_practices(world, admin_client):
    """Our catalogue of words is compiled and in use."""
    listing = body(admin_client.get(reverse("admin:notifications_delivery_changelist")))
    assert "to view" not in listing and "to change" not in listing
    assert "Add another" not in body(admin_client.get(reverse("admin:referrals_escalationpolicy_add")))
    assert "Sign out" in listing and "Log out" not in listing
