"""The days the practice is closed, beside the federal holidays that count anyway."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from referrals.admin.keeping import ReadOnly
from referrals.admin.rules import Rules
from referrals.admin.wording import now
from referrals.models import Closure, DeadlineReview
from referrals.practice.calendar import calendar_with, federal_holidays, practice_calendar


@admin.register(Closure)
class ClosureAdmin(Rules):
    empty_says = "Federal holidays and weekends are known; add the other days your practice is closed, and no deadline counts them."
    list_display = ("name", "starts_on", "ends_on", "takes")
    list_after_template = "admin/referrals/closure/after_list.html"
    fields = ("name", ("starts_on", "ends_on"))
    search_fields = ("name",)

    def in_words(self, obj: Closure) -> str:
        return f"{obj}."

    @admin.display(description="takes away")
    def takes(self, closure: Closure) -> str:
        """How many business days are lost: weekends and holidays were none before."""
        otherwise = calendar_with(())
        lost = sum(map(otherwise.is_business_day, closure.days))
        return f"{lost} business day{'' if lost == 1 else 's'}" if lost else "nothing: weekend or holiday already"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        this_year = practice_calendar().local_date(now()).year
        years = [
            (year, [_holiday(*row) for row in federal_holidays(year).items()]) for year in (this_year, this_year + 1)
        ]
        return super().changelist_view(request, {"holidays": years} | (extra_context or {}))


def _holiday(day: date, name: str) -> dict[str, Any]:
    return {"day": f"{day:%a %b} {day.day}", "name": name, "is_weekend": day.weekday() >= 5}


@admin.register(DeadlineReview)
class DeadlineReviewAdmin(ReadOnly):
    list_display = ("asked_at", "because", "asked_by", "expected", "looked_at", "moved", "set_aside", "finished_at")
    list_select_related = ("asked_by",)
    ordering = ("-id",)
