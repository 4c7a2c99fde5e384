"""The pages of the billing lists and their CSV files."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from referrals.admin import wording
from referrals.admin.actions.step import DateInput, dress
from referrals.admin.billing.lists import LISTS, BillingList, Period, table
from referrals.admin.counting import CappedPaginator
from referrals.admin.downloads import table_file
from referrals.practice.calendar import practice_calendar

PER_PAGE = 50
MOST_EXPORTED = 10_000
USUAL = timedelta(days=31)  # the days of "ready to bill" without a choice


class PeriodForm(forms.Form):
    first = forms.DateField(label="Visits from", required=False, widget=DateInput)
    last = forms.DateField(label="to", required=False, widget=DateInput)

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        dress(self)

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", "The last day is before the first.")
        return data

    def period(self) -> Period:
        return Period(self.cleaned_data.get("first"), self.cleaned_data.get("last")) if self.is_valid() else Period()


@require_safe
def list_view(request: HttpRequest, key: str) -> HttpResponse:
    billing_list = _permitted(request, key)
    form = _form(request, billing_list)
    period = form.period()
    paginator = CappedPaginator(billing_list.rows(period), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    period_query = "&".join(f"{name}={form[name].value() or ''}" for name in ("first", "last"))
    context = {
        **admin.site.each_context(request),
        "title": billing_list.label,
        "billing": billing_list,
        "tabs": [one for one in LISTS.values() if request.user.has_perm(one.permission)],
        "form": form,
        "page": page,
        "count": paginator.count_in_words,
        "rows": table(billing_list, list(page)),
        "period_query": period_query,
        "export": f"{reverse('billing-export', args=(key,))}?{period_query}",
        "is_capped": paginator.is_capped,
    }
    return TemplateResponse(request, "admin/referrals/billing/list.html", context)


@require_safe
def export_view(request: HttpRequest, key: str) -> HttpResponse:
    """The first 10,000 rows of the period as CSV."""
    billing_list = _permitted(request, key)
    rows = billing_list.rows(_form(request, billing_list).period())[:MOST_EXPORTED]
    lines = (billing_list.cells(row) for row in rows.iterator(chunk_size=500))
    today = practice_calendar().local_date(wording.now())
    return table_file(billing_list.head, lines, name=f"{key}-{today.isoformat()}")


def _permitted(request: HttpRequest, key: str) -> BillingList:
    if key not in LISTS:
        raise Http404
    if not request.user.has_perm(LISTS[key].permission) or not request.user.has_perm("referrals.view_patient"):
        raise PermissionDenied
    return LISTS[key]


def _form(request: HttpRequest, billing_list: BillingList) -> PeriodForm:
    """The period asked for; what is ready to bill begins a month ago unless somebody says otherwise."""
    data = request.GET.copy()
    if billing_list.key == "ready" and "first" not in data:
        data["first"] = (practice_calendar().local_date(wording.now()) - USUAL).isoformat()
    return PeriodForm(data)
