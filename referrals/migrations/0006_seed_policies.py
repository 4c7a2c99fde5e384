"""The seeded escalation policies."""

from django.db import migrations

from referrals.lifecycle.seed_policies import SEED


def forwards(apps, schema_editor):
    Policy = apps.get_model("referrals", "EscalationPolicy")
    Rung = apps.get_model("referrals", "EscalationRung")
    for (stage, priority), rungs in SEED.items():
        policy = Policy.objects.create(stage=stage, priority=priority)
        for after, unit, audience, repeat_every in rungs:
            Rung.objects.create(policy=policy, after=after, unit=unit, audience=audience, repeat_every=repeat_every)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_escalation_policies")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
