"""The pages of closed months: which are closed, what one says, what moved since; closing and reopening by hand."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from referrals.admin import wording
from referrals.admin.downloads import FORMS, table_file, too_long
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from reporting.dashboard.asking import read
from reporting.dashboard.views import PERMISSION, may_see_patients, tabs
from reporting.measures.buckets import Bucket
from reporting.measures.period import Period
from reporting.models import PeriodClose
from reporting.periods import closing, frozen, moved
from reporting.periods.due import due

MAY_CLOSE = "reporting.close_period"
MOST = 60  # closings listed: five years


@never_cache
@require_safe
def month_list(request: HttpRequest) -> HttpResponse:
    _may_read(request)
    now = timezone.now()
    closed = list(PeriodClose.objects.all()[:MOST])
    standing = {one.first for one in closed if one.stands}
    recent, candidates = Period.last_month(now), []
    while len(candidates) < 6:
        if recent.first not in standing:
            candidates.append(recent)
        recent = recent.previous
        if recent.first.year < now.year - 1:
            break
    context = {
        "rows": [_row(one) for one in closed],
        "candidates": candidates,
        "due": [str(period) for period in due(now)],
        "may_close": request.user.has_perm(MAY_CLOSE),
    }
    return _page(request, "reporting/months.html", now, context)


@never_cache
@require_safe
def month(request: HttpRequest, key: str) -> HttpResponse:
    _may_read(request)
    now = timezone.now()
    closed = _closed(key, request.GET.get("number"))
    since = moved.since(closed, now=now) if closed.stands else None
    names = dict(Bucket.choices)
    context = {
        "closed": closed,
        "since": since,
        "may_see_patients": may_see_patients(request),
        "patients_listed": len(since.referrals) if since and may_see_patients(request) else 0,
        "moved": [
            {
                "href": wording.page_of(referral),
                "number": referral.number,
                "patient": str(referral.patient),
                "then": names[row.bucket],
                "now": names.get(bucket, "Not in the cohort any more"),
            }
            for row, referral, bucket in (since.referrals if since else ())
        ],
        "more": since.count - len(since.referrals) if since else 0,
        "others": PeriodClose.objects.filter(first=closed.first).exclude(pk=closed.pk),
        "may_close": request.user.has_perm(MAY_CLOSE),
        "live": f"{reverse('reports')}?period=days&from={closed.period.first}&to={closed.period.last}",
    }
    return _page(request, "reporting/month.html", now, context)


@require_POST
def close_month(request: HttpRequest) -> HttpResponse:
    _may_close(request)
    try:
        period = Period.read(request.POST.get("month", ""), request.POST.get("month", ""))
        closed = closing.close(period=period, by=Actor.staff(request.user).label, now=timezone.now())
    except InvalidInput as refused:
        messages.error(request, " ".join(says for _, says in refused.fields))
        return HttpResponseRedirect(reverse("reports-months"))
    messages.success(request, f"{closed.period} is closed; the managers are told.")
    return HttpResponseRedirect(reverse("reports-month", args=(closed.key,)))


@require_POST
def reopen_month(request: HttpRequest, key: str) -> HttpResponse:
    _may_close(request)
    closed = _closed(key)
    try:
        closing.reopen(
            closed=closed,
            because=request.POST.get("because", ""),
            by=Actor.staff(request.user).label,
            now=timezone.now(),
        )
    except InvalidInput as refused:
        messages.error(request, " ".join(says for _, says in refused.fields))
        return HttpResponseRedirect(reverse("reports-month", args=(key,)))
    messages.success(request, f"{closed.period} is open again; its closed figures are kept.")
    return HttpResponseRedirect(reverse("reports-months"))


@never_cache
@require_safe
def month_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The frozen PDF or CSV."""
    _may_read(request)
    closed = _closed(key, request.GET.get("number"))
    if kind not in ("pdf", "csv"):
        raise Http404
    content_type = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}[kind]
    response = FileResponse(getattr(closed, kind).open("rb"), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="refloop-{closed.key}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_safe
def month_export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The frozen row of each referral: what the closed figures were counted from."""
    _may_read(request)
    if not may_see_patients(request):
        raise PermissionDenied
    closed = _closed(key, request.GET.get("number"))
    if kind not in FORMS:
        raise Http404
    back = f"{reverse('reports-month', args=(closed.key,))}?number={closed.number}"
    if refused := too_long(request, closed.rows.all(), form=kind, back=back, of="referrals"):
        return refused
    name = f"refloop-referrals-{closed.key}-closing-{closed.number}"
    return table_file(frozen.HEAD, frozen.lines(closed), name=name, form=kind)


def _closed(key: str, number: str | None = None) -> PeriodClose:
    """The latest closing of that month, or the one of that number."""
    try:
        period = Period.read(key, key)
    except InvalidInput:
        raise Http404 from None
    found = PeriodClose.objects.filter(first=period.first)
    if number is not None:
        found = (
            found.filter(number=int(number))
            if number.isascii() and number.isdigit() and len(number) < 5
            else found.none()
        )
    closed = found.order_by("-number").first()
    if closed is None or not period.is_month:
        raise Http404("This month is not closed.")
    return closed


def _row(one: PeriodClose) -> dict[str, Any]:
    total = one.figures["total"]
    return {
        "closed": one,
        "href": f"{reverse('reports-month', args=(one.key,))}{'' if one.stands else f'?number={one.number}'}",
        "cohort": total["counts"]["cohort"],
        "shares": [total["measures"][key]["value"] for key in ("closed", "leaked")],
    }


def _may_read(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _may_close(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_CLOSE):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, now: datetime, content: dict[str, Any]) -> HttpResponse:
    asked = read(request, now=now)
    context = {**admin.site.each_context(request), "title": "Reports", "tabs": tabs(asked, "reports-months"), **content}
    return TemplateResponse(request, template, context)
