"""The signed-in user's own inbox."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from notifications import inbox, selectors
from notifications.admin.ledger import Ledger
from notifications.models import InboxItem

LIST = "admin:notifications_inboxitem_changelist"
SHOWN_OF_BODY = 160  # characters


@admin.register(InboxItem)
class InboxItemAdmin(Ledger):
    """Everybody sees their own and nobody else's, superusers included; unread first. Opening one marks it read."""

    list_display = ("message", "is_unread", "came")
    list_display_links = None  # the title opens what it is about, by POST
    list_filter = (("read_at", admin.EmptyFieldListFilter),)
    search_fields = ("title", "=about")
    search_help_text = "Referral number, or words of the title"
    fields = ("title", "text", "leads_to", "created_at", "read_at")
    readonly_fields = ("text", "leads_to")
    actions = ("mark_read", "mark_unread")
    list_before_template = "admin/notifications/inboxitem/above.html"
    change_list_template = "admin/notifications/inboxitem/change_list.html"

    def get_queryset(self, request: HttpRequest):
        return selectors.inbox_of(request.user)

    def get_ordering(self, request: HttpRequest):
        # Whatever is unread (no read_at) before what was read; each newest first.
        return (F("read_at").desc(nulls_first=True), "-created_at", "-pk")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("read-all/", view(self.read_all), name="notifications_inboxitem_read_all"),
            path("<int:pk>/open/", view(self.open), name="notifications_inboxitem_open"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None):
        unread = selectors.unread_count(request.user, most=1)
        return super().changelist_view(request, {"title": "My inbox", "has_unread": unread, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: InboxItem | None = None) -> bool:
        return request.user.is_staff and (obj is None or obj.user_id == request.user.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None):
        if object_id.isdigit():
            inbox.mark_read(user=request.user, items=[int(object_id)], now=timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)

    @method_decorator(require_POST)
    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it read and go to what it is about; to the message itself when it is about nothing single (a digest must
        be read), or that has no page here."""
        item = self.get_queryset(request).filter(pk=pk).first()
        if item is None:
            raise Http404
        inbox.mark_read(user=request.user, items=[pk], now=timezone.now())
        itself = reverse("admin:notifications_inboxitem_change", args=(pk,))
        return HttpResponseRedirect((_page_here(item.link) if item.about else "") or itself)

    @method_decorator(require_POST)
    def read_all(self, request: HttpRequest) -> HttpResponse:
        count = inbox.mark_read(user=request.user, now=timezone.now())
        messages.success(request, f"{count} marked as read." if count else "Everything was read already.")
        return HttpResponseRedirect(reverse(LIST))

    @admin.display(description="message")
    def message(self, item: InboxItem) -> str:
        return format_html(
            '<span class="rl-inboxitem{}"><button type="submit" class="rl-inboxtitle" formaction="{}">{}</button>'
            '<span class="rl-muted">{}</span></span>',
            "" if item.read_at else " rl-unread",
            reverse("admin:notifications_inboxitem_open", args=(item.pk,)),
            item.title,
            _beginning(item.body, without=item.title),
        )

    @admin.display(description="message")
    def text(self, item: InboxItem) -> str:
        return mark_safe(linebreaks(item.body, autoescape=True))  # escaped by linebreaks itself

    @admin.display(description="leads to")
    def leads_to(self, item: InboxItem) -> str:
        page = _page_here(item.link)
        words = f"Open {item.about}" if item.about else "Open the list"
        return format_html('<a class="rl-link" href="{}">{}</a>', page, words) if page else item.link or "–"

    @admin.display(description="state", ordering="read_at")
    def is_unread(self, item: InboxItem) -> str:
        return format_html(
            '<span class="rl-badge rl-{}">{}</span>', *(("grey", "Read") if item.read_at else ("blue", "New"))
        )

    @admin.display(description="came", ordering="created_at")
    def came(self, item: InboxItem):
        return item.created_at

    @admin.action(description="Mark as read", permissions=["view"])
    def mark_read(self, request: HttpRequest, queryset) -> None:
        count = inbox.mark_read(user=request.user, items=queryset.values_list("pk", flat=True), now=timezone.now())
        messages.success(request, f"{count} marked as read.")

    @admin.action(description="Mark as unread", permissions=["view"])
    def mark_unread(self, request: HttpRequest, queryset) -> None:
        count = inbox.mark_unread(user=request.user, items=queryset.values_list("pk", flat=True))
        messages.success(request, f"{count} marked as unread.")


def _page_here(link: str) -> str:
    """The path of a link that leads into this installation, else empty: nobody is sent elsewhere by a message."""
    asked, ours = urlsplit(link), urlsplit(settings.REFLOOP_BASE_URL)
    if (asked.scheme, asked.netloc) not in (("", ""), (ours.scheme, ours.netloc)) or not asked.path.startswith("/"):
        return ""
    if asked.path.startswith("//"):
        return ""
    return f"{asked.path}?{asked.query}" if asked.query else asked.path


def _beginning(body: str, *, without: str) -> str:
    """The first words of the text, on one line, without repeating the title."""
    words = " ".join(body.split()).removeprefix(without).strip(" .:-")
    return words if len(words) <= SHOWN_OF_BODY else f"{words[:SHOWN_OF_BODY].rsplit(' ', 1)[0]} …"
