from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("referrals", "0016_keys_and_roles_of_incoming")]

    operations = [
        migrations.AddField(
            "referral", "snoozed_by", models.CharField(blank=True, editable=False, max_length=120)
        ),
        migrations.AddIndex(
            "referral",
            models.Index(fields=["snoozed_until"], name="referral_snoozed", condition=Q(snoozed_until__isnull=False)),
        ),
        migrations.AddIndex(
            "referralevent", models.Index(fields=["referral", "at"], name="event_nudged", condition=Q(kind="nudged"))
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | ~Q(snooze_reason=""), name="referral_snooze_has_reason"
            ),
        ),
    ]
