"""CMS50 of a year: the rate, each clinician, and who is still winnable by December 31."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.admin.downloads import FORMS, table_file
from reporting.cms50.records import BY_CLINICIAN, BY_PATIENT, Result, measure
from reporting.cms50.table import HEAD, as_line
from reporting.dashboard.asking import read
from reporting.dashboard.views import PERMISSION, tabs
from reporting.templatetags.figures import percent

PER_PAGE = 100
FIRST_YEAR = 2000
SHOWN = ("winnable", "not met", "met", "all")


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    year, counted_by, result = _asked(request, now)
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else "winnable"
    winnable, rows = len(result.winnable(now)), _shown(result, shown, now)
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "Reports",
        "tabs": tabs(read(request, now=now), "reports-cms50"),
        "year": year,
        "years": range(timezone.localdate(now).year, timezone.localdate(now).year - 4, -1),
        "counted_by": counted_by,
        "result": result,
        "missing": result.denominator - result.numerator,
        "winnable": winnable,
        "on_record": result.denominator - result.presumed,
        "best": _rate(result.numerator + winnable, result.denominator),
        "rate": _rate(result.numerator, result.denominator),
        "clinicians": [
            {"name": name or "No clinician named", "met": met, "of": of, "rate": _rate(met, of)}
            for name, met, of in result.by_clinician()
        ],
        "shown": shown,
        "shows": SHOWN,
        "rows": [(reverse("admin:referrals_referral_change", args=(row.referral_id,)), row) for row in listed],
        "page": listed,
        "patients_listed": len(listed),
        "is_over": timezone.localdate(now).year > year,
        "query": f"year={year}&count={counted_by}",
    }
    return TemplateResponse(request, "reporting/cms50.html", context)


@never_cache
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All rows shown, with their evidence."""
    now = timezone.now()
    year, counted_by, result = _asked(request, now)
    if kind not in FORMS:
        raise Http404
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else "all"
    lines = (as_line(row) for row in _shown(result, shown, now))
    name = f"refloop-cms50-{year}-by-{counted_by}-{shown.replace(' ', '-')}"
    return table_file(HEAD, lines, name=name, form=kind)


def _asked(request: HttpRequest, now: datetime) -> tuple[int, str, Result]:
    if not request.user.has_perms((PERMISSION, "referrals.view_referral", "referrals.view_patient")):
        raise PermissionDenied
    this_year = timezone.localdate(now).year
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    year = min(max(year, FIRST_YEAR), this_year + 1)
    counted_by = BY_CLINICIAN if request.GET.get("count") == BY_CLINICIAN else BY_PATIENT
    return year, counted_by, measure(year=year, counted_by=counted_by)


def _shown(result: Result, shown: str, now: datetime) -> list[Any]:
    if shown == "winnable":
        return result.winnable(now)
    return [row for row in result.rows if shown == "all" or row.met == (shown == "met")]


def _rate(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)
