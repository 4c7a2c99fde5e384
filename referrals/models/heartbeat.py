"""Proof of life of the clockwork."""

from django.db import models


class Heartbeat(models.Model):
    """When a scheduled task last ran to its end, and the run that is under way. The health endpoint and the admin read it.

    ``running_until`` is the lease of the run under way: no other starts before it. ``unfinished`` counts runs begun
    since the last that ended; a run counts before it works, so one that kills its process counts as well."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(null=True, blank=True)
    running_until = models.DateTimeField(null=True, blank=True)
    unfinished = models.PositiveSmallIntegerField(default=0)
    handling = models.BigIntegerField(null=True, blank=True, help_text="What a careful run is busy with.")

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S} UTC" if self.at else f"{self.name}, never yet"
