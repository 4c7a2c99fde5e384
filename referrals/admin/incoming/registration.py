"""The incoming document's ModelAdmin: it lists and shows; views of this package do the deciding."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path

from referrals.admin.incoming import decide, files, listing, new_referral, page, splitting, tabs, upload
from referrals.admin.keeping import Kept
from referrals.models import IncomingDocument

READS, CHANGES = ("GET", "HEAD"), ("POST",)


@admin.register(IncomingDocument)
class IncomingDocumentAdmin(listing.Columns, Kept):
    """Nothing is edited in place: ``has_change_permission`` is False for everybody, decisions do the changing."""

    list_display_links = ("document",)
    # Django shows the search box only when this is set; tabs.search does the searching.
    search_fields = ("filename",)
    search_help_text = "Family name as read, file name or referral number"
    list_before_template = "admin/referrals/incomingdocument/tabs.html"
    list_fullwidth = True
    warn_unsaved_form = False

    def get_queryset(self, request: HttpRequest):
        return listing.with_origin(super().get_queryset(request))

    def get_search_results(self, request, queryset, search_term):
        return tabs.search(queryset, search_term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any):
        return listing.Documents

    def has_change_permission(self, request: HttpRequest, obj: IncomingDocument | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: IncomingDocument | None = None) -> bool:
        return request.user.has_perm("referrals.view_incomingdocument")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        current = listing.tab_asked_for(request)
        context = {
            "document_tabs": tabs.links(current),
            "tab": tabs.TABS[current],
            "searching": bool(request.GET.get("q")),
            "after": page.decision_of(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        return upload.upload_view(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in READS:
            return HttpResponseNotAllowed(READS)
        if not object_id.isdigit():
            raise Http404
        return page.review_page(self, request, decide.document_or_404(int(object_id)))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """The decisions on the document's page are its history."""
        return redirect("admin:referrals_incomingdocument_change", object_id)

    def get_urls(self):
        def guarded(view, methods: tuple[str, ...]):
            def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
                if not self.has_view_permission(request):
                    raise PermissionDenied
                if request.method not in methods:
                    return HttpResponseNotAllowed(methods)
                return view(self, request, **kwargs)

            return self.admin_site.admin_view(run)

        def at(address: str, view, name: str, methods: tuple[str, ...] = READS):
            return path(address, guarded(view, methods), name=f"referrals_incomingdocument_{name}")

        return [
            at("uploaded/<str:token>/", upload.uploaded_view, "uploaded"),
            at("uploaded/<str:token>/states/", upload.states_view, "states"),
            at("undo/<int:decision>/", decide.undo_view, "undo", READS + CHANGES),
            at("<int:pk>/page/<int:number>/", files.page_view, "page"),
            at("<int:pk>/file/", files.download_view, "file"),
            at("<int:pk>/attach/<int:referral>/", decide.attach_view, "attach", CHANGES),
            at("<int:pk>/aside/", decide.aside_view, "aside", CHANGES),
            at("<int:pk>/again/", decide.again_view, "again", CHANGES),
            at("<int:pk>/split/", splitting.split_view, "split", READS + CHANGES),
            at("<int:pk>/new-referral/", new_referral.capture_view, "capture", READS + CHANGES),
            *super().get_urls(),
        ]
