"""The worklist as somebody likes to look at it: a queue, filters and a search under a name of their own."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """``query`` is the query string of the worklist without a page. Nobody sees another person's views."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    is_start = models.BooleanField(default=False)  # the worklist opens with it
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        default_permissions = ()  # whoever may see the worklist keeps views of it
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(is_start=True), name="one_start_per_person"),
        ]

    def __str__(self) -> str:
        return self.name
