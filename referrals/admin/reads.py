"""The reading log for privacy officers: who opened whose record, by patient, person and period; and as a file."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesRadioFilter, RangeDateFilter

from referrals.admin.downloads import table_file
from referrals.admin.keeping import ReadOnly
from referrals.admin.wording import day_and_time, local, now, referral_link
from referrals.identifiers import clean_referral_number
from referrals.models import Office, RecordRead
from referrals.practice.calendar import practice_calendar
from referrals.reads.log import reads_of

MOST_EXPORTED = 100_000
SHOWN_ON_PATIENT = 10
HEAD = (
    "When",
    "Who",
    "From",
    "What",
    "Patient",
    "Born",
    "Referral",
    "Document",
    "Asked for",
    "Rows",
    "Network address",
)


class OfPatient(AutocompleteSelectFilter):
    """Also counts documents that were matched to the patient after they were read."""

    def queryset(self, request: HttpRequest, queryset):
        chosen = self.used_parameters.get(self.lookup_kwarg)
        value = chosen[0] if isinstance(chosen, list) else chosen
        if not value:
            return queryset
        return reads_of(int(value), queryset) if str(value).isdigit() else queryset.none()


class Period(RangeDateFilter):
    """Days of the practice, first and last included."""

    def queryset(self, request: HttpRequest, queryset):
        zone = practice_calendar().zone
        first = _day(self.used_parameters.get(f"{self.parameter_name}_from"))
        last = _day(self.used_parameters.get(f"{self.parameter_name}_to"))
        if first:
            queryset = queryset.filter(at__gte=datetime.combine(first, time(), zone))
        if last:
            queryset = queryset.filter(at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
        return queryset


def _day(text: Any):
    """The day as people or the browser write it, None for anything else."""
    text = str(text or "")
    try:
        return parse_date(text) or datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None


@admin.register(RecordRead)
class RecordReadAdmin(ReadOnly):
    empty_says = "Every time somebody opens a patient's record, one row here says who, when and from where."
    list_display = ("when", "who", "what_was_read", "of_patient", "of_referral", "address")
    list_filter = (
        ("patient", OfPatient),
        ("office", AutocompleteSelectFilter),
        ("at", Period),
        ("way", ChoicesRadioFilter),
    )
    list_select_related = ("patient", "referral", "incoming")
    search_fields = ("reader",)  # shows the search box; get_search_results does the searching
    search_help_text = "Person, office or referral number"
    list_before_template = "admin/referrals/recordread/before_list.html"
    list_display_links = None
    fields = ("when", "reader", "way", "what", "patient", "referral", "incoming", "about", "rows", "address")
    readonly_fields = fields
    ordering = ("-id",)

    def get_search_results(self, request, queryset, search_term):
        """By whom or by what, each on its own index: the log grows for ever."""
        try:
            return queryset.filter(referral__number=clean_referral_number(search_term)), False
        except ValueError:
            pass
        people, offices = User.objects.all(), Office.objects.all()
        for word in search_term.split():
            people = people.filter(
                Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
            )
            offices = offices.filter(name__icontains=word)
        return queryset.filter(Q(user__in=people.values("pk")) | Q(office__in=offices.values("pk"))), False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        query = request.GET.urlencode()
        address = reverse("admin:referrals_recordread_export")
        context = {"export": f"{address}?{query}" if query else address, "most_exported": MOST_EXPORTED}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self):
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="referrals_recordread_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """What the list shows with its filters, as CSV. The export is itself noted in the log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)[:MOST_EXPORTED]
        lines = (_cells(row) for row in rows.iterator(chunk_size=1000))
        today = practice_calendar().local_date(now())
        return table_file(HEAD, lines, name=f"reading-log-{today.isoformat()}")

    @admin.display(description="when", ordering="id")
    def when(self, read: RecordRead) -> str:
        return day_and_time(read.at)

    @admin.display(description="who")
    def who(self, read: RecordRead) -> str:
        return read.reader

    @admin.display(description="what")
    def what_was_read(self, read: RecordRead) -> str:
        return format_html('{} <span class="rl-muted rl-line">{}</span>', in_words(read), read.about)

    @admin.display(description="patient")
    def of_patient(self, read: RecordRead) -> str:
        if read.patient is None:
            return "–"
        href = reverse("admin:referrals_patient_change", args=(read.patient_id,))
        return format_html('<a class="rl-link" href="{}">{}</a>', href, read.patient)

    @admin.display(description="referral")
    def of_referral(self, read: RecordRead) -> str:
        return referral_link(read.referral) if read.referral else "–"


def in_words(read: RecordRead) -> str:
    """``Referral``, ``List by API, 25 rows``."""
    words = read.get_what_display()
    if read.way == RecordRead.Way.API:
        words += " by API"
    if read.rows is not None:
        words += f", {read.rows:,} row{'' if read.rows == 1 else 's'}"
    return words


def _cells(read: RecordRead) -> tuple[Any, ...]:
    patient, at = read.patient, local(read.at)
    return (
        at.isoformat(timespec="seconds"),
        read.reader,
        read.get_way_display(),
        read.get_what_display(),
        str(patient or ""),
        patient.birth_date if patient else "",
        read.referral.number if read.referral else "",
        read.incoming.filename if read.incoming else "",
        read.about,
        read.rows,
        read.address,
    )


def readers_of(request: HttpRequest, patient_id: int) -> dict[str, Any]:
    """For the patient's page: who read the record lately, for those who may know."""
    if not request.user.has_perm("referrals.view_recordread"):
        return {}
    rows = reads_of(patient_id).select_related("referral").order_by("-id")[:SHOWN_ON_PATIENT]
    return {
        "reads": [
            {"at": day_and_time(row.at), "who": row.reader, "what": in_words(row), "referral": row.referral}
            for row in rows
        ],
        "reads_href": f"{reverse('admin:referrals_recordread_changelist')}?patient__id__exact={patient_id}",
        "may_read_log": True,
    }
