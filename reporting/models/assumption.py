"""What the figures assume and staff may change: windows, money, minutes, targets."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from referrals.models import Specialty
from reporting.measures.definitions import MEASURES, Band, Unit
from reporting.measures.words import band_in_words


class ReportSettings(models.Model):
    """One row: what holds for all figures."""

    leakage_window_days = models.PositiveSmallIntegerField(
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="An open referral that has not moved for longer counts as leaked in the estimate.",
    )
    unavoidable_leakage_percent = models.DecimalField(
        max_digits=4,
        decimal_places=1,
        default=Decimal(10),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Revenue at risk above this leakage counts as recoverable.",
    )
    service_value = models.DecimalField(
        "value of a service",
        max_digits=8,
        decimal_places=2,
        default=Decimal(220),
        validators=[MinValueValidator(0)],
        help_text="Dollars one referral brings on average, where its specialty has no value of its own.",
    )

    class Meta:
        verbose_name = "report settings"
        verbose_name_plural = "report settings"
        constraints = [
            # One row holds for everybody.
            models.CheckConstraint(condition=Q(pk=1), name="report_settings_are_one_row"),
        ]

    def __str__(self) -> str:
        return "Report settings"

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)


class ServiceValue(models.Model):
    """What one referral of a specialty brings on average, where it differs from the general value."""

    specialty = models.OneToOneField(Specialty, on_delete=models.CASCADE, related_name="service_value")
    dollars = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["specialty__name"]

    def __str__(self) -> str:
        return f"{self.specialty}: ${self.dollars}"


class ChaseMinutes(models.Model):
    """How long one step of chasing takes a coordinator, on average."""

    class Action(models.TextChoices):
        CONTACT = "contact", "Contact attempt to the patient"
        STATUS_CHECK = "status_check", "Status check with an office"
        MATCH = "match", "Note matched by hand"

    DEFAULTS = {Action.CONTACT: Decimal(6), Action.STATUS_CHECK: Decimal(8), Action.MATCH: Decimal(5)}

    action = models.CharField(max_length=12, choices=Action, unique=True)
    minutes = models.DecimalField(
        max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(240)]
    )

    class Meta:
        ordering = ["action"]
        verbose_name = "minutes of a chase step"
        verbose_name_plural = "minutes of chase steps"

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.minutes} min"


def measures_with_a_target() -> list[tuple[str, str]]:
    return [(measure.key, measure.name) for measure in MEASURES.values() if measure.target is not None]


class Target(models.Model):
    """The group's own target for a measure, instead of the one RefLoop comes with."""

    measure = models.CharField(max_length=24, choices=measures_with_a_target, unique=True)
    # Shares in per cent, the rest in the measure's unit. An empty edge is open.
    low = models.DecimalField("from", max_digits=6, decimal_places=1, null=True, blank=True)
    high = models.DecimalField("to", max_digits=6, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["measure"]
        constraints = [
            models.CheckConstraint(condition=Q(low__isnull=False) | Q(high__isnull=False), name="target_has_an_edge"),
        ]

    def __str__(self) -> str:
        return f"{MEASURES[self.measure].name}: {self.in_words}"

    @property
    def in_words(self) -> str:
        return band_in_words(MEASURES[self.measure].unit, self.band)

    @property
    def band(self) -> Band:
        """In the measure's own unit: a share is 0 to 1."""
        scale = 100 if MEASURES[self.measure].unit == Unit.SHARE else 1
        return Band(*(None if edge is None else float(edge / scale) for edge in (self.low, self.high)))

    def clean(self) -> None:
        if self.low is None and self.high is None:
            raise ValidationError("Give at least one of the two.")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValidationError({"high": "This is below the other edge."})
        measure = MEASURES.get(self.measure)
        near = self.low if measure and measure.higher_is_better else self.high
        if measure and near is None:
            raise ValidationError(f"Say {'from' if measure.higher_is_better else 'up to'} which value it is on target.")
