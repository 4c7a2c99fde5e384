"""The codes and NPIs the API speaks in."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.filters import OFFICE_PARAMETERS, PROVIDER_PARAMETERS, OfficeFilters, ProviderFilters
from referrals.api.outputs.directory import (
    EndingReasonSerializer,
    OfficeSerializer,
    PayerSerializer,
    ProviderSerializer,
    SpecialtySerializer,
)
from referrals.api.pagination import CURSOR_PARAMETER, LIMIT_PARAMETER, page_of
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import InvalidInput
from referrals.models import EndingReason, Office, Payer, Provider, Specialty


class OfficePageSerializer(serializers.Serializer):
    results = OfficeSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null: this is the last.")


class ProviderPageSerializer(serializers.Serializer):
    results = ProviderSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null: this is the last.")


def _operation(id: str, summary: str, description: str, gives, **more) -> dict[str, Operation]:
    return {
        "GET": Operation(id=id, tag="Directory", summary=summary, description=description, gives={200: gives}, **more)
    }


class SpecialtiesView(OfficeView):
    operations = _operation("specialties_list", "Specialties", "All of them, by name.", SpecialtySerializer(many=True))

    def get(self, request: Request) -> Response:
        return self.answer(SpecialtySerializer, Specialty.objects.filter(active=True), many=True)


class PayersView(OfficeView):
    operations = _operation("payers_list", "Payers", "All of them, by name.", PayerSerializer(many=True))

    def get(self, request: Request) -> Response:
        return self.answer(PayerSerializer, Payer.objects.filter(active=True), many=True)


class EndingReasonsView(OfficeView):
    operations = _operation(
        "ending_reasons_list",
        "Ending reasons",
        "Why a referral can end without closing; `ends_as` says which action takes the reason.",
        EndingReasonSerializer(many=True),
    )

    def get(self, request: Request) -> Response:
        return self.answer(EndingReasonSerializer, EndingReason.objects.filter(active=True), many=True)


class FilteredView(OfficeView):
    """A filtered list in cursor pages, ordered by one text field."""

    filters: ClassVar[type[FilterSet]]
    page: ClassVar[type[serializers.Serializer]]
    ordering: ClassVar[str]

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        filters = self.filters(request.query_params, queryset=self.rows(), request=request)
        if filters.errors:
            raise InvalidInput([(name, " ".join(map(str, found))) for name, found in filters.errors.items()])
        shown, following = page_of(filters.qs, request, ordering=self.ordering)
        return self.answer(self.page, {"results": shown, "next": following})


class OfficesView(FilteredView):
    operations = _operation(
        "offices_list",
        "Offices",
        "Active offices by name, in cursor pages.",
        OfficePageSerializer,
        refuses=(400,),
        parameters=(*OFFICE_PARAMETERS, LIMIT_PARAMETER, CURSOR_PARAMETER),
    )
    filters, page, ordering = OfficeFilters, OfficePageSerializer, "name"

    def rows(self) -> QuerySet[Office]:
        return Office.objects.filter(active=True)


class ProvidersView(FilteredView):
    operations = _operation(
        "providers_list",
        "Providers",
        "Active providers by family name, in cursor pages.",
        ProviderPageSerializer,
        refuses=(400,),
        parameters=(*PROVIDER_PARAMETERS, LIMIT_PARAMETER, CURSOR_PARAMETER),
    )
    filters, page, ordering = ProviderFilters, ProviderPageSerializer, "name_key"

    def rows(self) -> QuerySet[Provider]:
        # distinct: the joins of the filters must not show a provider twice
        return Provider.objects.filter(active=True).prefetch_related("specialties", "payers", "offices").distinct()
