"""Appointments of a referral, all of them: moved, missed and cancelled ones stay."""

from django.db import models
from django.db.models import Q

from referrals.models.directory import Office, Provider
from referrals.models.referral import Referral


class Appointment(models.Model):
    """A booked visit. Moving one cancels the row and books another that points back to it."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        ARRIVED = "arrived", "Arrived"
        FULFILLED = "fulfilled", "Fulfilled"
        NOSHOW = "noshow", "No-show"
        CANCELLED = "cancelled", "Cancelled"

    class Kind(models.TextChoices):
        INITIAL = "initial", "First visit"
        FOLLOW_UP = "follow_up", "Follow-up"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.INITIAL)
    status = models.CharField(max_length=9, choices=Status, default=Status.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appointments")
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    instructions = models.CharField(max_length=300, blank=True, help_text="For the patient, such as: bring films.")
    patient_confirmed_at = models.DateTimeField(null=True, blank=True)
    rescheduled_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="rescheduled_to"
    )
    status_reason = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="appointment_ends_after_start"),
            # A referral waits for one visit at a time.
            models.UniqueConstraint(
                fields=["referral", "kind"], condition=Q(status="booked"), name="one_booked_appointment_per_kind"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"])]  # who is seen this week

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.starts_at:%Y-%m-%d %H:%M} UTC"
