"""When the care of each referral last moved: from its events, and a booked visit or a hold ahead counts."""

from django.db import migrations, models
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

MOVES = (
    "captured", "routed", "accepted", "declined", "scheduled", "rescheduled", "appointment_confirmed",
    "appointment_cancelled", "no_show", "seen", "information_requested", "held", "resumed", "note_attached",
    "note_returned", "note_amended", "note_retracted", "note_detached", "reconciled", "note_delivered", "closed",
    "cancel_requested", "cancelled", "cancel_withdrawn", "voided", "lost", "closed_without_note", "reopened",
)  # fmt: skip


def backfill(apps, schema_editor):
    Referral = apps.get_model("referrals", "Referral")
    ReferralEvent = apps.get_model("referrals", "ReferralEvent")
    moved = (
        ReferralEvent.objects.filter(referral=OuterRef("pk"), kind__in=MOVES)
        .order_by()
        .values("referral")
        .annotate(last=Max("at"))
        .values("last")
    )
    Referral.objects.update(quiet_since=Coalesce(Subquery(moved), F("captured_at")))
    Referral.objects.filter(clock_from__gt=F("quiet_since")).update(quiet_since=F("clock_from"))


class Migration(migrations.Migration):
    dependencies = [("referrals", "0019_late_first")]
    operations = [
        migrations.AddField("referral", "quiet_since", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(backfill, migrations.RunPython.noop),
        migrations.AlterField("referral", "quiet_since", models.DateTimeField(editable=False)),
    ]
