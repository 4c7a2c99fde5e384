"""Who can be told something."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models

from notifications.topics import is_pattern


def validate_topics(value) -> None:
    """A list of topics or patterns such as ``["referral.*", "note.request"]``."""
    if not isinstance(value, list) or not all(isinstance(item, str) and is_pattern(item) for item in value):
        raise ValidationError('Give a list of topics such as ["referral.*", "note.request"], or [] for the defaults.')


class Recipient(models.Model):
    """A party messages are addressed to. ``key`` is the caller's name for it (such as ``office:12``), opaque here.

    A staff recipient has a ``user``, a role has a ``group``; both serve the inbox channel only."""

    class Kind(models.TextChoices):
        OFFICE = "office", "Office"
        STAFF = "staff", "Staff"
        ROLE = "role", "Role"

    kind = models.CharField(max_length=6, choices=Kind)
    key = models.CharField(max_length=80, unique=True, help_text="Such as office:12; given by whoever sends to it.")
    name = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    default_topics = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_topics],
        help_text="What endpoints without a list of their own get. Empty: everything.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
