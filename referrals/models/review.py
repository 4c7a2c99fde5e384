"""Deadlines of open referrals computed anew, because a policy or the calendar changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DeadlineReview(models.Model):
    """One pass over the open referrals of ``stages`` (empty: of all), in order of their ids; ``reached`` is how far.

    ``expected`` is how many there were when it was asked for; ``set_aside`` could not be computed and were left."""

    because = models.CharField(max_length=200, help_text="What changed.")
    stages = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    expected = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            # Every minute the queue asks what is left to do.
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="review_unfinished"),
        ]

    def __str__(self) -> str:
        return self.because
