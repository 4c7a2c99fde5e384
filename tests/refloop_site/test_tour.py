"""The tour begins by itself once per person, wherever they sign in, and shows nobody what their role does not open."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.models import TourTaken
from tests import factories
from tests.referrals.admin.conftest import as_role, signed_in

TAKEN = reverse("tour-taken")


def body(client) -> str:
    return client.get("/admin/").content.decode()


def test_it_begins_once_per_person(world):
    user = factories.user("Coordinator")
    client = signed_in(user)
    assert "data-due" in body(client) and "data-due" in body(client)
    assert client.post(TAKEN).status_code == client.post(TAKEN).status_code == 204
    assert "data-due" not in body(client)
    assert "data-due" not in body(signed_in(user)), "another browser knows, too"
    assert "data-tour-again" in body(client)
    assert "data-due" in body(as_role("Coordinator"))


def test_a_get_takes_nothing_and_a_stranger_neither(world, client):
    staff = as_role("Coordinator")
    assert staff.get(TAKEN).status_code == 405
    assert client.post(TAKEN).status_code == 302
    assert not TourTaken.objects.exists()


def test_only_what_the_role_opens_is_shown(world):
    assert "Documents to review</h2>" in body(as_role("Coordinator"))
    editor = body(as_role("Directory editor"))
    assert "Documents to review</h2>" not in editor and "Your inbox</h2>" in editor


def test_afterwards_a_page_asks_no_more(world):
    client = as_role("Directory editor")
    client.post(TAKEN)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/admin/")
    assert not any("tourtaken" in query["sql"] for query in asked.captured_queries)
