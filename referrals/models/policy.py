"""Escalation policies staff edit, and the record of every rung that fired."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from referrals.lifecycle.deadlines import Unit
from referrals.lifecycle.states import Stage
from referrals.models.directory import Specialty
from referrals.models.event import ReferralEvent
from referrals.models.referral import Referral

ALREADY = "There is a policy for this case already. Change its steps instead."


class EscalationPolicy(models.Model):
    """Who is told when a referral stalls in ``stage``. Empty direction, priority or specialty mean any; the policy that
    names most of them governs (lifecycle/policies.py)."""

    stage = models.CharField(max_length=14, choices=Stage)
    direction = models.CharField(max_length=8, choices=[("", "Any"), *Referral.Direction.choices], blank=True)
    priority = models.CharField(max_length=7, choices=[("", "Any"), *Referral.Priority.choices], blank=True)
    specialty = models.ForeignKey(
        Specialty, null=True, blank=True, on_delete=models.PROTECT, related_name="policies", help_text="Empty: any."
    )

    class Meta:
        ordering = ["stage", "priority", "direction", "specialty"]
        verbose_name_plural = "escalation policies"
        constraints = [
            # Two policies for the same case would leave the choice to chance.
            models.UniqueConstraint(
                fields=["stage", "direction", "priority", "specialty"],
                name="one_policy_per_specialty_case",
                violation_error_code="one_policy",
                violation_error_message=ALREADY,
            ),
            models.UniqueConstraint(
                fields=["stage", "direction", "priority"],
                condition=Q(specialty__isnull=True),
                name="one_policy_per_case",
                violation_error_code="one_policy",
                violation_error_message=ALREADY,
            ),
        ]

    def __str__(self) -> str:
        named = [
            self.get_priority_display() if self.priority else "",
            self.get_direction_display() if self.direction else "",
        ]
        words = " ".join(word.lower() for word in (*named, str(self.specialty or "")) if word)
        return f"{self.get_stage_display()}: {words or 'everything else'}"

    @property
    def specificity(self) -> tuple[int, int, int, int]:
        """How closely it names a case; the larger governs. Ties go to specialty, then priority, then direction."""
        names = (self.specialty_id is not None, self.priority != "", self.direction != "")
        return (sum(names), *map(int, names))


# unit -> (most of it, what to do instead)
LONGEST = {
    Unit.HOURS.value: (240, ": give days instead, hours run through nights and weekends"),
    Unit.CALENDAR_DAYS.value: (365, ""),
    Unit.BUSINESS_DAYS.value: (250, ", about a year"),
}


class EscalationRung(models.Model):
    """One step of a policy's ladder."""

    UNITS = [
        (Unit.HOURS.value, "hours"),
        (Unit.CALENDAR_DAYS.value, "calendar days"),
        (Unit.BUSINESS_DAYS.value, "business days"),
    ]

    class Audience(models.TextChoices):
        OWNER = "owner", "Owner (or cover)"
        COVER = "cover", "Owner's cover"
        MANAGER = "manager", "Managers"
        REFERRING = "referring_office", "Referring office"
        RECEIVING = "receiving_office", "Receiving office"

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="rungs")
    after = models.PositiveSmallIntegerField(help_text="How long without a move.")
    unit = models.CharField(max_length=13, choices=UNITS, default=Unit.BUSINESS_DAYS.value)
    audience = models.CharField(max_length=16, choices=Audience, default=Audience.OWNER)
    repeat_every = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Again after this many of the same unit, until it moves. Empty: once."
    )

    class Meta:
        ordering = ["policy", "after", "pk"]
        verbose_name = "step"

    def __str__(self) -> str:
        again = f", again every {in_words(self.repeat_every, self.unit)}" if self.repeat_every else ""
        return f"{self.get_audience_display()} after {in_words(self.after, self.unit)}{again}"

    def clean(self) -> None:
        longest, advice = LONGEST.get(self.unit, LONGEST[Unit.BUSINESS_DAYS.value])
        for field in ("after", "repeat_every"):
            if (getattr(self, field) or 0) > longest:
                raise ValidationError({field: f"At most {longest} {self.get_unit_display()}{advice}."})
        if self.repeat_every == 0:
            raise ValidationError({"repeat_every": "Leave it empty for once, or give at least 1."})


def in_words(number: int, unit: str) -> str:
    """``1 business day``, ``4 hours``."""
    words = dict(EscalationRung.UNITS)[unit]
    return f"{number} {words.removesuffix('s') if number == 1 else words}"


class EscalationFiring(models.Model):
    """A rung that fired (or was missed because nobody looked in time) in one stay of a referral in a stage."""

    class Outcome(models.TextChoices):
        SENT = "sent", "Sent"
        MISSED = "missed", "Missed: a later one was due when RefLoop looked"

    # db_index=False: the constraint's index begins with it
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="firings", db_index=False)
    stay = models.PositiveIntegerField(help_text="Referral.stage_stay at the time.")
    stage = models.CharField(max_length=14, choices=Stage)
    # A number and no reference: what fired stays fired when the rung is deleted.
    rung_key = models.BigIntegerField(help_text="EscalationRung.pk, or policies.FALLBACK_KEY.")
    repetition = models.PositiveIntegerField(default=0)
    audience = models.CharField(max_length=16, choices=EscalationRung.Audience)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome)
    # db_index=False: events are never deleted, and nobody asks for an event's firings
    event = models.ForeignKey(ReferralEvent, on_delete=models.PROTECT, related_name="firings", db_index=False)

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            # Invariant 3: a rung fires exactly once per stay, however many sweeps run.
            models.UniqueConstraint(
                fields=["referral", "stay", "rung_key", "repetition"], name="rung_fires_once_per_stay"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}: {self.get_outcome_display().lower()}"


class SweepFailure(models.Model):
    """A referral the sweep could not handle: set aside with its error, tried again later, shown until it works."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="sweep_failure")
    error = models.CharField(max_length=200, help_text="Type of the error and where it happened; never patient data.")
    failures = models.PositiveSmallIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.referral}: {self.error}"
