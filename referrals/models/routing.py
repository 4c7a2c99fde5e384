"""Where a referral was sent and why, and who will not take it."""

from django.db import models

from referrals.models.directory import Office, Provider
from referrals.models.referral import Referral


class RoutingDecision(models.Model):
    """One run of the router or one choice by hand, with the alternatives it saw.

    ``candidates`` is a list, best first, of {provider_id, provider, office_id, office, score, miles, reasons};
    ``funnel`` a list of [criterion, how many were left], so an empty list says what emptied it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="routing_decisions")
    at = models.DateTimeField()
    by_hand = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=120)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    funnel = models.JSONField(default=list)
    no_match_because = models.CharField(max_length=200, blank=True)
    comment = models.CharField(max_length=300, blank=True, help_text="Why a person chose otherwise.")

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["referral", "-at"])]  # the newest decision of a referral

    def __str__(self) -> str:
        return (
            f"{self.provider or self.office}: " + " · ".join(self.reasons) if self.office_id else self.no_match_because
        )


class RoutingExclusion(models.Model):
    """A specialist (or a whole office) that declined this referral; routing leaves them out."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="exclusions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.provider or self.office} declined"
