"""The referral's ModelAdmin: it reads, and hands every change to an action."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from referrals import saved_views, selectors
from referrals.admin import queues
from referrals.admin.keeping import Kept
from referrals.admin.referral import (
    act,
    capture,
    changes,
    download,
    export,
    packet,
    page,
    patients,
    refile,
    rows,
    saving_views,
    showing,
    together,
    told,
    undo,
    unretract,
    worklist,
)
from referrals.lifecycle.permissions import STAFF_PERMISSION
from referrals.lifecycle.states import Action
from referrals.models import Referral


@admin.register(Referral)
class ReferralAdmin(together.ListActions, Kept):
    """Nothing is edited in place: ``has_change_permission`` is False for everybody, actions do the changing."""

    list_display = ("number",)  # the template draws the rows (rows.rows_of)
    list_filter = (
        ("priority", ChoicesDropdownFilter),
        ("direction", ChoicesDropdownFilter),
        ("specialty", AutocompleteSelectFilter),
        ("owner", AutocompleteSelectFilter),
        ("referring_office", AutocompleteSelectFilter),
        ("receiving_office", AutocompleteSelectFilter),
        ("receiving_provider", AutocompleteSelectFilter),
        ("payer", AutocompleteSelectFilter),
    )
    # Django shows the search box only when this is set; searching.search does it.
    search_fields = ("number",)
    search_help_text = "Name, birth date, phone, MRN or referral number"
    list_fullwidth = True
    warn_unsaved_form = False

    def get_queryset(self, request: HttpRequest):
        return selectors.with_parties(super().get_queryset(request)).prefetch_related("contact_attempts")

    def get_search_results(self, request, queryset, search_term):
        return worklist.searched(queryset, search_term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any):
        return worklist.Worklist

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("referrals.capture_referral") and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Referral | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Referral | None = None) -> bool:
        return request.user.has_perm("referrals.view_referral")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not request.GET and request.method == "GET" and (start := saved_views.start_of(request.user)):
            return redirect(f"{request.path}?{start.query or 'queue=open'}")
        current, desk = worklist.queue_asked_for(request), worklist.desk_of(request)
        only_mine = worklist.only_mine(request)
        context = {
            "queue_tabs": queues.tabs(current=current, desk=desk, now=worklist.wording.now(), only_mine=only_mine),
            "queue": queues.QUEUES[current],
            "only_mine": only_mine,
            "has_desk": desk.person is not None,
            "may_work": request.user.has_perm(STAFF_PERMISSION[Action.LOG_CONTACT]),
            "may_export": request.user.has_perm(export.PERMISSION) and request.user.has_perm("referrals.view_patient"),
        }
        response = super().changelist_view(request, context | (extra_context or {}))
        if cl := getattr(response, "context_data", {}).get("cl"):
            response.context_data |= saving_views.shown(request, cl) | {
                "rows": rows.rows_of(cl.result_list, now=cl.now, may_work=context["may_work"]),
                "chips": cl.chips(),
                "pager": cl.pager(),
                "hand_over": cl.one_owner() if context["may_work"] else None,
                "together_result": together.result_of(request),
            }
        return response

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return capture.capture_view(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])  # actions change referrals, this page never does
        return page.referral_view(self, request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """The referral's own timeline is its history."""
        return redirect("admin:referrals_referral_change", object_id)

    def get_urls(self):
        def guarded(view):
            def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
                if not self.has_view_permission(request):
                    raise PermissionDenied
                return view(self, request, **kwargs)

            return self.admin_site.admin_view(run)

        return [
            path("patients/", guarded(patients.suggest_view), name="referrals_referral_patients"),
            path("<int:pk>/act/<slug:action>/", guarded(act.act_view), name="referrals_referral_act"),
            path("export/<slug:form>/", guarded(export.export_view), name="referrals_referral_export"),
            path("views/", guarded(saving_views.views_view), name="referrals_referral_views"),
            path("together/<slug:action>/", guarded(together.together_view), name="referrals_referral_together"),
            path("<int:pk>/changes/", guarded(changes.changes_view), name="referrals_referral_changes"),
            path("<int:pk>/undo/", guarded(undo.undo_view), name="referrals_referral_undo"),
            path("<int:pk>/resend/<str:what>/<int:key>/", guarded(told.resend_view), name="referrals_referral_resend"),
            path("<int:pk>/packet/", guarded(packet.packet_view), name="referrals_referral_packet"),
            path(
                "<int:pk>/documents/<int:document>/refile/",
                guarded(refile.refile_view),
                name="referrals_referral_refile",
            ),
            path(
                "<int:pk>/documents/<int:document>/unretract/",
                guarded(unretract.unretract_view),
                name="referrals_referral_unretract",
            ),
            path(
                "<int:pk>/files/<int:version>/pages/<int:number>/",
                guarded(showing.page_view),
                name="referrals_referral_page",
            ),
            path("<int:pk>/files/<int:version>/", guarded(download.download_view), name="referrals_referral_file"),
            *super().get_urls(),
        ]
