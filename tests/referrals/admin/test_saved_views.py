"""Saved views of the worklist: made, used, renamed, started with and deleted, by their owner alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral, SavedView
from referrals.saved_views import MOST, plain_query
from tests import factories
from tests.referrals.admin.conftest import as_role, signed_in

LIST = reverse("admin:referrals_referral_changelist")
VIEWS = reverse("admin:referrals_referral_views")


def said(answer) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]


@pytest.fixture
def user(db):
    return factories.user("Coordinator")


@pytest.fixture
def client(user):
    return signed_in(user)


def save(client, name="Urgent", query="queue=open&priority__exact=urgent", **more):
    return client.post(VIEWS, {"do": "save", "name": name, "query": query} | more)


def test_a_view_is_what_is_shown_without_the_page(client, user, world):
    for priority in ("urgent", "routine"):
        made = factories.referral(world, now=timezone.now())
        Referral.objects.filter(pk=made.pk).update(priority=priority)
    answer = save(client, query="priority__exact=urgent&p=3&queue=open&e=1&q=")
    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (user, "Urgent", "priority__exact=urgent&queue=open")
    assert answer["Location"] == f"{LIST}?{view.query}"
    page = client.get(answer["Location"])
    assert [row.priority for row in page.context["cl"].result_list] == ["urgent"]
    assert page.context["saved_view"] == view and page.context["chips"][0]["value"] == "Urgent"


def test_the_worklist_opens_with_the_one_chosen(client):
    save(client, is_start="1")
    assert client.get(LIST)["Location"] == f"{LIST}?priority__exact=urgent&queue=open"
    save(client, name="Mine", query="queue=mine", is_start="1")
    assert client.get(LIST)["Location"] == f"{LIST}?queue=mine"
    assert SavedView.objects.filter(is_start=True).count() == 1
    client.post(VIEWS, {"do": "unstart", "view": SavedView.objects.get(is_start=True).pk})
    assert client.get(LIST).status_code == 200
    client.post(VIEWS, {"do": "start", "view": SavedView.objects.get(name="Urgent").pk})
    assert client.get(LIST).status_code == 302 and client.get(LIST, {"queue": "open"}).status_code == 200


def test_renaming_replacing_deleting(client):
    save(client)
    view = SavedView.objects.get()
    client.post(VIEWS, {"do": "rename", "view": view.pk, "name": "  Urgent   first "})
    view.refresh_from_db()
    assert view.name == "Urgent first"
    save(client, name="Urgent first", query="queue=overdue")  # the same name: the new filters
    view.refresh_from_db()
    assert view.query == "queue=overdue" and SavedView.objects.count() == 1
    save(client, name="Other", query="queue=mine")
    taken = client.post(VIEWS, {"do": "rename", "view": view.pk, "name": "Other"})
    assert said(taken)[-1] == "You have a view called “Other” already."
    client.post(VIEWS, {"do": "delete", "view": view.pk, "query": "queue=overdue"})
    assert [row.name for row in SavedView.objects.all()] == ["Other"]


@pytest.mark.parametrize(
    ("name", "query", "said_of_it"),
    [
        ("", "queue=open", "Give the view a name."),
        ("x" * 41, "", "At most 40 characters."),
        ("x", f"q={'a' * 1001}", "too many"),
    ],
)
def test_what_cannot_be_kept_is_said(client, name, query, said_of_it):
    assert said_of_it in said(save(client, name=name, query=query))[-1]
    assert not SavedView.objects.exists()


def test_never_more_than_a_handful(client, user):
    for index in range(MOST):
        save(client, name=f"View {index}")
    assert "Delete one first" in said(save(client, name="One more"))[-1]
    assert SavedView.objects.filter(user=user).count() == MOST


@pytest.mark.parametrize("do", ["rename", "start", "unstart", "delete"])
def test_another_persons_view_does_not_exist(do, client):
    save(client)
    view = SavedView.objects.get()
    stranger = as_role("Manager")
    answer = stranger.post(VIEWS, {"do": do, "view": view.pk, "name": "Mine now"})
    assert answer.status_code == 404
    assert list(SavedView.objects.values_list("name", "is_start")) == [("Urgent", False)]
    assert "Urgent" not in [row.name for row in stranger.get(LIST, {"queue": "open"}).context["saved_views"]]


def test_only_by_post_with_a_token_and_only_who_sees_referrals(client):
    assert client.get(VIEWS).status_code == 405
    assert client.post(VIEWS, {"do": "burn"}).status_code == 404
    assert client.post(VIEWS, {"do": "delete", "view": "x"}).status_code == 404
    assert as_role("Coordinator", enforce_csrf_checks=True).post(VIEWS, {"do": "save"}).status_code == 403
    assert save(as_role("Directory editor")).status_code == 403
    assert not SavedView.objects.exists()


def test_an_old_view_with_a_filter_that_is_gone_still_opens(client):
    save(client, query="queue=open&nonsense__exact=3")
    assert client.get(f"{LIST}?{SavedView.objects.get().query}").status_code in (200, 302)


def test_a_query_leads_nowhere_else(client):
    answer = save(client, query="https://evil.example/?x=1")
    assert answer["Location"].startswith(f"{LIST}?")
    assert plain_query("?b=2&a=1&a=&p=4") == "a=1&b=2"
