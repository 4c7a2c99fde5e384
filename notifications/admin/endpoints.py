"""Endpoints: add, change, test, rotate the secret, see what is failing."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.decorators import display as unfold_display

from notifications import endpoints
from notifications.admin.ledger import Kept
from notifications.channels import registry
from notifications.dispatch import resend
from notifications.errors import NotificationError
from notifications.models import Endpoint

SHOWN_ONCE = "Secret for the receiver, shown only now: %s"


@admin.register(Endpoint)
class EndpointAdmin(Kept):
    empty_says = "An address an office or a person is told at: email, webhook or the inbox."
    list_display = ("recipient", "channel", "address", "detail", "active", "condition", "last_delivered_at")
    list_filter = ("channel", "active", "detail", ("flagged_at", admin.EmptyFieldListFilter), "recipient__kind")
    list_select_related = ("recipient",)
    search_fields = ("recipient__name", "recipient__key", "address")
    autocomplete_fields = ("recipient",)
    fields = (
        "recipient", "channel", "address", "detail", "topics", "active", "condition", "last_error",
        "last_delivered_at", "previous_secret_until",
    )  # fmt: skip
    readonly_fields = ("condition", "last_error", "last_delivered_at", "previous_secret_until")
    actions = ("send_test", "clear_flag", "resend_given_up")
    actions_detail = ("rotate_secret",)

    def get_readonly_fields(self, request: HttpRequest, obj: Endpoint | None = None):
        fixed = ("recipient", "channel") if obj else ()
        return (*self.readonly_fields, *fixed)

    @unfold_display(description="condition", label={"works": "success", "failing": "danger", "struggling": "warning"})
    def condition(self, endpoint: Endpoint):
        if endpoint.flagged_at:
            return "failing", endpoint.flag_reason or "Failing"
        if endpoint.is_struggling:
            return "struggling", "Slow" if endpoint.consecutive_failures == 0 else "Struggling"
        return "works", "Works" if endpoint.last_delivered_at else "Not used yet"

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        """The form has validated; the services do the rest (secret, cancelling what waits, a clean record)."""
        now = timezone.now()
        if change:
            try:
                endpoints.change(
                    endpoint=obj, now=now, address=obj.address, topics=obj.topics, detail=obj.detail, active=obj.active
                )
            except NotificationError as error:  # the name stopped resolving since the form was checked
                messages.error(request, f"Not saved: {error}")
            return
        obj.created_at = now
        obj.secret = endpoints.new_secret() if registry.channel(obj.channel).signs else ""
        obj.save()
        if obj.secret:
            messages.success(request, SHOWN_ONCE % obj.secret)

    @admin.action(description="Send a test message", permissions=["change"])
    def send_test(self, request: HttpRequest, queryset) -> None:
        for endpoint in queryset.select_related("recipient"):
            try:
                delivery = endpoints.send_test(endpoint=endpoint, now=timezone.now())
            except NotificationError as error:
                messages.error(request, f"{endpoint}: {error}")
            else:
                messages.success(request, f"{endpoint}: test message {delivery.public_id} is queued.")

    @admin.action(description="Seen to: clear the flag", permissions=["change"])
    def clear_flag(self, request: HttpRequest, queryset) -> None:
        for endpoint in queryset:
            endpoints.clear_flag(endpoint=endpoint)
        messages.success(request, "Cleared. The next failure will be reported again.")

    @admin.action(description="Send again what was given up", permissions=["resend"])
    def resend_given_up(self, request: HttpRequest, queryset) -> HttpResponse | None:
        """Asks once, with how much would go where; then does it."""
        waiting = resend.given_up(queryset)
        if not waiting:
            messages.info(request, "Nothing was given up at these addresses.")
            return None
        if request.POST.get("sure") != "yes":
            context = {
                **self.admin_site.each_context(request),
                "title": "Send again",
                "opts": self.opts,
                "action": "resend_given_up",
                "rows": waiting,
                "total": sum(endpoint.given_up for endpoint in waiting),
            }
            return TemplateResponse(request, "admin/notifications/endpoint/send_again.html", context)
        for endpoint in waiting:
            try:
                count = resend.resend_all(endpoint=endpoint, now=timezone.now())
            except NotificationError as error:
                messages.error(request, f"{endpoint}: {error}")
            else:
                messages.success(request, f"{endpoint}: {count} queued again.")
        return None

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.resend_delivery")

    @action(
        description="Rotate the secret",
        url_path="rotate-secret",
        permissions=["change"],  # by method: a dotted name is looked up in the database by `check`, before it exists
        dialog={
            "title": "Rotate the secret",
            "description": "A new secret is made and shown once. Both sign for seven days.",
            "form_submit_text": "Rotate",
        },
    )
    def rotate_secret(self, request: HttpRequest, form, object_id: int):
        endpoint = Endpoint.objects.get(pk=object_id)
        try:
            messages.success(request, SHOWN_ONCE % endpoints.rotate_secret(endpoint=endpoint, now=timezone.now()))
        except NotificationError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:notifications_endpoint_change", args=[object_id]))
