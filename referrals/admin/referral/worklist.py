"""The worklist: one row per referral, in queues, never counting or loading the table."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, F, When
from django.http import HttpRequest
from django.utils.html import format_html

from referrals import searching
from referrals.admin import queues, wording
from referrals.admin.keeping import PlainList
from referrals.models import Referral

PARAMETER = "queue"


def queue_asked_for(request: HttpRequest) -> str:
    """The queue of the address; all referrals while searching, everything open by default."""
    if request.GET.get("q", "").strip():
        return queues.ALL
    key = request.GET.get(PARAMETER, "")
    return key if key in queues.QUEUES else queues.OPEN_QUEUE


class Worklist(PlainList):
    """The referrals of one queue. A search looks at all of them: whoever types a number wants that referral."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        self.now = wording.now()
        self.queue = queues.QUEUES[queue_asked_for(request)]
        super().__init__(request, *args, **kwargs)
        self.title = "Search in all referrals" if self.query else f"Worklist: {self.queue.label.lower()}"
        for referral in self.result_list:
            referral.shown_at = self.now  # the columns of a page speak of one instant

    def get_filters_params(self, params=None) -> dict:
        lookups = super().get_filters_params(params)
        lookups.pop(PARAMETER, None)
        return lookups

    def get_queryset(self, request: HttpRequest, exclude_parameters=None):
        rows = super().get_queryset(request, exclude_parameters)
        if self.queue.key == queues.ALL:
            return rows
        return rows & queues.rows_of(self.queue.key, user=request.user, now=self.now)

    def get_ordering(self, request: HttpRequest, queryset) -> list:
        """What is late longest on top, then what is due first (by the indexes referral_open_late and
        referral_stage_late); what has ended newest first (referral_captured).

        The short queues somebody works down put what sleeps last; sorting every open referral by that would read them
        all."""
        late_first = [F("overdue_since").asc(nulls_last=True), "next_escalation_at", "pk"]
        if self.queue.key in queues.SHORT:
            return [Case(When(snoozed_until__gt=self.now, then=1), default=0), *late_first]
        if self.queue.key == queues.SNOOZED:
            return ["snoozed_until", "pk"]
        return late_first if self.queue.by_urgency else ["-captured_at", "-pk"]


class Columns:
    """The columns of the worklist, mixed into the ModelAdmin. Each reads only what with_parties joined."""

    list_display = ("referral", "who", "route", "stands", "due", "next", "owned_by")
    sortable_by = ()

    @admin.display(description="referral")
    def referral(self, row: Referral) -> str:
        return format_html(
            '<div class="rl-cell"><span class="rl-number">{}</span> {}<br><span class="rl-muted">{}</span></div>',
            row.number, wording.priority_badge(row), row.specialty.name,
        )  # fmt: skip

    @admin.display(description="patient")
    def who(self, row: Referral) -> str:
        return format_html(
            '<div class="rl-cell">{}<br><span class="rl-muted">born {}</span></div>',
            row.patient, f"{row.patient.birth_date:%m/%d/%Y}",
        )  # fmt: skip

    @admin.display(description="from → to")
    def route(self, row: Referral) -> str:
        to = wording.specialist_of(row)
        arrow = format_html('<span class="rl-muted">→ {}</span>', to or "no specialist yet")
        return format_html('<div class="rl-cell">{}<br>{}</div>', row.referring_office.name, arrow)

    @admin.display(description="stage")
    def stands(self, row: Referral) -> str:
        age = wording.age_for(row, row.shown_at)
        since = f"{age} in stage" if age and age != "today" else ("since today" if age else wording.day(row.ended_at))
        return format_html(
            '<div class="rl-cell">{}<br><span class="rl-muted">{}</span></div>', wording.status_badge(row.status), since
        )

    @admin.display(description="due")
    def due(self, row: Referral) -> str:
        due = wording.due_for(row, row.shown_at)
        if due is None:
            return format_html('<span class="rl-muted">{}</span>', "ended")
        tone = "rl-late" if due["late"] else "rl-soon" if due["soon"] else ""
        return format_html('<span class="rl-due {}" title="{}">{}</span>', tone, due["at"], due["words"])

    @admin.display(description="next step")
    def next(self, row: Referral) -> str:
        step = wording.step_for(row, row.shown_at) or str(row.ending_reason or "Nothing: the loop is closed")
        if not row.is_asleep(row.shown_at):
            return step
        then = wording.step_for(row, row.shown_at, when_awake=True)
        return format_html(
            '<div class="rl-cell">{}<br><span class="rl-muted">snoozed by {}; then: {}</span></div>',
            step,
            row.snoozed_by,
            then,
        )

    @admin.display(description="owner")
    def owned_by(self, row: Referral) -> str:
        return row.owner.name


def searched(queryset, text: str):
    """What the search box finds, through the indexes of searching.search."""
    return searching.search(queryset, text)
