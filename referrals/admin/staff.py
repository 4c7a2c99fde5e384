"""Coordinators, what they own, and who covers when they are away."""

from django.contrib import admin
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter

from referrals.admin.keeping import Kept
from referrals.models import Absence, Coordinator
from referrals.practice.calendar import practice_calendar


class AbsenceInline(TabularInline):
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
    list_display = ("name", "user", "direction", "owns_specialties", "owns_offices", "away_today", "active")
    list_filter = (
        ("specialties", AutocompleteSelectFilter),
        ("offices", AutocompleteSelectFilter),
        ("active", BooleanRadioFilter),
    )
    search_fields = ("name", "user__username")
    autocomplete_fields = ("specialties", "offices")
    inlines = (AbsenceInline,)
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
