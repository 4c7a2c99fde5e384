"""The figures of the calling office's own referrals."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.fields import Instant
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import InvalidInput
from reporting.measures import outline
from reporting.measures.assumptions import current_assumptions
from reporting.measures.breakdown import report
from reporting.measures.cohort import Cohort, Filters
from reporting.measures.definitions import MEASURES, Standing, Unit
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.figures import Step
from reporting.measures.period import Period

OWN_BUSINESS = ("owner",)  # of the group: who works on what is not told to other offices


class MeasuredSerializer(serializers.Serializer):
    value = serializers.FloatField(
        allow_null=True, help_text="A share from 0 to 1, days, or dollars. null: there is nothing to measure."
    )
    numerator = serializers.IntegerField(help_text="Referrals; of days, those that have any.")
    denominator = serializers.IntegerField(help_text="Referrals in the cohort.")
    standing = serializers.ChoiceField(
        [standing.value for standing in Standing], allow_null=True, help_text="Against the benchmarks, if it has any."
    )


def _of_keys(name: str, fields: dict[str, serializers.Field]) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), fields)


CountsSerializer = _of_keys("CountsSerializer", {key: serializers.IntegerField() for key in outline.COUNTS})
FunnelSerializer = _of_keys("FunnelSerializer", {step.name.lower(): serializers.IntegerField() for step in Step})
MeasuresSerializer = _of_keys(
    "MeasuresSerializer",
    {
        key: MeasuredSerializer(
            required=MEASURES[key].unit != Unit.DOLLARS, help_text=f"{MEASURES[key].name}. {MEASURES[key].definition}"
        )
        for key in outline.KEYS
    },
)


class FiguresSerializer(serializers.Serializer):
    counts = CountsSerializer()
    funnel = FunnelSerializer(help_text="How many came at least so far.")
    measures = MeasuresSerializer(help_text="The dollars are only there for offices of the group.")


class PartSerializer(FiguresSerializer):
    value = serializers.CharField(help_text="Code, NPI or id to filter by; `none`: without one.")
    label = serializers.CharField()


_PARTS = {key: PartSerializer(many=True, required=False) for key in DIMENSIONS}
BreakdownsSerializer = _of_keys("BreakdownsSerializer", _PARTS)


class ReportSerializer(serializers.Serializer):
    period = serializers.CharField(help_text="`2026-11`, or `2026-11-03_2026-12-08`.")
    to = serializers.DateField(help_text="Last day, included.")
    time_zone = serializers.CharField(help_text="In which days begin and end.")
    as_of = Instant()
    filters = serializers.DictField(child=serializers.CharField())
    leakage_window_days = serializers.IntegerField()
    total = FiguresSerializer()
    by = BreakdownsSerializer()

    def get_fields(self) -> dict[str, serializers.Field]:
        first = serializers.DateField(help_text="First day.")
        return {"period": super().get_fields()["period"], "from": first, **super().get_fields()}


def _filter(key: str) -> OpenApiParameter:
    named = {"npi": "NPIs", "code": "codes", "pk": "ids"}.get(DIMENSIONS[key].words, "values")
    none = ", `none` for those without" if DIMENSIONS[key].none_label else ""
    group = " Only for offices of the group." if key in OWN_BUSINESS else ""
    return OpenApiParameter(key, str, description=f"One or several {named}, with commas{none}.{group}")


class FiguresView(OfficeView):
    operations: ClassVar = {
        "GET": Operation(
            id="reports_figures",
            tag="Report",
            summary="Figures of your referrals",
            description="Closure, leakage and days of the referrals captured in a period to which your office is a party "
            "now, as they stand now, less those entered in error and duplicates; the whole and by whatever you ask. "
            "`closed` + `leaked` + `in_progress` + `cancelled_not_leaked` is always `cohort`. Nothing tells of referrals "
            "you cannot read one by one.",
            gives={200: ReportSerializer},
            refuses=(400,),
            parameters=(
                OpenApiParameter("from", str, description="First day, 2026-11-01, or month, 2026-11. Last month if left out."),
                OpenApiParameter("to", str, description="Last day or month, included. The same as `from` if left out."),
                OpenApiParameter(
                    "by", {"type": "array", "items": {"type": "string", "enum": list(DIMENSIONS)}}, explode=False,
                    style="form", description="Breakdowns, with commas. `owner` only for offices of the group.",
                ),
                *(_filter(key) for key in DIMENSIONS),
            ),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        now = timezone.now()
        by = self._asked(request)
        first = request.query_params.get("from") or request.query_params.get("to")
        last = request.query_params.get("to") or first
        period = Period.read(first, last) if first else Period.last_month(now)
        cohort = Cohort(period, Filters.read(request.query_params), office=self.viewer.office.pk)
        found = report(cohort, now=now, assumptions=current_assumptions(), by=by)
        keys = outline.KEYS if self.viewer.is_group else outline.WITHOUT_MONEY
        return Response(outline.as_dict(found, keys=keys))

    def _asked(self, request: Request) -> list[str]:
        """The breakdowns asked for. Raises InvalidInput, also for what is the group's own business."""
        by = [word for text in request.query_params.getlist("by") for word in text.split(",") if word]
        problems = [("by", f"No such breakdown: {word[:40]!r}.") for word in by if word not in DIMENSIONS]
        if not self.viewer.is_group:
            problems += [("by", f"{key} is only for offices of the group.") for key in OWN_BUSINESS if key in by]
            problems += [(key, "Only for offices of the group.") for key in OWN_BUSINESS if key in request.query_params]
        if problems:
            raise InvalidInput(problems)
        return list(dict.fromkeys(by))
