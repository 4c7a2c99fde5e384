"""Why a referral ended without closing: an editable taxonomy."""

from django.db import models

from referrals.lifecycle.states import Status


class EndingReason(models.Model):
    """A reason staff choose when they end a referral. ``counts_as_leakage`` feeds the leakage figures."""

    ENDS_AS = [
        (Status.CLOSED_WITHOUT_NOTE, "Closed without note"),
        (Status.CANCELLED, "Cancelled"),
        (Status.LOST, "Lost"),
    ]

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    ends_as = models.CharField(max_length=20, choices=ENDS_AS)
    counts_as_leakage = models.BooleanField(default=False)
    excludes_from_cohort = models.BooleanField(
        default=False, help_text="The referral never really existed: entered in error, or a duplicate."
    )
    active = models.BooleanField(default=True, help_text="Inactive reasons stay on old referrals and are not offered.")

    class Meta:
        ordering = ["ends_as", "label"]

    def __str__(self) -> str:
        return self.label
