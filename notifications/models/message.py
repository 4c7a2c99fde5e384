"""What is to be told."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from notifications.models.recipient import Recipient
from notifications.topics import topic_in_words


class Message(models.Model):
    """One thing to tell one recipient, written in the transaction that caused it.

    Both contexts are frozen here, so a retry days later says what was true when it was sent. ``about`` is the caller's
    reference, opaque here. ``nobody_to_tell``: no active endpoint wanted the topic; somebody must see that, and ticks it
    off (``settled_at``) when the recipient was told another way."""

    topic = models.CharField(max_length=80)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="messages")
    dedupe_key = models.CharField(max_length=200, unique=True)  # a repeated cause makes no second message
    about = models.CharField(max_length=80, blank=True)
    context_full = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    context_minimal = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # Files an e-mail carries: filename, content_type, and the name in the storage. They must hold no patient data.
    attachments = models.JSONField(default=list)
    nobody_to_tell = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            # A referral's page lists its messages, newest first.
            models.Index(fields=["about", "-created_at"], condition=~Q(about=""), name="message_about"),
            # The worklist of what reached nobody.
            models.Index(
                fields=["created_at"],
                condition=Q(nobody_to_tell=True, settled_at__isnull=True),
                name="message_nobody_to_tell",
            ),
        ]

    @property
    def title(self) -> str:
        """What is told, in words without patient data: ``RL-7K3M-9QXF: Referral scheduled``."""
        return self.context_minimal.get("title") or topic_in_words(self.topic)

    def __str__(self) -> str:
        return f"{self.title}, to {self.recipient}"
