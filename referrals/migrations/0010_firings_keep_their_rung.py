"""A firing keeps the number of its rung when the rung is deleted, so that a rung fires once per stay whatever is edited."""

from django.db import migrations, models
import django.db.models.deletion

STAGES = [
    ("unscheduled", "Unscheduled"), ("awaiting_visit", "Awaiting visit"), ("note_pending", "Note pending"),
    ("unreconciled", "Unreconciled"), ("on_hold", "On hold"), ("cancelling", "Cancelling"),
]

# A firing without a rung is one of the fallback ladder (key 0) or of a deleted rung. Where several of a stay share a
# repetition, all but the first are of deleted rungs: they get a number no rung has.
NUMBER = """
UPDATE referrals_escalationfiring SET
    stage = (SELECT e.data ->> 'stage' FROM referrals_referralevent e WHERE e.id = event_id),
    rung_key = CASE
        WHEN rung_id IS NOT NULL THEN rung_id
        WHEN EXISTS (
            SELECT 1 FROM referrals_escalationfiring other
            WHERE other.referral_id = referrals_escalationfiring.referral_id
                AND other.stay = referrals_escalationfiring.stay
                AND other.repetition = referrals_escalationfiring.repetition
                AND other.rung_id IS NULL AND other.id < referrals_escalationfiring.id
        ) THEN -id
        ELSE 0
    END
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0009_clock_turns")]

    operations = [
        migrations.RemoveConstraint("escalationfiring", "rung_fires_once_per_stay"),
        migrations.AddField("escalationfiring", "stage", models.CharField(choices=STAGES, max_length=14, null=True)),
        migrations.AddField("escalationfiring", "rung_key", models.BigIntegerField(null=True)),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.RemoveField("escalationfiring", "rung"),
        migrations.AlterField("escalationfiring", "stage", models.CharField(choices=STAGES, max_length=14)),
        migrations.AlterField(
            "escalationfiring", "rung_key",
            models.BigIntegerField(help_text="EscalationRung.pk, or policies.FALLBACK_KEY."),
        ),
        migrations.AlterField("escalationfiring", "repetition", models.PositiveIntegerField(default=0)),
        migrations.AlterField(
            "escalationfiring", "referral",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="firings",
                to="referrals.referral",
            ),
        ),
        migrations.AlterField(
            "escalationfiring", "event",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="firings",
                to="referrals.referralevent",
            ),
        ),
        migrations.AddConstraint(
            "escalationfiring",
            models.UniqueConstraint(
                fields=("referral", "stay", "rung_key", "repetition"), name="rung_fires_once_per_stay"
            ),
        ),
    ]
