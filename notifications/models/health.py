"""Signs of life of the dispatchers and of our own means of sending."""

from django.db import models


class DispatchBeat(models.Model):
    """When a dispatcher last finished a pass, and what it did in it."""

    worker = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField(db_index=True)  # the newest says whether anybody dispatches
    delivered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.worker} at {self.at:%Y-%m-%d %H:%M:%S} UTC"


class ChannelHealth(models.Model):
    """Trouble on our side of a channel (the mail relay is down): it is not held against the endpoints."""

    channel = models.CharField(max_length=20, unique=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name_plural = "channel health"

    def __str__(self) -> str:
        return self.channel
