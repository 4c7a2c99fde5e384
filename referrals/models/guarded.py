"""What keeps a referral from being written around lifecycle.transition, or deleted."""

from django.db import models

from referrals.lifecycle.states import OPEN


class StatusIsWrittenElsewhere(RuntimeError):
    """Somebody tried to write ``status`` around lifecycle.transition."""


class ReferralQuerySet(models.QuerySet):
    def update(self, **values):
        if "status" in values:
            raise StatusIsWrittenElsewhere("Only referrals.lifecycle.transition writes Referral.status.")
        return super().update(**values)

    update.alters_data = True

    def open(self):
        return self.filter(status__in=OPEN)

    def delete(self):
        raise StatusIsWrittenElsewhere("Referrals are never deleted; void one that was entered in error.")

    delete.alters_data = True
    delete.queryset_only = True
