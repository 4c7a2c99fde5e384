"""The messages about a referral and how each fared; sending again what was given up or found no address."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from notifications import outbox, selectors
from notifications.dispatch import resend
from notifications.errors import CannotResend, NotificationError
from notifications.models import Delivery, Message
from referrals.admin import wording
from referrals.models import Referral

MOST_SHOWN = 50
FIRST_SHOWN = 3
RESEND = "notifications.resend_delivery"
_TONES = {
    Delivery.Status.DELIVERED: "green", Delivery.Status.DEAD: "red", Delivery.Status.WAITING_RETRY: "amber",
    Delivery.Status.CANCELLED: "grey",
}  # fmt: skip


def messages_of(request: HttpRequest, referral: Referral) -> dict[str, Any]:
    """The newest messages in words; in the open the first few and every one in trouble, the rest folded away.

    Three queries, whatever was sent."""
    if not request.user.has_perm("notifications.view_message"):
        return {}
    may_resend = request.user.has_perm(RESEND)
    rows = list(selectors.messages_about(referral.number)[: MOST_SHOWN + 1])
    told = [_message(referral, row, may_resend) for row in rows[:MOST_SHOWN]]
    in_the_open = [row for index, row in enumerate(told) if index < FIRST_SHOWN or row["trouble"]]
    address = reverse("admin:notifications_message_changelist")
    return {
        "messages_first": in_the_open,
        "messages_rest": [row for row in told if row not in in_the_open],
        "messages_trouble": sum(row["trouble"] for row in told),
        "all_messages": f"{address}?q={referral.number}" if len(rows) > MOST_SHOWN else "",
        "shows_messages": True,
    }


def _message(referral: Referral, message: Message, may_resend: bool) -> dict[str, Any]:
    deliveries = [_delivery(referral, row, may_resend) for row in message.deliveries.all()]
    unheard = message.nobody_to_tell and message.settled_at is None
    title = message.context_minimal.get("title", "").removeprefix(f"{referral.number}: ")
    return {
        "title": title or message.topic.replace(".", ": ").replace("_", " "),
        "to": message.recipient.name,
        "at": wording.day_and_time(message.created_at),
        "deliveries": deliveries,
        "nobody": message.nobody_to_tell,
        "settled": wording.day(message.settled_at),
        "tell": _address(referral, "message", message.pk) if unheard and may_resend else "",
        "trouble": unheard or any(row["trouble"] for row in deliveries),
    }


def _delivery(referral: Referral, delivery: Delivery, may_resend: bool) -> dict[str, Any]:
    endpoint = delivery.endpoint
    again = may_resend and endpoint.active and delivery.status in Delivery.RESENDABLE
    return {
        "by": " ".join(filter(None, (endpoint.get_channel_display(), endpoint.address))),
        "state": _state(delivery),
        "tone": _TONES.get(delivery.status, "blue"),
        "error": delivery.last_error if delivery.status != Delivery.Status.DELIVERED else "",
        "again": _address(referral, "delivery", delivery.pk) if again else "",
        "trouble": delivery.status in (Delivery.Status.DEAD, Delivery.Status.WAITING_RETRY),
    }


def _state(delivery: Delivery) -> str:
    if delivery.status == Delivery.Status.DELIVERED:
        return f"Delivered {_moment(delivery.delivered_at)}"
    if delivery.status == Delivery.Status.WAITING_RETRY:
        return f"Tries again {_moment(delivery.next_attempt_at)}"
    if delivery.status == Delivery.Status.DEAD:
        return f"Given up after {delivery.attempts} {'try' if delivery.attempts == 1 else 'tries'}"
    return "On its way" if delivery.status != Delivery.Status.CANCELLED else delivery.get_status_display()


def _moment(at: datetime | None) -> str:
    shown = wording.local(at)
    return f"{shown:%b} {shown.day}, {shown:%-I:%M %p}" if shown else ""


def _address(referral: Referral, what: str, key: int) -> str:
    return reverse("admin:referrals_referral_resend", kwargs={"pk": referral.pk, "what": what, "key": key})


def resend_view(model_admin, request: HttpRequest, *, pk: int, what: str, key: int) -> HttpResponse:
    """POST: queue one delivery again, or one message for the addresses there are now; only of this referral."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(RESEND):
        raise PermissionDenied
    referral = get_object_or_404(Referral, pk=pk)
    again = {"delivery": _send_again, "message": _tell_now}.get(what)
    if again is None:
        raise Http404
    try:
        messages.success(request, again(referral, key))
    except NotificationError as error:
        messages.error(request, str(error))
    return redirect(f"{wording.page_of(referral)}#messages")


def _send_again(referral: Referral, key: int) -> str:
    delivery = get_object_or_404(
        Delivery.objects.select_related("message__recipient"), pk=key, message__about=referral.number
    )
    resend.resend(delivery=delivery, now=wording.now())
    return f"On its way to {delivery.message.recipient} again."


def _tell_now(referral: Referral, key: int) -> str:
    message = get_object_or_404(Message.objects.select_related("recipient"), pk=key, about=referral.number)
    if not outbox.tell_now(message=message, now=wording.now()):
        raise CannotResend(f"{message.recipient} still has no address that takes this message; enter one first.")
    return f"On its way to {message.recipient}."
