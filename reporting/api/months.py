"""The calling office's own referrals in closed months, as they were frozen."""

from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.fields import Instant
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from reporting.measures.buckets import Bucket
from reporting.models import PeriodClose, PeriodRow

MOST = 60  # months given: five years


class ClosedMonthSerializer(serializers.Serializer):
    period = serializers.CharField(help_text="Such as `2026-10`.")
    closed_at = Instant(help_text="The counts are as they stood then.")
    cohort = serializers.IntegerField()
    closed = serializers.IntegerField()
    leaked_known = serializers.IntegerField()
    leaked_estimated = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    cancelled_not_leaked = serializers.IntegerField()
    scheduled = serializers.IntegerField(help_text="Ever booked.")
    closed_within_14 = serializers.IntegerField()


class ClosedMonthsSerializer(serializers.Serializer):
    results = ClosedMonthSerializer(many=True)


class ClosedMonthsView(OfficeView):
    operations: ClassVar = {
        "GET": Operation(
            id="reports_months",
            tag="Report",
            summary="Your referrals in closed months",
            description="A month is frozen on the second business day after it. Counts of the referrals to which your "
            "office was a party then, newest month first; they never change, unless the month is reopened and closed anew. "
            "What they are now is under `reports/figures/`.",
            gives={200: ClosedMonthsSerializer},
        )
    }

    def get(self, request: Request) -> Response:
        months = PeriodClose.objects.filter(reopened_at__isnull=True).order_by("-first")[:MOST]
        counts = _counts(self.viewer.office.pk)
        return Response({"results": [_month(one, counts.get(one.pk, {})) for one in months]})


def _counts(office: int) -> dict[int, dict[str, int]]:
    """closing -> counts of the office's rows, one query. Reopened closings are counted too: were the closings named, an
    index of theirs would be taken, and everybody's rows be read."""
    asked = {bucket.value: Count("pk", filter=Q(bucket=bucket)) for bucket in Bucket}
    asked |= {
        "cohort": Count("pk"),
        # not called like the column, which a name beside it may not be
        "ever_scheduled": Count("pk", filter=Q(scheduled=True)),
        "closed_within_14": Count("pk", filter=Q(within_14=True)),
    }
    return {row["close"]: row for row in rows_of(office).values("close").annotate(**asked)}


def rows_of(office: int) -> QuerySet[PeriodRow]:
    """Those of referrals the office was a party to, in no order."""
    return PeriodRow.objects.filter(Q(referring_office=office) | Q(receiving_office=office)).order_by()


def _month(one: PeriodClose, counts: dict[str, int]) -> dict[str, Any]:
    names = ("cohort", *Bucket.values, "closed_within_14")
    return ClosedMonthSerializer(
        {
            "period": one.key,
            "closed_at": one.closed_at,
            "scheduled": counts.get("ever_scheduled", 0),
            **{name: counts.get(name, 0) for name in names},
        }
    ).data
