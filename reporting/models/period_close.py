"""A closed month: its figures and its rows as they stood, never changed afterwards."""

from django.db import models
from django.db.models import Q

from referrals.models import Office, Referral
from reporting.measures.buckets import Bucket
from reporting.measures.period import Period


class PeriodClose(models.Model):
    """One closing of a month. Reopening ends it, with a reason, and it stays; closing again makes the next number.

    ``figures`` is the report as plain values (measures/outline.py), ``chase`` that of the month's work. Triggers refuse
    every change but that of reopening (migration 0003)."""

    first = models.DateField("month", help_text="The first day of the month.")
    number = models.PositiveSmallIntegerField(default=1)
    closed_at = models.DateTimeField(help_text="The figures are as they stood then.")
    closed_by = models.CharField(max_length=120)
    figures = models.JSONField()
    chase = models.JSONField(default=dict)
    assumptions = models.JSONField(default=dict)
    pdf = models.FileField(upload_to="")
    csv = models.FileField(upload_to="")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.CharField(max_length=120, blank=True)
    reopened_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-first", "-number"]
        default_permissions = ("view",)
        permissions = [("close_period", "Can close and reopen months")]
        verbose_name = "closed month"
        verbose_name_plural = "closed months"
        constraints = [
            models.UniqueConstraint(fields=["first", "number"], name="period_closings_are_numbered"),
            # A month is closed once at a time, however many close it at once.
            models.UniqueConstraint(
                fields=["first"], condition=Q(reopened_at__isnull=True), name="one_standing_close_of_a_month"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | ~Q(reopened_because=""), name="period_reopened_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} ({self.number})" if self.number > 1 else str(self.period)

    @property
    def period(self) -> Period:
        return Period.month_of(self.first)

    @property
    def key(self) -> str:
        """Such as ``2026-10``."""
        return self.period.key

    @property
    def stands(self) -> bool:
        return self.reopened_at is None


class PeriodRow(models.Model):
    """One referral of a closed month as it counted then. Written once; triggers refuse UPDATE and DELETE."""

    close = models.ForeignKey(PeriodClose, on_delete=models.PROTECT, related_name="rows")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+", db_index=False)
    bucket = models.CharField(max_length=20, choices=Bucket)
    status = models.CharField(max_length=20)
    scheduled = models.BooleanField()
    within_14 = models.BooleanField()
    captured_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cents = models.PositiveIntegerField(help_text="Value of a service of its specialty.")
    referring_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_index=False)
    receiving_office = models.ForeignKey(
        Office, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # fmt: skip

    class Meta:
        default_permissions = ("view",)
        verbose_name = "row of a closed month"
        verbose_name_plural = "rows of a closed month"
        constraints = [
            # Every referral counts once; it is also how a month's rows are read.
            models.UniqueConstraint(fields=["close", "referral"], name="period_row_once"),
        ]
        indexes = [
            # An office asks for its own rows in closed months (api/months.py): what it waits for grows with what it has.
            models.Index(fields=["referring_office"], name="period_row_referring"),
            models.Index(fields=["receiving_office"], name="period_row_receiving"),
        ]

    def __str__(self) -> str:
        return f"{self.referral} in {self.close}"
