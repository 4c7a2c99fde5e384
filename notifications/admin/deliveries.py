"""What was told, to whom, and every try."""

import json

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.decorators import display as unfold_display

from notifications import outbox
from notifications.admin.ledger import Ledger
from notifications.dispatch import resend
from notifications.errors import NotificationError
from notifications.models import Attempt, Delivery, Message

_COLOURS = {
    "delivered": "success", "dead": "danger", "waiting_retry": "warning", "queued": "info", "in_flight": "info",
}  # fmt: skip


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = ("endpoint", "status", "attempts", "next_attempt_at", "delivered_at", "last_error")

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("endpoint__recipient")


class AttemptInline(ReadOnlyInline):
    model = Attempt
    fields = ("number", "at", "outcome", "code", "detail", "duration_ms")


@admin.register(Message)
class MessageAdmin(Ledger):
    list_display = ("created_at", "topic", "recipient", "about", "what_to_do")
    list_filter = ("nobody_to_tell", ("settled_at", admin.EmptyFieldListFilter), "topic", "recipient__kind")
    list_select_related = ("recipient", "settled_by")
    search_fields = ("=about", "recipient__name")
    fields = ("topic", "recipient", "about", "occurred_at", "created_at", "what_to_do", "content")
    readonly_fields = ("what_to_do", "content")
    inlines = (DeliveryInline,)
    actions = ("tell_now", "settle")

    @admin.display(description="what was told (full)")
    def content(self, message: Message) -> str:
        return format_html("<pre>{}</pre>", json.dumps(message.context_full, indent=2, ensure_ascii=False))

    @admin.display(description="reached")
    def what_to_do(self, message: Message) -> str:
        if not message.nobody_to_tell:
            return "Sent to an address"
        if message.settled_at:
            return f"Nobody; ticked off by {message.settled_by.get_full_name() or message.settled_by.get_username()}"
        return format_html(
            '<span>Nobody. <a class="rl-link" href="{}?recipient={}">Add an address</a> and send it, '
            "or telephone and tick it off.</span>",
            reverse("admin:notifications_endpoint_add"),
            message.recipient_id,
        )

    @admin.action(description="Told another way: tick off", permissions=["resend"])
    def settle(self, request: HttpRequest, queryset) -> None:
        count = outbox.settle(messages=queryset, user=request.user, now=timezone.now())
        messages.success(request, f"{count} ticked off.")

    @admin.action(description="Send to the addresses there are now", permissions=["resend"])
    def tell_now(self, request: HttpRequest, queryset) -> None:
        added = sum(outbox.tell_now(message=message, now=timezone.now()) for message in queryset)
        if added:
            messages.success(request, f"{added} deliveries queued.")
        else:
            messages.warning(request, "Nothing was sent: there is still no address that takes these messages.")

    def has_resend_permission(self, request: HttpRequest, object_id=None) -> bool:
        return request.user.has_perm("notifications.resend_delivery")


@admin.register(Delivery)
class DeliveryAdmin(Ledger):
    list_display = (
        "created_at",
        "topic",
        "recipient",
        "endpoint",
        "state",
        "attempts",
        "next_attempt_at",
        "last_error",
    )
    list_filter = ("status", "endpoint__channel")
    list_select_related = ("message__recipient", "endpoint__recipient")
    search_fields = ("=public_id", "=message__about", "message__recipient__name")
    fields = (
        "public_id", "message", "endpoint", "status", "attempts", "next_attempt_at", "lease_until", "delivered_at",
        "last_error", "created_at",
    )  # fmt: skip
    inlines = (AttemptInline,)
    actions = ("send_again",)
    actions_detail = ("send_this_again",)

    @admin.display(ordering="message__topic")
    def topic(self, delivery: Delivery) -> str:
        return delivery.message.topic

    @admin.display(ordering="message__recipient__name")
    def recipient(self, delivery: Delivery) -> str:
        return delivery.message.recipient.name

    @unfold_display(description="status", ordering="status", label=_COLOURS)
    def state(self, delivery: Delivery):
        return delivery.status, delivery.get_status_display()

    @action(
        description="Send again",
        url_path="send-again",
        permissions=["resend"],
        dialog={
            "title": "Send again",
            "description": "It is queued again under the same id, so that a receiver that had it can drop it.",
            "form_submit_text": "Send again",
        },
    )
    def send_this_again(self, request: HttpRequest, form, object_id: int):
        self.send_again(request, Delivery.objects.filter(pk=object_id))
        return HttpResponseRedirect(reverse("admin:notifications_delivery_change", args=[object_id]))

    @admin.action(description="Send again what was given up", permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset) -> None:
        sent = 0
        for delivery in queryset:
            try:
                resend.resend(delivery=delivery, now=timezone.now())
                sent += 1
            except NotificationError as error:
                messages.error(request, f"{delivery}: {error}")
        if sent:
            messages.success(request, f"{sent} queued again.")

    def has_resend_permission(self, request: HttpRequest, object_id=None) -> bool:
        return request.user.has_perm("notifications.resend_delivery")


@admin.register(Attempt)
class AttemptAdmin(Ledger):
    list_display = ("at", "delivery", "number", "outcome", "code", "detail", "duration_ms")
    list_filter = ("outcome",)
    list_select_related = ("delivery",)
    search_fields = ("=delivery__public_id",)
