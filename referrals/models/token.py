"""API tokens of an office: shown once, stored hashed, named, expiring, revocable."""

import hashlib
import secrets
from datetime import datetime

from django.db import models

from referrals.models.directory import Office


class OfficeToken(models.Model):
    """``rlk_<prefix>_<secret>``. The prefix finds the row, SHA-256 of the secret (192 random bits) proves it."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80, help_text="What uses it, such as: Epic interface.")
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    secret_sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: does not expire.")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    manages_endpoints = models.BooleanField(
        "may manage endpoints",
        default=False,
        help_text="May add, change and switch off the addresses the office is told at, and so decide where patient data "
        "goes. Tick it for one closely kept token, not for those that only send and read referrals.",
    )
    last_used_on = models.DateField(null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by", editable=False
    )

    class Meta:
        ordering = ["office", "-created_at"]
        verbose_name = "office token"

    def __str__(self) -> str:
        return f"{self.name} (rlk_{self.prefix}…)"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> tuple[str, str]:
    """A fresh (prefix, secret) pair."""
    return secrets.token_hex(6), secrets.token_urlsafe(24)
