"""Escalation policies staff edit, and the record of what they did."""

from django.contrib import admin, messages
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesRadioFilter

from referrals.admin.keeping import Kept, ReadOnly
from referrals.lifecycle.policy_changes import recompute
from referrals.lifecycle.states import Stage
from referrals.models import EscalationFiring, EscalationPolicy, EscalationRung, SweepFailure


class RungInline(TabularInline):
    model = EscalationRung
    verbose_name = "step"
    verbose_name_plural = "who is told, and after how long"
    hide_title = True
    fields = ("after", "unit", "audience", "repeat_every")
    extra = 0


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(Kept):
    list_display = ("__str__", "stage", "priority", "direction", "specialty", "ladder")
    list_filter = (("stage", ChoicesRadioFilter),)
    list_select_related = ("specialty",)
    autocomplete_fields = ("specialty",)
    fields = ("stage", ("priority", "direction"), "specialty")
    inlines = (RungInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("rungs")

    @admin.display(description="tells")
    def ladder(self, policy: EscalationPolicy) -> str:
        return "; ".join(str(rung) for rung in policy.rungs.all()) or "nobody yet"

    def save_related(self, request, form, formsets, change):
        """After the rungs are saved: give the open referrals of the stage their new next look."""
        super().save_related(request, form, formsets, change)
        stages = {form.instance.stage}
        if "stage" in form.changed_data and form.initial.get("stage") in Stage.values:
            stages.add(form.initial["stage"])
        moved = sum(recompute(stage=stage) for stage in stages)
        if moved:
            messages.info(request, f"{moved} open referrals have a new deadline now.")


@admin.register(EscalationFiring)
class EscalationFiringAdmin(ReadOnly):
    list_display = ("at", "referral", "audience", "due_at", "outcome")
    list_select_related = ("referral",)
    list_filter = (("audience", ChoicesRadioFilter), ("outcome", ChoicesRadioFilter))
    search_fields = ("referral__number__exact",)
    search_help_text = "Referral number, such as RL-7K3M-9QXC"
    ordering = ("-id",)


@admin.register(SweepFailure)
class SweepFailureAdmin(ReadOnly):
    list_display = ("referral", "error", "failures", "first_at", "last_at")
    list_select_related = ("referral",)
    search_fields = ("referral__number__exact",)
