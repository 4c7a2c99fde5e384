"""CMS50 of a year: the rate, each clinician, and who is still winnable by December 31."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.admin.downloads import FORMS, table_file, too_long
from reporting.cms50.records import BY_CLINICIAN, BY_PATIENT, Clinician, Result, measure
from reporting.cms50.table import HEAD, as_line
from reporting.dashboard.asking import read
from reporting.dashboard.views import PERMISSION, tabs
from reporting.templatetags.figures import percent

PER_PAGE = 100
FIRST_YEAR = 2000
SHOWN = ("winnable", "not met", "met", "visit presumed", "all")
NOBODY = "none"
CLINICIANS = ("Clinician", "Received", "Of", "Rate")


@dataclass(frozen=True)
class Asked:
    """``clinician`` is an id, NOBODY for referrals without one, or empty for all of them."""

    year: int
    counted_by: str
    shown: str
    clinician: str

    def query(self, **other: str) -> str:
        """The address's part after the question mark: the same, with ``other`` in it."""
        words = {"year": str(self.year), "count": self.counted_by, "show": self.shown, "clinician": self.clinician}
        return urlencode({key: value for key, value in (words | other).items() if value})


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    asked, this_year = _asked(request, now, shown="winnable"), timezone.localdate(now).year
    result = measure(year=asked.year, counted_by=asked.counted_by)
    winnable, clinicians = len(result.winnable(now)), result.by_clinician()
    listed = Paginator(_shown(result, asked, now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "Reports",
        "tabs": tabs(read(request, now=now), "reports-cms50"),
        "asked": asked,
        "years": sorted({*range(this_year - 3, this_year + 1), asked.year}, reverse=True),
        "counts": [
            _opening(asked, show, count)
            for show, count in (
                ("met", result.numerator),
                ("all", result.denominator),
                ("not met", result.denominator - result.numerator),
                ("visit presumed", result.presumed),
                ("winnable", winnable),
            )
        ],
        "on_record": result.denominator - result.presumed,
        "best": _rate(result.numerator + winnable, result.denominator),
        "rate": _rate(result.numerator, result.denominator),
        "clinicians": [_clinician(asked, one) for one in clinicians],
        "head": CLINICIANS,
        "only": next((_name(one) for one in clinicians if _word(one) == asked.clinician), ""),
        "shows": [(one, asked.query(show=one)) for one in SHOWN],
        "everybody": asked.query(clinician=""),
        "rows": [
            (reverse("admin:referrals_referral_change", args=(row.referral_id,)), row) for row in result.read(listed)
        ],
        "page": listed,
        "patients_listed": len(listed),
        "is_over": this_year > asked.year,
        "query": asked.query(),
    }
    return TemplateResponse(request, "reporting/cms50.html", context)


@never_cache
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All rows shown, with their evidence."""
    now = timezone.now()
    asked = _asked(request, now, shown="all")
    if kind not in FORMS:
        raise Http404
    result = measure(year=asked.year, counted_by=asked.counted_by)
    ids = _shown(result, asked, now)
    back = f"{reverse('reports-cms50')}?{asked.query()}"
    if refused := too_long(request, ids, form=kind, back=back, of="patients"):
        return refused
    name = f"refloop-cms50-{asked.year}-by-{asked.counted_by}-{asked.shown.replace(' ', '-')}"
    return table_file(HEAD, (as_line(row) for row in result.read(ids)), name=name, form=kind)


@never_cache
@require_safe
def clinicians_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Received and of how many for each clinician, as numbers."""
    asked = _asked(request, timezone.now(), shown="all")
    if kind not in FORMS:
        raise Http404
    found = measure(year=asked.year, counted_by=asked.counted_by).by_clinician()
    lines = ((_name(one), one.met, one.of) for one in found)
    name = f"refloop-cms50-{asked.year}-clinicians-by-{asked.counted_by}"
    return table_file(CLINICIANS[:3], lines, name=name, form=kind)


def _asked(request: HttpRequest, now: datetime, *, shown: str) -> Asked:
    """``shown`` unless something else is asked for."""
    if not request.user.has_perms((PERMISSION, "referrals.view_referral", "referrals.view_patient")):
        raise PermissionDenied
    this_year, query = timezone.localdate(now).year, request.GET
    text, who = query.get("year", ""), query.get("clinician", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return Asked(
        year=min(max(year, FIRST_YEAR), this_year + 1),
        counted_by=BY_CLINICIAN if query.get("count") == BY_CLINICIAN else BY_PATIENT,
        shown=query["show"] if query.get("show") in SHOWN else shown,
        clinician=who if who == NOBODY or who.isascii() and who.isdigit() and len(who) < 19 else "",
    )


def _shown(result: Result, asked: Asked, now: datetime) -> np.ndarray:
    """The ids to list."""
    if asked.clinician:
        result = result.of_clinician(None if asked.clinician == NOBODY else int(asked.clinician))
    match asked.shown:
        case "winnable":
            return result.winnable(now)
        case "met":
            return result.ids[result.met]
        case "not met":
            return result.ids[~result.met]
        case "visit presumed":
            return result.ids[result.is_presumed]
    return result.ids


def _opening(asked: Asked, show: str, count: int, clinician: str = "") -> dict[str, Any]:
    return {"count": count, "query": asked.query(show=show, clinician=clinician) if count else ""}


def _clinician(asked: Asked, one: Clinician) -> dict[str, Any]:
    counts = (_opening(asked, show, count, _word(one)) for show, count in (("met", one.met), ("all", one.of)))
    return {"name": _name(one), "counts": list(counts), "rate": _rate(one.met, one.of)}


def _name(one: Clinician) -> str:
    return one.name or "No clinician named"


def _word(one: Clinician) -> str:
    return NOBODY if one.pk is None else str(one.pk)


def _rate(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)
