"""The list of incoming documents: one row each, in tabs, in a fixed number of queries."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest
from django.utils.html import format_html

from referrals.admin import wording
from referrals.admin.incoming import tabs, words
from referrals.admin.keeping import PlainList
from referrals.intake.notices import NOTICES
from referrals.models import Arrival, IncomingDocument, MatchDecision, Referral

TAB, AFTER = "tab", "after"  # parameters of the address: the tab, and the decision that was just made


def tab_asked_for(request: HttpRequest) -> str:
    """The tab of the address; everything while searching, what is in review by default."""
    if request.GET.get("q", "").strip():
        return tabs.ALL
    key = request.GET.get(TAB, "")
    return key if key in tabs.TABS else tabs.REVIEW


def with_origin(rows: QuerySet[IncomingDocument]) -> QuerySet[IncomingDocument]:
    """With what a row shows, and without what was read: a long text for every row would be much for nothing."""
    standing = MatchDecision.objects.filter(undone_at__isnull=True).select_related("referral")
    return (
        rows.defer("reading")
        .annotate(
            kind_read=KT("reading__kind__value"),
            format_read=KT("reading__format"),
            notice_read=KT("reading__notice__value"),
            is_of_several=ExpressionWrapper(Q(reading__patients__1__isnull=False), BooleanField()),
        )
        .prefetch_related(
            Prefetch("arrivals", Arrival.objects.order_by("at", "pk"), to_attr="origins"),
            Prefetch("decisions", standing, to_attr="standing"),
        )
    )


class Documents(PlainList):
    """The documents of one tab. A search looks at all of them."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        self.now = wording.now()
        self.tab = tabs.TABS[tab_asked_for(request)]
        super().__init__(request, *args, **kwargs)
        self.title = "Search in all documents" if self.query else f"Incoming documents: {self.tab.label.lower()}"
        rows = list(self.result_list)
        best = {row.suggestions[0]["referral"] for row in rows if row.suggestions}
        referrals = Referral.objects.select_related("patient").in_bulk(best) if best else {}
        for row in rows:
            row.shown_at = self.now
            row.best_referral = referrals.get(row.suggestions[0]["referral"]) if row.suggestions else None
        self.result_list = rows

    def get_filters_params(self, params=None) -> dict:
        lookups = super().get_filters_params(params)
        for name in (TAB, AFTER):
            lookups.pop(name, None)
        return lookups

    def get_queryset(self, request: HttpRequest, exclude_parameters=None):
        return tabs.rows_of(self.tab.key, super().get_queryset(request, exclude_parameters))

    def get_ordering(self, request: HttpRequest, queryset) -> list:
        return tabs.order_of(self.tab.key)


class Columns:
    """The columns of the list, mixed into the ModelAdmin. Each reads only what with_origin joined."""

    list_display = ("document", "received", "patient", "best", "why")
    sortable_by = ()

    @admin.display(description="document")
    def document(self, row: IncomingDocument) -> str:
        kind = words.kind_words(row.kind_read) if row.kind_read or row.format_read else row.get_state_display()
        if row.notice_read in NOTICES:
            kind = NOTICES[row.notice_read].says
        more = " · ".join(filter(None, (kind, row.format_read)))
        return format_html(
            '<div class="rl-cell"><span class="rl-filename">{}</span><br><span class="rl-muted">{}</span></div>',
            row.filename, more,
        )  # fmt: skip

    @admin.display(description="received")
    def received(self, row: IncomingDocument) -> str:
        origin = row.origins[0].received_from if row.origins else ""
        times = f" and {len(row.origins) - 1} more" if len(row.origins) > 1 else ""
        return format_html(
            '<div class="rl-cell"><span title="{}">{}</span><br><span class="rl-muted">{}{}</span></div>',
            wording.day_and_time(row.received_at), words.ago(row.received_at, row.shown_at), origin, times,
        )  # fmt: skip

    @admin.display(description="patient as read")
    def patient(self, row: IncomingDocument) -> str:
        if not row.patient_name:
            return format_html('<span class="rl-muted">{}</span>', "not read" if row.read_at else "–")
        return format_html(
            '<div class="rl-cell">{}<br><span class="rl-muted">{}</span></div>',
            row.patient_name, words.born_words(row.patient_born),
        )  # fmt: skip

    @admin.display(description="best suggestion")
    def best(self, row: IncomingDocument) -> str:
        if row.standing and row.standing[0].referral:
            return wording.referral_link(row.standing[0].referral)
        if row.best_referral is None or row.state != IncomingDocument.State.REVIEW:
            return format_html('<span class="rl-muted">{}</span>', "none" if row.read_at else "–")
        first = row.suggestions[0]
        against = [*first["against"], *(["several patients"] if row.is_of_several else [])]
        return format_html(
            '<div class="rl-cell"><span class="rl-number">{}</span> {}<br><span class="rl-muted">{}</span></div>',
            row.best_referral.number, words.fit_badge(first["points"], first["evidence"], against), row.best_referral.patient,
        )  # fmt: skip

    @admin.display(description="why it is here")
    def why(self, row: IncomingDocument) -> str:
        if row.standing:
            decision = row.standing[0]
            return format_html(
                '<div class="rl-cell">{}<br><span class="rl-muted">{}{}</span></div>',
                words.decision_words(decision),
                words.ago(decision.decided_at, row.shown_at),
                f" · {decision.reason}" if decision.reason else "",
            )
        if row.state == IncomingDocument.State.REVIEW:
            error = format_html('<br><span class="rl-muted">{}</span>', row.error) if row.error else ""
            return format_html('<div class="rl-cell">{}{}</div>', row.review_because or "A person has to look.", error)
        return row.get_state_display()
