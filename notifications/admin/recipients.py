"""Recipients: who can be told."""

from django.contrib import admin
from django.http import HttpRequest

from notifications.admin.ledger import Kept
from notifications.models import Recipient


@admin.register(Recipient)
class RecipientAdmin(Kept):
    """Made by whoever sends to them; staff may set what they get by default."""

    list_display = ("name", "kind", "key", "addresses")
    list_filter = ("kind",)
    search_fields = ("name", "key")
    readonly_fields = ("kind", "key", "name", "user", "group", "addresses")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("endpoints")

    @admin.display(description="told at")
    def addresses(self, recipient: Recipient) -> str:
        active = [
            f"{endpoint.get_channel_display()} {endpoint.address}".strip()
            for endpoint in recipient.endpoints.all()
            if endpoint.active
        ]
        return ", ".join(active) or "nowhere: add an endpoint"
