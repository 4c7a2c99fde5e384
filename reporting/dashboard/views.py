"""The reports pages. Everything is read only; what a page is about stands in its address."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.admin import wording
from referrals.admin.counting import CappedPaginator
from referrals.spreadsheet import csv_lines, xlsx_file
from reporting.dashboard import behind, choices, figures_page, parts_page, people_page, rows, time_page
from reporting.dashboard.asking import CUSTOM, PERIODS, Asked, read
from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.breakdown import report
from reporting.measures.definitions import COHORT
from reporting.measures.outline import HEAD, lines

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
FORMATS = ("csv", "xlsx")


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    asked, now, assumptions = _asked(request)
    content = figures_page.content(asked, now=now, assumptions=assumptions)
    return _page(request, asked, "reports", "reporting/overview.html", now, content)


@never_cache
@require_safe
def time_to_close(request: HttpRequest) -> HttpResponse:
    asked, now, assumptions = _asked(request)
    content = time_page.content(asked, now=now, assumptions=assumptions)
    return _page(request, asked, "reports-time", "reporting/time.html", now, content)


@never_cache
@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    asked, now, assumptions = _asked(request, keeps=("by", "sort"))
    content = parts_page.content(asked, now=now, assumptions=assumptions, query=request.GET)
    return _page(request, asked, "reports-parts", "reporting/parts.html", now, content)


@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    asked, now, assumptions = _asked(request)
    content = people_page.content(asked, now=now, assumptions=assumptions)
    return _page(request, asked, "reports-people", "reporting/people.html", now, content)


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
    """A table of the reports as a file: ``figures`` (every breakdown), ``referrals`` (behind a figure), or a scorecard."""
    asked, now, assumptions = _asked(request, keeps=("figure",))
    if kind not in FORMATS:
        raise Http404
    name = f"{table}-{asked.cohort.period.key}"
    if table == "figures":
        return as_file(HEAD, lines(report(asked.cohort, now=now, assumptions=assumptions)), name, kind)
    if table == "referrals":
        _must_see_patients(request)
        _, found = _behind(request, asked, now, assumptions)
        return as_file(rows.HEAD, rows.lines(found), f"{request.GET.get('figure') or 'cohort'}-{name}", kind)
    for one in people_page.content(asked, now=now, assumptions=assumptions)["tables"]:
        if one["key"] == table:
            return as_file(one["head"], one["all"], name, kind)
    raise Http404


def _asked(request: HttpRequest, *, keeps: tuple[str, ...] = ()) -> tuple[Asked, datetime, Assumptions]:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    now = timezone.now()
    return read(request, now=now, keeps=keeps), now, current_assumptions()


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


def as_file(head: Sequence[str], lines: Iterable[Sequence[Any]], name: str, kind: str) -> HttpResponse:
    makers: dict[str, Callable[[], HttpResponse]] = {
        "csv": lambda: StreamingHttpResponse(csv_lines(head, lines), content_type="text/csv; charset=utf-8"),
        "xlsx": lambda: FileResponse(
            xlsx_file(head, lines, title="Report"),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    }
    response = makers[kind]()
    response["Content-Disposition"] = f'attachment; filename="refloop-{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
