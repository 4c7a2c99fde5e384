"""One message on its way to one endpoint, and each try."""

import secrets

from django.db import models
from django.db.models import Q

from notifications.models.endpoint import Endpoint
from notifications.models.message import Message


def new_public_id() -> str:
    """``msg_`` and 128 random bits: the webhook-id, and the local part of an email's Message-ID."""
    return f"msg_{secrets.token_hex(16)}"


class Delivery(models.Model):
    """``public_id`` never changes, whatever is retried or sent again, so that a receiver can drop a repeat.

    ``attempts`` counts from the last (re-)start, at the claim: a dispatcher that dies while sending has used one.
    ``leased_by`` names one claim, not just a process: only that claim may record its outcome."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        IN_FLIGHT = "in_flight", "In flight"
        WAITING_RETRY = "waiting_retry", "Waiting to retry"
        DELIVERED = "delivered", "Delivered"
        DEAD = "dead", "Given up"
        CANCELLED = "cancelled", "Cancelled"

    DUE = (Status.QUEUED, Status.WAITING_RETRY)
    RESENDABLE = (Status.DEAD, Status.CANCELLED)

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    public_id = models.CharField(max_length=40, unique=True, default=new_public_id, editable=False)
    status = models.CharField(max_length=13, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("resend_delivery", "Can send a message again")]
        verbose_name_plural = "deliveries"
        constraints = [
            # Enqueueing twice, or by two processes at once, tells an endpoint once.
            models.UniqueConstraint(fields=["message", "endpoint"], name="one_delivery_per_endpoint"),
            # What is in flight has a lease that ends: nothing can be stuck there.
            models.CheckConstraint(
                condition=Q(status="in_flight", lease_until__isnull=False)
                | (~Q(status="in_flight") & Q(lease_until__isnull=True)),
                name="in_flight_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
                name="delivered_says_when",
            ),
        ]
        indexes = [
            # The claim: which endpoints have something due, and an endpoint's oldest due (a sweep enqueues thousands
            # for the same instant, so the id is part of the order).
            models.Index(
                fields=["endpoint", "next_attempt_at", "id"],
                condition=Q(status__in=("queued", "waiting_retry")),
                name="delivery_due",
            ),
            # Recovery, and how many an endpoint has in flight.
            models.Index(fields=["endpoint", "lease_until"], condition=Q(status="in_flight"), name="delivery_leased"),
            # Counts and worklists of what has not arrived; delivered rows, the mass, are not in it.
            models.Index(
                fields=["status", "next_attempt_at"], condition=~Q(status="delivered"), name="delivery_undelivered"
            ),
            # An endpoint's page lists its deliveries, newest first.
            models.Index(fields=["endpoint", "-created_at"], name="delivery_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.message.title}, by {self.endpoint}"


class Attempt(models.Model):
    """One try. ``detail`` is a phrase of ours and never the receiver's words, which may repeat patient data."""

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", "Delivered"
        RETRY = "retry", "Failed"
        REFUSED = "refused", "Refused for good"
        LOST = "lost", "Dispatcher died while sending"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempt_log")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_index=True)  # housekeeping deletes old ones
    outcome = models.CharField(max_length=9, choices=Outcome)
    code = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP or SMTP code.")
    detail = models.CharField(max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["delivery", "pk"]
        default_permissions = ("view",)
        verbose_name = "try"
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"Try {self.number}: {self.get_outcome_display().lower()}"
