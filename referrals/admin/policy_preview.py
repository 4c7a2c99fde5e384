"""What a policy means in dates: on its own page, also before it is saved, and for any referral one can think of.

Nothing here writes. The preview of unsaved steps is a POST because it carries the form, not because it changes a thing."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse

from referrals.admin.actions.step import MomentInput, dress
from referrals.admin.wording import day_and_time, local, now
from referrals.lifecycle.deadlines import Rung, Unit
from referrals.lifecycle.forecast import Forecast, forecast
from referrals.lifecycle.policies import FALLBACK, Case, PolicyTable
from referrals.lifecycle.states import Stage
from referrals.models import EscalationPolicy, EscalationRung, Referral, Specialty
from referrals.models.policy import in_words
from referrals.practice.calendar import closed_days, practice_calendar

# When the clock of each stage starts, in words.
CLOCK_STARTS = {
    Stage.UNSCHEDULED: "captured",
    Stage.AWAITING_VISIT: "visit ends",
    Stage.NOTE_PENDING: "patient seen",
    Stage.UNRECONCILED: "note arrives",
    Stage.ON_HOLD: "hold ends",
    Stage.CANCELLING: "cancel requested",
}
FARTHEST = timedelta(days=366 * 5)  # from today; beyond it the table of holidays means little


class WhenForm(forms.Form):
    starts_at = forms.DateTimeField(label="Clock starts", widget=MomentInput)

    def clean_starts_at(self) -> datetime:
        starts_at = self.cleaned_data["starts_at"]
        if abs(starts_at - now()) > FARTHEST:
            raise forms.ValidationError("Choose a time within five years of today.")
        return starts_at


class CaseForm(WhenForm):
    stage = forms.ChoiceField(choices=Stage.choices)
    direction = forms.ChoiceField(choices=Referral.Direction.choices)
    priority = forms.ChoiceField(choices=Referral.Priority.choices)
    specialty = forms.ModelChoiceField(Specialty.objects.filter(active=True), empty_label=None)
    field_order = ("stage", "direction", "priority", "specialty", "starts_at")


def for_page(model_admin, request: HttpRequest, object_id: str | None) -> dict[str, Any]:
    """The preview of the saved rungs, for the policy's page as it opens."""
    policy = model_admin.get_object(request, object_id) if object_id else None
    may_edit = model_admin.has_change_permission(request) if object_id else model_admin.has_add_permission(request)
    return {
        "preview": _in_dates(PolicyTable(policy.stage).rungs_of(policy), now())
        if policy and _has_rungs(policy)
        else None,
        "preview_from": f"{local(now()):%Y-%m-%dT%H:%M}",
        "preview_is_live": may_edit,
        "policy": policy,
    }


def _has_rungs(policy: EscalationPolicy) -> bool:
    return bool(policy.rungs.all())


def preview_view(model_admin) -> Callable[[HttpRequest], HttpResponse]:
    """The fragment for the steps in a posted policy form, saved or not."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (model_admin.has_change_permission(request) or model_admin.has_add_permission(request)):
            raise PermissionDenied
        when, steps = WhenForm(request.POST), _posted_steps(model_admin, request)
        context: dict[str, Any] = {"stage_clock": CLOCK_STARTS.get(request.POST.get("stage", ""), "clock starts")}
        if not when.is_valid():
            context["problem"] = when.errors["starts_at"][0]
        elif steps is None:
            context["problem"] = "Complete the steps above to see their dates."
        elif steps:
            context["preview"] = _in_dates(steps, when.cleaned_data["starts_at"])
        return TemplateResponse(request, "admin/referrals/escalationpolicy/preview_dates.html", context)

    return view


def _posted_steps(model_admin, request: HttpRequest) -> tuple[Rung, ...] | None:
    """The rungs as they would be saved; None when they are not complete or not allowed."""
    inline = model_admin.get_inline_instances(request)[0]
    formset = forms.inlineformset_factory(
        EscalationPolicy, EscalationRung, formset=inline.formset, fields=inline.fields
    )(request.POST, instance=EscalationPolicy.objects.filter(pk=_number(request.POST.get("policy"))).first())
    if not formset.is_valid():
        return None
    kept = [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return tuple(
        Rung(key, d["after"], Unit(d["unit"]), d["audience"], d["repeat_every"])
        for key, d in enumerate((form.cleaned_data for form in kept), start=1)
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def which_view(model_admin) -> Callable[[HttpRequest], HttpResponse]:
    """A form for any case; answers which policy governs it, why, and what happens when."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        first = {"starts_at": local(now()), "priority": "routine", "direction": "outbound"}
        form = CaseForm(request.GET) if "stage" in request.GET else CaseForm(initial=first)
        dress(form)
        context = {
            **model_admin.admin_site.each_context(request),
            "title": "Which policy governs?",
            "opts": model_admin.opts,
            "form": form,
            "answer": _answer(form.cleaned_data) if form.is_bound and form.is_valid() else None,
        }
        return TemplateResponse(request, "admin/referrals/escalationpolicy/which.html", context)

    return view


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    case = Case(asked["stage"], asked["direction"], asked["priority"], asked["specialty"].pk)
    table = PolicyTable(case.stage)
    fitting = table.fitting(case)
    empty = EscalationPolicy.objects.filter(stage=case.stage, rungs__isnull=True).select_related("specialty")
    return {
        "policy": fitting[0] if fitting else None,
        "why": why(fitting[0]) if fitting else "No policy with steps fits, so the owner is told every business day.",
        "others": [{"policy": other, "names": names_of(other)} for other in fitting[1:]],
        "empty": list(empty),
        "stage_clock": CLOCK_STARTS[Stage(case.stage)],
        "preview": _in_dates(table.ladder(case) if fitting else FALLBACK, asked["starts_at"]),
    }


def names_of(policy: EscalationPolicy) -> str:
    """``specialty and priority``: what the policy names of a case beside its stage."""
    named = (("specialty", policy.specialty_id), ("priority", policy.priority), ("direction", policy.direction))
    return " and ".join(name for name, value in named if value) or "only the stage"


def why(policy: EscalationPolicy) -> str:
    if names_of(policy) == "only the stage":
        return "It is for everything in this stage, and no policy that says more fits."
    return f"It names the {names_of(policy)}: the most of all that fit."


def _in_dates(ladder: Sequence[Rung], starts_at: datetime) -> dict[str, Any]:
    calendar = practice_calendar()
    rows = forecast(ladder, clock_from=starts_at, calendar=calendar)
    first, last = calendar.local_date(starts_at), calendar.local_date(max(row.at for row in rows))
    off = [(day, why) for day, why in closed_days(first, last) if why != "weekend"]
    return {
        "starts": day_and_time(starts_at),
        "rows": [_row(row) for row in rows],
        "days_off": [f"{day:%a %b} {day.day} ({why})" for day, why in off],
        "has_hours": any(row.rung.unit is Unit.HOURS for row in rows),
    }


def _row(row: Forecast) -> dict[str, Any]:
    rung = row.rung
    return {
        "who": EscalationRung.Audience(rung.audience).label,
        "at": day_and_time(row.at),
        "after": in_words(rung.after, rung.unit),
        "again": [day_and_time(at) for at in row.times[1:]],
        "every": in_words(rung.repeat_every, rung.unit) if rung.repeat_every else "",
    }
