"""The workspace: who may do what, secrets shown once, one's own inbox only."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from notifications import selectors
from notifications.models import Delivery, Endpoint, Message
from tests.notifications.making import NOW, delivery, endpoint, message, recipient, send_due

pytestmark = pytest.mark.django_db


def staff(*permissions: str) -> User:
    made = User.objects.create_user(f"user{User.objects.count()}", is_staff=True)
    made.user_permissions.set(
        Permission.objects.filter(codename__in=permissions, content_type__app_label="notifications")
    )
    return made


def act(client, model: str, action: str, *rows, **more) -> None:
    url = reverse(f"admin:notifications_{model}_changelist")
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in rows], **more}, follow=True)


def texts(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize("model", ["recipient", "endpoint", "message", "delivery", "attempt", "inboxitem"])
def test_lists_and_pages_open_and_stay_cheap(client, admin_user, django_assert_max_num_queries, model):
    inbox = endpoint(recipient(kind="staff", user=admin_user), "inbox")
    for _ in range(20):
        delivery(inbox), delivery()
    send_due(batch=20)
    client.force_login(admin_user)
    client.get("/healthz")  # the reading of the clock, which pages share
    with django_assert_max_num_queries(14):
        page = client.get(reverse(f"admin:notifications_{model}_changelist"))
    assert page.status_code == 200
    row = page.context["cl"].result_list[0]
    assert client.get(reverse(f"admin:notifications_{model}_change", args=[row.pk])).status_code == 200


def test_outsiders_see_nothing(client):
    made = delivery()
    client.force_login(staff())
    for model, pk in (("endpoint", made.endpoint_id), ("message", made.message_id), ("delivery", made.pk)):
        assert client.get(reverse(f"admin:notifications_{model}_changelist")).status_code == 403
        assert client.get(reverse(f"admin:notifications_{model}_change", args=[pk])).status_code == 403


def test_dead_letters_are_sent_again_by_who_may(client):
    made = delivery()
    Delivery.objects.update(status="dead", attempts=8)
    client.force_login(staff("view_delivery"))
    act(client, "delivery", "send_again", made)
    assert Delivery.objects.get().status == "dead"
    client.force_login(staff("view_delivery", "resend_delivery"))
    asked = act(client, "delivery", "send_again", made).content.decode()
    assert "Send 1 message again?" in asked and made.message.title in asked
    assert Delivery.objects.get().status == "dead", "nothing is sent before somebody said yes"
    assert "is being sent again" in texts(act(client, "delivery", "send_again", made, sure="yes"))
    assert Delivery.objects.get().status == "queued"
    assert "only what was given up" in texts(act(client, "delivery", "send_again", made, sure="yes"))


def test_what_an_address_missed_is_sent_again_once_somebody_said_yes(client):
    made = delivery()
    client.force_login(staff("view_endpoint", "resend_delivery"))
    assert "Nothing was given up" in texts(act(client, "endpoint", "resend_given_up", made.endpoint))
    Delivery.objects.update(status="dead", attempts=8)
    asked = act(client, "endpoint", "resend_given_up", made.endpoint).content.decode()
    assert "Send 1 message again?" in asked and made.endpoint.address in asked
    assert Delivery.objects.get().status == "dead"
    assert "1 queued again" in texts(act(client, "endpoint", "resend_given_up", made.endpoint, sure="yes"))
    assert Delivery.objects.get().status == "queued"


def test_a_message_that_reached_nobody_is_sent_once_there_is_an_address(client):
    told = message(recipient())
    endpoint(told.recipient)
    client.force_login(staff("view_message", "resend_delivery"))
    assert "1 message is being sent" in texts(act(client, "message", "tell_now", told))


def test_a_webhooks_secret_is_shown_once_and_can_be_rotated(client, settings):
    settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE = True
    client.force_login(staff("view_endpoint", "add_endpoint", "change_endpoint", "view_recipient"))
    form = {"recipient": recipient().pk, "channel": "webhook", "address": "http://127.0.0.1:9999/", "detail": "full",
            "topics": "[]", "active": "on"}  # fmt: skip
    response = client.post(reverse("admin:notifications_endpoint_add"), form, follow=True)
    made = Endpoint.objects.get()
    assert made.secret in texts(response)
    page = client.get(reverse("admin:notifications_endpoint_change", args=[made.pk]))
    assert made.secret not in page.content.decode()
    url = reverse("admin:notifications_endpoint_rotate_secret", args=[made.pk])
    client.get(url)
    assert Endpoint.objects.get().secret == made.secret, "a GET changes nothing"
    response = client.post(url, {"_form_submitted": "on"}, follow=True)
    rotated = Endpoint.objects.get()
    assert rotated.previous_secret == made.secret and rotated.secret in texts(response)
    client.force_login(staff("view_endpoint"))
    assert client.post(url, {"_form_submitted": "on"}).status_code == 403


def test_a_refused_address_is_explained(client):
    client.force_login(staff("view_endpoint", "add_endpoint", "view_recipient"))
    form = {"recipient": recipient().pk, "channel": "webhook", "address": "https://127.0.0.1/", "detail": "full",
            "topics": '["Nonsense"]', "active": "on"}  # fmt: skip
    page = client.post(reverse("admin:notifications_endpoint_add"), form).content.decode()
    assert "loopback" in page and "Give a list of topics" in page
    assert not Endpoint.objects.exists()


def test_switching_off_in_the_form_cancels_what_waits(client):
    made = delivery()
    client.force_login(staff("view_endpoint", "change_endpoint"))
    form = {"address": made.endpoint.address, "detail": "minimal", "topics": "[]"}
    client.post(reverse("admin:notifications_endpoint_change", args=[made.endpoint_id]), form)
    assert Delivery.objects.get().status == "cancelled"


def test_everybody_has_their_own_inbox_only(client, admin_user):
    ana, eve = staff(), staff()
    delivery(endpoint(recipient(kind="staff", user=ana), "inbox"))
    send_due(NOW)
    item = ana.inbox_items.get()
    url = reverse("admin:notifications_inboxitem_change", args=[item.pk])
    for other in (eve, admin_user):
        client.force_login(other)
        assert not client.get(reverse("admin:notifications_inboxitem_changelist")).context["cl"].result_list
        assert client.get(url).status_code == 302
        act(client, "inboxitem", "mark_read", item)
        assert ana.inbox_items.get().read_at is None
    client.force_login(ana)
    assert client.get(url).status_code == 200
    assert ana.inbox_items.get().read_at is not None


def test_a_message_that_reached_nobody_is_ticked_off_and_leaves_the_worklist(client):
    told = message(recipient())
    worklist = f"{reverse('admin:notifications_message_changelist')}?nobody_to_tell__exact=1&settled_at__isempty=1"
    client.force_login(staff("view_message"))
    assert b"Add an address" in client.get(worklist).content
    act(client, "message", "settle", told)
    assert Message.objects.get().settled_at is None
    someone = staff("view_message", "resend_delivery")
    client.force_login(someone)
    assert "1 ticked off" in texts(act(client, "message", "settle", told))
    assert "0 ticked off" in texts(act(client, "message", "settle", told))
    told.refresh_from_db()
    assert told.settled_by == someone and told.nobody_to_tell
    assert client.get(worklist).context["cl"].result_count == 0
    assert not selectors.unreached().exists()


def test_sending_where_there_is_still_no_address_is_said(client):
    told = message(recipient())
    client.force_login(staff("view_message", "resend_delivery"))
    assert "still no address" in texts(act(client, "message", "tell_now", told))


def test_one_dead_letter_is_sent_again_from_its_page_by_post(client):
    made = delivery()
    Delivery.objects.update(status="dead", attempts=8)
    url = reverse("admin:notifications_delivery_send_this_again", args=[made.pk])
    client.force_login(staff("view_delivery"))
    assert client.post(url, {"_form_submitted": "on"}).status_code == 403
    client.force_login(staff("view_delivery", "resend_delivery"))
    client.get(url)
    assert Delivery.objects.get().status == "dead", "a GET changes nothing"
    client.post(url, {"_form_submitted": "on"})
    assert Delivery.objects.get().status == "queued"
