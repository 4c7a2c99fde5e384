"""Who owns referrals: coordinators, what they own, and who covers for them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from referrals.models.directory import Office, Specialty


class Coordinator(models.Model):
    """A person (or a shared desk, without a sign-in) that can own referrals.

    Empty ``direction``, ``specialties`` or ``offices`` mean "any"; the coordinator who matches most of them gets the
    referral (routing/assign.py)."""

    class Direction(models.TextChoices):
        ANY = "", "Any"
        OUTBOUND = "outbound", "Outbound"
        INBOUND = "inbound", "Inbound"
        INTERNAL = "internal", "Internal"

    name = models.CharField(max_length=80)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="coordinator",
        help_text="The sign-in of this person. Empty for a shared desk.",
    )
    direction = models.CharField(max_length=8, blank=True, choices=Direction, default=Direction.ANY)
    specialties = models.ManyToManyField(Specialty, blank=True, related_name="coordinators")
    offices = models.ManyToManyField(Office, blank=True, related_name="coordinators", help_text="Of our own offices.")
    is_fallback = models.BooleanField(
        "fallback desk", default=False, help_text="Gets a referral when nobody else can. One coordinator has this."
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            # "An owner always": exactly one desk catches what no rule matches, so it can be found without a tie.
            models.UniqueConstraint(
                fields=["is_fallback"], condition=models.Q(is_fallback=True), name="one_fallback_coordinator"
            ),
            models.CheckConstraint(
                condition=models.Q(is_fallback=False) | models.Q(active=True), name="fallback_coordinator_is_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days a coordinator is away, first and last included, in the practice's time zone."""

    coordinator = models.ForeignKey(Coordinator, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cover = models.ForeignKey(
        Coordinator, null=True, blank=True, on_delete=models.SET_NULL, related_name="covering",
        help_text="Gets this coordinator's new referrals and nudges meanwhile.",
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coordinator} away {self.starts_on} to {self.ends_on}"

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "The last day must not be before the first."})
        if self.cover_id and self.cover_id == self.coordinator_id:
            raise ValidationError({"cover": "Somebody else has to cover."})
