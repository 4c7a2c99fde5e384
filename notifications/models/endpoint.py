"""Where a recipient is told."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from notifications.channels import registry
from notifications.models.recipient import Recipient, validate_topics

FAILING_FROM = 3  # failures in a row
SLOW_FROM_MS = 3000  # of the last answer


class Endpoint(models.Model):
    """One address on one channel.

    Nothing here is switched off by an error: a permanent one, or a long row of others, sets ``flagged_at`` and
    ``flag_reason``, tells a manager, and the next message is tried all the same. Only staff set ``active``.

    ``secret`` signs webhooks and so must be stored readable; it is shown once. During a rotation ``previous_secret``
    signs too, until ``previous_secret_until``."""

    class Detail(models.TextChoices):
        FULL = "full", "Full: patient and context"
        MINIMAL = "minimal", "Minimal: number, initials, what to do"

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="endpoints")
    channel = models.CharField(max_length=20, choices=registry.choices)
    address = models.CharField(
        max_length=500, blank=True, help_text="Email address, or https:// address of a webhook; empty for the inbox."
    )
    topics = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_topics],
        help_text='Such as ["referral.*", "note.request"]. Empty: the recipient\'s defaults.',
    )
    detail = models.CharField(
        max_length=7,
        choices=Detail,
        default=Detail.MINIMAL,
        help_text="Choose full only where the channel itself is secure; plain email is not.",
    )
    active = models.BooleanField(default=True)

    secret = models.CharField(max_length=120, blank=True, editable=False)
    previous_secret = models.CharField(max_length=120, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)

    consecutive_failures = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.CharField(max_length=200, blank=True, editable=False)
    last_duration_ms = models.PositiveIntegerField(default=0, editable=False)
    last_delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    flagged_at = models.DateTimeField(null=True, blank=True, editable=False)
    flag_reason = models.CharField(max_length=200, blank=True, editable=False)
    last_claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["recipient", "channel", "address"]
        constraints = [
            # One address is told once, however often it is entered.
            models.UniqueConstraint(fields=["recipient", "channel", "address"], name="one_endpoint_per_address"),
            # The overlap of a rotation always ends.
            models.CheckConstraint(
                condition=Q(previous_secret="") | Q(previous_secret_until__isnull=False),
                name="previous_secret_has_an_end",
            ),
        ]
        indexes = [
            # Worklist and health: what needs somebody's attention.
            models.Index(fields=["flagged_at"], condition=Q(flagged_at__isnull=False), name="endpoint_flagged"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.address or self.recipient.name}"

    def clean(self) -> None:
        """Let the channel check a new address (a webhook's also against private networks). One that is stored already
        is checked when something is sent; a name that is gone must not keep an endpoint from being switched off."""
        if not self.channel or type(self).objects.filter(pk=self.pk, address=self.address).exists():
            return
        try:
            self.address = registry.channel(self.channel).clean_address(self.address)
        except ValueError as error:
            raise ValidationError({"address": str(error)}) from None

    # The dispatcher tries these one at a time (dispatch/claim.py). The same, for rows and for an object:
    STRUGGLING = Q(consecutive_failures__gte=FAILING_FROM) | Q(last_duration_ms__gte=SLOW_FROM_MS)

    @property
    def is_struggling(self) -> bool:
        return self.consecutive_failures >= FAILING_FROM or self.last_duration_ms >= SLOW_FROM_MS

    def live_secrets(self, now: datetime) -> tuple[str, ...]:
        """The secrets to sign with at ``now``, newest first."""
        overlap = self.previous_secret_until is not None and now < self.previous_secret_until
        return tuple(s for s in (self.secret, self.previous_secret if overlap else "") if s)
