"""Coordinators, what they own, and who covers when they are away."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter

from referrals.admin import handing_over
from referrals.admin.keeping import Kept, LabelledColumns
from referrals.models import Absence, Coordinator
from referrals.practice.absence import uncovered_days
from referrals.practice.calendar import practice_calendar


class AbsenceInline(LabelledColumns, TabularInline):
    model = Absence
    fk_name = "coordinator"
    verbose_name_plural = "days away"
    hide_title = True
    fields = ("starts_on", "ends_on", "cover")
    autocomplete_fields = ("cover",)
    extra = 0
    per_page = 20

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cover", "coordinator")


@admin.register(Coordinator)
class CoordinatorAdmin(Kept):
    empty_says = "Whoever owns referrals: people with a sign-in, or a shared desk. Each new referral gets one of them."
    list_display = ("name", "user", "direction", "owns_specialties", "owns_offices", "away_today", "active")
    list_filter = (
        ("specialties", AutocompleteSelectFilter),
        ("offices", AutocompleteSelectFilter),
        ("active", BooleanRadioFilter),
    )
    search_fields = ("name", "user__username")
    autocomplete_fields = ("specialties", "offices")
    inlines = (AbsenceInline,)
    change_form_before_template = "admin/referrals/coordinator/before_form.html"
    fieldsets = (
        (None, {"fields": ("name", "user", ("active", "is_fallback"))}),
        (
            "Gets new referrals of",
            {
                "description": "Leave a line empty for any. Whoever matches most lines gets the referral.",
                "fields": ("direction", "specialties", "offices"),
            },
        ),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("user")
            .prefetch_related("specialties", "offices", "absences__cover")
        )

    def get_urls(self):
        def run(request: HttpRequest, **kwargs: Any):
            return handing_over.hand_over_view(self, request, **kwargs)

        view = self.admin_site.admin_view(run)
        return [path("<int:pk>/hand-over/", view, name="referrals_coordinator_hand_over"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {}
        if object_id and object_id.isdigit() and request.user.has_perm("referrals.view_referral"):
            href = reverse("admin:referrals_coordinator_hand_over", kwargs={"pk": int(object_id)})
            context = {
                "hand_over_count": handing_over.open_of(object_id).count(),
                "hand_over_href": href if handing_over.may_hand_over(request) else "",
            }
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whoever plans an absence hears at once on which days nobody stands in, their own or a colleague's."""
        super().save_related(request, form, formsets, change)
        today = practice_calendar().local_date(timezone.now())
        for name, days in uncovered_days(Absence.objects.filter(coordinator=form.instance), today=today).items():
            messages.warning(request, handing_over.uncovered_words(name, days))

    @admin.display(description="specialties")
    def owns_specialties(self, person: Coordinator) -> str:
        return ", ".join(specialty.name for specialty in person.specialties.all()) or "any"

    @admin.display(description="our offices")
    def owns_offices(self, person: Coordinator) -> str:
        return ", ".join(office.name for office in person.offices.all()) or "any"

    @admin.display(description="today")
    def away_today(self, person: Coordinator) -> str:
        today = practice_calendar().local_date(timezone.now())
        for absence in person.absences.all():
            if absence.starts_on <= today <= absence.ends_on:
                return f"away, {absence.cover} covers" if absence.cover else "away, nobody covers"
        return "here"
