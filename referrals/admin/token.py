"""Tokens of offices: issued with the text shown once, rotated with an overlap, revoked. Never edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from referrals import tokens
from referrals.admin.keeping import Kept
from referrals.errors import InvalidInput
from referrals.models import OfficeToken


class IssueForm(forms.ModelForm):
    class Meta:
        model = OfficeToken
        fields = ("office", "name", "expires_at", "manages_endpoints")

    def clean_expires_at(self):
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError("Choose a time in the future.")
        return expires_at


@admin.register(OfficeToken)
class OfficeTokenAdmin(Kept):
    empty_says = (
        "A token lets the computer of an office send and follow its referrals. Issue one for each office and use."
    )
    form = IssueForm
    list_display = (
        "name", "office", "starts_with", "state", "manages_endpoints", "expires_at", "last_used_on", "change_it",
    )  # fmt: skip
    list_select_related = ("office",)
    list_filter = (("office", AutocompleteSelectFilter),)
    search_fields = ("name__istartswith", "prefix__exact", "office__name__istartswith")
    search_help_text = "Name, office or the twelve characters after rlk_"
    autocomplete_fields = ("office",)
    list_display_links = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is never edited; rotating and revoking ask _may_manage."""
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        columns = super().get_list_display(request)
        return columns if _may_manage(request) else tuple(name for name in columns if name != "change_it")

    def get_fields(self, request: HttpRequest, obj: OfficeToken | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("office", "name", "expires_at", "manages_endpoints")
        return (
            "office", "name", "starts_with", "state", "manages_endpoints", "created_at", "expires_at", "last_used_on",
            "revoked_at",
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: OfficeToken | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    @admin.display(description="starts with")
    def starts_with(self, token: OfficeToken) -> str:
        return f"rlk_{token.prefix}…"

    @admin.display(description="state")
    def state(self, token: OfficeToken) -> str:
        if token.revoked_at:
            return "revoked"
        return "works" if token.is_live(timezone.now()) else "expired"

    @admin.display(description="")
    def change_it(self, token: OfficeToken) -> str:
        if not token.is_live(timezone.now()):
            return ""
        rotate, revoke = (reverse(f"admin:referrals_officetoken_{verb}", args=(token.pk,)) for verb in _VERBS)
        return format_html(
            '<a class="rl-link" href="{}">Rotate</a> · <a class="rl-link" href="{}">Revoke</a>', rotate, revoke
        )

    def save_model(self, request: HttpRequest, obj: OfficeToken, form: forms.ModelForm, change: bool) -> None:
        issued = tokens.issue(
            office=obj.office,
            name=obj.name,
            now=timezone.now(),
            expires_at=obj.expires_at,
            manages_endpoints=obj.manages_endpoints,
        )
        obj.__dict__.update({key: value for key, value in issued.token.__dict__.items() if key != "_state"})
        obj._state.adding = False
        obj.text = issued.text

    def response_add(self, request: HttpRequest, obj: OfficeToken, post_url_continue=None) -> HttpResponse:
        return self._show_once(request, obj, obj.text)

    def _show_once(self, request: HttpRequest, token: OfficeToken, text: str) -> HttpResponse:
        """The text is in this response only: not in the session, a message, a log or the address."""
        context = self._context(request, token, "Copy the token now") | {"token_text": text}
        response = TemplateResponse(request, "admin/referrals/officetoken/issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def _context(self, request: HttpRequest, token: OfficeToken, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "token": token}

    def get_urls(self):
        return [
            path(f"<int:pk>/{verb}/", self.admin_site.admin_view(view), name=f"referrals_officetoken_{verb}")
            for verb, view in zip(_VERBS, (self.rotate_view, self.revoke_view), strict=True)
        ] + super().get_urls()

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST makes the successor and shows it once; GET asks first."""
        token = _managed(request, pk)
        if request.method != "POST":
            return self._ask(request, token, "rotate", "Rotate token")
        try:
            issued = tokens.rotate(token=token, now=timezone.now())
        except InvalidInput as error:
            messages.error(request, error.fields[0][1])
            return redirect("admin:referrals_officetoken_changelist")
        return self._show_once(request, issued.token, issued.text)

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        token = _managed(request, pk)
        if request.method != "POST":
            return self._ask(request, token, "revoke", "Revoke token")
        tokens.revoke(token=token, now=timezone.now())
        messages.success(request, f"{token.name} of {token.office} is revoked.")
        return redirect("admin:referrals_officetoken_changelist")

    def _ask(self, request: HttpRequest, token: OfficeToken, verb: str, title: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        overlap = tokens.ROTATION_OVERLAP.days
        context = self._context(request, token, title) | {"verb": verb, "overlap": overlap}
        return TemplateResponse(request, "admin/referrals/officetoken/confirm.html", context)


_VERBS = ("rotate", "revoke")


def _may_manage(request: HttpRequest) -> bool:
    return request.user.has_perm("referrals.change_officetoken")


def _managed(request: HttpRequest, pk: int) -> OfficeToken:
    if not _may_manage(request):
        raise PermissionDenied
    return get_object_or_404(OfficeToken.objects.select_related("office"), pk=pk)
