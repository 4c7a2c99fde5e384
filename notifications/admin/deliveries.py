"""What was told, to whom, and every try."""

import json

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.decorators import display as unfold_display

from notifications import outbox
from notifications.about import page_of
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
    list_display = ("created_at", "what", "recipient", "what_to_do")
    list_filter = ("nobody_to_tell", ("settled_at", admin.EmptyFieldListFilter), "topic", "recipient__kind")
    list_select_related = ("recipient", "settled_by")
    search_fields = ("=about", "recipient__name")
    list_display_links = ("created_at",)
    search_help_text = "Referral number or recipient"
    fields = ("what", "recipient", "occurred_at", "created_at", "what_to_do", "content")
    readonly_fields = ("what", "what_to_do", "content")
    inlines = (DeliveryInline,)
    actions = ("tell_now", "settle")
    empty_says = "Whatever RefLoop tells anybody is here, and whether it reached an address."

    @admin.display(description="what was told", ordering="topic")
    def what(self, message: Message) -> str:
        page = page_of(message.about)
        return format_html('<a class="rl-link" href="{}">{}</a>', page, message.title) if page else message.title

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
            messages.success(request, f"{added} {'message is' if added == 1 else 'messages are'} being sent.")
        else:
            messages.warning(request, "Nothing was sent: there is still no address that takes these messages.")

    def has_resend_permission(self, request: HttpRequest, object_id=None) -> bool:
        return request.user.has_perm("notifications.resend_delivery")


@admin.register(Delivery)
class DeliveryAdmin(Ledger):
    list_display = ("when", "what", "to", "state", "tries", "next_try", "why")
    list_filter = ("status", "endpoint__channel")
    list_select_related = ("message__recipient", "endpoint__recipient")
    list_display_links = ("when",)
    search_fields = ("=public_id", "=message__about", "message__recipient__name")
    search_help_text = "Referral number, recipient or the id of a message"
    fields = ("what", "to", "state", "tries", "next_try", "delivered_at", "why", "when", "public_id")
    readonly_fields = fields
    inlines = (AttemptInline,)
    actions = ("send_again",)
    actions_detail = ("send_this_again",)
    empty_says = "Every message that goes out to an address is here, with how it fared."

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("message__recipient", "endpoint__recipient")

    @admin.display(description="since", ordering="created_at")
    def when(self, delivery: Delivery):
        return delivery.created_at

    @admin.display(description="what was told", ordering="message__topic")
    def what(self, delivery: Delivery) -> str:
        page, title = page_of(delivery.message.about), delivery.message.title
        return format_html('<a class="rl-link" href="{}">{}</a>', page, title) if page else title

    @admin.display(description="to", ordering="message__recipient__name")
    def to(self, delivery: Delivery) -> str:
        address = f"{delivery.endpoint.get_channel_display()} {delivery.endpoint.address}".strip()
        return format_html('{}<span class="rl-line rl-muted">{}</span>', delivery.message.recipient.name, address)

    @unfold_display(description="status", ordering="status", label=_COLOURS)
    def state(self, delivery: Delivery):
        return delivery.status, delivery.get_status_display()

    @admin.display(description="tries", ordering="attempts")
    def tries(self, delivery: Delivery) -> int:
        return delivery.attempts

    @admin.display(description="tried again", ordering="next_attempt_at")
    def next_try(self, delivery: Delivery):
        return delivery.next_attempt_at if delivery.status in Delivery.DUE else "no more"

    @admin.display(description="why not", ordering="last_error")
    def why(self, delivery: Delivery) -> str:
        return delivery.last_error or "–"

    @action(
        description="Send again",
        url_path="send-again",
        permissions=["resend"],
        dialog={
            "title": "Send again",
            "description": "It goes to the same address, at once. If the address was wrong, correct it first under Endpoints. "
            "A receiver that had the message already can tell it is the same one.",
            "form_submit_text": "Send again",
        },
    )
    def send_this_again(self, request: HttpRequest, form, object_id: int):
        self._send(request, self.get_queryset(request).filter(pk=object_id))
        return HttpResponseRedirect(reverse("admin:notifications_delivery_change", args=[object_id]))

    @admin.action(description="Send again what was given up", permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset) -> HttpResponse | None:
        """Asks once, with what would go where; then does it."""
        if request.POST.get("sure") == "yes":
            self._send(request, queryset)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Send again",
            "opts": self.opts,
            "action": "send_again",
            "rows": (rows := list(queryset)),
            "total": len(rows),
        }
        return TemplateResponse(request, "admin/notifications/delivery/send_again.html", context)

    def _send(self, request: HttpRequest, queryset) -> None:
        sent = []
        for delivery in queryset:
            try:
                resend.resend(delivery=delivery, now=timezone.now())
                sent.append(delivery)
            except NotificationError as error:
                messages.error(request, f"Not sent, {delivery}: {error}")
        if sent:
            what = f"“{sent[0].message.title}”" if len(sent) == 1 else f"{len(sent)} messages"
            verb, them = ("is", "it") if len(sent) == 1 else ("are", "those that do")
            messages.success(
                request,
                f"{what} {verb} being sent again. Should {them} fail once more, RefLoop goes on trying and says so.",
            )

    def has_resend_permission(self, request: HttpRequest, object_id=None) -> bool:
        return request.user.has_perm("notifications.resend_delivery")


@admin.register(Attempt)
class AttemptAdmin(Ledger):
    list_display = ("at", "delivery", "number", "outcome", "code", "detail", "duration_ms")
    list_filter = ("outcome",)
    list_select_related = ("delivery__message", "delivery__endpoint__recipient")
    search_fields = ("=delivery__public_id",)
