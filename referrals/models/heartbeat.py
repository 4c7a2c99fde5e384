"""Proof of life of the clockwork."""

from django.db import models


class Heartbeat(models.Model):
    """When a scheduled task last ran to its end. The health endpoint and the admin read it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S} UTC"
