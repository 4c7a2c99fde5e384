"""The reports pages. Everything is read only; what a page is about stands in its address."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.admin import wording
from referrals.admin.counting import CappedPaginator
from referrals.admin.downloads import FORMS, table_file, too_long
from reporting.dashboard import behind, choices, figures_page, overview_tables, parts_page, people_page, rows, time_page
from reporting.dashboard.asking import CUSTOM, PERIODS, Asked, read
from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.breakdown import report
from reporting.measures.chase import chase
from reporting.measures.definitions import COHORT
from reporting.measures.outline import HEAD, lines
from reporting.periods import pdf

PERMISSION = "reporting.view_reportsettings"
PER_PAGE = 50
TABS = (
    ("reports", "Overview"),
    ("reports-time", "Time"),
    ("reports-parts", "Breakdown"),
    ("reports-people", "Scorecards"),
    ("reports-months", "Closed months"),
    ("reports-cms50", "CMS50"),
)
WHOLE = ("reports-months", "reports-cms50")  # these are not about a period and filters


def _report(view: str, template: str, content: Callable[..., dict[str, Any]], *, keeps: tuple[str, ...] = ()):
    """A page of figures of the period and filters asked for; ``content`` gives what its template shows of them."""

    @never_cache
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        asked, now, assumptions = _asked(request, keeps=keeps)
        shown = content(asked, now=now, assumptions=assumptions)
        return _page(request, asked, view, template, now, shown)

    return page


overview = _report("reports", "reporting/overview.html", figures_page.content)
time_to_close = _report("reports-time", "reporting/time.html", time_page.content)
parts = _report("reports-parts", "reporting/parts.html", parts_page.content, keeps=("by", "sort"))
people = _report("reports-people", "reporting/people.html", people_page.content)


@never_cache
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """The referrals behind a figure."""
    asked, now, assumptions = _asked(request, keeps=("figure",))
    _must_see_patients(request)
    title, found = _behind(request, asked, now, assumptions)
    paginator = CappedPaginator(rows.newest_first(found), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    content = {
        "head": rows.HEAD,
        "page": page,
        "patients_listed": len(page),
        "rows": [{"href": wording.page_of(row), "cells": rows.cells(row)} for row in page],
        "count": paginator.count_in_words,
        "figure_name": title,
    }
    return _page(request, asked, "reports-referrals", "reporting/referrals.html", now, content)


@never_cache
@require_safe
def export(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A table of the reports as a file: ``figures`` (every breakdown), ``referrals`` (behind a figure), or a table of a
    page by its key."""
    asked, now, assumptions = _asked(request, keeps=("figure",))
    if kind not in FORMS:
        raise Http404
    if asked.problems:
        return _asked_wrongly(request)
    name = f"{table}-{asked.cohort.period.key}"
    if table == "figures":
        made = report(asked.cohort, now=now, assumptions=assumptions)
        return table_file(HEAD, lines(made), name=f"refloop-{name}", form=kind)
    if table == "referrals":
        _must_see_patients(request)
        _, found = _behind(request, asked, now, assumptions)
        back = f"{reverse('reports-referrals')}?{asked.query()}"
        if refused := too_long(request, found, form=kind, back=back, of="referrals"):
            return refused
        figure = request.GET.get("figure") or "cohort"
        return table_file(rows.HEAD, rows.lines(found), name=f"refloop-{figure}-{name}", form=kind)
    page = next((page for page in (overview_tables, time_page, people_page) if table in page.KEYS), None)
    if page is None:
        raise Http404
    (found,) = (one for one in page.tables(asked, now=now, assumptions=assumptions) if one.key == table)
    return table_file(found.file_head, found.lines(), name=f"refloop-{name}", form=kind)


@never_cache
@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """The whole report as a PDF, as it stands now. Sums only, no patient."""
    asked, now, assumptions = _asked(request)
    if asked.problems:
        return _asked_wrongly(request)
    made = report(asked.cohort, now=now, assumptions=assumptions)
    drawn = pdf.draw(made, chase(asked.cohort, assumptions=assumptions))
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="refloop-report-{asked.cohort.period.key}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _asked(request: HttpRequest, *, keeps: tuple[str, ...] = ()) -> tuple[Asked, datetime, Assumptions]:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    now = timezone.now()
    return read(request, now=now, keeps=keeps), now, current_assumptions()


def _asked_wrongly(request: HttpRequest) -> HttpResponse:
    """A file says nothing of what could not be read of its address, and would pass for what was asked for: the page says it."""
    return redirect(f"{reverse('reports')}?{request.GET.urlencode()}")


def may_see_patients(request: HttpRequest) -> bool:
    return request.user.has_perms(("referrals.view_referral", "referrals.view_patient"))


def _must_see_patients(request: HttpRequest) -> None:
    if not may_see_patients(request):
        raise PermissionDenied


def _behind(request: HttpRequest, asked: Asked, now: datetime, assumptions: Assumptions):
    word = request.GET.get("figure") or "cohort"
    try:
        return behind.referrals_behind(word, asked.cohort, now=now, assumptions=assumptions)
    except behind.UnknownFigure:
        raise Http404("There is no such figure.") from None


def _page(
    request: HttpRequest, asked: Asked, view: str, template: str, now: datetime, content: dict[str, Any]
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Reports",
        "asked": asked,
        "query": asked.query(),
        "periods": PERIODS,
        "custom": CUSTOM,
        "filters": choices.of(asked.cohort.filters),
        "tabs": tabs(asked, view),
        "view": view,
        "action": reverse(view),
        "now": now,
        "definition": COHORT,
        **content,
    }
    return TemplateResponse(request, template, context)


def tabs(asked: Asked, view: str) -> list[dict[str, Any]]:
    """The pages of the reports, each for the same period and filters; ``view`` is open."""
    return [
        {
            "label": label,
            "href": reverse(name) if name in WHOLE else f"{reverse(name)}?{asked.query()}",
            "current": name == view,
        }
        for name, label in TABS
    ]
