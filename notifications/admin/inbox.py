"""The signed-in user's own inbox."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from notifications import inbox, selectors
from notifications.admin.ledger import Ledger
from notifications.models import InboxItem


@admin.register(InboxItem)
class InboxItemAdmin(Ledger):
    """Everybody sees their own and nobody else's, superusers included. Opening one marks it read."""

    list_display = ("created_at", "title", "about", "is_read")
    list_filter = (("read_at", admin.EmptyFieldListFilter),)
    search_fields = ("title", "=about")
    fields = ("title", "body", "link", "created_at", "read_at")
    actions = ("mark_read", "mark_unread")

    def get_queryset(self, request: HttpRequest):
        return selectors.inbox_of(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: InboxItem | None = None) -> bool:
        return request.user.is_staff and (obj is None or obj.user_id == request.user.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None):
        if object_id.isdigit():
            inbox.mark_read(user=request.user, items=[int(object_id)], now=timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(boolean=True, description="read", ordering="read_at")
    def is_read(self, item: InboxItem) -> bool:
        return item.read_at is not None

    @admin.action(description="Mark as read", permissions=["view"])
    def mark_read(self, request: HttpRequest, queryset) -> None:
        count = inbox.mark_read(user=request.user, items=queryset.values_list("pk", flat=True), now=timezone.now())
        messages.success(request, f"{count} marked as read.")

    @admin.action(description="Mark as unread", permissions=["view"])
    def mark_unread(self, request: HttpRequest, queryset) -> None:
        count = inbox.mark_unread(user=request.user, items=queryset.values_list("pk", flat=True))
        messages.success(request, f"{count} marked as unread.")
