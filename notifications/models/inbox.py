"""The admin's own inbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.delivery import Delivery


class InboxItem(models.Model):
    """A message as one user sees it. A message to a role becomes one item for each of its active members."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox_items")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="inbox_items")
    topic = models.CharField(max_length=80)
    about = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view", "change")
        verbose_name = "message"
        verbose_name_plural = "messages in my inbox"
        constraints = [
            # A repeated delivery adds nothing.
            models.UniqueConstraint(fields=["user", "delivery"], name="one_inbox_item_per_user"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="inbox_of_user"),  # the list
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="inbox_unread"),  # the bell
            # Housekeeping deletes what was read long ago.
            models.Index(fields=["read_at"], condition=Q(read_at__isnull=False), name="inbox_read"),
        ]

    def __str__(self) -> str:
        return self.title
