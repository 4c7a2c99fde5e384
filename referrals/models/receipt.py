"""Receipts that make capture idempotent."""

from django.db import models

from referrals.models.referral import Referral


class CaptureReceipt(models.Model):
    """What was answered to a create, under the key its sender may repeat it with."""

    class Kind(models.TextChoices):
        KEY = "key", "Idempotency key"
        EXTERNAL_ID = "external_id", "External id"

    scope = models.CharField(max_length=40, help_text="Who the key belongs to, such as office:12 or user:3.")
    kind = models.CharField(max_length=11, choices=Kind)
    value = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="receipts")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)  # housekeeping deletes old keys

    class Meta:
        default_permissions = ()
        constraints = [
            # The first create of a key wins, whatever arrives at the same instant.
            models.UniqueConstraint(fields=["scope", "kind", "value"], name="one_receipt_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.kind} {self.value}"
