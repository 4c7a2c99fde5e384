"""One thing done to many selected referrals: a page that asks once, then the service for each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from referrals import selectors
from referrals.admin import wording
from referrals.admin.actions import escalating
from referrals.admin.actions.registry import STEPS
from referrals.errors import IllegalMove, InvalidInput, ReferralError, StaleVersion
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import STAFF_PERMISSION
from referrals.lifecycle.states import Action
from referrals.models import Referral

MOST = 50  # a page of the worklist


@dataclass(frozen=True)
class Together:
    """``perform(common, data)`` does it to one of them and returns a remark when somebody must look, else nothing."""

    form: Callable[..., forms.Form]
    perform: Callable[[dict[str, Any], dict[str, Any]], str]
    done: str  # "{count} referrals snoozed."


TOGETHER: dict[str, Together] = {
    Action.SNOOZE: Together(escalating.SnoozeMany, escalating.snooze_one, "snoozed"),
    Action.NUDGE: Together(escalating.NudgeMany, escalating.nudge_one, "nudged"),
}


class ListActions:
    """The actions above the worklist, mixed into the ModelAdmin. Each only opens the page that asks."""

    actions = ("snooze_selected", "nudge_selected")
    list_disable_select_all = True

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(STAFF_PERMISSION[Action.SNOOZE])

    @admin.action(description="Snooze", permissions=["work"])
    def snooze_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        return _ask(self, request, Action.SNOOZE, queryset)

    @admin.action(description="Nudge now", permissions=["work"])
    def nudge_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        return _ask(self, request, Action.NUDGE, queryset)


def _ask(model_admin, request: HttpRequest, action: Action, queryset) -> HttpResponse | None:
    rows = list(queryset[: MOST + 1])
    if len(rows) > MOST:
        messages.error(request, f"Choose at most {MOST} referrals at a time.")
        return None
    form = TOGETHER[action].form(now=wording.now())
    return _page(model_admin, request, action, rows, form, back=request.get_full_path())


def together_view(model_admin, request: HttpRequest, *, action: str) -> HttpResponse:
    """POST: do it to every row sent, each in a transaction of its own, and say which could not and why.

    A row comes with the version it was shown in, so what changed meanwhile, or a second click, is left alone."""
    if action not in TOGETHER:
        raise Http404
    if not request.user.has_perm(STAFF_PERMISSION[action]):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    action, now = Action(action), wording.now()
    seen = _seen(request)
    rows = list(selectors.with_parties(Referral.objects.filter(pk__in=seen)).order_by("next_escalation_at", "pk"))
    form = TOGETHER[action].form(request.POST, now=now)
    back = _back(request)
    if form.is_valid():
        try:
            _do_all(request, action, rows, seen, form, now)
            return redirect(back)
        except InvalidInput as error:  # of the form as such: the same for every row
            for path, message in error.fields:
                form.add_error(path if path in form.fields else None, message)
    return _page(model_admin, request, action, rows, form, back=back)


def _seen(request: HttpRequest) -> dict[int, int]:
    """pk -> version of the rows sent, ``12.4`` each; what is not of this form is dropped."""
    found = {}
    for text in request.POST.getlist("row")[:MOST]:
        pk, _, version = text.partition(".")
        if pk.isdecimal() and version.isdecimal() and len(text) < 20:
            found[int(pk)] = int(version)
    return found


def _do_all(request: HttpRequest, action: Action, rows: list[Referral], seen: dict[int, int], form, now) -> None:
    together, actor = TOGETHER[action], Actor.staff(request.user)
    data = form.settled()
    refused, remarks, done = [], [], 0
    for row in rows:
        common = {"referral": row, "actor": actor, "now": now, "expected_version": seen[row.pk]}
        try:
            if remark := together.perform(common, data):
                remarks.append(f"{row.number}: {remark}")
            done += 1
        except ReferralError as error:
            refused.append(f"{row.number}: {_why(error)}")
    if done:
        messages.success(request, f"{done} {'referral' if done == 1 else 'referrals'} {together.done}.")
    if remarks:
        messages.warning(request, " ".join(remarks))
    if refused:
        messages.error(request, f"{len(refused)} not {together.done}. {' '.join(refused)}")
    if not rows:
        messages.error(request, "Choose at least one referral first.")


def _why(error: ReferralError) -> str:
    if isinstance(error, StaleVersion):
        return "somebody changed it meanwhile; look at it first."
    if isinstance(error, InvalidInput):
        return " ".join(message for _, message in error.fields)
    return error.because if isinstance(error, IllegalMove) else str(error)


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is ours."""
    asked = request.POST.get("back", "")
    worklist = reverse("admin:referrals_referral_changelist")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith(worklist):
        return asked
    return worklist


def _page(model_admin, request: HttpRequest, action: Action, rows: list[Referral], form, *, back: str) -> HttpResponse:
    now = wording.now()
    count = f"{len(rows)} {'referral' if len(rows) == 1 else 'referrals'}"
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{action.label}: {count}",
        "opts": model_admin.opts,
        "action": action,
        "explains": STEPS[action].explains,
        "rows": [{"referral": row, "due": wording.due_for(row, now)} for row in rows],
        "form": form,
        "media": form.media,
        "button": f"{action.label.removesuffix(' now')} {count}",
        "back": back,
    }
    return TemplateResponse(request, "admin/referrals/referral/together.html", context)
