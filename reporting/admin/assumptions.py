"""What figures assume, for managers to change. The object history keeps who changed what."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from referrals.admin.keeping import Edited, Kept
from reporting.models import ChaseMinutes, ReportSettings, ServiceValue, Target


class OneRow(Kept):
    """A row for each thing there is, made by the migration: nobody adds or removes one."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(ReportSettings)
class ReportSettingsAdmin(OneRow):
    list_display = ("__str__", "leakage_window_days", "unavoidable_leakage_percent", "service_value")
    fields = ("leakage_window_days", "unavoidable_leakage_percent", "service_value")


@admin.register(ServiceValue)
class ServiceValueAdmin(Edited):
    list_display = ("specialty", "dollars")
    list_select_related = ("specialty",)
    autocomplete_fields = ("specialty",)
    search_fields = ("specialty__name",)


@admin.register(ChaseMinutes)
class ChaseMinutesAdmin(OneRow):
    list_display = ("action", "minutes")
    fields = ("action", "minutes")
    readonly_fields = ("action",)


@admin.register(Target)
class TargetAdmin(Edited):
    list_display = ("measure", "in_words")
    fields = ("measure", ("low", "high"))

    def get_readonly_fields(self, request: HttpRequest, obj: Target | None = None) -> tuple[str, ...]:
        return ("measure",) if obj else ()
