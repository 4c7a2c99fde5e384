"""Days the practice is closed on top of weekends and federal holidays."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models

LONGEST_DAYS = 366
YEARS = range(2000, 2101)


class Closure(models.Model):
    """First and last day included, in the practice's time zone. No deadline in business days counts them."""

    name = models.CharField(max_length=80, help_text="Such as winter break, staff training.")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = "closure"
        verbose_name_plural = "closed days"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="closure_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        if self.starts_on == self.ends_on:
            return f"{self.name} on {_words(self.starts_on)}"
        return f"{self.name} from {_words(self.starts_on)} to {_words(self.ends_on)}"

    @property
    def days(self) -> list[date]:
        return [self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1)]

    def clean(self) -> None:
        """Refuse what is likely a slip: a wrong order or year, more than a year, days that are closed already."""
        if not self.starts_on or not self.ends_on:
            return
        for field in ("starts_on", "ends_on"):
            if getattr(self, field).year not in YEARS:
                raise ValidationError({field: "Check the year."})
        if self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "The last day must not be before the first."})
        if (self.ends_on - self.starts_on).days >= LONGEST_DAYS:
            raise ValidationError({"ends_on": "This is more than a year. Check the days, or enter it in parts."})
        other = Closure.objects.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).exclude(pk=self.pk)
        if clash := other.first():
            raise ValidationError(f"These days overlap with {clash}. Change that entry, or choose other days.")


def _words(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
