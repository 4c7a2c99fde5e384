"""Visits: what a note is reconciled to, and what billing needs documented."""

from django.db import models

from referrals.models.directory import Office, Provider
from referrals.models.patient import Patient


class Encounter(models.Model):
    """A patient's visit to a provider on a day. ``source`` says whether somebody recorded it or RefLoop inferred it."""

    class Source(models.TextChoices):
        RECORDED = "recorded", "Recorded"
        INTERFACE = "interface", "From an interface"
        INFERRED = "inferred", "Inferred from the note"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="encounters")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="encounters")
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="encounters")
    occurred_on = models.DateField(help_text="The day of the visit in the practice's time zone.")
    source = models.CharField(max_length=9, choices=Source, default=Source.RECORDED)
    external_id = models.CharField(max_length=80, blank=True, help_text="Visit number in the EHR.")
    documented_for_billing = models.BooleanField(default=False, editable=False)
    documented_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["patient", "occurred_on"]),  # reconciliation finds the visit by these
            # the billing list: documented encounters by day
            models.Index(
                fields=["-occurred_on"], name="encounter_billable", condition=models.Q(documented_for_billing=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Visit on {self.occurred_on}" + (" (inferred)" if self.source == self.Source.INFERRED else "")
