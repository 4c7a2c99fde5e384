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
from referrals.practice import moments
from referrals.practice.calendar import practice_calendar

MOST_SHOWN = 50
RESEND = "notifications.resend_delivery"
_TONES = {
    Delivery.Status.DELIVERED: "green", Delivery.Status.DEAD: "red", Delivery.Status.WAITING_RETRY: "amber",
    Delivery.Status.CANCELLED: "grey",
}  # fmt: skip


def messages_of(request: HttpRequest, referral: Referral) -> list[dict[str, Any]] | None:
    """The newest messages in words; None for whoever may not see them. Two queries, whatever was sent."""
    if not request.user.has_perm("notifications.view_message"):
        return None
    may_resend = request.user.has_perm(RESEND)
    return [_message(referral, row, may_resend) for row in selectors.messages_about(referral.number)[:MOST_SHOWN]]


def all_messages_of(referral: Referral) -> str:
    """The list of all of them, for a page that shows the newest."""
    return f"{reverse('admin:notifications_message_changelist')}?q={referral.number}"


def _message(referral: Referral, message: Message, may_resend: bool) -> dict[str, Any]:
    deliveries = [_delivery(referral, row, may_resend) for row in message.deliveries.all()]
    unheard = message.nobody_to_tell and message.settled_at is None
    title = message.context_minimal.get("title", "").removeprefix(f"{referral.number}: ")
    return {
        "event": _event_of(message),
        "moment": message.created_at,
        "title": title or message.topic.replace(".", ": ").replace("_", " "),
        "to": message.recipient.name,
        "deliveries": deliveries,
        "nobody": message.nobody_to_tell,
        "settled": message.settled_at,
        "tell": _address(referral, "message", message.pk) if unheard and may_resend else "",
        "trouble": unheard or any(row["trouble"] for row in deliveries),
    }


def _event_of(message: Message) -> int:
    """The event that caused it, as its dedupe key names it (``event:12:…``); 0 for none."""
    kind, _, rest = message.dedupe_key.partition(":")
    key = rest.partition(":")[0]
    return int(key) if kind == "event" and key.isdecimal() else 0


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
    return moments.absolute(at, wording.now(), practice_calendar()) if at else ""


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
    return redirect(f"{wording.page_of(referral)}?show=messages#stream")


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
