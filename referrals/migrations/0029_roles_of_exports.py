"""Coordinators, managers and auditors take lists of referrals out."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from referrals.roles import APPS, make_roles


def forwards(apps, schema_editor):
    for app in APPS:
        create_permissions(installed.get_app_config(app), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0028_saved_views_and_exports")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
