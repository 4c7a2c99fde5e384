"""Patients on record get the keys incoming documents are matched by; the roles may see and decide on documents."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from referrals.names import number_key, sound
from referrals.roles import APPS, make_roles

BATCH = 2_000


def fill_keys(apps, schema_editor):
    _fill(apps.get_model("referrals", "Patient"), "family_sound", lambda row: sound(row.family_key))
    _fill(apps.get_model("referrals", "PatientIdentifier"), "value_key", lambda row: number_key(row.value))


def _fill(model, field, key):
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in rows:
            setattr(row, field, key(row))
        model.objects.bulk_update(rows, [field])
        last = rows[-1].pk


def roles(apps, schema_editor):
    for app in APPS:
        create_permissions(installed.get_app_config(app), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0015_incoming_documents"), ("notifications", "0001_initial")]
    operations = [
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.RunPython(roles, migrations.RunPython.noop),
    ]
