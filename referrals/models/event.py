"""The append-only timeline of a referral."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from referrals.models.directory import Office
from referrals.models.referral import Referral

# What people do to chase a referral, by hand: the figures count the time it takes them (reporting.measures.chase).
CHASE_KINDS = ("contact_logged", "nudged", "note_attached", "note_returned", "note_amended")


class ReferralEvent(models.Model):
    """One thing that happened. Database triggers refuse UPDATE and DELETE (migration 0002).

    ``version`` is the referral's version after it, so a referral's events are numbered 1, 2, 3 … without gaps.
    ``xact_id`` is the PostgreSQL transaction that wrote it (0 on SQLite, which has one writer): row ids are taken
    before commit, so the feed orders by transaction to hand out every event exactly once (feed.py)."""

    class ActorKind(models.TextChoices):
        STAFF = "staff", "Staff"
        OFFICE = "office", "Office"
        SYSTEM = "system", "RefLoop"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=6, choices=ActorKind)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=120)
    # The receiving office whose turn this event ended: the last it reads of the referral (selectors.events_visible_to).
    left_office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    xact_id = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["referral", "version"]
        default_permissions = ("view",)
        constraints = [
            # No event is lost or doubled: each version of a referral has exactly one.
            models.UniqueConstraint(fields=["referral", "version"], name="one_event_per_version"),
        ]
        indexes = [
            models.Index(fields=["xact_id", "id"], name="event_feed"),  # events?after= walks this
            # what an office no longer has
            models.Index(fields=["left_office"], condition=models.Q(left_office__isnull=False), name="event_left"),
            # who was nudged by hand lately, and how often the note was asked for
            models.Index(fields=["referral", "at"], name="event_nudged", condition=Q(kind="nudged")),
            # the chasing of a period
            models.Index(fields=["at"], name="event_chase", condition=Q(actor_kind="staff", kind__in=CHASE_KINDS)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} (version {self.version})"
