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
from referrals.admin.actions import escalating, many
from referrals.admin.actions.registry import STEPS
from referrals.errors import InvalidInput, ReferralError, StaleVersion
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import STAFF_PERMISSION
from referrals.lifecycle.states import Action
from referrals.models import Referral

MOST = 50  # a page of the worklist
RESULT = "worklist_result"  # in the session: what became of each, shown once


@dataclass(frozen=True)
class Together:
    """``perform(common, data)`` does it to one of them and returns many.Done."""

    form: Callable[..., forms.Form]
    perform: Callable[[dict[str, Any], dict[str, Any]], many.Done]
    done: str  # "{count} referrals snoozed."; may name a field, as in "handed over to {owner}"
    button: str


TOGETHER: dict[str, Together] = {
    Action.LOG_CONTACT: Together(many.LogContactMany, many.log_contact_one, "logged", "Log contact for"),
    Action.ASSIGN: Together(many.AssignMany, many.assign_one, "handed over to {owner}", "Change owner of"),
    Action.SNOOZE: Together(escalating.SnoozeMany, many.snooze_one, "snoozed", "Snooze"),
    Action.WAKE: Together(many.WakeMany, many.wake_one, "woken", "Wake"),
    Action.NUDGE: Together(escalating.NudgeMany, many.nudge_one, "nudged", "Nudge"),
}


class ListActions:
    """The actions of the worklist, mixed into the ModelAdmin. Each only opens the page that asks."""

    actions = tuple(f"{action}_selected" for action in TOGETHER)
    list_disable_select_all = True

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(STAFF_PERMISSION[Action.SNOOZE])

    @admin.action(description="Log contact", permissions=["work"])
    def log_contact_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        return _ask(self, request, Action.LOG_CONTACT, queryset)

    @admin.action(description="Change owner", permissions=["work"])
    def assign_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        return _ask(self, request, Action.ASSIGN, queryset)

    @admin.action(description="Snooze", permissions=["work"])
    def snooze_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        return _ask(self, request, Action.SNOOZE, queryset)

    @admin.action(description="Wake up", permissions=["work"])
    def wake_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        return _ask(self, request, Action.WAKE, queryset)

    @admin.action(description="Nudge", permissions=["work"])
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
    """POST: do it to every row sent, each in a transaction of its own, and say what became of each.

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
    result = []
    for row in rows:
        common = {"referral": row, "actor": actor, "now": now, "expected_version": seen[row.pk]}
        try:
            done = together.perform(common, data)
            result.append({"pk": row.pk, "state": "look" if done.look else "done", "words": done.look or done.words})
        except ReferralError as error:
            result.append({"pk": row.pk, "state": "refused", "words": _why(error)})
    if not rows:
        messages.error(request, "Choose at least one referral first.")
        return
    request.session[RESULT] = {"rows": result}
    refused = sum(line["state"] == "refused" for line in result)
    done_as = together.done.format_map(data)
    if done := len(rows) - refused:
        messages.success(request, f"{_counted(done)} {done_as}.")
    if refused:
        messages.error(request, f"{_counted(refused)} not {done_as}: the list below says why.")


def result_of(request: HttpRequest) -> dict[str, Any] | None:
    """What became of each of the last selection, once; None when there is nothing to tell (no query then)."""
    result = request.session.pop(RESULT, None)
    if not result:
        return None
    found = Referral.objects.select_related("patient").in_bulk([line["pk"] for line in result["rows"]])
    lines = [line | {"referral": found[line["pk"]]} for line in result["rows"] if line["pk"] in found]
    order = ("refused", "look", "done")
    return {
        "title": f"What became of the {_counted(len(lines))}",
        "lines": [
            line | {"href": wording.page_of(line["referral"])}
            for line in sorted(lines, key=lambda line: order.index(line["state"]))
        ],
        "needs_eyes": any(line["state"] != "done" for line in lines),
    }


def _counted(count: int) -> str:
    return f"{count} {'referral' if count == 1 else 'referrals'}"


def _why(error: ReferralError) -> str:
    if isinstance(error, StaleVersion):
        return "Somebody changed it meanwhile; look at it first."
    return error.plain


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is ours."""
    asked = request.POST.get("back", "")
    worklist = reverse("admin:referrals_referral_changelist")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith(worklist):
        return asked
    return f"{worklist}?queue=open"


def _page(model_admin, request: HttpRequest, action: Action, rows: list[Referral], form, *, back: str) -> HttpResponse:
    now = wording.now()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{action.label.removesuffix(' now')}: {_counted(len(rows))}",
        "opts": model_admin.opts,
        "action": action,
        "explains": STEPS[action].explains,
        "rows": [{"referral": row, "due": wording.due_for(row, now)} for row in rows],
        "form": form,
        "media": form.media,
        "button": f"{TOGETHER[action].button} {_counted(len(rows))}",
        "back": back,
    }
    return TemplateResponse(request, "admin/referrals/referral/together.html", context)
