"""Filters of the lists, and how the schema describes them."""

from datetime import UTC, date, datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import Field, MultipleChoiceField, SelectMultiple
from django.forms import ValidationError as FormError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import OpenApiParameter

from referrals import searching, selectors
from referrals.api.fields import EARLIEST, LATEST
from referrals.identifiers import clean_npi
from referrals.lifecycle.actor import Role
from referrals.lifecycle.states import Stage, Status
from referrals.models import Office, Payer, Provider, Referral, Specialty
from referrals.practice.calendar import practice_calendar

_FLAG = {"type": "string", "enum": ["true", "false"]}


class _CommaSeparated(SelectMultiple):
    """``status=seen,closed`` and ``status=seen&status=closed`` are the same."""

    def value_from_datadict(self, data, files, name):
        values = super().value_from_datadict(data, files, name) or []
        return [part for value in values for part in value.split(",")]


class _SeveralField(MultipleChoiceField):
    widget = _CommaSeparated

    def __init__(self, **options):
        super().__init__(**options)
        words = ", ".join(str(value) for value, _ in self.choices)
        self.error_messages["invalid_choice"] = f"%(value)s is none of them. Choose of: {words}."


class SeveralFilter(django_filters.MultipleChoiceFilter):
    """Of a column of the row itself: no join shows a row twice, and looking for repeats would sort them all."""

    field_class = _SeveralField

    def __init__(self, **options: Any):
        super().__init__(**{"distinct": False} | options)


class _FlagField(Field):
    def clean(self, value):
        value = super().clean(value)
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise FormError("Write true or false.")
        return value == "true"


class FlagFilter(django_filters.Filter):
    field_class = _FlagField


class _InstantField(Field):
    """An instant with its offset, or a day, which begins at midnight in the practice's time zone."""

    def clean(self, value):
        value = super().clean(value)
        if value in (None, ""):
            return None
        found = _instant(value)
        if found is not None and not EARLIEST.year < found.year < LATEST.year:
            raise FormError("Give a time between 1990 and 2100.")
        if found is None:
            raise FormError("Write it as 2026-11-24 or 2026-11-24T09:30:00-06:00 (the + of an offset as %2B).")
        return found.astimezone(UTC)


def _instant(text: str) -> datetime | None:
    if not text.isascii():
        return None
    try:
        if len(text) == 10:
            day = parse_date(text)
            return _midnight(day) if day else None
        found = parse_datetime(text.replace(" ", "+"))  # an unescaped + arrives as a space
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=practice_calendar().zone)


class InstantFilter(django_filters.Filter):
    field_class = _InstantField


class _NpiField(Field):
    def clean(self, value):
        value = super().clean(value)
        try:
            return clean_npi(value) if value else None
        except ValueError as error:
            raise FormError(str(error)) from None


class NpiFilter(django_filters.Filter):
    field_class = _NpiField


class _CodeField(Field):
    """The code of a row of ``queryset``, whatever its case. The filter gets the row."""

    def __init__(self, *, queryset, **options):
        self.queryset = queryset
        super().__init__(**options)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        row = self.queryset.filter(code=value.lower()).first()
        if row is None:
            raise FormError(f"Unknown {self.queryset.model._meta.verbose_name} code.")
        return row


class CodeFilter(django_filters.Filter):
    field_class = _CodeField


class OfficeFilterSet(django_filters.FilterSet):
    """A filter set that knows the calling office."""

    @property
    def office(self) -> Office:
        return self.request.auth.office


class ReferralFilters(OfficeFilterSet):
    status = SeveralFilter(choices=Status.choices)
    stage = SeveralFilter(choices=Stage.choices)
    direction = django_filters.ChoiceFilter(choices=Referral.Direction.choices)
    priority = SeveralFilter(choices=Referral.Priority.choices)
    specialty = CodeFilter(queryset=Specialty.objects.all())
    provider = NpiFilter(method="of_provider")
    role = django_filters.ChoiceFilter(
        choices=[(Role.REFERRING.value, "referring"), (Role.RECEIVING.value, "receiving")], method="in_role"
    )
    open = FlagFilter(field_name="ended_at", lookup_expr="isnull")
    overdue = FlagFilter(method="is_overdue")
    captured_after = InstantFilter(field_name="captured_at", lookup_expr="gte")
    captured_before = InstantFilter(field_name="captured_at", lookup_expr="lt")
    changed_after = InstantFilter(field_name="changed_at", lookup_expr="gte")
    changed_before = InstantFilter(field_name="changed_at", lookup_expr="lt")
    external_id = django_filters.CharFilter(max_length=80)
    search = django_filters.CharFilter(method="matching", max_length=120)

    class Meta:
        model = Referral
        fields: list[str] = []

    def of_provider(self, rows: QuerySet, name: str, npi: str) -> QuerySet:
        return rows.filter(Q(referring_provider__npi=npi) | Q(receiving_provider__npi=npi))

    def in_role(self, rows: QuerySet, name: str, role: str) -> QuerySet:
        return rows.filter(**{f"{role}_office": self.office})

    def is_overdue(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        now = timezone.now()
        if wanted:
            return selectors.overdue(rows, now=now)
        return rows.exclude(pk__in=selectors.overdue(Referral.objects.all(), now=now).values("pk"))

    def matching(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        return rows.filter(pk__in=searching.search_as(self.office, text).values("pk"))


def _several(name: str, values: list[str]) -> OpenApiParameter:
    items = {"type": "string", "enum": values}
    return OpenApiParameter(
        name,
        {"type": "array", "items": items},
        explode=False,
        style="form",
        description=f"One or several, with commas: {name}={values[0]},{values[1]}.",
    )


REFERRAL_PARAMETERS = (
    _several("status", Status.values),
    _several("stage", Stage.values),
    OpenApiParameter("direction", {"type": "string", "enum": Referral.Direction.values}),
    _several("priority", Referral.Priority.values),
    OpenApiParameter("specialty", str, description="Code."),
    OpenApiParameter("provider", str, description="NPI of the referring or receiving provider."),
    OpenApiParameter("role", {"type": "string", "enum": ["referring", "receiving"]}, description="Yours."),
    OpenApiParameter("open", _FLAG, description="true: not ended; false: ended."),
    OpenApiParameter("overdue", _FLAG, description="Open and due to be looked at."),
    OpenApiParameter("captured_after", str, description="A day, or an instant with offset; included."),
    OpenApiParameter("captured_before", str, description="A day, or an instant with offset; excluded."),
    OpenApiParameter("changed_after", str, description="A day, or an instant with offset; included."),
    OpenApiParameter("changed_before", str, description="A day, or an instant with offset; excluded."),
    OpenApiParameter("external_id", str, description="The referring office's order id."),
    OpenApiParameter(
        "search",
        str,
        description="Referral number, family name (`Doe`, `Doe, Ja`, `Jane Doe`), birth date, phone, record number.",
    ),
)


class ProviderFilters(django_filters.FilterSet):
    specialty = CodeFilter(queryset=Specialty.objects.all(), field_name="specialties")
    payer = CodeFilter(queryset=Payer.objects.all(), method="taking")
    office = NpiFilter(field_name="offices__npi")
    accepting = FlagFilter(field_name="accepting_new_patients")
    name = django_filters.CharFilter(method="called", max_length=80)

    class Meta:
        model = Provider
        fields: list[str] = []

    def taking(self, rows: QuerySet, name: str, payer: Payer) -> QuerySet:
        return rows.filter(Q(payers=payer) | Q(payers=None))

    def called(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        return selectors.providers_called(rows, text)


PROVIDER_PARAMETERS = (
    OpenApiParameter("specialty", str, description="Code."),
    OpenApiParameter("payer", str, description="Code; providers whose plans are not known are shown too."),
    OpenApiParameter("office", str, description="NPI of an office where they practise."),
    OpenApiParameter("accepting", _FLAG, description="Takes new patients."),
    OpenApiParameter("name", str, description="Start of the family name."),
)


class OfficeFilters(django_filters.FilterSet):
    ours = FlagFilter(field_name="is_ours")
    npi = NpiFilter()
    name = django_filters.CharFilter(lookup_expr="istartswith", max_length=120)

    class Meta:
        model = Office
        fields: list[str] = []


OFFICE_PARAMETERS = (
    OpenApiParameter("ours", _FLAG, description="Belongs to the group that runs RefLoop."),
    OpenApiParameter("npi", str),
    OpenApiParameter("name", str, description="Start of the name."),
)
