"""Escalation policies staff edit, and the record of what they did."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import path
from django.utils.html import format_html_join
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesRadioFilter

from referrals.admin import policy_preview
from referrals.admin.keeping import LabelledColumns, ReadOnly
from referrals.admin.rules import Rules
from referrals.admin.wording import day_and_time, now
from referrals.lifecycle import retry
from referrals.lifecycle.deadlines import in_days
from referrals.lifecycle.policies import PolicyTable
from referrals.models import EscalationFiring, EscalationPolicy, EscalationRung, SweepFailure


class RungFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse the same step twice: it would tell the same people twice at the same instant."""
        super().clean()
        seen: dict[tuple, int] = {}
        for number, form in enumerate(self.forms, start=1):
            values = getattr(form, "cleaned_data", None)
            if not values or values.get("DELETE"):
                continue
            step = (values.get("after"), values.get("unit"), values.get("audience"))
            if step in seen:
                form.add_error("audience", f"The same as step {seen[step]}. Remove one of them.")
            seen.setdefault(step, number)


class RungInline(LabelledColumns, TabularInline):
    model = EscalationRung
    formset = RungFormSet
    verbose_name = "step"
    verbose_name_plural = "who is told, and after how long"
    hide_title = True
    fields = ("after", "unit", "audience", "repeat_every")
    extra = 0


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(Rules):
    empty_says = "Without policies the owner of a stalled referral is told every business day."
    list_display = ("__str__", "stage", "priority", "direction", "specialty", "ladder")
    list_filter = (("stage", ChoicesRadioFilter),)
    list_select_related = ("specialty",)
    list_before_template = "admin/referrals/escalationpolicy/before_list.html"
    change_form_after_template = "admin/referrals/escalationpolicy/preview.html"
    autocomplete_fields = ("specialty",)
    fields = ("stage", ("priority", "direction"), "specialty")
    inlines = (RungInline,)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("rungs")

    @admin.display(description="tells")
    def ladder(self, policy: EscalationPolicy) -> str:
        rungs = sorted(policy.rungs.all(), key=lambda rung: in_days(rung.after, rung.unit))
        lines = format_html_join("", '<span class="rl-line">{}</span>', ((str(rung),) for rung in rungs))
        return lines or "nobody: a policy without steps governs nothing"

    def in_words(self, obj: EscalationPolicy) -> str:
        rungs = EscalationRung.objects.filter(policy=obj).order_by("after", "pk")
        return f"{obj}: {'; '.join(map(str, rungs)) or 'no steps'}."

    def stages_of(self, obj: EscalationPolicy) -> set[str]:
        return {obj.stage}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for words in doubts(form.instance):
            messages.warning(request, words)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = policy_preview.for_page(self, request, object_id)
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None):
        policy = self.get_object(request, object_id)
        context = {"instead": instead_of(policy)} if policy else {}
        return super().delete_view(request, object_id, context | (extra_context or {}))

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("which/", view(policy_preview.which_view(self)), name="referrals_escalationpolicy_which"),
            path("preview/", view(policy_preview.preview_view(self)), name="referrals_escalationpolicy_preview"),
            *super().get_urls(),
        ]


def instead_of(policy: EscalationPolicy) -> str:
    """What governs the referrals of ``policy`` when it is not there or has no steps."""
    other = PolicyTable(policy.stage).without(policy)
    if other is None:
        return "no policy: the owner is told every business day until the referral moves"
    return f"“{other}”"


def doubts(policy: EscalationPolicy) -> list[str]:
    """What a saved policy leaves open, in words: nothing forbids it, and it may not be what was meant."""
    audiences = {rung.audience for rung in EscalationRung.objects.filter(policy=policy)}
    if not audiences:
        return [f"“{policy}” has no steps and governs nothing. Instead: {instead_of(policy)}."]
    if not audiences - {EscalationRung.Audience.REFERRING, EscalationRung.Audience.RECEIVING}:
        return [f"“{policy}” tells offices only: nobody of ours hears of it."]
    return []


@admin.register(EscalationFiring)
class EscalationFiringAdmin(ReadOnly):
    list_display = ("at", "referral", "audience", "due_at", "outcome")
    list_select_related = ("referral",)
    list_filter = (("audience", ChoicesRadioFilter), ("outcome", ChoicesRadioFilter))
    search_fields = ("referral__number__exact",)
    search_help_text = "Referral number, such as RL-7K3M-9QXF"
    ordering = ("-id",)


@admin.register(SweepFailure)
class SweepFailureAdmin(ReadOnly):
    empty_says = "Good: RefLoop could look after every referral. One it cannot handle would be here with the reason."
    list_display = ("referral", "error", "failures", "first_at", "last_at", "next_try")
    list_select_related = ("referral",)
    search_fields = ("referral__number__exact",)
    actions = ("try_now",)

    def get_queryset(self, request):
        return retry.still_aside()

    @admin.display(description="tried again")
    def next_try(self, failure: SweepFailure) -> str:
        return day_and_time(failure.referral.next_escalation_at)

    @admin.action(description="Try again now", permissions=["work"])
    def try_now(self, request: HttpRequest, queryset) -> None:
        count = retry.retry_now(failures=queryset, now=now())
        messages.success(request, f"{count} are looked at again by the next sweep, within a minute.")

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("referrals.work_referral")
