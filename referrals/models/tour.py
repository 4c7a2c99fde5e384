"""Who has been shown around."""

from django.conf import settings
from django.db import models


class TourTaken(models.Model):
    """The person took the tour of the workspace, or waved it away; it does not begin by itself again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tour_taken")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"tour of {self.user}"
